"""Pictures of label templates, and what differs between two of their versions."""

from flask import Blueprint, Response, request

from labeler.errors import Refusal
from labeler.production import (
    template_comparing,
    template_difference,
    template_previewing,
    template_releases,
)
from labeler.production.template_previewing import Look
from labeler.web import shapes_engineer as shapes
from labeler.web.api import site
from labeler.web.api.documents import drawn
from labeler.web.pages import asking, rendering

blueprint = Blueprint("template_pictures", __name__)


@blueprint.get("/templates/<template>/picture")
def draw_template(template: str) -> Response:
    """Draw a label of the draft or of a version; what cannot be drawn is a picture that says so."""
    query = asking.read(shapes.PictureQuery, request.args)
    look = Look(language="png", dpi=query.dpi, version=query.version)
    try:
        with site().store.read() as transaction:
            return drawn(template_previewing.preview(site(), transaction, template, look=look))
    except Refusal:
        return _no_picture()


@blueprint.get("/templates/<template>/difference")
def compare_template(template: str) -> Response:
    """Show what differs between two versions, or between the newest release and the draft."""
    query = asking.read(shapes.DifferenceQuery, request.args)
    with site().store.read() as transaction:
        found = template_comparing.compare(
            site(), transaction, template, old=query.old, new=query.new
        )
        versions = template_releases.list_versions(transaction, template)
    return rendering.page(
        "template_difference.html",
        name=template,
        found=found,
        old=found["old"]["version"],
        new=found["new"]["version"],
        versions=[str(one["version"]) for one in versions],
    )


@blueprint.get("/templates/<template>/difference/picture")
def draw_difference(template: str) -> Response:
    """Draw labels of two contents beside each other, and the dots that differ in red."""
    query = asking.read(shapes.DifferenceQuery, request.args)
    old, new = (Look(dpi=query.dpi or 203, version=one) for one in (query.old, query.new))
    try:
        with site().store.read() as transaction:
            return drawn(
                template_difference.difference(site(), transaction, template, old=old, new=new)
            )
    except Refusal:
        return _no_picture()


def _no_picture() -> Response:
    return Response(rendering.markup("parts/no_picture.svg"), mimetype="image/svg+xml")

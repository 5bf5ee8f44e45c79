"""Label templates: drafts, versions, releases, and what a label of them looks like."""

from typing import Any

from flask import Response

from labeler.production import (
    template_catalogue,
    template_comparing,
    template_drafts,
    template_linting,
    template_previewing,
    template_releases,
)
from labeler.production.sheets import Wanted
from labeler.production.template_previewing import Look
from labeler.production.template_releases import Statement
from labeler.web import shapes_templates as shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.documents import DRAWN, drawn
from labeler.web.api.door import Door

blueprint = Door("templates", __name__, tag="templates")

_PICTURE: Any = {
    "description": "A picture of the label and its findings.",
    "content": {"image/png": {}},
}


@blueprint.get("/templates", responses={200: shapes.Templates, **PROBLEMS})
def list_templates() -> Response:
    """List the label templates: draft, newest release, who uses them."""
    with site().store.read() as transaction:
        return answer({"templates": template_catalogue.list_templates(site(), transaction)})


@blueprint.post("/templates/preview", responses={200: DRAWN, **PROBLEMS})
def preview_draft(body: shapes.DraftOrder) -> Response:
    """Draw a label of a template that is not saved. Nothing is issued, and nothing is kept."""
    given = body.model_dump()
    content = given.pop("content")
    with site().store.read() as transaction:
        look = _look(given)
        return drawn(template_previewing.preview_text(site(), transaction, content, look=look))


@blueprint.get("/templates/<template>", responses={200: shapes.TemplateDetails, **PROBLEMS})
def show_template(path: shapes.TemplatePath) -> Response:
    """Show a label template with its draft and its versions."""
    with site().store.read() as transaction:
        return answer(template_catalogue.show_template(site(), transaction, path.template))


@blueprint.get(
    "/templates/<template>/versions", responses={200: shapes.TemplateVersions, **PROBLEMS}
)
def list_versions(path: shapes.TemplatePath) -> Response:
    """List the versions of a template, the newest first."""
    with site().store.read() as transaction:
        found = template_catalogue.list_versions(site(), transaction, path.template)
    return answer({"versions": found})


@blueprint.get(
    "/templates/<template>/versions/<int:version>",
    responses={200: shapes.TemplateVersionDetails, **PROBLEMS},
)
def show_version(path: shapes.TemplateVersionPath) -> Response:
    """Show a version of a template with its content; it never changes."""
    with site().store.read() as transaction:
        return answer(template_releases.show_version(transaction, path.template, path.version))


@blueprint.post(
    "/templates/<template>/release", responses={201: shapes.TemplateVersionDetails, **PROBLEMS}
)
def release_template(path: shapes.TemplatePath, body: shapes.ReleaseOrder) -> Response:
    """Release the draft as it is now: later runs print it. One with errors is refused."""
    said = Statement(by=body.by, comment=body.comment, channel="http")
    found = template_releases.release(site(), path.template, said)
    response = answer(found, 201)
    address = f"/api/v1/templates/{path.template}/versions/{found['version']}"
    response.headers["Location"] = address
    return response


@blueprint.get("/templates/<template>/diff", responses={200: shapes.Diff, **PROBLEMS})
def compare_template(path: shapes.TemplatePath, query: shapes.DiffQuery) -> Response:
    """Say what differs between the newest release and the draft, or between two versions."""
    with site().store.read() as transaction:
        found = template_comparing.compare(
            site(), transaction, path.template, old=query.old, new=query.new
        )
    return answer(found)


@blueprint.post("/templates/<template>/lint", responses={200: shapes.LintedTemplate, **PROBLEMS})
def lint_template(path: shapes.TemplatePath) -> Response:
    """Say what is wrong with the draft, or will be. Nothing is changed."""
    draft = template_drafts.require(site(), path.template)
    found = template_linting.lint_draft(site(), draft)
    return answer({**template_linting.counts(found), "findings": found})


@blueprint.post("/templates/<template>/lint/picture", responses={200: _PICTURE, **PROBLEMS})
def picture_of_lint(path: shapes.TemplatePath) -> Response:
    """Draw the draft with its widest values, and frame in red where something is wrong."""
    from labeler.production import template_linting_picture  # takes long to load

    draft = template_drafts.require(site(), path.template)
    return drawn(template_linting_picture.picture(site(), draft))


@blueprint.post("/templates/<template>/preview", responses={200: DRAWN, **PROBLEMS})
def preview_template(path: shapes.TemplatePath, body: shapes.PreviewOrder) -> Response:
    """Draw a label of the draft or of a version, with values or samples. Nothing is issued."""
    with site().store.read() as transaction:
        look = _look(body.model_dump())
        return drawn(template_previewing.preview(site(), transaction, path.template, look=look))


def _look(given: dict[str, Any]) -> Look:
    sheet = given.pop("sheet")
    count = sheet.pop("count") if sheet else None
    wanted = Wanted(**sheet) if sheet else None
    return Look(language=given.pop("format"), sheet=wanted, count=count, **given)

"""Labels that were printed, shown again as they were sent."""

from flask import Response
from flask_openapi import APIBlueprint

from labeler.production import sent
from labeler.web import shapes
from labeler.web import shapes_templates as own
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.templates import drawn

blueprint = APIBlueprint("sent", __name__, url_prefix="/api/v1", abp_tags=[{"name": "labels"}])


@blueprint.get("/serials/<path:serial>/labels", responses={200: own.LabelsOfSerial, **PROBLEMS})
def list_labels(path: shapes.SerialPath, query: shapes.SerialQuery) -> Response:
    """List the labels a serial ever had, the oldest first."""
    with site().store.read() as transaction:
        found = sent.labels_of_serial(transaction, path.serial, product=query.product)
    return answer({"labels": found})


@blueprint.get("/labels/<int:label_id>", responses={200: own.ShownLabel, **PROBLEMS})
def show_label(path: own.ShownLabelPath) -> Response:
    """Show a label, and whether it can be drawn again with the same bytes as were sent."""
    with site().store.read() as transaction:
        return answer(sent.show_label(site(), transaction, path.label_id))


@blueprint.get(
    "/labels/<int:label_id>.zpl",
    responses={200: {"content": {"application/vnd.zebra.zpl": {}}}, **PROBLEMS},
)
def label_zpl(path: own.ShownLabelPath) -> Response:
    """Return the label's ZPL, at the resolution it was sent with; secrets are asterisks."""
    return _document(path.label_id, "zpl")


@blueprint.get(
    "/labels/<int:label_id>.pdf", responses={200: {"content": {"application/pdf": {}}}, **PROBLEMS}
)
def label_pdf(path: own.ShownLabelPath) -> Response:
    """Return the label as a PDF of one page; secrets are asterisks."""
    return _document(path.label_id, "pdf")


@blueprint.get(
    "/labels/<int:label_id>.png", responses={200: {"content": {"image/png": {}}}, **PROBLEMS}
)
def label_png(path: own.ShownLabelPath) -> Response:
    """Return the label as a picture, a pixel a dot of the printer; secrets are asterisks."""
    return _document(path.label_id, "png")


def _document(label_id: int, language: str) -> Response:
    with site().store.read() as transaction:
        return drawn(sent.document(site(), transaction, label_id, language=language))

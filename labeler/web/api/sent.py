"""Labels that were printed, shown again as they were sent."""

from flask import Response

from labeler.production.printing import sent
from labeler.web import shapes
from labeler.web import shapes_templates as own
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.documents import DRAWN, drawn
from labeler.web.api.door import Door

blueprint = Door("sent", __name__, tag="labels")


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


@blueprint.get("/labels/<int:label_id>.<format>", responses={200: DRAWN, **PROBLEMS})
def draw_label(path: own.DrawnLabelPath) -> Response:
    """Return the label in a format, at the resolution it was sent with; secrets are asterisks."""
    with site().store.read() as transaction:
        return drawn(sent.document(site(), transaction, path.label_id, language=path.format))

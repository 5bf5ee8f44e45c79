"""The scanner's door: a scan says that a label exists."""

from flask import Response

from labeler.production.printing import scanning
from labeler.web import shapes_scans as shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.door import Door

blueprint = Door("scans", __name__, tag="jobs")


@blueprint.post("/doubtful/scan", responses={200: shapes.Verified, **PROBLEMS})
def scan_label(body: shapes.LabelScan) -> Response:
    """Verify the label that was scanned, doubtful or not; the same scan again changes nothing."""
    scan = scanning.Scan(text=body.scan, operator=body.operator, label=body.label, channel="http")
    return answer(scanning.verify(site(), scan))

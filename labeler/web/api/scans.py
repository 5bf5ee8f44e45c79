"""The scanner's door: a scan says that a label exists."""

from flask import Response
from flask_openapi import APIBlueprint

from labeler.production.printing import scanning
from labeler.web import shapes_scans as shapes
from labeler.web.api import PROBLEMS, answer, site

blueprint = APIBlueprint("scans", __name__, url_prefix="/api/v1", abp_tags=[{"name": "jobs"}])


@blueprint.post("/doubtful/scan", responses={200: shapes.Verified, **PROBLEMS})
def scan_label(body: shapes.LabelScan) -> Response:
    """Verify the label that was scanned, doubtful or not; the same scan again changes nothing."""
    scan = scanning.Scan(text=body.scan, operator=body.operator, label=body.label, channel="http")
    return answer(scanning.verify(site(), scan))

"""Run certificates, and the key that proves them."""

from typing import Any

from flask import Response, request

from labeler.production.certifying import making, site_key
from labeler.web import access, shapes
from labeler.web import shapes_reconciliation as own
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.documents import drawn
from labeler.web.api.door import Door

blueprint = Door("certificates", __name__, tag="quality")
_PDF: Any = {"description": "The certificate.", "content": {"application/pdf": {}}}


@blueprint.get("/runs/<int:run_id>/certificate", responses={200: _PDF, **PROBLEMS})
def make_certificate(path: shapes.RunPath, query: own.CertificateQuery) -> Response:
    """Make the certificate of a run that is closed, reconciled or released.

    It is of this moment, sealed with the site's key, and the record keeps its digest. HEAD makes
    and records none.
    """
    if request.method == "HEAD":
        making.require(site(), path.run_id)
        return Response(mimetype="application/pdf")
    who = access.principal()
    signed_in = who.name if who.kind == "account" else None
    return drawn(making.make(site(), path.run_id, operator=signed_in or query.operator))


@blueprint.get("/site/key", responses={200: own.SiteKey, **PROBLEMS})
def show_key() -> Response:
    """Show the public key that proves this site's certificates, and its fingerprint."""
    return answer(site_key.show(site()))

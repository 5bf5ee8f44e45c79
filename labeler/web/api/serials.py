"""Serials: everything known of one, an explanation of any text."""

from flask import Response

from labeler.production import checking, verifying
from labeler.production.meanings import Expected
from labeler.web import shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.door import Door

blueprint = Door("serials", __name__, tag="serials")


@blueprint.get("/serials/<path:serial>", responses={200: shapes.Serial, **PROBLEMS})
def show_serial(path: shapes.SerialPath, query: shapes.SerialQuery) -> Response:
    """Show everything known of an issued serial; of several products' serial, name the product."""
    with site().store.read() as transaction:
        found = verifying.show_serial(transaction, path.serial, product=query.product)
        return answer(found)


@blueprint.post("/serials/check", responses={200: shapes.Checked, **PROBLEMS})
def check_serial(body: shapes.CheckText) -> Response:
    """Say of any text whether it is a right serial where it was met, and if not, what it is."""
    expected = Expected(run=body.run, product=body.product, line=body.line)
    with site().store.read() as transaction:
        return answer(checking.check_text(site(), transaction, body.text, expected=expected))

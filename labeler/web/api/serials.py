"""Serials: everything known of one, an explanation of any text."""

from flask import Response
from flask_openapi import APIBlueprint

from labeler.production import verifying
from labeler.web import shapes
from labeler.web.api import PROBLEMS, answer, site

blueprint = APIBlueprint("serials", __name__, url_prefix="/api/v1", abp_tags=[{"name": "serials"}])


@blueprint.get("/serials/<path:serial>", responses={200: shapes.Serial, **PROBLEMS})
def show_serial(path: shapes.SerialPath) -> Response:
    """Show everything known of an issued serial."""
    with site().store.read() as transaction:
        return answer(verifying.show_serial(transaction, path.serial))


@blueprint.post("/serials/check", responses={200: shapes.Checked, **PROBLEMS})
def check_serial(body: shapes.CheckText) -> Response:
    """Say of any text whether it is a serial of ours, and if not, what is wrong with it."""
    with site().store.read() as transaction:
        return answer(verifying.check_text(site(), transaction, body.text))

"""API keys, for admins: which programs may come in, and what they may do."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from labeler.production.access import api_keys
from labeler.production.access.account_rows import By
from labeler.roles import Permission
from labeler.web import access
from labeler.web.api import site
from labeler.web.pages import asking, notices, persons, rendering, words
from labeler.web.shapes_access import KeyOrder
from labeler.web.texts import gettext as _

blueprint = Blueprint("keys", __name__)


@blueprint.get("/keys")
def list_keys() -> Response:
    """List all API keys, the newest first, also revoked ones."""
    return _list()


@blueprint.post("/keys")
def make_key() -> Response:
    """Make an API key, and show it on this page and nowhere else."""
    given: dict[str, Any] = {"name": request.form.get("name", "")}
    given["permissions"] = request.form.getlist("permissions")
    given["lines"] = request.form.getlist("lines") or None
    said = asking.read(KeyOrder, given)
    wish = api_keys.NewKey(name=said.name, permissions=said.permissions, lines=said.lines)
    return _list(once=api_keys.make(site(), wish, by=_by()))


@blueprint.post("/keys/<key_id>/revoke")
def revoke_key(key_id: str) -> Response:
    """End an API key for ever."""
    found = api_keys.revoke(site(), key_id, by=_by())
    notices.tell(_("The key of %(name)s is revoked.") % {"name": found["name"]})
    return redirect(url_for("pages.keys.list_keys"), 303)  # type: ignore[return-value]


def _by() -> By:
    return By(name=access.principal().name, channel=persons.CHANNEL)


def _list(*, once: dict[str, Any] | None = None) -> Response:
    with site().store.read() as transaction:
        found = api_keys.list_keys(transaction)
    return rendering.page(
        "keys.html",
        rows=found,
        once=once,
        lines=sorted(site().plant.lines),
        all_permissions=[(one.value, words.word(f"permission:{one.value}")) for one in Permission],
    )

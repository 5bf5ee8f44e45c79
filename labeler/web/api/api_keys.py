"""API keys: made, listed, revoked."""

from flask import Response

from labeler.production.access import api_keys
from labeler.web import shapes_access as shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.accounts import by
from labeler.web.api.door import Door

blueprint = Door("api_keys", __name__, tag="access")


@blueprint.get("/keys", responses={200: shapes.ApiKeys, **PROBLEMS})
def list_keys() -> Response:
    """List all API keys, the newest first, also revoked ones."""
    with site().store.read() as transaction:
        return answer({"keys": api_keys.list_keys(transaction)})


@blueprint.post("/keys", responses={201: shapes.ApiKeyMade, **PROBLEMS})
def make_key(body: shapes.KeyOrder) -> Response:
    """Make an API key; the reply shows it, once."""
    wish = api_keys.NewKey(name=body.name, permissions=body.permissions, lines=body.lines)
    response = answer(api_keys.make(site(), wish, by=by(body.operator)), 201)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/keys/<key_id>/revoke", responses={200: shapes.ApiKey, **PROBLEMS})
def revoke_key(path: shapes.KeyPath, body: shapes.KeyStep) -> Response:
    """End an API key for ever."""
    return answer(api_keys.revoke(site(), path.key_id, by=by(body.operator)))

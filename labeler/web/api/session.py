"""The session of whoever asks: sign in, who am I, change the password, sign out."""

from flask import Response, request

from labeler.errors import BAD_VALUE, NO_FORM_TOKEN, Refusal
from labeler.production.access import signing_in
from labeler.production.access.signing_in import Claim
from labeler.web import access
from labeler.web import shapes_access as shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.door import Door
from labeler.web.principal import NOBODY, Principal
from labeler.web.this_machine import is_foreign

blueprint = Door("session", __name__, tag="access")


@blueprint.post("/session", responses={201: shapes.Visitor, **PROBLEMS})
def sign_in(body: shapes.SignIn) -> Response:
    """Sign in with name and password, or with badge and PIN; a cookie keeps the session."""
    if is_foreign(request.environ):
        raise Refusal(
            NO_FORM_TOKEN,
            "A page of another site wants to sign somebody in.",
            hint="Sign in on a page of this service.",
        )
    claim = Claim(**dict(body), address=request.remote_addr or "")
    token = signing_in.sign_in(site(), claim, replaced=access.session_token())
    return _begun(token, 201)


@blueprint.get("/session", responses={200: shapes.Visitor, **PROBLEMS})
def show_session() -> Response:
    """Say who asks, and what he may."""
    return _shown(access.principal(), 200)


@blueprint.post("/session/password", responses={200: shapes.Visitor, **PROBLEMS})
def change_password(body: shapes.PasswordChange) -> Response:
    """Change one's own password; all other sessions end, and this one goes on with a new token."""
    token = access.session_token()
    if access.principal().kind != "account" or token is None:
        raise Refusal(BAD_VALUE, "Only an account has a password.", hint="Sign in with it first.")
    fresh = signing_in.change_password(
        site(), token, old=body.old, new=body.new, address=request.remote_addr or ""
    )
    return _begun(fresh, 200)


@blueprint.delete("/session", responses={200: shapes.SignedOut, **PROBLEMS})
def sign_out() -> Response:
    """End the session of whoever asks."""
    ended = access.principal().kind == "account"
    response = answer({"sessions": int(ended)})
    access.end_session(response)
    return response


def _begun(token: str, status: int) -> Response:
    response = _shown(access.of_session(token) or NOBODY, status)
    access.start_session(response, token)
    return response


def _shown(who: Principal, status: int) -> Response:
    found = {
        "name": who.name,
        "display_name": who.display_name,
        "kind": who.kind,
        "roles": list(who.roles),
        "permissions": sorted(who.permissions),
        "lines": None if who.lines is None else sorted(who.lines),
        "language": who.language,
        "must_change": who.must_change,
        "csrf_token": who.csrf_token,
    }
    response = answer(found, status)
    response.headers["Cache-Control"] = "no-store"
    return response

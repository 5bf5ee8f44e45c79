"""The way in and out: sign in by password or badge, change one's password, sign out."""

from flask import Blueprint, Response, redirect, request, url_for

from labeler.errors import BAD_VALUE, SIGN_IN_REFUSED, Refusal
from labeler.production.access import signing_in
from labeler.production.access.signing_in import Claim
from labeler.web import access, sentences
from labeler.web.api import site
from labeler.web.pages import asking, notices, rendering
from labeler.web.texts import gettext as _

blueprint = Blueprint("signing", __name__)


@blueprint.get("/sign-in")
def show_sign_in() -> Response:
    """Show the form."""
    return _form(None, 200)


@blueprint.post("/sign-in")
def sign_in() -> Response:
    """Begin a session, and go where its visitor wanted to."""
    by_badge = request.form.get("how") == "badge"
    names = ("badge", "pin") if by_badge else ("name", "password")
    said = {name: request.form.get(name, "") for name in names}
    try:
        claim = Claim(**said, address=request.remote_addr or "")
        token = signing_in.sign_in(site(), claim, replaced=access.session_token())
    except Refusal as refusal:
        return _form(refusal, refusal.kind.status)
    found = access.of_session(token)
    due = found is not None and found.must_change
    response = redirect(url_for("pages.signing.show_password"), 303) if due else asking.back()
    access.start_session(response, token)  # type: ignore[arg-type]
    return response  # type: ignore[return-value]


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    response = redirect(url_for("pages.signing.show_sign_in"), 303)
    access.end_session(response)  # type: ignore[arg-type]
    return response  # type: ignore[return-value]


@blueprint.get("/password")
def show_password() -> Response:
    """Show the form that changes one's own password."""
    return rendering.page("password.html", refusal=None, due=access.principal().must_change)


@blueprint.post("/password")
def change_password() -> Response:
    """Change it; all other sessions end, this one goes on with a new token."""
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    try:
        if new != again:
            raise Refusal(BAD_VALUE, "The two new passwords differ.", hint="Write it twice, alike.")
        token = signing_in.change_password(
            site(),
            access.session_token() or "",
            old=old,
            new=new,
            address=request.remote_addr or "",
        )
    except Refusal as refusal:
        due = access.principal().must_change
        return rendering.page("password.html", refusal.kind.status, refusal=refusal, due=due)
    notices.tell(_("Your password is changed. Other sessions of yours have ended."))
    response = redirect("/", 303)
    access.start_session(response, token)  # type: ignore[arg-type]
    return response  # type: ignore[return-value]


def _told(refusal: Refusal | None) -> str:
    """Return what went wrong, in the visitor's language where everybody meets it."""
    if refusal is None:
        return ""
    if refusal.kind != SIGN_IN_REFUSED:
        return sentences.said(refusal.sentence).text
    if request.form.get("how") == "badge":
        return _("Badge and PIN do not fit. An admin can give you another PIN.")
    return _("Name and password do not fit. An admin can reset a password that is forgotten.")


def _form(refusal: Refusal | None, status: int) -> Response:
    return rendering.page(
        "sign_in.html",
        status,
        told=_told(refusal),
        how=request.form.get("how") or request.args.get("how") or "password",
        name=request.form.get("name", ""),
        back=request.form.get("back") or request.args.get("back") or "/",
    )

"""Accounts, for admins: who may come in, as what, and how somebody who forgot comes back."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from labeler.errors import NO_SUCH_ADDRESS, Refusal
from labeler.production.access import account_rows, accounts
from labeler.production.access.account_rows import By
from labeler.production.site import Site
from labeler.roles import Role
from labeler.web import access
from labeler.web.api import site
from labeler.web.pages import asking, notices, persons, rendering, words
from labeler.web.shapes_access import AccountEdit, AccountOrder, BadgeOrder
from labeler.web.texts import gettext as _

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/accounts")
def list_accounts() -> Response:
    """List all accounts, also disabled ones."""
    return _list()


@blueprint.post("/accounts")
def create_account() -> Response:
    """Make an account, and show its one-time password on this page and nowhere else."""
    said = asking.read(AccountOrder, _said("name", "display_name", "language"))
    wish = accounts.NewAccount(
        name=said.name, display_name=said.display_name, roles=said.roles, language=said.language
    )
    return _list(once=accounts.create(site(), wish, _by()))


@blueprint.post("/accounts/<name>/roles")
def change_account(name: str) -> Response:
    """Give an account other roles, or another name for people; it has to sign in again."""
    said = asking.read(AccountEdit, _said("display_name", "language"))
    wish = accounts.AccountChange(
        display_name=said.display_name, roles=said.roles, language=said.language
    )
    accounts.change(site(), name, wish, by=_by())
    return _done(_("%(name)s is changed, and has to sign in again.") % {"name": name})


@blueprint.post("/accounts/<name>/badge")
def set_badge(name: str) -> Response:
    """Give an account a badge and its PIN, or take both away."""
    given = {one: request.form.get(one) or None for one in ("badge", "pin")}
    said = asking.read(BadgeOrder, given)
    accounts.set_badge(site(), name, badge=said.badge, pin=said.pin, by=_by())
    return _done(_("The badge of %(name)s is changed.") % {"name": name})


@blueprint.post("/accounts/<name>/<step>")
def take_step(name: str, step: str) -> Response:
    """Reset a password, disable, enable, or end all sessions."""
    if step == "reset":
        return _list(once=accounts.reset_password(site(), name, by=_by()))
    told = _STEPS.get(step)
    if told is None:
        raise Refusal(NO_SUCH_ADDRESS, f"There is nothing at {request.path}.", hint="")
    return _done(told(site(), name))


def _disable(opened: Site, name: str) -> str:
    accounts.set_disabled(opened, name, True, by=_by())
    return _("%(name)s is disabled; all sessions have ended.") % {"name": name}


def _enable(opened: Site, name: str) -> str:
    accounts.set_disabled(opened, name, False, by=_by())
    return _("%(name)s may sign in again.") % {"name": name}


def _sign_out(opened: Site, name: str) -> str:
    accounts.sign_out_everywhere(opened, name, by=_by())
    return _("All sessions of %(name)s have ended.") % {"name": name}


_STEPS: dict[str, Callable[[Site, str], str]] = {
    "disable": _disable,
    "enable": _enable,
    "sign-out": _sign_out,
}


def _by() -> By:
    return By(name=access.principal().name, channel=persons.CHANNEL)


def _said(*fields: str) -> dict[str, Any]:
    found: dict[str, Any] = {one: request.form.get(one, "") for one in fields}
    return found | {"roles": request.form.getlist("roles")}


def _list(*, once: dict[str, Any] | None = None) -> Response:
    with site().store.read() as transaction:
        found = account_rows.list_accounts(transaction)
    return rendering.page(
        "accounts.html",
        rows=found,
        once=once,
        all_roles=[(one.value, words.word(f"role:{one.value}")) for one in Role],
    )


def _done(sentence: str) -> Response:
    notices.tell(sentence)
    return redirect(url_for("pages.accounts.list_accounts"), 303)  # type: ignore[return-value]

"""Accounts: who they are, what they may, and how they come back in."""

from flask import Response

from labeler.production.access import account_rows, accounts
from labeler.production.access.account_rows import By
from labeler.web import access
from labeler.web import shapes_access as shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.door import Door

blueprint = Door("accounts", __name__, tag="access")


def by(operator: str | None) -> By:
    """Return who changes something: whoever the request says, else whoever asks."""
    return By(name=operator or access.principal().name)


@blueprint.get("/accounts", responses={200: shapes.Accounts, **PROBLEMS})
def list_accounts() -> Response:
    """List all accounts, also disabled ones."""
    with site().store.read() as transaction:
        return answer({"accounts": account_rows.list_accounts(transaction)})


@blueprint.post("/accounts", responses={201: shapes.AccountMade, **PROBLEMS})
def create_account(body: shapes.AccountOrder) -> Response:
    """Make an account; the reply shows its one-time password, once."""
    wish = accounts.NewAccount(
        name=body.name, display_name=body.display_name, roles=body.roles, language=body.language
    )
    return _once(accounts.create(site(), wish, by(body.operator)), 201)


@blueprint.patch("/accounts/<name>", responses={200: shapes.Account, **PROBLEMS})
def change_account(path: shapes.AccountPath, body: shapes.AccountEdit) -> Response:
    """Change an account; who gets other roles has to sign in again."""
    wish = accounts.AccountChange(
        display_name=body.display_name, roles=body.roles, language=body.language
    )
    return answer(accounts.change(site(), path.name, wish, by=by(body.operator)))


@blueprint.post("/accounts/<name>/reset", responses={200: shapes.AccountMade, **PROBLEMS})
def reset_password(path: shapes.AccountPath, body: shapes.AccountStep) -> Response:
    """Give an account a one-time password, shown once, and end its sessions."""
    return _once(accounts.reset_password(site(), path.name, by=by(body.operator)), 200)


@blueprint.post("/accounts/<name>/disable", responses={200: shapes.Account, **PROBLEMS})
def disable_account(path: shapes.AccountPath, body: shapes.AccountStep) -> Response:
    """Let nobody sign in with an account any more, and end its sessions."""
    return answer(accounts.set_disabled(site(), path.name, True, by=by(body.operator)))


@blueprint.post("/accounts/<name>/enable", responses={200: shapes.Account, **PROBLEMS})
def enable_account(path: shapes.AccountPath, body: shapes.AccountStep) -> Response:
    """Let a disabled account sign in again."""
    return answer(accounts.set_disabled(site(), path.name, False, by=by(body.operator)))


@blueprint.post("/accounts/<name>/badge", responses={200: shapes.Account, **PROBLEMS})
def set_badge(path: shapes.AccountPath, body: shapes.BadgeOrder) -> Response:
    """Give an account a badge and its PIN, for the touch screen, or take both away."""
    found = accounts.set_badge(
        site(), path.name, badge=body.badge, pin=body.pin, by=by(body.operator)
    )
    return answer(found)


@blueprint.post("/accounts/<name>/sign-out", responses={200: shapes.SignedOut, **PROBLEMS})
def sign_out_account(path: shapes.AccountPath, body: shapes.AccountStep) -> Response:
    """End all sessions of an account."""
    ended = accounts.sign_out_everywhere(site(), path.name, by=by(body.operator))
    return answer({"sessions": ended})


def _once(content: dict[str, object], status: int) -> Response:
    response = answer(content, status)
    response.headers["Cache-Control"] = "no-store"
    return response

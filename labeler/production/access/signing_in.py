"""Sign in with a password, or with badge and PIN; and change one's password.

What is wrong is not said: neither the sentence nor the time it takes tells whether there is such an
account. See `throttle` for how often one may try.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update

from labeler.errors import BAD_VALUE, SIGN_IN_REFUSED, Refusal
from labeler.production.access import account_rows, passwords, sessions
from labeler.production.access.account_rows import ACCOUNT, By
from labeler.production.access.sessions import How
from labeler.production.site import Site
from labeler.store import Transaction

_SECRET_MAX = 1000
"""Characters of a password that is looked at: nobody computes with more."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Who somebody says he is, and how he proves it: name and password, or badge and PIN."""

    name: str | None = None
    password: str | None = None
    badge: str | None = None
    pin: str | None = None
    address: str
    """From where he asks."""

    @property
    def how(self) -> How:
        """By what he proves it."""
        return "password" if self.name is not None else "badge"

    @property
    def key(self) -> str:
        """Whom the throttle counts; one text, whether there is such an account or not."""
        if self.name is not None:
            return f"name {self.name.strip().casefold()[:64]}"
        return f"badge {account_rows.badge_hash(self.badge or '')}"


def sign_in(site: Site, claim: Claim, *, replaced: str | None = None) -> str:
    """Return the token of a new session; the session of the token ``replaced`` ends.

    Refuses a wrong proof (7002), a try before its time (7006), and a claim that is neither name and
    password nor badge and PIN (1002).
    """
    account = prove(site, claim)
    if replaced is not None:
        sessions.end(site, replaced)
    token, now = sessions.new_token(site), site.clock()

    def work(transaction: Transaction) -> None:
        sessions.start(transaction, site, account, how=claim.how, token=token)
        by, detail = By(name=account.name), {"account": account.name, "how": claim.how}
        detail["address"] = claim.address
        account_rows.record(transaction, "signed_in", at=now, by=by, detail=detail)

    site.store.write(work)
    return token


def prove(site: Site, claim: Claim) -> Row[Any]:
    """Return the account that somebody has proved is his; refuses as `sign_in` does.

    A refusal is an event; one that comes before its time (7006) is none, which bounds them.
    """
    _require_whole(claim)
    throttle = site.access.throttle
    with throttle.attempt(claim.key, f"from {claim.address}", now=site.clock()):
        with site.store.read() as transaction:
            account = _account(transaction, claim)
        kept = None if account is None or account.disabled_at is not None else _kept(account, claim)
        secret = claim.password if claim.how == "password" else claim.pin
        if not passwords.fits(kept, (secret or "")[:_SECRET_MAX]) or account is None:
            _record_refusal(site, claim, account)
            raise Refusal(
                SIGN_IN_REFUSED,
                "Name and password do not fit." if claim.how == "password" else
                "Badge and PIN do not fit.",
                hint="Try again; an admin can reset a password that is forgotten.",
            )  # fmt: skip
    throttle.clear(claim.key)
    return account


def change_password(site: Site, token: str, *, old: str, new: str, address: str) -> str:
    """Change the password of whose session it is; return the token of a new session.

    All his other sessions end. Refuses a session that is none (7002), a wrong old password (7002,
    7006), and a new one that is too weak or the old one (7008).
    """
    session = sessions.find(site, token)
    if session is None:
        raise Refusal(SIGN_IN_REFUSED, "The session has ended.", hint="Sign in again.")
    account = prove(site, Claim(name=session.name, password=old, address=address))
    passwords.require_good(new, name=account.name)
    if new == old:
        raise Refusal(BAD_VALUE, "The new password is the old one.", hint="Choose another one.")
    kept, fresh, now = passwords.hashed(new), sessions.new_token(site), site.clock()

    def work(transaction: Transaction) -> None:
        values = {"password_hash": kept, "must_change": False}
        transaction.execute(update(ACCOUNT).where(ACCOUNT.c.id == account.id).values(**values))
        sessions.end_all(transaction, account.id, now=now)
        sessions.start(transaction, site, account, how="password", token=fresh)
        by, detail = By(name=account.name), {"account": account.name}
        account_rows.record(transaction, "password_changed", at=now, by=by, detail=detail)

    site.store.write(work)
    return fresh


def _require_whole(claim: Claim) -> None:
    by_name = (claim.name is not None, claim.password is not None)
    by_badge = (claim.badge is not None, claim.pin is not None)
    if {by_name, by_badge} != {(True, True), (False, False)}:
        raise Refusal(
            BAD_VALUE,
            "Expected name and password, or badge and PIN.",
            hint="Send the two, and nothing of the other two.",
        )


def _account(transaction: Transaction, claim: Claim) -> Row[Any] | None:
    if claim.name is not None:
        where = ACCOUNT.c.name == claim.name.strip().casefold()
    else:
        where = ACCOUNT.c.badge_hash == account_rows.badge_hash(claim.badge or "")
    return transaction.execute(select(ACCOUNT).where(where)).one_or_none()


def _kept(account: Row[Any], claim: Claim) -> str | None:
    return account.password_hash if claim.how == "password" else account.pin_hash  # type: ignore[no-any-return]


def _record_refusal(site: Site, claim: Claim, account: Row[Any] | None) -> None:
    """Record a refused sign-in. A name that is none is not kept: it may be somebody's password."""
    name = "somebody" if account is None else account.name
    detail = {"how": claim.how, "address": claim.address}
    if account is not None:
        detail["account"] = account.name
    now = site.clock()

    def work(transaction: Transaction) -> None:
        account_rows.record(transaction, "sign_in_refused", at=now, by=By(name=name), detail=detail)

    site.store.write(work)

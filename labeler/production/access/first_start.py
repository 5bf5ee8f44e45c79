"""The first start: where there is no account yet, the service makes an admin."""

from collections.abc import Iterator

import structlog
from sqlalchemy import select

from labeler.errors import Refusal
from labeler.production.access import accounts, passwords
from labeler.production.access.account_rows import ACCOUNT, By
from labeler.production.access.accounts import NewAccount
from labeler.production.certifying import site_key
from labeler.production.events import CONFIG
from labeler.production.site import Site
from labeler.roles import Role
from labeler.store import Transaction

NAME = "admin"
_KEY = 0x61636631
"""Of several processes that start on one database, one makes the account."""

log = structlog.get_logger(__name__)


def begin(site: Site, *, address: str) -> Iterator[str]:
    """Make what a service needs in which people and programs prove who they are.

    Yields what the terminal has to say of it, which no log may keep.
    """
    if site.access.rules.this_machine != "admin":
        # Commands prove with it that they may do everything; without it they could not.
        try:
            site_key.secret(site)
        except Refusal as refusal:
            log.warning("access.no_key", why=refusal.sentence)
    password = make_admin(site)
    if password is not None:
        yield sentence(password, address=address)


def make_admin(site: Site) -> str | None:
    """Make the first account if there is none; return its one-time password, else None.

    A database that cannot be written is told: printers do not wait for it.
    """
    with site.store.read() as transaction:
        if _is_somebody(transaction):
            return None
    password = passwords.one_time(site.random_bytes(16))
    kept = passwords.hashed(password)
    wish = NewAccount(name=NAME, display_name="Administrator", roles=[Role.ADMIN.value])

    def work(transaction: Transaction) -> bool:
        transaction.keep_others_waiting(_KEY)
        if _is_somebody(transaction):
            return False
        by = By(name="labeler serve", channel=CONFIG)
        accounts.add(transaction, site, wish, password_hash=kept, by=by)
        return True

    try:
        return password if site.store.write(work) else None
    except Refusal as refusal:
        log.warning("access.no_admin", why=refusal.sentence)
        return None


def sentence(password: str, *, address: str) -> str:
    """Return what the terminal says of the first account."""
    return (
        f"There was no account yet. Sign in at {address} as '{NAME}' with the one-time password "
        f"{password} and change it; it is not shown again. (Another one: labeler account reset "
        f"{NAME}.)"
    )


def _is_somebody(transaction: Transaction) -> bool:
    return transaction.execute(select(ACCOUNT.c.id).limit(1)).first() is not None

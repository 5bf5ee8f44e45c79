"""People who sign in, and what the record says of it."""

from typing import Any

import pytest
from sqlalchemy import select

from labeler.errors import Refusal
from labeler.production.access import accounts, sessions, signing_in
from labeler.production.access.account_rows import By
from labeler.production.access.accounts import NewAccount
from labeler.production.access.signing_in import Claim
from labeler.production.site import Site
from labeler.store import schema

BY = By(name="admin")
PASSWORD = "correct horse battery"


def add(site: Site, name: str, *roles: str) -> str:
    """Make an account; return its one-time password."""
    wish = NewAccount(name=name, display_name=name.title(), roles=roles or ("operator",))
    return str(accounts.create(site, wish, BY)["one_time_password"])


def settle(site: Site, name: str, *roles: str) -> str:
    """Make an account whose password is PASSWORD; return the token of its session."""
    old = add(site, name, *roles)
    token = signing_in.sign_in(site, by_password(name, old))
    return signing_in.change_password(site, token, old=old, new=PASSWORD, address="::1")


def by_password(name: str, password: str = PASSWORD, *, address: str = "10.0.0.1") -> Claim:
    """Return what somebody says with a password."""
    return Claim(name=name, password=password, address=address)


def by_badge(badge: str, pin: str) -> Claim:
    """Return what somebody says with a badge."""
    return Claim(badge=badge, pin=pin, address="10.0.0.1")


def refused(site: Site, claim: Claim) -> tuple[int, str]:
    """Return with which number and sentence a sign-in is refused."""
    with pytest.raises(Refusal) as caught:
        signing_in.sign_in(site, claim)
    return caught.value.kind.number, caught.value.sentence


def is_signed_in(site: Site, token: str) -> bool:
    """Return whether a token is of a session that runs."""
    return sessions.find(site, token) is not None


def told(site: Site) -> list[tuple[str, dict[str, Any]]]:
    """Return the events of the record: kind and detail."""
    event = schema.event
    with site.store.read() as transaction:
        query = select(event.c.kind, event.c.detail).order_by(event.c.id)
        return [(row.kind, row.detail) for row in transaction.execute(query)]

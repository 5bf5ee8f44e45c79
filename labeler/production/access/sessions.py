"""Sessions: somebody signed in, and a token in his browser proves it until it ends.

The token is 256 bits by chance, and the record keeps its SHA-256 only. Each sign-in makes a new
one, and whatever gives somebody more rights ends the old ones.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Row, delete, insert, select, update

from labeler.production.access import account_rows
from labeler.production.access.account_rows import ACCOUNT, SESSION, By
from labeler.production.site import Site
from labeler.roles import Permission, permissions
from labeler.store import Transaction

How = Literal["password", "badge"]
SEEN_S: Final = 60
"""How exactly it is known when somebody was seen last: so seldom is it written down, and ten times
as often as a session may be idle."""
GLIMPSE: Final = timedelta(seconds=1)
GLIMPSES_MAX: Final = 2000
KEPT_DAYS: Final = 30
"""How long the row of a session stays; the audit trail has its events for ever."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """Somebody who is signed in."""

    id: int
    account_id: int
    name: str
    display_name: str
    roles: tuple[str, ...]
    permissions: frozenset[Permission]
    language: str | None
    must_change: bool
    how: How


def token_hash(token: str) -> str:
    """Return what the record keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(token: str) -> str:
    """Return what forms of a session carry: another site knows neither it nor the token."""
    return hmac.new(token.encode(), b"labeler form", hashlib.sha256).hexdigest()


def start(transaction: Transaction, site: Site, account: Row[Any], *, how: How, token: str) -> None:
    """Begin a session of an account that has proved who it is; old rows go on this occasion."""
    now = site.clock()
    old = SESSION.c.created_at < now - timedelta(days=KEPT_DAYS)
    transaction.execute(delete(SESSION).where(old))
    values = {"token_hash": token_hash(token), "account_id": account.id, "how": how,
              "created_at": now, "last_seen_at": now}  # fmt: skip
    transaction.execute(insert(SESSION).values(**values))


def new_token(site: Site) -> str:
    """Return a token that nobody can guess."""
    return urlsafe_b64encode(site.random_bytes(32)).decode().rstrip("=")


def glimpse(site: Site, token: str) -> Session | None:
    """Return whose session a token is of, for what an open page asks by itself.

    It is no sign that anybody is there. Many pages ask, each twice a second: what was found is good
    for a second, so a page hears of its session's end so much later.
    """
    known, now, key = site.access.glimpses, site.clock(), token_hash(token)
    at, found = known.get(key, (None, None))
    if found is None or at is None or not timedelta(0) <= now - at < GLIMPSE:
        found = find(site, token, is_seen=False)
        if len(known) >= GLIMPSES_MAX:
            known.clear()
        known[key] = (now, found)
    result: Session | None = found
    return result


def find(site: Site, token: str, *, is_seen: bool = True) -> Session | None:
    """Return whose session a token is of, and note that he was seen; None if it is of none.

    It ends by itself where nobody asked for anything too long, or it lasted too long. ``is_seen``:
    somebody asks, and not an open page by itself.
    """
    now = site.clock()
    query = (
        select(SESSION, ACCOUNT.c.name, ACCOUNT.c.display_name, ACCOUNT.c.language,
               ACCOUNT.c.must_change)
        .join(ACCOUNT, ACCOUNT.c.id == SESSION.c.account_id)
        .where(SESSION.c.token_hash == token_hash(token), SESSION.c.ended_at.is_(None),
               ACCOUNT.c.disabled_at.is_(None))
    )  # fmt: skip
    with site.store.read() as transaction:
        row = transaction.execute(query).one_or_none()
        if row is None or not _runs(site, row, now):
            return None
        roles = account_rows.roles(transaction, row.account_id)
    noted_s = min(SEEN_S, _idle_min(site, row) * 60 / 10)
    if is_seen and (now - row.last_seen_at).total_seconds() >= noted_s:
        seen = update(SESSION).where(SESSION.c.id == row.id).values(last_seen_at=now)
        site.store.write(lambda transaction: transaction.execute(seen))
    may = permissions(roles)
    if row.how == "badge":  # four digits that anybody may look at do not say who may do what
        may -= {Permission.ADMIN}
    return Session(
        id=row.id, account_id=row.account_id, name=row.name, display_name=row.display_name,
        roles=tuple(roles), permissions=may, language=row.language, must_change=row.must_change,
        how=row.how,
    )  # fmt: skip


def _runs(site: Site, row: Row[Any], now: datetime) -> bool:
    is_idle = now - row.last_seen_at >= timedelta(minutes=_idle_min(site, row))
    longest = timedelta(hours=site.access.rules.session_absolute_h)
    return not is_idle and now - row.created_at < longest


def _idle_min(site: Site, row: Row[Any]) -> int:
    rules = site.access.rules
    return rules.pin_idle_min if row.how == "badge" else rules.session_idle_min


def end(site: Site, token: str) -> bool:
    """End the session of a token; return whether there was one."""
    now = site.clock()
    site.access.glimpses.pop(token_hash(token), None)

    def work(transaction: Transaction) -> bool:
        query = (
            select(SESSION.c.id, ACCOUNT.c.name)
            .join(ACCOUNT, ACCOUNT.c.id == SESSION.c.account_id)
            .where(SESSION.c.token_hash == token_hash(token), SESSION.c.ended_at.is_(None))
        )
        row = transaction.execute(query).one_or_none()
        if row is None:
            return False
        ended = update(SESSION).where(SESSION.c.id == row.id).values(ended_at=now)
        transaction.execute(ended)
        by, detail = By(name=row.name), {"account": row.name, "sessions": 1}
        account_rows.record(transaction, "signed_out", at=now, by=by, detail=detail)
        return True

    return site.store.write(work)


def end_all(transaction: Transaction, account_id: int, *, now: datetime) -> int:
    """End all sessions of an account; return how many there were."""
    ended = (
        update(SESSION)
        .where(SESSION.c.account_id == account_id, SESSION.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return transaction.execute(ended).rowcount

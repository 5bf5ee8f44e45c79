"""Accounts as the record has them: found, shown, and the events of what becomes of them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select

from labeler.errors import NO_SUCH_ACCOUNT, Refusal
from labeler.production import events
from labeler.production.events import Cause
from labeler.store import Transaction, schema_access

ACCOUNT: Final = schema_access.account
ROLE: Final = schema_access.account_role
SESSION: Final = schema_access.account_session


@dataclass(frozen=True, kw_only=True)
class By:
    """Who changes something, and through which channel."""

    name: str
    channel: str = "http"


def badge_hash(badge: str) -> str:
    """Return by which text the badge is found. A badge is a name; its PIN is the secret."""
    return hashlib.sha256(f"badge {badge.strip()}".encode()).hexdigest()


def find(transaction: Transaction, name: str) -> Row[Any]:
    """Return an account's row, kept from others until we end; refuse (7010) an unknown one."""
    query = select(ACCOUNT).where(ACCOUNT.c.name == name).with_for_update()
    row = transaction.execute(query).one_or_none()
    if row is None:
        raise Refusal(
            NO_SUCH_ACCOUNT, f"There is no account '{name}'.", hint="See labeler account list."
        )
    return row


def roles(transaction: Transaction, account_id: int) -> list[str]:
    """Return an account's roles, in alphabetical order."""
    query = select(ROLE.c.role).where(ROLE.c.account_id == account_id).order_by(ROLE.c.role)
    return list(transaction.execute(query).scalars())


def set_roles(transaction: Transaction, account_id: int, wanted: Iterable[str]) -> None:
    """Give an account these roles, and no other."""
    transaction.execute(delete(ROLE).where(ROLE.c.account_id == account_id))
    for role in sorted(set(wanted)):
        transaction.execute(insert(ROLE).values(account_id=account_id, role=role))


def show(transaction: Transaction, name: str) -> dict[str, Any]:
    """Return an account as doors show it, without anything secret; refuse (7010)."""
    [found] = shown(transaction, [find(transaction, name)])
    return found


def list_accounts(transaction: Transaction) -> list[dict[str, Any]]:
    """Return all accounts by their names."""
    rows = transaction.execute(select(ACCOUNT).order_by(ACCOUNT.c.name)).all()
    return shown(transaction, rows)


def shown(transaction: Transaction, rows: Iterable[Row[Any]]) -> list[dict[str, Any]]:
    """Return accounts as doors show them."""
    by_account: dict[int, list[str]] = {}
    for row in transaction.execute(select(ROLE).order_by(ROLE.c.role)):
        by_account.setdefault(row.account_id, []).append(row.role)
    return [
        {
            "name": row.name,
            "display_name": row.display_name,
            "roles": by_account.get(row.id, []),
            "language": row.language,
            "must_change": row.must_change,
            "badge": row.badge_hash is not None,
            "created_at": row.created_at,
            "created_by": row.created_by,
            "disabled_at": row.disabled_at,
        }
        for row in rows
    ]


def record(
    transaction: Transaction, kind: str, *, at: datetime, by: By, detail: dict[str, Any]
) -> None:
    """Record what somebody did with an account or a key; ``detail`` holds no secret."""
    cause = Cause(channel=by.channel, detail={"operator": by.name, **detail})
    events.record(transaction, kind, at=at, cause=cause)

"""The API keys in memory, so that a trigger that comes with one asks the database nothing.

A change made by this process is known at once, since it takes the ring down; one of another process
on the same PostgreSQL database within AGE_MAX_S.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

from sqlalchemy import select

from labeler.roles import Permission
from labeler.store import Store, Transaction, schema_access, takes_many

AGE_MAX_S: Final = 5.0

_TABLE = schema_access.api_key


@dataclass(frozen=True, kw_only=True)
class KnownKey:
    """A key that was not revoked."""

    id: int
    name: str
    secret_hash: str
    """SHA-256 in hexadecimal digits."""
    permissions: frozenset[Permission]
    lines: frozenset[str] | None
    """The lines it is for; None: all of them."""


class KeyRing:
    """The keys by their public id, and when each was used last."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._lock = Lock()
        self._turn = 0
        self._known: Mapping[str, KnownKey] | None = None
        self._read_at: datetime | None = None
        self._used: dict[int, datetime] = {}

    def find(self, store: Store, public_id: str, *, now: datetime) -> KnownKey | None:
        """Return the key of that id, if it may be used."""
        known, read_at = self._known, self._read_at
        is_old = read_at is None or (now - read_at).total_seconds() > AGE_MAX_S
        # Nobody else writes a SQLite file, so what was read stays true until we change it.
        if known is None or (is_old and takes_many(store.engine)):
            known = self.load(store, now=now)
        return known.get(public_id)

    def load(self, store: Store, *, now: datetime) -> Mapping[str, KnownKey]:
        """Read all keys again, and keep them unless one was changed meanwhile."""
        turn = self._turn
        with store.read() as transaction:
            known = _read(transaction)
        with self._lock:
            if turn == self._turn:
                self._known, self._read_at = known, now
        return known

    def forget(self) -> None:
        """Take the ring down: a key was changed, and the change is committed."""
        with self._lock:
            self._turn += 1
            self._known = None

    def used(self, key_id: int, *, now: datetime) -> None:
        """Note that a key was used; it is written down later, by `take_used`'s caller."""
        self._used[key_id] = now

    def take_used(self) -> dict[int, datetime]:
        """Return which keys were used since the last call, and when."""
        used, self._used = self._used, {}
        return used


def _read(transaction: Transaction) -> dict[str, KnownKey]:
    query = select(_TABLE).where(_TABLE.c.revoked_at.is_(None))
    return {
        row.public_id: KnownKey(
            id=row.id,
            name=row.name,
            secret_hash=row.secret_hash,
            permissions=frozenset(map(Permission, json.loads(row.permissions))),
            lines=None if row.lines is None else frozenset(json.loads(row.lines)),
        )
        for row in transaction.execute(query)
    }

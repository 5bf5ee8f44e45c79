"""The audit trail's chain: each event is sealed with all that went before it.

A row of `audit_chain` is a number without gaps, an event, and SHA-256 over the hash before it and
the event as it is stored. Who changes, removes or puts in an event in the middle breaks it from
there on; that a tail was cut or everything was sealed anew is told by an anchor outside the
database only.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from labeler.store import schema_audit
from labeler.store.times import utc_text

if TYPE_CHECKING:
    from labeler.store.transaction import Transaction

HASH_BYTES = 32
"""Of SHA-256 (FIPS 180-4, section 6.2)."""
COLUMNS = ("seq", "event_id", "hash")

_LOCK_KEY = 0x6368616E  # "chan": one process at a time puts rows at the end
_HEAD_SQL = "SELECT seq, hash FROM audit_chain ORDER BY seq DESC LIMIT 1"


class Head(NamedTuple):
    """The end of the chain."""

    seq: int
    """Number of its last row; 0 while there is none."""
    hash: bytes
    """What that row was sealed with."""


START = Head(0, bytes(HASH_BYTES))
"""What the first row is sealed upon."""


def head(transaction: "Transaction") -> Head:
    """Return the end of the chain as this transaction sees it."""
    rows = transaction.run_sql(_HEAD_SQL)
    return Head(rows[0][0], bytes(rows[0][1])) if rows else START


def seal_event(end: Head, row: Sequence[Any]) -> Head:
    """Return the chain's end once the event ``row`` is sealed upon ``end``.

    The row: id, time (UTC, as `utc_text` writes it), kind, channel, run, unit, label, and the
    detail's text as it is stored. Lengths stand before the words, so that no two rows are alike.

    >>> row = (7, "2026-11-27T12:00:00.000000Z", "run_opened", "http", 1, None, None, "{}")
    >>> seal_event(START, row).hash.hex()[:16]
    'd973abf10893c2b8'
    """
    seq = end.seq + 1
    event_id, at, kind, channel, run, unit, label, detail = row
    text = (
        f"{seq} {event_id} {at} {run or '-'} {unit or '-'} {label or '-'} "
        f"{len(kind)} {kind} {len(channel)} {channel} {detail}"
    )
    return Head(seq, hashlib.sha256(end.hash + text.encode()).digest())


def hash_of(transaction: "Transaction", seq: int) -> str | None:
    """Return what a row was sealed with, in hexadecimal digits; None where there is no such row."""
    rows = transaction.run_sql("SELECT hash FROM audit_chain WHERE seq = ?", (seq,))
    return bytes(rows[0][0]).hex() if rows else None


def seal(transaction: "Transaction") -> Head | None:
    """Put the transaction's events at the end of the chain, and return its end; None without any.

    The last statement of a transaction but those of the high-water mark.

    On PostgreSQL other processes wait here until it is committed. Whoever holds this lock asks for
    no further row, so that nobody waits for one who waits for him.
    """
    events = transaction.events
    if not events:
        return None
    transaction.keep_others_waiting(_LOCK_KEY)
    end = head(transaction)
    rows = []
    for event in events:
        end = seal_event(end, _as_read(event))
        rows.append((end.seq, event[0], end.hash))
    transaction.insert_rows(schema_audit.audit_chain, columns=COLUMNS, rows=rows)
    return end


def _as_read(row: Sequence[Any]) -> Sequence[Any]:
    at = row[1]
    return (row[0], utc_text(at), *row[2:]) if isinstance(at, datetime) else row

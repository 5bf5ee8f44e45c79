"""What a lease adds to a block of serials: to whom it was given, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select

from labeler.errors import BAD_VALUE, Refusal
from labeler.production import events
from labeler.production.events import Cause
from labeler.store import Transaction, schema_leases
from labeler.units import UnitState

_TABLE = schema_leases.lease

SECONDS_MAX = 10 * 366 * 24 * 3600
"""Ten years: who means more has mistaken a digit."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """When a lease expires: at a moment, or so many seconds after it is agreed. One of both."""

    expires_at: datetime | None = None
    expires_in_s: int | None = None

    def end(self, now: datetime) -> datetime:
        """Return the moment it means; refuse (1002) one that is over, or ten years away."""
        if self.expires_at is None:
            return now + timedelta(seconds=self.expires_in_s or 0)
        if self.expires_at <= now:
            raise Refusal(
                BAD_VALUE,
                f"expires_at: expected a moment after {now:%Y-%m-%dT%H:%M:%SZ}, got "
                f"{self.expires_at.isoformat()}.",
                hint="Say when the holder will have told what became of the serials.",
            )
        latest = now + timedelta(seconds=SECONDS_MAX)
        if self.expires_at > latest:
            raise Refusal(
                BAD_VALUE,
                f"expires_at: expected a moment before {latest:%Y-%m-%dT%H:%M:%SZ}, ten years from "
                f"now, got {self.expires_at.isoformat()}.",
                hint="Say when the holder will have told what became of the serials.",
            )
        return self.expires_at

    @property
    def text(self) -> str:
        """It as it was said."""
        if self.expires_at is not None:
            return f"expires_at={self.expires_at.isoformat()}"
        return f"expires_in_s={self.expires_in_s}"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Who gets a block, and until when."""

    holder: str
    term: Term

    @property
    def arguments(self) -> str:
        """What must be equal in a retry."""
        return f"holder={self.holder} {self.term.text}"


def grant(transaction: Transaction, block: Row[Any], terms: Terms) -> None:
    """Record to whom a block that is reserved now was given."""
    values = {
        "run_id": block.run_id,
        "allocation_id": block.id,
        "holder": terms.holder,
        "arguments": terms.arguments,
        "state": "open",
        "quantity": block.quantity,
        "open": block.quantity,
        "used": 0,
        "voided": 0,
        "opened_at": block.created_at,
        "expires_at": terms.term.end(block.created_at),
    }
    query = insert(_TABLE).values(**values).returning(_TABLE.c.id)
    lease_id = transaction.execute(query).scalar_one()
    detail = {"lease": lease_id, "holder": terms.holder, "quantity": block.quantity}
    cause = Cause(channel=block.channel, detail=detail)
    events.record(
        transaction, "lease_opened", at=block.created_at, cause=cause, run_id=block.run_id
    )


def of_block(transaction: Transaction, block_id: int) -> Row[Any] | None:
    """Return the lease of a block, or None if it was not given to anybody."""
    query = select(_TABLE).where(_TABLE.c.allocation_id == block_id)
    return transaction.execute(query).one_or_none()


def arguments(transaction: Transaction, block: Row[Any]) -> str:
    """Return with which arguments a block was asked for."""
    lease = of_block(transaction, block.id)
    return f"quantity={block.quantity}" + (f" {lease.arguments}" if lease else "")


def unit_state(transaction: Transaction, block_id: int) -> str:
    """Return the state in which a unit of the block begins."""
    leased = of_block(transaction, block_id) is not None
    return (UnitState.LEASED if leased else UnitState.ALLOCATED).value


def shorten(transaction: Transaction, block: Row[Any]) -> None:
    """Let the lease of a block that cannot be filled be about what was issued of it."""
    missing = block.quantity - block.filled
    transaction.run_sql(
        "UPDATE lease SET quantity = quantity - ?, open = open - ? WHERE allocation_id = ?",
        (missing, missing, block.id),
    )


def beginning(transaction: Transaction, block: Row[Any]) -> dict[str, Any]:
    """Return the event with which every unit of a block began."""
    detail = {"key": block.key, "block": block.id}
    lease = of_block(transaction, block.id)
    if lease is not None:
        detail |= {"lease": lease.id, "holder": lease.holder}
    return {
        "at": block.created_at,
        "kind": "allocated" if lease is None else "leased",
        "channel": block.channel,
        "label": None,
        "detail": detail,
    }

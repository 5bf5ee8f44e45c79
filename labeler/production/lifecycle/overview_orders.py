"""In which order units are listed, and behind which one a page goes on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from labeler.errors import BAD_VALUE, Refusal
from labeler.store import Transaction
from labeler.store.schema import UNIT_WORDS

SORTS: Final[Mapping[str, tuple[str, str]]] = {
    "serial": ("serial", "scope"),
    "allocated_at": ("allocated_at", "id"),
    "location": ("location", "id"),
    "owner": ("owner", "id"),
    "state": ("state", "id"),
}
"""Order -> the columns of its index. By location or owner, only units that have one are listed."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which units, and in which order."""

    filters: Mapping[str, Any] = field(default_factory=dict)
    """serial, state, location, owner, purchase_order, sales_order, invoice, invoice_link, run,
    product, line, lot: each as it is."""
    recall: str | None = None
    """In the recall of this name, whether it is closed or not."""
    item_name: str | None = None
    """The product's name in config.yaml."""
    search: str | None = None
    """A fragment of the serial."""
    since: datetime | None = None
    """Allocated then, or later."""
    before: datetime | None = None
    """Allocated earlier."""
    sort: str = "allocated_at"
    descending: bool = False
    after: str | None = None
    """`next` of the page before."""
    limit: int = 50

    @property
    def sign(self) -> str:
        """How a unit compares with those before it."""
        return "<" if self.descending else ">"


@dataclass(slots=True)
class Where:
    """Conditions and their values."""

    terms: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, term: str, *values: Any) -> None:
        """Ask for one thing more."""
        self.terms.append(term)
        self.values += values

    @property
    def sql(self) -> str:
        """Return the WHERE clause; empty where nothing is asked."""
        return f" WHERE {' AND '.join(self.terms)}" if self.terms else ""


def place_of(transaction: Transaction, wanted: Wanted) -> tuple[Any, Any] | None:
    """Return the last unit of the page before, in the columns of the order.

    Refuses (1002) an ``after`` that no page gave.
    """
    if wanted.after is None:
        return None
    try:
        value, other = json.loads(wanted.after)
        if wanted.sort == "allocated_at":
            value = transaction.time(datetime.fromisoformat(value))
        elif not isinstance(value, str):
            raise TypeError
        if type(other) is not (str if wanted.sort == "serial" else int):
            raise TypeError
    except (ValueError, TypeError):
        raise Refusal(
            BAD_VALUE,
            f"after: expected the `next` of a page sorted by {wanted.sort}, got "
            f"'{wanted.after[:80]}'.",
            hint="Begin again without it.",
        ) from None
    return value, other


def behind(wanted: Wanted, place: tuple[Any, Any] | None, *, of: str = "") -> Where:
    """Return the condition that leads behind the last unit of the page before."""
    where, (first, second) = Where(), (of + name for name in SORTS[wanted.sort])
    if wanted.sort in UNIT_WORDS:
        where.add(f"{first} IS NOT NULL")
    if place is not None:
        where.add(f"({first}, {second}) {wanted.sign} (?, ?)", *place)
    return where


def order_of(wanted: Wanted) -> str:
    """Return what stands behind ORDER BY."""
    down = " DESC" if wanted.descending else ""
    return ", ".join(f"{name}{down}" for name in SORTS[wanted.sort])

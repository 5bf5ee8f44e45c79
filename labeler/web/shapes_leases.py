"""The shapes of requests and replies about leases."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from labeler.production.blocks import QUANTITY_MAX
from labeler.production.lease_lists import SERIAL_MAX
from labeler.production.lease_terms import SECONDS_MAX, Term
from labeler.web.bounds import Id, Limit, Place, Shape
from labeler.web.shapes import Note, Reasoned, Reply, Request, Word

SERIALS_MAX = 10_000
"""Serials of a report as JSON; a list as text may be longer."""

Moment = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})$"
    ),
    Field(description="a time with its zone, such as 2026-12-01T06:00:00Z"),
]
"""A moment as ISO 8601 writes it."""

LeaseSerial = Annotated[str, StringConstraints(min_length=1, max_length=SERIAL_MAX)]


class LeasePath(Shape):
    """A lease."""

    lease_id: Id


class Until(Request):
    """When a lease expires: one of both."""

    expires_at: Moment | None = Field(default=None, examples=["2026-12-01T06:00:00Z"])
    expires_in_s: Annotated[int, Field(ge=1, le=SECONDS_MAX)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        """Refuse an order that says nothing, or two things, or a day that does not exist."""
        if (self.expires_at is None) == (self.expires_in_s is None):
            raise ValueError("expected one of: expires_at, expires_in_s")
        if self.expires_at is not None:
            try:
                datetime.fromisoformat(self.expires_at)
            except ValueError:
                raise ValueError("expected an expires_at that is in the calendar") from None
        return self

    @property
    def term(self) -> Term:
        """What it means."""
        at = None if self.expires_at is None else datetime.fromisoformat(self.expires_at)
        return Term(expires_at=at, expires_in_s=self.expires_in_s)


class LeaseOrder(Until):
    """How many serials are given to whom, and until when."""

    quantity: Annotated[int, Field(ge=1, le=QUANTITY_MAX)] = Field(examples=[1000])
    holder: Word = Field(examples=["Miller Ltd"])


class LeaseExtension(Until, Reasoned):
    """Until when a lease goes on, who says so, and why."""


class SerialRange(Request):
    """Serials of a lease from one to another, in the order in which they were issued."""

    first: LeaseSerial
    last: LeaseSerial


class _Named(Request):
    serials: Annotated[list[LeaseSerial], Field(max_length=SERIALS_MAX)] = Field(
        default_factory=list, examples=[["AC2632700001K"]]
    )
    ranges: Annotated[list[SerialRange], Field(max_length=1000)] = Field(default_factory=list)


class UsedOrder(_Named):
    """Serials that are on labels now."""

    operator: Word | None = None
    reason: Note | None = None


class VoidOrder(_Named, Reasoned):
    """Serials that will never be used."""


class CloseOrder(Request):
    """Whether the serials that are unaccounted for are voided; if so, who says it, and why."""

    void_rest: bool = False
    operator: Word | None = None
    reason: Note | None = None

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        """Refuse to void without who and why."""
        if self.void_rest and (self.operator is None or self.reason is None):
            raise ValueError("expected operator and reason beside void_rest: true")
        return self


class ReportQuery(Shape):
    """How a list is read, who says it, and why; JSON says all of it in the body."""

    model_config = ConfigDict(extra="forbid")

    operator: Word | None = None
    reason: Note | None = None
    column: Word = Field(default="1", description="CSV: the column's name, or its number from 1")
    delimiter: Literal["comma", "semicolon", "tab"] = "comma"
    header: bool = Field(default=False, description="CSV: the first line names the columns")


class LeaseQuery(Shape):
    """Which leases; the newest first."""

    model_config = ConfigDict(extra="forbid")

    holder: Word | None = None
    state: Literal["open", "closed"] | None = None
    overdue: bool = Field(
        default=False, description="only those that expired and have serials unaccounted for"
    )
    run: Id | None = None
    before: Id | None = Field(default=None, description="`next` of the page before")
    limit: Limit = 50


class LeaseSerialsQuery(Shape):
    """Which serials of a lease, in the order of their places."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["leased", "encoded", "label_scrapped", "destroyed", "voided"] | None = None
    after: Place = Field(default=0, description="`next` of the page before")
    limit: Limit = 50


class Lease(Reply):
    """A block of serials that somebody holds or held."""

    id: int
    run: int
    block: int
    holder: str
    state: Literal["open", "closed"]
    quantity: int = Field(description="open + used + voided")
    open: int = Field(description="serials of which nobody has said what became of them")
    used: int = Field(description="serials that are on labels, says the holder")
    voided: int = Field(description="serials that never will be used")
    opened_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    first_position: int = Field(description="place of its first unit in the run, from 1")
    last_position: int
    first: str | None = Field(description="its first serial")
    last: str | None = Field(description="its last serial")
    overdue: bool = Field(description="it expired, and serials are unaccounted for")


class Leased(Lease):
    """A lease, and whether it was there before."""

    replayed: bool = Field(description="true: this key was served before, with this lease")


class LeaseDetail(Lease):
    """A lease and its newest reports."""

    reports: list[dict[str, Any]]


class Leases(Reply):
    """A page of leases."""

    leases: list[Lease]
    next: int | None = Field(description="`before` of the next page; null at the end")


class LeaseReport(Reply):
    """What was said about a lease."""

    id: int
    lease: int
    kind: Literal["used", "void", "close", "extend"]
    state: Literal["applying", "done"]
    channel: str
    count: int = Field(description="serials it was about")
    late: bool = Field(description="it came when the lease had expired")
    open: int | None = Field(description="serials unaccounted for after it")
    operator: str | None
    reason: str | None
    expires_at: datetime | None = Field(description="extend: until when")
    received_at: datetime
    done_at: datetime | None
    replayed: bool = Field(description="true: this key was served before; the same answer again")

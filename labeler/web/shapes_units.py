"""The shapes of requests and replies about units: orders, their list, their lives."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from labeler.production.lifecycle.units_named import UNITS_MAX
from labeler.web.bounds import Id, Limit, Shape, Time
from labeler.web.shapes import Note, Reply, Request, Word
from labeler.web.shapes_leases import LeaseSerial, SerialRange

Link = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[!-~]+$")]
"""An address on the web."""

UnitVerb = Literal[
    "commission", "sample", "scrap", "destroy", "deactivate", "release", "move", "ship", "return",
    "change-owner", "receive", "void",
]  # fmt: skip
State = Literal[
    "allocated", "leased", "encoded", "commissioned", "label_sampled", "label_scrapped", "sampled",
    "inactive", "destroyed", "released", "voided",
]  # fmt: skip


class UnitVerbPath(Shape):
    """What is done with units."""

    verb: UnitVerb


class UnitPath(Shape):
    """A serial, check characters included."""

    serial: str


class _Said(Shape):
    operator: Word | None = None
    line: Word | None = Field(default=None, description="commission: the line says so")
    reason: Note | None = None
    location: Word | None = None
    owner: Word | None = None
    purchase_order: Word | None = None
    sales_order: Word | None = None
    invoice: Word | None = Field(default=None, description="its number")
    invoice_link: Link | None = None


class UnitsOrder(_Said, Request):
    """Which units, by their serials or from one of a run to another; who, why, where and whose."""

    serials: Annotated[list[LeaseSerial], Field(max_length=UNITS_MAX)] = Field(
        default_factory=list, examples=[["AC2632700001K"]]
    )
    ranges: Annotated[list[SerialRange], Field(max_length=1000)] = Field(default_factory=list)
    product: Word | None = Field(default=None, description="where several have these serials")


class UnitsQuery(_Said):
    """What is said with a list in the body; JSON says all of it in the body."""

    model_config = ConfigDict(extra="forbid")

    product: Word | None = None
    column: Word = Field(default="1", description="CSV: the column's name, or its number from 1")
    delimiter: Literal["comma", "semicolon", "tab"] = "comma"
    header: bool = Field(default=False, description="CSV: the first line names the columns")


class UnitsReport(Reply):
    """What was done with units."""

    id: int
    verb: UnitVerb
    state: Literal["applying", "done"]
    count: int = Field(description="units that were named")
    changed: int
    left: list[dict[str, str]] = Field(
        description="units that somebody else changed meanwhile, and why they were left alone"
    )
    said: dict[str, str]
    channel: str
    received_at: datetime
    done_at: datetime | None
    replayed: bool = Field(description="true: this key was served before; the same answer again")


class UnitListQuery(Shape):
    """Which units: each filter as it is written, all of them at once; and in which order."""

    model_config = ConfigDict(extra="forbid")

    serial: Word | None = None
    search: Annotated[str, StringConstraints(min_length=3, max_length=64)] | None = Field(
        default=None, description="any fragment of the serial, 3 characters or more"
    )
    state: State | None = None
    product: Word | None = Field(default=None, description="item no.")
    item_name: Word | None = None
    lot: Word | None = None
    location: Word | None = None
    owner: Word | None = None
    purchase_order: Word | None = None
    sales_order: Word | None = None
    invoice: Word | None = None
    invoice_link: Link | None = None
    run: Id | None = None
    line: Word | None = None
    recall: Word | None = Field(default=None, description="in this recall, closed or not")
    since: Time | None = Field(default=None, description="allocated then or later")
    before: Time | None = Field(default=None, description="allocated earlier")
    sort: Literal["serial", "allocated_at", "location", "owner", "state"] = Field(
        default="allocated_at", description="by location or owner: only units that have one"
    )
    order: Literal["asc", "desc"] = "asc"
    after: Annotated[str, StringConstraints(max_length=300)] | None = Field(
        default=None, description="`next` of the page before"
    )
    limit: Limit = 50


class Unit(Reply):
    """A unit as it is now."""

    serial: str
    state: State
    product: str = Field(description="item no.")
    item_name: str | None = Field(description="the product's name in config.yaml now")
    lot: str | None
    location: str | None
    owner: str | None
    purchase_order: str | None
    sales_order: str | None
    invoice: str | None
    invoice_link: str | None
    run: int
    line: str
    number: int = Field(description="the unit's place in its run, from 1")
    allocated_at: datetime


class Units(Reply):
    """A page of units; it may have fewer than wanted, even none, and still a `next`."""

    units: list[Unit]
    next: str | None = Field(description="`after` of the next page; null at the end")


class UnitLife(Reply):
    """A unit as it is now, and its history, the oldest first."""

    serial: str
    state: State
    product: str
    run: int
    number: int
    allocated_at: datetime
    location: str | None
    owner: str | None
    purchase_order: str | None
    sales_order: str | None
    invoice: str | None
    invoice_link: str | None
    recalls: list[str] = Field(description="the recalls it is in that are not closed")
    history: list[dict[str, Any]] = Field(
        description="each with `at`, `kind`, `who`, `where`, `why`, `new` (a verdict, a state, "
        "whose it is since), `channel`, `label`, `job`, `copy` and all `detail`; null where nobody "
        "said"
    )

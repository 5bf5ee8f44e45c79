"""The shapes of recalls: what is called back and why, and where its units are."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from labeler.web.bounds import Id, Limit, Shape, Time
from labeler.web.shapes import Lot, Note, Reply, Request, Word
from labeler.web.shapes_units import State

RecallName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"),
    Field(description="1 to 64 letters, digits, dots, hyphens and underscores"),
]
RecallState = Literal["gathering", "open", "closed"]
_VALUES_MAX = 100


class RecallCriteria(Request):
    """Which units: all that is said must be so of a unit, of several values of one kind one."""

    runs: Annotated[list[Id], Field(max_length=_VALUES_MAX)] = Field(default_factory=list)
    lots: Annotated[list[Lot], Field(max_length=_VALUES_MAX)] = Field(
        default_factory=list, examples=[["L42"]]
    )
    lines: Annotated[list[Word], Field(max_length=_VALUES_MAX)] = Field(default_factory=list)
    products: Annotated[list[Word], Field(max_length=_VALUES_MAX)] = Field(default_factory=list)
    templates: Annotated[list[Word], Field(max_length=_VALUES_MAX)] = Field(
        default_factory=list, description="`NAME`, or `NAME@VERSION`", examples=[["unit-label@1"]]
    )
    series: Annotated[list[Word], Field(max_length=_VALUES_MAX)] = Field(
        default_factory=list, description="of the serial or of an identifier: `NAME[@VERSION]`"
    )
    printers: Annotated[list[Word], Field(max_length=_VALUES_MAX)] = Field(
        default_factory=list, description="a label of the unit was sent to one of these"
    )
    operators: Annotated[list[Word], Field(max_length=_VALUES_MAX)] = Field(
        default_factory=list,
        description="who ran the line (the run's operator, or who opened, paused or resumed it), "
        "or verified the unit",
    )
    since: Annotated[Time, Field(strict=False)] | None = Field(
        default=None, description="its serial was issued then, or later"
    )
    before: Annotated[Time, Field(strict=False)] | None = Field(
        default=None, description="its serial was issued earlier"
    )


class RecallOrder(Request):
    """What is called back, why and by whom."""

    name: RecallName = Field(examples=["R-2026-07"])
    reason: Note = Field(examples=["housing may crack below 0 C"])
    operator: Word = Field(examples=["qa-ab"])
    criteria: RecallCriteria


class RecallClose(Request):
    """Why a recall ends, and who says so."""

    reason: Note = Field(examples=["all housings replaced"])
    operator: Word = Field(examples=["qa-ab"])


class RecallPreview(Request):
    """Which units would be recalled."""

    criteria: RecallCriteria


class RecallPreviewPage(RecallPreview):
    """Of which units which page."""

    after: Annotated[str, StringConstraints(max_length=100)] | None = Field(
        default=None, description="`next` of the page before"
    )
    limit: Limit = 50


class RecallPath(Shape):
    """A recall."""

    name: RecallName


class RecallListQuery(Shape):
    """Which recalls; the newest first."""

    model_config = ConfigDict(extra="forbid")

    state: RecallState | None = None
    before: Id | None = Field(default=None, description="`next` of the page before")
    limit: Limit = 50


class RecallUnitsQuery(Shape):
    """Which page."""

    model_config = ConfigDict(extra="forbid")

    after: Id = Field(default=0, description="`next` of the page before")
    limit: Limit = 50


class RecallPlaces(Reply):
    """How many units, and where they are now."""

    count: int
    states: dict[str, int] = Field(examples=[{"commissioned": 40, "released": 2}])
    locations: list[dict[str, Any]] = Field(
        examples=[[{"location": "Hall 2", "count": 40}, {"location": None, "count": 2}]],
        description="the 100 with most units; null: nobody said where",
    )
    owners: list[dict[str, Any]] = Field(
        examples=[[{"owner": "ACME", "count": 2}]], description="the 100 with most units"
    )
    unwritten: list[dict[str, int]] = Field(
        examples=[[{"run": 1, "count": 15}]],
        description="units of blocks that are still being written: the recall stays `gathering` "
        "until they are, and has them, too",
    )


class RecallFigures(RecallPlaces):
    """What a recall would call back."""

    going_on: list[int] = Field(
        description="runs among them that may issue more: what they issue later is not recalled"
    )


class RecallRow(Reply):
    """A recall as lists show it."""

    id: int
    name: str
    state: RecallState
    reason: str
    operator: str
    channel: str
    criteria: dict[str, Any]
    count: int = Field(description="units gathered")
    expected: int = Field(description="units that were meant when it was made")
    created_at: datetime
    gathered_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    close_reason: str | None


class Recall(RecallRow, RecallPlaces):
    """A recall, and where its units are now."""


class RecallMade(Recall):
    """The answer to who calls back."""

    replayed: bool = Field(description="true: it was made before, with the very same words")


class Recalls(Reply):
    """A page of recalls."""

    recalls: list[RecallRow]
    next: int | None = Field(description="`before` of the next page; null at the end")


class RecallUnit(Reply):
    """A unit that is called back, as it is now."""

    serial: str
    state: State
    product: str
    line: str
    lot: str | None
    run: int
    number: int
    allocated_at: datetime
    location: str | None
    owner: str | None
    sales_order: str | None
    invoice: str | None


class RecallUnits(Reply):
    """A page of a recall's units."""

    units: list[RecallUnit]
    next: int | None = Field(description="`after` of the next page; null at the end")


class RecallPreviewUnits(Reply):
    """A page of units; it may have fewer than wanted, even none, and still a `next`."""

    units: list[RecallUnit]
    next: str | None = Field(description="`after` of the next page; null at the end")

"""The shapes of verifications, and of what is asked about them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from labeler.production.quality.ranges import Kind
from labeler.production.quality.verdicts import Verdict
from labeler.web.bounds import Id, Limit, Shape, Time
from labeler.web.shapes import Lot, Reply, Request, Word

ScanText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$"),
    Field(description="1 to 200 characters; no NUL, which no database keeps"),
]


class VerificationOrder(Request):
    """What a scanner read from a label, who held it, and what was expected there."""

    scan: ScanText = Field(
        examples=["]d2010401234500000921AC2632700001K"],
        description="as it was read: a serial, an identifier, a GS1 element string with brackets "
        "or separators, a Digital Link; a symbology identifier may stand in front",
    )
    operator: Word = Field(examples=["mk"], description="who scanned it")
    station: Word = Field(examples=["qa-1"], description="where it was scanned")
    line: Word | None = Field(
        default=None, examples=["line-1"], description="the line it was met on"
    )
    run: Id | None = Field(default=None, description="the run it should be of", examples=[1])
    product: Word | None = Field(default=None, examples=["AC-100"])
    lot: Lot | None = Field(default=None, examples=["L42"])
    label: Id | None = Field(
        default=None, description="which label of the unit it is, where several may be out"
    )


class PhotoQuery(Shape):
    """Of a photo, what its body cannot say; with JSON all of it is in the body."""

    model_config = ConfigDict(extra="forbid")

    operator: Word | None = Field(default=None, description="of a photo: needed")
    station: Word | None = Field(default=None, description="of a photo: needed")
    line: Word | None = None
    run: Id | None = None
    product: Word | None = None
    lot: Lot | None = None
    label: Id | None = None


class Verification(Reply):
    """A scan, and what was said about it."""

    id: int
    at: datetime
    text: str = Field(description="as it was scanned; asterisks where it may be a secret")
    serial: str = Field(description="the unit's serial, or what the text was taken for")
    issued: bool = Field(description="whether the serial is that of a unit")
    series: str | None = Field(description="of a serial never issued: the series whose form it has")
    verdict: Verdict
    sentence: str
    details: dict[str, Any] = Field(
        description="by verdict; misread: `position`, `expected`, `got`, `near`",
        examples=[{"position": 8, "kind": "confusable", "expected": "0", "got": "O", "near": []}],
    )
    label: int | None = Field(description="the label that was scanned, where it is known")
    operator: str
    station: str
    line: str | None
    run: int | None
    product: str | None
    channel: str
    key: str


class Verified(Verification):
    """The answer to a scan."""

    replayed: bool = Field(description="true: this key was served before; the same answer again")


class VerificationQuery(Shape):
    """Which verifications; the newest first."""

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict | None = None
    line: Word | None = None
    station: Word | None = None
    operator: Word | None = None
    run: Id | None = None
    serial: ScanText | None = None
    since: Time | None = None
    until: Time | None = Field(default=None, description="before this moment")
    before: Id | None = Field(default=None, description="`next` of the page before")
    limit: Limit = 50


class Verifications(Reply):
    """A page of verifications."""

    verifications: list[Verification]
    next: int | None = Field(description="`before` of the next page; null at the end")


class FailuresQuery(Shape):
    """Of which time; left out: the last 24 hours."""

    model_config = ConfigDict(extra="forbid")

    since: Time | None = None
    until: Time | None = Field(default=None, description="before this moment; 31 days at most")
    line: Word | None = None
    after: ScanText | None = Field(default=None, description="`next` of the page before")
    limit: Limit = 50


class Hour(Reply):
    """What was scanned on a line in an hour."""

    cursor: str = Field(examples=["2026-11-23T12:00Z line-1"], description="`after` goes on here")
    line: str | None = Field(description="null: scans that named no line")
    hour: str = Field(
        examples=["2026-11-23T13:00:00+01:00"],
        description="its beginning on the site's clock; set back, an hour is there twice",
    )
    verified: int = Field(description="scans")
    failed: int = Field(description="of them not ok")
    rate: float = Field(description="failed divided by verified", examples=[0.0125])
    verdicts: dict[str, int] = Field(examples=[{"misread": 1, "ok": 79}])


class Failures(Reply):
    """How many scans failed, by hour and line."""

    since: datetime
    until: datetime
    hours: list[Hour]
    next: str | None = Field(description="`after` of the next page; null at the end")


class RangeQuery(Shape):
    """From which serial to which, both included."""

    model_config = ConfigDict(extra="forbid")

    first: ScanText = Field(description="a serial of the series, issued or not")
    last: ScanText


class SeriesRangePath(Shape):
    """A series."""

    series: Word


class RunRangePath(Shape):
    """A run, and what of its units is listed."""

    run_id: Id
    kind: Kind


class SeriesRangeKindPath(Shape):
    """A series, and what of a range of it is listed."""

    series: Word
    kind: Kind


class RunSerialsQuery(Shape):
    """Which page."""

    model_config = ConfigDict(extra="forbid")

    after: ScanText | None = Field(default=None, description="`next` of the page before")
    limit: Limit = 50


class RangeSerialsQuery(RangeQuery):
    """Of which range which page."""

    after: ScanText | None = Field(default=None, description="`next` of the page before")
    limit: Limit = 50


class Range(Reply):
    """What became of a range of serials, in numbers."""

    issued: int
    encoded: int = Field(description="these and the next six add up to those issued")
    commissioned: int = Field(description="also those set aside, or that have left")
    sampled: int = Field(description="units, or their labels, taken for a check")
    scrapped: int = Field(description="their own label was given up")
    destroyed: int
    voided: int = Field(description="never used, and spent")
    unused: int = Field(description="no label of them is known to be out: allocated or leased")
    gaps: int | None = Field(
        description="numbers skipped; null where numbers are permuted or drawn by chance"
    )
    doubles: int = Field(description="units with more than one label out")
    strangers: int = Field(description="scans of serials of that form that nobody issued")
    unlabelled: int = Field(description="units not gone without a label that is out")
    unverified: int = Field(description="units with a label out that no scan found ok")
    states: dict[str, int] = Field(description="units by their state")
    serials: dict[str, str] = Field(description="of each number, where its serials are listed")


class RangeSerials(Reply):
    """A page of the serials behind a number of a range."""

    serials: list[dict[str, Any]] = Field(
        description="units; of gaps the numbers missing before a unit; of strangers scans"
    )
    next: str | None = Field(description="`after` of the next page; null at the end")

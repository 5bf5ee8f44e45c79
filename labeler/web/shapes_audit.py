"""The shapes of the audit trail: its rows, its end, and what a check of it says."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from labeler.production.safekeeping.auditing import What
from labeler.web.bounds import Id, Limit, Shape, Time
from labeler.web.shapes import Reply, Request, Word

_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

AnchorText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00]+$"),
    Field(description="SEQ:HASH as it is printed, or a line of the anchors' log"),
]


class AuditQuery(Shape):
    """Which rows."""

    model_config = ConfigDict(extra="forbid")

    kind: Word | None = Field(
        default=None,
        description="what was done, such as run_opened; refused (1002) if no row is so",
    )
    who: Word | None = Field(default=None, description="who did it")
    channel: Word | None = None
    run: Id | None = Field(default=None, description="the run's own rows, and those of its units")
    serial: Word | None = None
    since: Time | None = None
    before: Time | None = Field(default=None, description="before this moment")
    order: Literal["desc", "asc"] = Field(default="desc", description="desc: the newest first")
    after: Id | None = Field(default=None, description="`next` of the page before")
    limit: Limit = 50


class AuditRow(Reply):
    """One change: who, when, what, to what, from what to what, why, through which channel."""

    seq: int = Field(description="its number in the trail; there are no gaps")
    at: datetime
    at_site: str = Field(
        examples=["2026-11-23T13:00:00.000+01:00"], description="the same in the site's zone"
    )
    who: str | None = Field(examples=["mk"])
    what: str = Field(examples=["job_priority"])
    of: str = Field(examples=["job 7"], description="what it was done to")
    old: str | None = Field(examples=["50"], description="what it was before, where there was one")
    new: str | None = Field(examples=["90"])
    reason: str | None = Field(examples=["truck waits"])
    channel: str = Field(examples=["http"])
    run: int | None
    serial: str | None
    label: int | None
    detail: dict[str, Any] = Field(examples=[{"job": 7, "priority": 90, "before": 50}])
    event: int
    hash: str = Field(examples=[_HASH], description="SHA-256 over this row and the hash before it")


class Audit(Reply):
    """A page of the audit trail; it may have few rows, or none, and still a `next`."""

    audit: list[AuditRow]
    next: int | None = Field(description="`after` of the next page; null at the end")


class Anchored(Reply):
    """What was written down outside the database."""

    seq: int
    hash: str = Field(examples=[_HASH])
    at: str | None = Field(examples=["2026-11-23T12:00:00.000000Z"])


class AuditHead(Reply):
    """The end of the trail."""

    seq: int = Field(description="number of its last row; 0: there is none")
    hash: str = Field(examples=[_HASH])
    anchored: Anchored | None = Field(description="what was anchored last; null: nothing")


class AnchoredNow(Anchored):
    """What was written down now."""

    file: str = Field(description="where; keep a copy of it elsewhere")


class AuditCheck(Request):
    """What the trail is compared with besides this site's anchors."""

    anchors: list[AnchorText] = Field(
        default_factory=list, max_length=10_000, examples=[[f"7:{_HASH}"]]
    )


class BadRow(Reply):
    """The first thing that is wrong."""

    what: What
    seq: int | None = Field(description="the row, or the first one that may be wrong")
    event: int | None
    sentence: str


class AuditLoss(Reply):
    """Rows that a restore lost, and over which two people went on."""

    after: int = Field(description="the last row that was kept for sure")
    until: int = Field(description="the last row that is known to be lost")
    unlocked: int = Field(description="the row that says who went on, and why")


class SkippedAnchor(Reply):
    """A copy from elsewhere that was not compared: its row was lost, or it is wrong."""

    seq: int
    hash: str = Field(examples=[_HASH])


class AuditVerdict(Reply):
    """The last line of a check; those before it have `rows` and `of` only."""

    ok: bool
    rows: int = Field(description="rows that are right")
    of: int
    head: Anchored
    anchors: int = Field(description="anchors that the rows agree with")
    skipped: list[SkippedAnchor] = Field(
        description="anchors of the body that vouch for nothing: two people gave up such rows "
        "after a loss, and neither the trail nor this site's anchors know them"
    )
    losses: list[AuditLoss]
    bad: BadRow | None

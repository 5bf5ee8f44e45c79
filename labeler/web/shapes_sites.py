"""The shapes of a site that is locked, and of what unlocks it."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from labeler.web.shapes import Note, Reply, Request, Word


class UnlockOrder(Request):
    """Who unlocks a site whose database is not the one that issued last, and why."""

    operator: Word = Field(examples=["mk"], description="who unlocks it: the engineer")
    approved_by: Word = Field(examples=["ab"], description="another person, of QA, who is for it")
    reason: Note = Field(examples=["disk replaced, backup of 02:00 put back"])
    steps: Annotated[int, Field(ge=0, le=10**9)] | None = Field(
        default=None,
        examples=[500],
        description="at least so many numbers of each counter are left out; needed where the "
        "high-water mark does not say how many were lost",
    )


class SiteState(Reply):
    """Whether anything is issued."""

    locked: bool
    why: str | None = Field(description="what is wrong, in a sentence; null while it is not locked")
    lost: int | None = Field(
        description="how many numbers were drawn at most that the database does not know; null "
        "while it is not locked, or where nobody knows"
    )
    hint: str | None = Field(description="what to do; null while it is not locked")


class Unlocked(Reply):
    """What was done to go on."""

    steps: int = Field(description="numbers left out of each counter")
    counters: int = Field(description="counters that were raised")
    set_aside: int = Field(description="numbers of pools that count as used now, with no unit")
    held: int = Field(description="labels that waited and are held: they may be printed already")
    why: str
    operator: str
    approved_by: str
    reason: str


class BackupNote(Request):
    """A backup that begins; `labeler backup` says so by itself."""

    file: Note = Field(examples=["/mnt/backup/labeler-2026-11-23.db"])
    operator: Word | None = Field(default=None, examples=["mk"])


class BackupNoted(Reply):
    """What the record keeps of a backup, and where the audit trail was anchored."""

    file: str
    at: datetime
    seq: int | None = Field(description="the anchored row; null on a site that is locked")
    hash: str | None

"""The shapes of what the forms of a line's page say."""

from typing import Annotated

from pydantic import Field, StringConstraints

from labeler.production.changeover import Leave
from labeler.production.printing.doubtful import Decision
from labeler.web.bounds import Id, Shape
from labeler.web.shapes import Note, Word

FormKey = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,64}$")]
"""What makes a press of a button one wish, however often it arrives."""


class LinePress(Shape):
    """One press of a button."""

    key: FormKey


class LineScan(Shape):
    """What a scanner typed."""

    scan: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    asked: Id | None = None
    """The run of which the page asked whether the line shall change over to it."""


class LineRun(Shape):
    """Which run, and why."""

    run: Id
    reason: Note | None = None


class LineChange(Shape):
    """Which run the line goes on with, and what becomes of the one it leaves."""

    run: Id
    left: Id
    leave: Leave = "close"


class LineNext(Shape):
    """Of which run the page asks whether the line shall change over to it."""

    next: Id | None = None


class LineReprint(LinePress):
    """Which label is printed again, and why; who else is for it, where the site wants somebody."""

    serial: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    reason: Word
    note: Note | None = None
    approver: Word | None = None
    password: Annotated[str, Field(max_length=200)] | None = None


class LineDecision(Shape):
    """What somebody found who looked for a doubtful label."""

    decision: Decision


class LineRoll(Shape):
    """A roll that was put in."""

    printer: Word
    labels: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class LinePrinter(Shape):
    """Which printer."""

    printer: Word

"""The shapes of what people ask of a printer now."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from labeler.web.shapes import PrinterPath, Reply, Request, Word
from labeler.web.shapes_templates import Format


class Asked(Request):
    """Who asks; the printer's history keeps it."""

    operator: Word = Field(examples=["mk"])


class ConsoleText(Asked):
    """Commands in the printer's own language; the audit trail keeps them."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=4000)] = Field(examples=["~HS"])
    print: bool = Field(default=False, description="it may print labels, though no record has them")
    sure: bool = Field(default=False, description="it may erase, reset or cancel")


class DrawnPath(PrinterPath):
    """A printer, and the format its test label is drawn in."""

    format: Format


class Outcome(Reply):
    """What became of it."""

    printer: str
    state: Literal["heard", "printed", "done", "sent", "doubtful"] = Field(
        description="printed: the odometer moved by one, or the document is written. done: it is "
        "idle again. sent: nobody knows more. doubtful: only a part may have arrived"
    )
    sentence: str
    label_count_before: int | None
    label_count_after: int | None


class ConsoleAnswer(Outcome):
    """What became of commands, and what the printer said."""

    answer: str = Field(
        description="8192 bytes at most of what it said within 5 s; <STX>: a control character"
    )
    is_cut: bool = Field(description="it said more")


class Findings(Reply):
    """What is not as it should be."""

    printer: str
    findings: list[str] = Field(description="a sentence each; none where all is well")

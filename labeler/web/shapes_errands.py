"""The shapes of what people ask of a printer now."""

from typing import Literal

from pydantic import Field

from labeler.web.shapes import PrinterPath, Reply, Request, Word
from labeler.web.shapes_templates import Format


class Asked(Request):
    """Who asks; the printer's history keeps it."""

    operator: Word = Field(examples=["mk"])


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


class Findings(Reply):
    """What is not as it should be."""

    printer: str
    findings: list[str] = Field(description="a sentence each; none where all is well")

"""The shapes of a scan that says that a label exists."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from labeler.web.bounds import Id
from labeler.web.shapes import Reply, Request, Word


class LabelScan(Request):
    """What a scanner read from a label."""

    scan: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        examples=["(01)04012345000009(21)AC2632700001K"],
        description="as it was read: a serial, an identifier, a GS1 element string, a Digital Link",
    )
    operator: Word = Field(examples=["mk"])
    label: Id | None = Field(
        default=None, description="which label of the unit it is, where several may be out"
    )


class Verified(Reply):
    """The label that was scanned."""

    label: int
    job: int
    serial: str
    was: Literal["sent", "buffered", "printed", "doubtful", "verified"]
    state: Literal["verified"]
    sentence: str

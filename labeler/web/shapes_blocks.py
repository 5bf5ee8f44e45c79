"""What goes in and out where serials are issued in blocks."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from labeler.production.blocks import QUANTITY_MAX
from labeler.web.bounds import Limit, Place, Shape
from labeler.web.shapes import KeyHeader, Reply, Request, RunPath

__all__ = ["Block", "BlockOrder", "KeyHeader", "RunPath", "Serials", "SerialsQuery"]


class BlockOrder(Request):
    """How many serials."""

    quantity: Annotated[int, Field(ge=1, le=QUANTITY_MAX)] = Field(examples=[1000])


class Block(Reply):
    """A block of serials that was issued in one step."""

    id: int
    run: int
    quantity: int
    state: str = Field(description="done, or stopped if its series could not give them all")
    first_position: int = Field(description="place of its first unit in the run, from 1")
    last_position: int
    first: str | None = Field(description="its first serial; null if it could give none")
    last: str | None = Field(description="its last serial")
    replayed: bool = Field(description="true: this key was served before, with this block")


class SerialsQuery(Shape):
    """Which serials of a run, in the order of their places."""

    model_config = ConfigDict(extra="forbid")

    after: Place = Field(default=0, description="`next` of the page before")
    limit: Limit = 50


class RunSerial(Reply):
    """One serial of a run."""

    position: int
    serial: str
    state: str
    allocated_at: datetime
    identifiers: dict[str, str | None] = Field(
        default={}, description="only of a product with identifiers; null for a secret"
    )


class Serials(Reply):
    """A page of a run's serials."""

    serials: list[RunSerial]
    next: int | None = Field(description="`after` of the next page; null at the end")

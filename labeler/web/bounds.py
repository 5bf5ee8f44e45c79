"""What shapes are made of; numbers and times as large as database and calendar have them."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """What a request or a reply is made of; what checks it is built when it is first needed.

    There are some three hundred, and a command needs two or three of them.
    """

    model_config = ConfigDict(defer_build=True)


Id = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""A number the database gave; more than 64 bits it cannot be asked for."""

Place = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""A unit's place in its run; the database keeps 32 bits of it."""


def _with_neighbours(at: datetime) -> datetime:
    """Refuse a time near the calendar's ends: in another zone, or a year on, there is none."""
    if not 1970 <= at.year <= 9998:
        raise ValueError("expected a time of the years 1970 to 9998")
    return at


Time = Annotated[
    AwareDatetime,
    AfterValidator(_with_neighbours),
    Field(description="a time with its zone, such as 2026-11-26T08:00:00Z"),
]
"""A moment that can be shown in every zone, and asked what begins after it."""

Limit = Annotated[int, Field(ge=1, le=500)]
"""How many rows a page of a list has."""

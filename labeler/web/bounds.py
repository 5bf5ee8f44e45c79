"""Numbers and times of a request: as large as the database and the calendar can be asked for."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

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

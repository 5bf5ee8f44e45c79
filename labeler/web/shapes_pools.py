"""The shapes of requests and replies about pools."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from labeler.web.bounds import Id, Shape
from labeler.web.shapes import Reasoned, Reply, Request, Word

FileName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"),
    Field(description="one line of text, 1 to 200 characters"),
]
"""What a list is called where it came from."""

Serial = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class PoolPath(Shape):
    """A series that has a pool."""

    series: str


class ReturnPath(PoolPath):
    """A return of a pool's numbers."""

    return_id: Id


class ImportQuery(Shape):
    """How a list is read, and what may be in it."""

    model_config = ConfigDict(extra="forbid")

    file: FileName | None = Field(default=None, description="the list's name, for the record")
    operator: Word | None = None
    column: Word = Field(default="1", description="CSV: the column's name, or its number from 1")
    delimiter: Literal["comma", "semicolon", "tab"] = "comma"
    header: bool = Field(default=False, description="CSV: the first line names the columns")
    again: bool = Field(default=False, description="numbers that were returned may come again")
    dry_run: bool = Field(default=False, description="only say what would be refused")


class RangeOrder(Request):
    """Numbers that somebody assigned as a range: a block of MAC addresses, or IMEIs of a TAC."""

    mac_block: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = Field(
        default=None, examples=["00:1B:C5:0A:B0:00/36"], description="first..last, or prefix/bits"
    )
    step: Annotated[int, Field(ge=1, le=1 << 24)] = Field(
        default=1, description="addresses of a device"
    )
    tac: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")] | None = Field(
        default=None, description="8 digits"
    )
    first: Annotated[int, Field(ge=0, le=999_999)] = 0
    last: Annotated[int, Field(ge=0, le=999_999)] = 999_999


class ReturnOrder(Reasoned):
    """Which numbers go back: the last `count`, those from `first` to `last`, or `all`."""

    count: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None
    first: Serial | None = None
    last: Serial | None = None
    all: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> "ReturnOrder":
        """Refuse an order that says nothing, or two things."""
        ways = [self.count is not None, self.first is not None, self.all]
        if sum(ways) != 1 or (self.first is None) != (self.last is None):
            raise ValueError("expected one of: count, first with last, all: true")
        return self


class Pool(Reply):
    """A pool's counts."""

    series: str
    pattern: str | None
    waiting: int = Field(description="numbers that may be used")
    allocated: int = Field(description="numbers that were issued")
    returned: int = Field(description="numbers that went back to whom they came from")
    low_water: int
    low: bool = Field(description="somebody should import more")


class Pools(Reply):
    """Every pool."""

    pools: list[Pool]


class Imported(Reply):
    """What the record keeps of an import."""

    id: int | None = Field(description="null: a dry run")
    series: str
    state: Literal["staging", "done", "abandoned", "checked"]
    source: str
    digest: str = Field(description="SHA-256 of the list")
    count: int
    channel: str
    operator: str | None
    started_at: datetime | None
    finished_at: datetime | None
    blank_lines: int = Field(description="lines that were skipped")
    replayed: bool = Field(description="true: this key was served before; the same answer again")


class Returned(Reply):
    """What the record keeps of a return."""

    id: int
    series: str
    state: Literal["open", "done"]
    arguments: str
    count: int
    reason: str
    channel: str
    operator: str
    started_at: datetime
    finished_at: datetime | None
    replayed: bool = Field(description="true: this key was served before; the same answer again")


class PoolDetail(Pool):
    """A pool, its newest imports and returns."""

    importing: dict[str, Any] | None = Field(description="the import at work, and how far it is")
    imports: list[dict[str, Any]]
    returns: list[dict[str, Any]]

"""The shapes of exports: what can be exported, and which rows are wanted."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from labeler.web.bounds import Id, Shape, Time
from labeler.web.shapes import Lot, Reply, Word
from labeler.web.shapes_recalls import RecallName


class ExportPath(Shape):
    """What is exported, and how."""

    source: Word = Field(
        description="units, events, verifications, audit, reconciliation or balances: GET /exports "
        "lists them"
    )
    form: Word = Field(description="csv, xlsx or ndjson")


class ExportQuery(Shape):
    """Which rows, all of it at once; and how the file is written."""

    model_config = ConfigDict(extra="forbid")

    run: Id | None = None
    lot: Lot | None = Field(default=None, description="of the run")
    line: Word | None = Field(
        default=None, description="of the run; of a verification: where it was scanned"
    )
    product: Word | None = None
    recall: RecallName | None = Field(default=None, description="units in this recall")
    since: Time | None = Field(
        default=None, description="issued, happened or scanned then or later"
    )
    before: Time | None = Field(default=None, description="earlier")
    delimiter: Literal["comma", "semicolon", "tab"] = Field(default="comma", description="CSV")
    bom: bool = Field(
        default=False, description="CSV: begin with the mark by which Excel takes it for UTF-8"
    )
    end: Literal["line"] | None = Field(
        default=None,
        description="`line`: one line more, `#end rows=N sha256=HEX`, of 96 bytes with the line "
        "break before it; a file without it is not whole. Take it off before the file is used",
    )
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")] | None = Field(
        default=None, description="a name of your own: GET /exports says how far it is"
    )


class ExportSource(Reply):
    """Something that can be exported."""

    name: str
    about: str = Field(description="what one row is")
    columns: list[str]
    filters: list[str]


class ExportUnderWay(Reply):
    """An export that somebody waits for."""

    id: str
    source: str
    form: str
    rows: int = Field(description="written so far")
    total: int


class Exports(Reply):
    """What can be exported and how, and what is under way."""

    sources: list[ExportSource]
    formats: list[str] = Field(examples=[["csv", "ndjson", "xlsx"]])
    under_way: list[ExportUnderWay]

"""The shapes of requests and replies about sheets of stock."""

from typing import Annotated

from pydantic import ConfigDict, Field

from labeler.web.bounds import Id, Shape
from labeler.web.shapes import Reply, Request, Word

Cell = Annotated[int, Field(ge=1, le=10_000)]


class StockPath(Shape):
    """A kind of sheet."""

    stock: str


class RunSheetPath(Shape):
    """A run whose labels lie on sheets."""

    run_id: Id


class JobSheetPath(Shape):
    """A job whose labels lie on sheets."""

    job_id: Id


class SheetQuery(Shape):
    """On which sheets."""

    model_config = ConfigDict(extra="forbid")

    stock: Word = Field(examples=["avery-l7160"])
    start: Cell = Field(default=1, description="the first free cell, counted row by row from 1")
    outlines: bool = Field(default=False, description="true: draw the cells, too")


class PreviewSheet(Request):
    """On which sheets a preview lies."""

    stock: Word = Field(examples=["avery-l7160"])
    start: Cell = Field(default=1, description="the first free cell, counted row by row from 1")
    outlines: bool = Field(default=False, description="true: draw the cells, too")
    count: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="in how many cells; default: all free ones of one sheet"
    )


class Stock(Reply):
    """A kind of sheet."""

    name: str
    width_mm: float = Field(description="of a cell")
    height_mm: float
    columns: int
    rows: int
    count: int = Field(description="cells of a sheet")
    page_width_mm: float
    page_height_mm: float
    left_mm: float = Field(description="from the page's edge to the first column")
    top_mm: float
    column_gap_mm: float
    row_gap_mm: float


class Stocks(Reply):
    """The kinds of sheets there are."""

    stocks: list[Stock]

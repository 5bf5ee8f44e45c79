"""Label sheets for office printers: how large their cells are, and where they lie.

Size, count and gap of the cells are the nominal ones of the makers' products (Avery A4 L71xx and
L76xx, Avery US Letter 51xx, HERMA A4). The margins follow, since such sheets are die-cut in the
middle of the page. Where gLabels has measured templates (all but L7159, L7166 to L7168 and L7173),
its cells lie within 1.5 mm of these. Print ``outlines`` on plain paper first and hold it against
the stock.

>>> STOCKS["avery-l7160"].columns, STOCKS["avery-l7160"].rows
(3, 7)
>>> STOCKS["avery-l7160"].margins_mm
(7.21, 15.15)
>>> stock("avery-l9999")  # doctest: +ELLIPSIS
Traceback (most recent call last):
printers.errors.Unprintable: Stock 'avery-l9999' is not known: expected one of avery-5160, ...
"""

from dataclasses import dataclass

from printers.errors import Unprintable
from printers.label import Label
from printers.layout.dots import dots

Rectangle = tuple[int, int, int, int]

_SLACK_MM = 0.01
"""What rounding inches to millimetres may differ by."""
_MM_PER_INCH = 25.4


@dataclass(frozen=True, kw_only=True)
class Stock:
    """A kind of sheet. Its cells are on the page and do not overlap, or it is Unprintable."""

    name: str
    width_mm: float
    """Of a cell."""
    height_mm: float
    """Of a cell."""
    columns: int
    rows: int
    page_mm: tuple[float, float] = (210.0, 297.0)
    """Width and height of the sheet; A4 unless it says otherwise."""
    gap_mm: tuple[float, float] = (0.0, 0.0)
    """Between columns, and between rows."""
    margins_mm: tuple[float, float] | None = None
    """Left of the first column and above the first row; None: the cells are centred."""

    def __post_init__(self) -> None:
        counts, sizes = (self.columns, self.rows), (self.width_mm, self.height_mm)
        if min(*counts) < 1 or min(*sizes) <= 0 or min(*self.gap_mm) < 0:
            raise Unprintable(
                f"Stock {self.name!r} has {self.columns} columns, {self.rows} rows, cells of "
                f"{_by(sizes)} mm and gaps of {_by(self.gap_mm)} mm: expected at least one column "
                "and row, a real size and no negative gap; correct them."
            )
        used = tuple(
            count * size + (count - 1) * gap
            for count, size, gap in zip(counts, sizes, self.gap_mm, strict=True)
        )
        if self.margins_mm is None:
            middle = ((page - taken) / 2 for page, taken in zip(self.page_mm, used, strict=True))
            left, top = (round(margin, 3) for margin in middle)
            object.__setattr__(self, "margins_mm", (left, top))
        ends = [start + taken for start, taken in zip(self._margins, used, strict=True)]
        if min(self._margins) < 0 or any(
            end > page + _SLACK_MM for end, page in zip(ends, self.page_mm, strict=True)
        ):
            raise Unprintable(
                f"Stock {self.name!r} has cells from {_by(self._margins)} to {_by(ends)} mm: "
                f"expected them within its page of {_by(self.page_mm)} mm; correct its margins, "
                "sizes or counts."
            )

    @property
    def count(self) -> int:
        """Cells of a sheet."""
        return self.columns * self.rows

    def page(self, dpi: int) -> tuple[int, int]:
        """Width and height of the sheet in dots."""
        width_mm, height_mm = self.page_mm
        return dots(width_mm, dpi), dots(height_mm, dpi)

    def cells(self, dpi: int) -> list[Rectangle]:
        """Left, top, width and height of each cell in dots, row by row."""
        left_mm, top_mm = self._margins
        width, height = dots(self.width_mm, dpi), dots(self.height_mm, dpi)
        return [
            (
                dots(left_mm + column * (self.width_mm + self.gap_mm[0]), dpi),
                dots(top_mm + row * (self.height_mm + self.gap_mm[1]), dpi),
                width,
                height,
            )
            for row in range(self.rows)
            for column in range(self.columns)
        ]

    def fits(self, label: Label) -> bool:
        """Whether a cell is as large as the label."""
        wide_enough = label.width_mm <= self.width_mm + _SLACK_MM
        return wide_enough and label.height_mm <= self.height_mm + _SLACK_MM

    @property
    def _margins(self) -> tuple[float, float]:
        return self.margins_mm or (0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """How a stock is used; Unprintable if it has no cell of that number."""

    stock: Stock
    start: int = 1
    """The first free cell of the first sheet, counted row by row from 1."""
    outlines: bool = False
    """Draw the cells, too."""

    def __post_init__(self) -> None:
        if not 1 <= self.start <= self.stock.count:
            raise Unprintable(
                f"Labels were to start in cell {self.start} of a sheet {self.stock.name}: expected "
                f"1 to {self.stock.count}, counted row by row; give the first free cell."
            )

    def require_fitting(self, label: Label) -> None:
        """Raise Unprintable if the label is larger than a cell; it names stocks that would do."""
        stock = self.stock
        if stock.fits(label):
            return
        others = [one.name for one in STOCKS.values() if one.fits(label)]
        advice = f"use {', '.join(others)}" if others else "no stock known here has such cells"
        raise Unprintable(
            f"Label {label.name!r} is {_by((label.width_mm, label.height_mm))} mm large, and a "
            f"cell of {stock.name} is {_by((stock.width_mm, stock.height_mm))} mm: expected it "
            f"to be no larger than a cell; {advice}, or make the label smaller."
        )


def stock(name: str) -> Stock:
    """The stock of that name; Unprintable lists the known ones."""
    if name not in STOCKS:
        raise Unprintable(
            f"Stock {name!r} is not known: expected one of {', '.join(STOCKS)}; "
            "name one of these, or describe the sheet."
        )
    return STOCKS[name]


def _by(pair: tuple[float, ...] | list[float]) -> str:
    return " x ".join(f"{round(one, 2):g}" for one in pair)


def _letter(name: str, cell: tuple[float, float], grid: tuple[int, int], gap: float) -> Stock:
    """A stock of US Letter, in inches."""
    return Stock(
        name=name,
        width_mm=round(cell[0] * _MM_PER_INCH, 4),
        height_mm=round(cell[1] * _MM_PER_INCH, 4),
        columns=grid[0],
        rows=grid[1],
        page_mm=(215.9, 279.4),
        gap_mm=(round(gap * _MM_PER_INCH, 4), 0.0),
    )


def _a4(name: str, cell: tuple[float, float], grid: tuple[int, int], gap: float) -> Stock:
    """A stock of A4, in millimetres."""
    return Stock(
        name=name,
        width_mm=cell[0],
        height_mm=cell[1],
        columns=grid[0],
        rows=grid[1],
        gap_mm=(gap, 0.0),
    )


_ROWS = (
    _letter("avery-5160", (2.625, 1), (3, 10), 0.125),
    _letter("avery-5161", (4, 1), (2, 10), 0.1875),
    _letter("avery-5162", (4, 4 / 3), (2, 7), 0.1875),
    _letter("avery-5163", (4, 2), (2, 5), 0.1875),
    _letter("avery-5164", (4, 10 / 3), (2, 3), 0.1875),
    _letter("avery-5167", (1.75, 0.5), (4, 20), 0.3125),
    _a4("avery-l7159", (63.5, 33.9), (3, 8), 2.54),
    _a4("avery-l7160", (63.5, 38.1), (3, 7), 2.54),
    _a4("avery-l7161", (63.5, 46.6), (3, 6), 2.54),
    _a4("avery-l7162", (99.1, 33.9), (2, 8), 2.54),
    _a4("avery-l7163", (99.1, 38.1), (2, 7), 2.54),
    _a4("avery-l7164", (63.5, 72.0), (3, 4), 2.54),
    _a4("avery-l7165", (99.1, 67.7), (2, 4), 2.54),
    _a4("avery-l7166", (99.1, 93.1), (2, 3), 2.54),
    _a4("avery-l7167", (199.6, 289.1), (1, 1), 0.0),
    _a4("avery-l7168", (199.6, 143.5), (1, 2), 0.0),
    _a4("avery-l7173", (99.1, 57.0), (2, 5), 2.54),
    _a4("avery-l7651", (38.1, 21.2), (5, 13), 2.54),
    _a4("avery-l7654", (45.7, 25.4), (4, 10), 2.54),
    _a4("herma-4464", (70.0, 37.0), (3, 8), 0.0),
    _a4("herma-4606", (38.0, 21.2), (5, 13), 0.0),
    _a4("herma-4608", (48.3, 25.4), (4, 11), 0.0),
    _a4("herma-4614", (66.0, 33.8), (3, 8), 0.0),
)

STOCKS = {one.name: one for one in _ROWS}
"""The known stocks, by name."""

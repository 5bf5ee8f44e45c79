"""The printer a label is made for: what its head can do, and how it treats the stock."""

from dataclasses import dataclass, field
from typing import Literal

from printers.errors import Unprintable
from printers.fonts import BUNDLED, Book
from printers.handling import Handling

DPI_MIN, DPI_MAX = 50, 2400

Characters = Literal["ascii", "latin-1", "none"]


@dataclass(frozen=True, kw_only=True)
class Device:
    """One printer, as languages see it."""

    dpi: int
    """Dots per inch of its head: 203, 300, 600; of a PDF, the raster its modules snap to."""
    characters: Characters = "latin-1"
    """What its own font can surely draw. All else is drawn here and sent as a graphic."""
    handling: Handling = Handling()
    """What its settings say about its stock."""
    book: Book = field(default=BUNDLED, hash=False)
    """The fonts that are drawn on our side."""

    def __post_init__(self) -> None:
        if not DPI_MIN <= self.dpi <= DPI_MAX:
            raise Unprintable(
                f"Resolution {self.dpi} dpi: expected {DPI_MIN} to {DPI_MAX}; "
                "use the printer's own."
            )

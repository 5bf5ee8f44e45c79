"""Sizes of symbols by where they are scanned: GS1 General Specifications, section 5.12.3.

There are rows for the three applications that a template can name. EAN, ITF-14 and GS1-128 were
compared with what GS1 Sweden publishes, 2D in retail with GS1's size estimator; 2D in logistics is
1.5 times the linear figure, as the notes to the tables say; healthcare was not compared.

>>> size("retail", "ean13").height_mm(0.33), size("logistics", "gs1_128").height_mm(0.5)
(22.85, 31.75)
>>> size(None, "code128") is None
True
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

INTERNAL = "internal"
"""The application of symbols that never leave the house: no table holds."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """What a table asks of a symbol."""

    table: str
    """The section, such as 5.12.3.1."""
    x_min_mm: float
    x_max_mm: float
    bars_mm: float = 0.0
    """Height of the bars; 0: it follows from the data."""
    bars_at_mm: float | None = None
    """The X-dimension at which they are so high; they grow with it. None: whatever it is."""

    def height_mm(self, x_mm: float) -> float:
        """Return how high the bars must be at an X-dimension."""
        if self.bars_at_mm is None:
            return self.bars_mm
        return round(self.bars_mm * x_mm / self.bars_at_mm, 2)


_RETAIL, _DISTRIBUTION, _HEALTHCARE = "5.12.3.1", "5.12.3.2", "5.12.3.6"
_EAN = Size(table=_RETAIL, x_min_mm=0.264, x_max_mm=0.66, bars_mm=22.85, bars_at_mm=0.33)
_EAN_FAR = Size(table=_DISTRIBUTION, x_min_mm=0.495, x_max_mm=0.66, bars_mm=22.85, bars_at_mm=0.33)
_LARGE = Size(table=_DISTRIBUTION, x_min_mm=0.495, x_max_mm=1.016, bars_mm=31.75)
_2D_RETAIL = Size(table=_RETAIL, x_min_mm=0.396, x_max_mm=0.99)
_2D_FAR = Size(table=_DISTRIBUTION, x_min_mm=0.743, x_max_mm=1.5)

_SIZES: Mapping[tuple[str, str], Size] = MappingProxyType(
    {
        ("retail", "ean13"): _EAN,
        ("retail", "upca"): _EAN,
        ("retail", "ean8"): Size(
            table=_RETAIL, x_min_mm=0.264, x_max_mm=0.66, bars_mm=18.23, bars_at_mm=0.33
        ),
        ("retail", "gs1_datamatrix"): _2D_RETAIL,
        ("retail", "gs1_digital_link"): _2D_RETAIL,
        ("logistics", "ean13"): _EAN_FAR,
        ("logistics", "upca"): _EAN_FAR,
        ("logistics", "itf14"): _LARGE,
        ("logistics", "gs1_128"): _LARGE,
        ("logistics", "gs1_datamatrix"): _2D_FAR,
        ("logistics", "gs1_qr"): _2D_FAR,
        ("healthcare", "gs1_128"): Size(
            table=_HEALTHCARE, x_min_mm=0.17, x_max_mm=0.66, bars_mm=12.7
        ),
        ("healthcare", "gs1_datamatrix"): Size(table=_HEALTHCARE, x_min_mm=0.254, x_max_mm=0.99),
    }
)
_USUAL: Mapping[str, str] = MappingProxyType(
    {
        "ean13": "retail",
        "ean8": "retail",
        "upca": "retail",
        "itf14": "logistics",
        "gs1_128": "logistics",
        "gs1_datamatrix": "healthcare",
    }
)
"""Where symbols of a symbology are scanned if the template does not say it."""


def size(application: str | None, symbology: str) -> Size | None:
    """Return what is asked of a symbol; None where no table of ours holds."""
    where = application or _USUAL.get(symbology)
    return None if where is None else _SIZES.get((where, symbology))


def usual(application: str | None, symbology: str) -> str | None:
    """Return where a symbol is scanned, as the template says or as is usual."""
    return application or _USUAL.get(symbology)

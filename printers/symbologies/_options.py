"""What a template may choose about a symbol, in the standards' words."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Options:
    """None where nothing is chosen: the symbology's own default then."""

    error_correction: str | None = None
    """QR: L, M, Q, H; Aztec: per cent of the symbol; PDF417: 0 to 8."""
    shape: str | None = None
    """Data Matrix: square or rectangle."""
    columns: int | None = None
    """PDF417: data columns, 1 to 30."""
    row_height: int | None = None
    """PDF417: height of a row in modules."""
    ratio: int | None = None
    """Code 39 and ITF: how many narrow elements a wide one has, 2 or 3."""
    check_character: bool | None = None
    """Code 39: whether the check character modulo 43 is added."""
    domain: str | None = None
    """GS1 Digital Link: scheme and domain of the address."""


@dataclass(frozen=True)
class QuietZone:
    """What must stay light around a symbol, in modules."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Caption:
    """A piece of the human readable interpretation (HRI), centred under columns of modules."""

    text: str
    start: int
    """First column; negative for what stands before the first bar."""
    end: int
    """Column behind the last one."""

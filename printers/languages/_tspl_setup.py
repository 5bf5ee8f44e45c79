"""What stands around the ink of a TSPL label: its size, how stock is treated, and PRINT."""

from printers.handling import Action, Handling, Tracking
from printers.label import Label
from printers.layout import MM_PER_INCH

END = b"\r\n"

_TRACKING: dict[Tracking, str] = {
    "gap": "GAP 3 mm,0 mm",
    "mark": "BLINE 3 mm,0 mm",
    "continuous": "GAP 0,0",
}
"""TSPL wants the gap's or the mark's own length with it; 3 mm (1/8 inch) is what stock has. The
sensor finds the edge; who has other stock leaves tracking to the printer's settings."""
DETECT: dict[Tracking | None, bytes | None] = {
    "gap": b"GAPDETECT",
    "mark": b"BLINEDETECT",
    "continuous": None,
    None: b"AUTODETECT",
}
"""What measures the stock; AUTODETECT finds out by itself whether it has gaps or marks."""
_ACTIONS: dict[Action, tuple[str, ...]] = {
    "tear": ("SET PEEL OFF", "SET CUTTER OFF", "SET TEAR ON"),
    "peel": ("SET CUTTER OFF", "SET TEAR OFF", "SET PEEL ON"),
    "cut": ("SET PEEL OFF", "SET TEAR OFF", "SET CUTTER 1"),
    "rewind": ("SET PEEL OFF", "SET CUTTER OFF", "SET TEAR OFF", "SET REWIND ON"),
}
_SPEEDS_INCH_S: tuple[float, ...] = (1, 1.5, 2, 2.5, 3, 3.5, *range(4, 19))
"""What SPEED takes; a printer leaves out what it cannot do."""


def head(label: Label, handling: Handling) -> bytes:
    """From SIZE to CLS. What ``handling`` leaves open is left to the printer's settings."""
    lines = [f"SIZE {_number(label.width_mm)} mm,{_number(label.height_mm)} mm"]
    if handling.tracking is not None:
        lines.append(_TRACKING[handling.tracking])
    if handling.speed_mm_s is not None:
        lines.append(f"SPEED {_speed(handling.speed_mm_s):g}")
    if handling.darkness is not None:
        lines.append(f"DENSITY {density(handling.darkness)}")
    if handling.action is not None:
        lines.extend(_ACTIONS[handling.action])
    lines.append(f"DIRECTION {int(bool(handling.upside_down))},0")
    lines += ["REFERENCE 0,0", "CLS"]
    return b"".join([line.encode("ascii") + END for line in lines])


def tail(handling: Handling) -> bytes:
    """PRINT: one set, as many copies of it."""
    return f"PRINT 1,{handling.copies or 1}".encode("ascii") + END


def density(darkness: int) -> int:
    """Darkness from -30 to 30 as DENSITY from 0 to 15; 8 is what printers leave the works with.

    >>> [density(darkness) for darkness in (-30, -4, 0, 4, 30)]
    [0, 6, 8, 8, 15]
    """
    return min(15, max(0, round((darkness + 30) / 4)))


def _speed(speed_mm_s: float) -> float:
    return min(_SPEEDS_INCH_S, key=lambda one: abs(one * MM_PER_INCH - speed_mm_s))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

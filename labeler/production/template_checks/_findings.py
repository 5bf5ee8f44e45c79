"""What a check says, and how it says millimetres and texts."""

from dataclasses import dataclass, field, replace
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""The worst first."""

BoxMm = tuple[float, float, float, float]
"""Left, top, width, height in millimetres."""
_TEXT_MAX = 40


@dataclass(frozen=True, kw_only=True)
class Station:
    """Where labels come out."""

    printer: str | None
    """Its name in config.yaml; None where the template is tried without one."""
    dpi: int

    def __str__(self) -> str:
        """Return how a person is told of it."""
        return f"{self.printer} at {self.dpi} dpi" if self.printer else f"{self.dpi} dpi"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong with a template, or may become so."""

    severity: Severity
    sentence: str
    advice: str
    kind: str = ""
    """The check's name; who runs the check fills it in."""
    element: int | None = None
    """Which element, counted from 1; None where it is about the whole."""
    box_mm: BoxMm | None = None
    """The place on the label, if it has one."""
    stations: tuple[Station, ...] = ()
    """On which printers it was found; none where they do not matter."""
    about: str = field(default="", repr=False)
    """What tells it from other findings of the same kind about the same element."""

    def of(self, about: str) -> "Finding":
        """Return the same, told from others of its kind by this."""
        return replace(self, about=about)


def number(value: float, *, digits: int = 1) -> str:
    """Return a figure as people write it.

    >>> number(2.0), number(1.96), number(0.339, digits=3)
    ('2', '2', '0.339')
    """
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"


def quoted(text: str) -> str:
    """Return a text in quotes, a long one cut short.

    >>> quoted("SN AC2632700001K")
    "'SN AC2632700001K'"
    """
    return repr(text if len(text) <= _TEXT_MAX else f"{text[: _TEXT_MAX - 1]}…")

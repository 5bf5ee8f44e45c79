"""~HQES, errors and warnings of a ZPL printer as bits (manual, ~HQ "Host Query").

A bit that is not in our tables is an error, or a warning, all the same, with its number: printers
have bits that no manual tells of. Among the known ones some say where paper lies in a kiosk
printer; they are no trouble.
"""

import re
from dataclasses import dataclass

from printers.replies import frames
from printers.status import Reason

_LINE = r"{}:\s*([01])\s+([0-9A-Fa-f]{{8}})\s+([0-9A-Fa-f]{{8}})\s*"
_ANSWER = re.compile(
    r"\s*(?:PRINTER STATUS\s+)?" + _LINE.format("ERRORS") + _LINE.format("WARNINGS")
)

_ERRORS: dict[int, tuple[Reason, str]] = {
    0x1: ("media-empty", "media out"),
    0x2: ("marker-supply-empty", "ribbon out"),
    0x4: ("cover-open", "head open"),
    0x8: ("other", "cutter fault"),
    0x10: ("other", "the printhead is too hot"),
    0x20: ("other", "the motor is too hot"),
    0x40: ("other", "bad printhead element, or the printhead is disconnected"),
    0x80: ("other", "the printhead is not detected"),
    0x100: ("other", "the firmware is configured wrongly"),
    0x200: ("other", "the printhead's thermistor is open"),
    0x1000: ("media-jam", "paper jam while it was drawn back"),
    0x2000: ("other", "the presenter does not run"),
    0x4000: ("media-jam", "paper feed error"),
    0x8000: ("media-jam", "the paper path could not be cleared"),
    0x10000: ("paused", "paused"),
    0x20000: ("other", "drawing back took too long"),
    0x40000: ("other", "black mark calibration failed"),
    0x80000: ("other", "black mark not found"),
}
"""The manual's table of error flags, with the bits of kiosk printers; 0x10000 as LPrint reads it.
0x40 is a disconnected head in OKI's LE850."""

_WARNINGS: dict[int, tuple[Reason, str]] = {
    0x1: ("other", "media must be calibrated"),
    0x2: ("other", "clean the printhead"),
    0x4: ("other", "replace the printhead"),
    0x8: ("media-low", "paper is almost out"),
}

_PLACES = 0xFF0
"""Warning bits that say where paper lies in a kiosk printer."""

_BITS = 64


@dataclass(frozen=True, kw_only=True)
class Troubles:
    """One answer to ~HQES."""

    errors: tuple[Reason, ...]
    """What keeps it from printing."""
    warnings: tuple[Reason, ...]
    """What does not, yet."""
    details: tuple[str, ...]
    """What has no keyword, in words."""


def parse(answer: bytes) -> Troubles | None:
    r"""The last whole answer to ~HQES; None if there is none that makes sense.

    >>> parse(b"\x02\r\n  PRINTER STATUS\r\n   ERRORS:         1 00000000 00000005\r\n"
    ...       b"   WARNINGS:       1 00000000 00000008\r\n\x03")
    Troubles(errors=('media-empty', 'cover-open'), warnings=('media-low',), details=())
    >>> parse(b"\x02ERRORS: 1 0000000\x03") is None
    True
    """
    for frame in reversed(frames.find(answer)):
        found = _ANSWER.fullmatch(frames.text(frame) or "")
        if found is not None:
            errors = _named(found[1], found[2] + found[3], _ERRORS, what="error")
            warnings = _named(found[4], found[5] + found[6], _WARNINGS, what="warning")
            return Troubles(
                errors=tuple(dict.fromkeys(reason for reason, _ in errors)),
                warnings=tuple(dict.fromkeys(reason for reason, _ in warnings)),
                details=tuple(words for reason, words in [*errors, *warnings] if reason == "other"),
            )
    return None


def _named(
    flag: str, digits: str, table: dict[int, tuple[Reason, str]], *, what: str
) -> list[tuple[Reason, str]]:
    """What the bits mean. A flag without a bit, or a bit without the flag, is trouble, too."""
    bits = int(digits, 16)
    if what == "warning" and bits & _PLACES:
        bits, flag = bits & ~_PLACES, "0"
    found = []
    for bit in (1 << place for place in range(_BITS) if bits >> place & 1):
        unknown: tuple[Reason, str] = ("other", f"{what} 0x{bit:X}, which no manual tells of")
        found.append(table.get(bit, unknown))
    if flag == "1" and not found:
        found.append(("other", f"it has an {what}" if what == "error" else f"it has a {what}"))
    return found

"""What is known of printer models: one row each, with where it is from.

``of(identity)`` finds the row by what ~HI says, by model first, then by firmware. Of a printer that
no row knows the row ``zpl`` tells what holds for every ZPL printer, and is careful about the rest.
None means that nobody has told us; nothing is inferred from a printer's age or name.
"""

import re
from dataclasses import dataclass
from typing import Literal

from printers.status import Identity


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One row."""

    name: str
    """As config.yaml may call it."""
    models: str | None = None
    """A pattern of the bare model, such as ZD621: without maker, resolution and language."""
    firmwares: str | None = None
    """A pattern of how its firmware's version begins."""
    dpis: tuple[int, ...] = ()
    """The resolutions there are; empty: not known."""
    head_inches: int | None = None
    """Nominal width of its head."""
    stored_formats: bool = True
    """It keeps formats (^DF)."""
    utf8: bool | None = None
    """It knows ^CI28."""
    alert_job_completed: Literal["K", "L"] | None = None
    """The letter of ^SX for "job completed". K is another condition where L is meant, and so on."""
    variables: bool | None = None
    """It answers getvar, and with it its odometer."""
    answers_while_blocked: bool | None = None
    """It answers ~HS also while media or ribbon is out or its head is open."""
    source: str
    """Where this is from."""


_ZPL_MANUAL = "ZPL II Programming Guide (45541L-004)"
_LPRINT = "driver table of LPrint (lprint-zpl.h)"

DEFAULT = Profile(
    name="zpl",
    dpis=(152, 203, 300, 600),
    answers_while_blocked=False,
    source=f"{_ZPL_MANUAL}: ~HI for the resolutions, ~HS for when it stays silent, ^DF",
)

ROWS: tuple[Profile, ...] = (
    Profile(
        name="virtual",
        models="labeler virtual printer",
        dpis=(203,),
        utf8=True,
        variables=True,
        answers_while_blocked=True,
        source="printers/emulator of this program",
    ),
    Profile(
        name="zebra-gx420",
        models="GX420[dt]?",
        dpis=(203,),
        head_inches=4,
        source=_LPRINT,
    ),
    Profile(
        name="zebra-zd611",
        models="ZD611[dt]?",
        dpis=(203, 300),
        head_inches=2,
        source=_LPRINT,
    ),
    Profile(
        name="zebra-zd621",
        models="ZD621[dt]?",
        dpis=(203, 300),
        head_inches=4,
        source=_LPRINT,
    ),
    Profile(
        name="zebra-x10",
        firmwares=r"V[0-9]+\.10\.",
        dpis=DEFAULT.dpis,
        alert_job_completed="L",
        answers_while_blocked=False,
        source="ZPL II Programming Guide, Volume One, for X.10 firmware: ^SX",
    ),
    Profile(
        name="zebra-x14",
        firmwares=r"V[56]0\.(1[4-9]|[2-9][0-9])\.",
        dpis=DEFAULT.dpis,
        utf8=True,
        alert_job_completed="K",
        answers_while_blocked=False,
        source=f"{_ZPL_MANUAL}: ^CI28 from V60.14 and V50.14 on, ^SX from V48_12_4 on",
    ),
    DEFAULT,
)

_AROUND = re.compile(r"^(ZTC|ZEBRA)\s+|[\s-]+[0-9]{3}\s*dpi\b.*$|\s+ZPL$", re.IGNORECASE)
"""What stands around a bare model: the maker, the resolution, the language."""


def names() -> tuple[str, ...]:
    """The rows there are."""
    return tuple(row.name for row in ROWS)


def named(name: str) -> Profile:
    """The row of that name; ValueError names the known ones.

    >>> named("zebra-zd611").head_inches
    2
    """
    for row in ROWS:
        if row.name == name:
            return row
    known = ", ".join(names())
    raise ValueError(f"Unknown printer profile '{name}': expected one of {known}.")


def of(identity: Identity) -> Profile:
    """The row of a printer, by what it says of itself."""
    model = bare_model(identity.model)
    for row in ROWS:
        if row.models is not None and re.fullmatch(row.models, model, re.IGNORECASE):
            return row
    for row in ROWS:
        if row.firmwares is not None and re.match(row.firmwares, identity.firmware, re.IGNORECASE):
            return row
    return DEFAULT


def bare_model(model: str) -> str:
    """A model without its maker, its resolution and its language.

    >>> bare_model("ZTC ZD420-203dpi ZPL"), bare_model("ZT230-200dpi"), bare_model("ZD230")
    ('ZD420', 'ZT230', 'ZD230')
    """
    bare, before = model.strip(), ""
    while bare != before:
        before, bare = bare, _AROUND.sub("", bare)
    return bare

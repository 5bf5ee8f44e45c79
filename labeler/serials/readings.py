r"""What somebody typed or a scanner sent -> the serials it may mean.

A scanner may put a symbology identifier in front (ISO/IEC 15424), and a symbol may carry the serial
inside a GS1 element string or Digital Link: AI (21), or the key that is a serial by itself. People
type small letters and spaces. All of that is taken away, and said.

>>> [reading] = readings(" AC26327000422\n")
>>> reading.text, reading.notes
('AC26327000422', ('White space around it was left out.',))
>>> scanned, *others = readings("]C10104012345000009" + "21AC26327000422")
>>> scanned.text, scanned.gtin, [other.text for other in others]
('AC26327000422', '04012345000009', [']C1010401234500000921AC26327000422'])
>>> [reading.text for reading in readings("ac1")]
['ac1', 'AC1']
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from labeler.serials.checking import capitals
from labeler.serials.identifiers import InvalidIdentifier, digital_link, element_string
from labeler.serials.identifiers._texts import GS

SERIAL_AIS = ("21", "8004", "8003", "00")
"""AIs whose value is a serial: of an item, of an asset, of one that returns, of a logistic unit."""

AS_PLAIN = "It was read as plain text: "
"""How the note begins that says why a text is not what its scanner announced."""

_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_ALONE = re.compile(r"\((00|8003|8004)\)([^()]+)")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One serial that a text may mean."""

    text: str
    notes: tuple[str, ...] = ()
    """What was taken away or changed to get there, in sentences."""
    gtin: str | None = None
    """The GTIN that stood beside it."""
    lot: str | None = None
    """The lot that stood beside it, AI (10)."""
    expiry: str | None = None
    """The day until which it says to be used, AI (17): YYMMDD."""


def readings(given: str) -> list[Reading]:
    """Everything the text may mean, the likeliest first and each once; never nothing."""
    found: dict[str, Reading] = {}
    for reading in _all(given):
        found.setdefault(reading.text, reading)
        large = capitals(reading.text)
        notes = (*reading.notes, "Small letters were read as capitals.")
        found.setdefault(large, replace(reading, text=large, notes=notes))
    return list(found.values())


def _all(given: str) -> Iterator[Reading]:
    text = given.strip()
    notes = () if text == given else ("White space around it was left out.",)
    symbology = _SYMBOLOGY.match(text)
    if symbology is None:
        yield from _inside(text, symbology="", notes=notes)
    else:
        code = symbology.group()
        kind = element_string.SYMBOLOGIES.get(code)
        said = f"The scanner's symbology identifier {code}{f' ({kind})' if kind else ''}"
        yield from _inside(
            text[len(code) :], symbology=code, notes=(*notes, f"{said} was left out.")
        )
    yield Reading(text=text, notes=notes)


def _inside(text: str, *, symbology: str, notes: tuple[str, ...]) -> Iterator[Reading]:
    is_address = bool(_ADDRESS.match(text))
    announced = is_address or symbology in element_string.SYMBOLOGIES
    announced = announced or text.startswith("(") or GS in text
    try:
        if is_address:
            message, form = digital_link.parse(text).message, "Digital Link"
        else:
            message, form = element_string.parse(text), "element string"
    except InvalidIdentifier as error:
        said = (f"{AS_PLAIN}{error}",) if announced else ()
        yield Reading(text=text, notes=(*notes, *said))
        yield from _alone_in_brackets(text, notes=(*notes, *said))
        return
    if not announced:
        # Digits may look like AIs by chance; the text as it stands comes first.
        yield Reading(text=text, notes=notes)
    for ai in SERIAL_AIS:
        serial = message.get(ai)
        if serial:
            serial = serial[1:] if ai == "8003" else serial  # its value has a 0 in front
            taken = f"AI ({ai}) was taken from the GS1 {form}."
            gtin, lot, expiry = (message.get(one) for one in ("01", "10", "17"))
            read = Reading(text=serial, notes=(*notes, taken), gtin=gtin, lot=lot, expiry=expiry)
            yield read
            return
    missing = f"The GS1 {form} has no serial: expected AI (21), got {message.bracketed()}"
    yield Reading(text=text, notes=(*notes, f"{missing}."))


def _alone_in_brackets(text: str, *, notes: tuple[str, ...]) -> Iterator[Reading]:
    """Yield the key of a text that is no element string and has nothing beside it: a misread one.

    Beside another value it stays unread, since that one may be what is wrong.

    >>> wrong = "(00)340123450000000015"
    >>> [reading.text for reading in readings(wrong)]
    ['(00)340123450000000015', '340123450000000015']
    """
    found = _ALONE.fullmatch(text)
    if found:
        ai, serial = found.groups()
        yield Reading(text=serial, notes=(*notes, f"AI ({ai}) was taken as it stands."))

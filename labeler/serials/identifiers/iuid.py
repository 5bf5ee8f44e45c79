"""IUID: the unique item identifier on property of the US Department of Defense.

Standard: MIL-STD-130N with change 1, tables IV, V, VII and A-I to A-III: construct 1 is the
enterprise and a serial unique in it; construct 2 has the original part, lot or batch number in
between. The marking is an ISO/IEC 15434 message; the UII is what its fields mean, put together.

>>> item = construct_2("0CVA5", serial="674A36458", part="1234")
>>> str(item.message), item.uii
('[)>␞06␝17V0CVA5␝1P1234␝S674A36458␞␄', 'D0CVA51234674A36458')
>>> parse("[)>␞12␝CAG 0CVA5␝SER 786950␞␄").uii
'D0CVA5786950'
>>> validate("[)>␞06␝17V0CVA5␝S786950␞␄")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: IUID '[)>␞06␝17V0CVA5␝S786950␞␄' makes no \
UII: expected fields 18S or 25S; 17V, 12V, 3V, 7L or 18V with 1P or 1T and S, got 17V, S; mark \
the missing one.
"""

import re
from dataclasses import dataclass
from string import ascii_uppercase, digits

from labeler.serials.identifiers import element_string, iso15434
from labeler.serials.identifiers._errors import InvalidIdentifier
from labeler.serials.identifiers._texts import require_characters, require_length

KIND = "IUID"
UII_LENGTH_MAX = 50
ENTERPRISES = {
    "06": {"17V": "D", "12V": "UN", "3V": "", "7L": "LD", "18V": ""},
    "12": {"CAG": "D", "MFR": "D", "SPL": "D", "DUN": "UN", "EUC": ""},
}
"""Format -> data qualifier of the enterprise -> issuing agency code, where it is not in it."""
WHOLE = {"06": {"18S": "D", "25S": ""}, "12": {"USN": "D", "UID": ""}}
"""Format -> qualifier of a whole UII, and what is missing before it."""
PARTS = {"06": ("1P", "1T"), "12": ("PNO", "LOT", "LTN", "BII")}
"""Format -> qualifiers of the original part, lot or batch number: construct 2."""
SERIALS = {"06": (None, "S"), "12": ("SER", "SEQ")}
"""Format -> qualifiers of the serial in construct 1 and construct 2."""
_EXPECTED = {
    "05": "8004, or 01 and 21",
    "06": "18S or 25S; 17V, 12V, 3V, 7L or 18V with 1P or 1T and S",
    "12": "USN or UID; CAG, MFR, SPL, DUN or EUC with SER, or with PNO, LOT, LTN or BII and SEQ",
}
_QUALIFIER = {"06": re.compile(r"(\d{0,3}[A-Z])(.*)"), "12": re.compile(r"([A-Z]{3}) ?(.*)")}
_UII = digits + ascii_uppercase + "-/"


@dataclass(frozen=True, kw_only=True)
class Iuid:
    """A marking, and the UII it means."""

    message: iso15434.Message
    """One envelope; it may hold other fields, too, such as the current part number."""
    uii: str
    """Up to 50 capitals, digits, hyphens and slashes."""
    construct: int | None
    """1 or 2; None where the marking gives the whole UII."""

    def __post_init__(self) -> None:
        require_characters(self.uii, kind="UII", alphabet=_UII)
        require_length(self.uii, kind="UII", lengths=range(1, UII_LENGTH_MAX + 1))


def compact(text: str) -> str:
    """The text with control characters where pictures or names of them stand."""
    return iso15434.compact(text)


def validate(text: str) -> str:
    """The marking as the symbol carries it, or InvalidIdentifier."""
    return parse(text).message.text


def parse(text: str) -> Iuid:
    """The IUID of a marking as a scanner sends it."""
    message = iso15434.parse(text)
    envelope = message.envelopes[0]
    if len(message.envelopes) > 1:
        problem = "has several envelopes: expected one; mark the item's own alone."
        raise InvalidIdentifier(text, kind=KIND, problem=problem)
    fields = _fields_of(envelope)
    found = _of_gs1(fields) if envelope.format == "05" else _of_parts(fields, envelope.format)
    if found is None:
        problem = (
            f"makes no UII: expected fields {_EXPECTED[envelope.format]}, got"
            f" {', '.join(fields)}; mark the missing one."
        )
        raise InvalidIdentifier(text, kind=KIND, problem=problem)
    construct, uii = found
    return Iuid(message=message, uii=uii, construct=construct)


def construct_1(cage: str, *, serial: str) -> Iuid:
    """A marking in format 06 of a serial that is unique in the enterprise of that CAGE code.

    >>> construct_1("0CVA5", serial="786950").uii
    'D0CVA5786950'
    """
    _require_cage(cage)
    return parse(iso15434.build([("06", [f"18S{cage}{serial}"])]).text)


def construct_2(cage: str, *, serial: str, part: str = "", lot: str = "") -> Iuid:
    """A marking in format 06 of a serial that is unique in an original part or lot number.

    >>> construct_2("0CVA5", serial="1", lot="L7").uii
    'D0CVA5L71'
    >>> construct_2("0CVA5", serial="1")
    Traceback (most recent call last):
    labeler.serials.identifiers._errors.InvalidIdentifier: IUID '0CVA5' needs either a part or a \
lot number: give one of them.
    """
    _require_cage(cage)
    if bool(part) == bool(lot):
        problem = "needs either a part or a lot number: give one of them."
        raise InvalidIdentifier(cage, kind=KIND, problem=problem)
    within = f"1P{part}" if part else f"1T{lot}"
    return parse(iso15434.build([("06", [f"17V{cage}", within, f"S{serial}"])]).text)


def _require_cage(cage: str) -> None:
    require_characters(cage, kind="CAGE code", alphabet=digits + ascii_uppercase)
    require_length(cage, kind="CAGE code", lengths=(5,))


def _fields_of(envelope: iso15434.Envelope) -> dict[str, str]:
    """Qualifier -> value."""
    if envelope.format == "05":
        message = element_string.parse(iso15434.GS.join(envelope.fields))
        return {one.ai: one.value for one in message.elements}
    fields: dict[str, str] = {}
    for field in envelope.fields:
        found = _QUALIFIER[envelope.format].fullmatch(field)
        if not found or not found.group(2):
            problem = "has no data qualifier and value: expected both; correct it."
            raise InvalidIdentifier(field, kind="IUID field", problem=problem)
        if found.group(1) in fields:
            problem = f"stands beside another {found.group(1)}: expected one; leave one out."
            raise InvalidIdentifier(field, kind="IUID field", problem=problem)
        fields[found.group(1)] = found.group(2)
    return fields


def _of_gs1(fields: dict[str, str]) -> tuple[int, str] | None:
    if "8004" in fields:
        return 1, fields["8004"]
    if {"01", "21"} <= fields.keys():
        return 2, fields["01"] + fields["21"]
    return None


def _of_parts(fields: dict[str, str], form: str) -> tuple[int | None, str] | None:
    """Construct and UII of data identifiers or text element identifiers."""
    for qualifier, agency in WHOLE[form].items():
        if qualifier in fields:
            return (1 if agency else None), agency + fields[qualifier]
    enterprise = next((one for one in ENTERPRISES[form] if one in fields), None)
    if enterprise is None:
        return None
    beginning = ENTERPRISES[form][enterprise] + fields[enterprise]
    in_enterprise, in_part = SERIALS[form]
    part = next((one for one in PARTS[form] if one in fields), None)
    if part and in_part in fields:
        return 2, beginning + fields[part] + fields[in_part]
    if in_enterprise and in_enterprise in fields:
        return 1, beginning + fields[in_enterprise]
    return None

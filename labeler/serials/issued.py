"""The text of an identifier as it is issued: what it means, and how other notations become it.

People type a MAC address with hyphens, scanners send an SSCC with its AI or as a web address, RFID
readers as an EPC. The record knows one text: that which the series has made.

>>> normalize("eui48", "00-1b-c5-0a-b1-23"), normalize("imei", "35-209900-176148-1")
('001BC50AB123', '352099001761481')
>>> normalize("sscc", "https://example.com/00/106141412345678908")
'106141412345678908'
>>> normalize("sgtin_serial", "(01)04012345000009(21)AC1")
'AC1'
>>> normalize("sscc", "(00)106141412345678907")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: AI (00) '106141412345678907' has a wrong \
check digit: expected '8' at position 18, got '7'; scan or type it again.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from labeler.serials.checking import capitals
from labeler.serials.identified import Type
from labeler.serials.identifiers import (
    InvalidIdentifier,
    _forms,
    element_string,
    eui,
    giai,
    grai,
    gtin,
    imei,
    iuid,
    lot,
    sgtin,
    sscc,
    vin,
)
from labeler.serials.identifiers._texts import (
    GS,
    require_characters,
    require_charset_82,
    require_length,
)
from labeler.serials.proving import GRAI_TYPE_LENGTH, UII, UII_SERIAL_LENGTH_MAX

_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_SERIAL_FIELDS = {
    "05": re.compile("21(.+)"),
    "06": re.compile("(?:S|18S.{5})(.+)"),
    "12": re.compile("(?:(?:SER|SEQ) ?|USN ?.{5})(.+)"),
}
"""Format of an ISO/IEC 15434 envelope -> the fields that hold a serial, CAGE code left out."""
Key = sscc.Sscc | grai.Grai | giai.Giai
"""GS1 keys that name one thing by themselves."""
Value = Key | gtin.Gtin | lot.Lot | vin.Vin | imei.Imei | eui.Eui | str


def value_of(type_: Type, text: str) -> Value:
    """The identifier that was issued as this text, or InvalidIdentifier.

    >>> str(value_of("grai", "06141411234525678"))
    '(8003)006141411234525678'
    """
    return _VALUES[type_](text)


def normalize(type_: Type, text: str, *, length: int | None = None) -> str:
    """The text as it is issued, of an identifier in any notation; or InvalidIdentifier.

    `length` is how many characters its series makes: a GTIN has as few as it can without it. A
    GIAI may be any text, so the hex of a tag is not read as one here, but by `giai.read_tag`.

    >>> normalize("gtin", "(01)04006381333931"), normalize("gtin", "4006381333931", length=14)
    ('4006381333931', '04006381333931')
    """
    bare = _without_plain_symbology(text.strip(" \t\r\n"))
    plain, others = _PLAIN[type_], _OTHERS.get(type_, ())
    readers = (*others, plain) if _is_announced(bare) else (plain, *others)
    faults = []
    for read in readers:
        try:
            found = read(bare)
        except InvalidIdentifier as fault:
            faults.append(fault)
        else:
            if type_ != "gtin" or length is None:
                return found
            return gtin.parse(found).in_length(length)
    raise faults[0]


def _without_plain_symbology(text: str) -> str:
    """The text without the symbology identifier of a symbol that has no element string in it."""
    found = _SYMBOLOGY.match(text)
    is_plain = found is not None and found.group() not in element_string.SYMBOLOGIES
    return text[3:] if is_plain else text


def _is_announced(text: str) -> bool:
    """Whether the text itself says that it is another notation."""
    return text.startswith(("(", "]", "urn:", "[)>")) or _forms.is_address(text) or GS in text


def _of_ai(ai: str, text: str) -> str:
    value = _forms.elements_of(text).get(ai)
    if value is None:
        problem = f"holds no AI ({ai}): expected it; read the text as what it is."
        raise InvalidIdentifier(text, kind="Element string", problem=problem)
    return value


def _gtin_of_ai(text: str) -> str:
    return gtin.parse(_of_ai("01", text)).shortest


def _grai_of_ai(text: str) -> str:
    return _of_ai("8003", text)[1:]  # the AI's value has a 0 in front


def _grai_of_epc(text: str) -> str:
    crate = grai.parse(text)
    return crate.asset_type + crate.serial


def _plain_grai(text: str) -> str:
    crate = _grai(text.replace(" ", ""))
    return crate.asset_type + crate.serial


def _iuid_of_marking(text: str) -> str:
    """The serial of a marking: what its field says, or what a whole UII says behind the CAGE."""
    [envelope] = iuid.parse(text).message.envelopes
    for field in envelope.fields:
        found = _SERIAL_FIELDS[envelope.format].fullmatch(field)
        if found:
            return _uii_serial(found.group(1))
    problem = "names no serial: expected S, 18S, SER, SEQ, USN or AI 21; read it as iuid."
    raise InvalidIdentifier(text, kind=iuid.KIND, problem=problem)


def _grai(text: str) -> grai.Grai:
    return grai.Grai(asset_type=text[:GRAI_TYPE_LENGTH], serial=text[GRAI_TYPE_LENGTH:])


def _eui(length: int, text: str) -> eui.Eui:
    require_length(text, kind=eui.KIND, lengths=(length,))
    return eui.Eui(digits=text)


def _ai_serial(text: str) -> str:
    require_charset_82(text, kind="SGTIN serial", longest=sgtin.SERIAL_LENGTH_MAX)
    return text


def _uii_serial(text: str) -> str:
    require_characters(text, kind="IUID serial", alphabet=UII)
    require_length(text, kind="IUID serial", lengths=range(1, UII_SERIAL_LENGTH_MAX + 1))
    return text


_VALUES: Mapping[Type, Callable[[str], Value]] = MappingProxyType(
    {
        "gtin": gtin.parse,
        "sgtin_serial": _ai_serial,
        "sscc": lambda text: sscc.Sscc(digits=text),
        "grai": _grai,
        "giai": lambda text: giai.Giai(text=text),
        "lot": lot.make,
        "vin": lambda text: vin.Vin(text=text),
        "imei": lambda text: imei.Imei(text=text),
        "eui48": partial(_eui, 12),
        "eui64": partial(_eui, 16),
        "iuid": _uii_serial,
    }
)

_PLAIN: Mapping[Type, Callable[[str], str]] = MappingProxyType(
    {
        "gtin": lambda text: gtin.parse(text).shortest,
        "sgtin_serial": _ai_serial,
        "sscc": lambda text: sscc.parse(text).digits,
        "grai": _plain_grai,
        "giai": lambda text: giai.Giai(text=text).text,
        "lot": lambda text: lot.make(text).text,
        "vin": vin.validate,
        "imei": imei.validate,
        "eui48": lambda text: _eui(12, eui.parse(text).digits).digits,
        "eui64": lambda text: _eui(16, eui.parse(text).digits).digits,
        "iuid": lambda text: _uii_serial(capitals(text)),
    }
)
"""How the text alone is read, with the ornaments people write into it."""

_OTHERS: Mapping[Type, tuple[Callable[[str], str], ...]] = MappingProxyType(
    {
        "gtin": (_gtin_of_ai,),
        "sgtin_serial": (partial(_of_ai, "21"),),
        "sscc": (partial(_of_ai, "00"),),
        "grai": (_grai_of_ai, _grai_of_epc),
        "giai": (partial(_of_ai, "8004"), lambda text: giai.parse(text).text),
        "lot": (partial(_of_ai, "10"),),
        "iuid": (_iuid_of_marking,),
    }
)
"""Notations that carry it beside other things, or as bits."""

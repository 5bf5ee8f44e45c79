"""Identifiers as people and machines write them: for labels, pages, RFID tags and phones.

A serial is issued as plain text; this is every other form of it, by name. `present` takes the text
of an identifier alone, `present_item` a unit's GTIN and serial, `present_marking` an enterprise and
its serial (IUID). `names` tells beforehand which names there will be. Of the forms that were asked
for each is given, or refused; where nothing is asked, all are given that the text can have.

>>> pallet = Identifier(type="sscc", company_prefix_length=7)
>>> present(pallet, "106141412345678908", wanted=("element_string", "epc_uri"))
{'element_string': '(00)106141412345678908', 'epc_uri': 'urn:epc:id:sscc:0614141.1234567890'}
>>> present(Identifier(type="eui48", notation="hyphens"), "001BC50AB123")
{'text': '00-1B-C5-0A-B1-23', 'plain': '001BC50AB123'}
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

from labeler.serials.errors import SerialError, shown
from labeler.serials.identified import Identifier, Type
from labeler.serials.identifiers import (
    InvalidIdentifier,
    digital_link,
    element_string,
    eui,
    grai,
    gtin,
    imei,
    iuid,
    lot,
    sgtin,
    sscc,
    udi,
)
from labeler.serials.issued import Key, value_of

_GS1_NAMES = ("text", "element_string", "fnc1", "digital_link")
_EPC_NAMES = ("epc_uri", "epc_hex")
_NAMES: Mapping[Type, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        "gtin": (("text", "gtin_14", "element_string", "fnc1", "digital_link"), ()),
        "sgtin_serial": (("text", "element_string", "fnc1"), ()),
        "sscc": (_GS1_NAMES, _EPC_NAMES),
        "grai": (_GS1_NAMES, (*_EPC_NAMES, "epc_hex_170")),
        "giai": (_GS1_NAMES, (*_EPC_NAMES, "epc_hex_202")),
        "lot": (("text", "element_string", "fnc1"), ()),
        "vin": (("text",), ()),
        "imei": (("text", "hyphens"), ()),
        "eui48": (("text", "plain"), ()),
        "eui64": (("text", "plain"), ()),
        "iuid": (("text",), ()),
    }
)
"""Type -> its forms, and those that need to know where the GS1 Company Prefix ends."""

_Forms = Mapping[str, Callable[[], str]]
"""Name -> how to make the text, which takes time only if it is wanted."""


def names(identifier: Identifier) -> tuple[str, ...]:
    """The names of the forms that such identifiers have.

    >>> names(Identifier(type="sscc"))
    ('text', 'element_string', 'fnc1', 'digital_link')
    >>> names(Identifier(type="sscc", company_prefix_length=7))[-2:]
    ('epc_uri', 'epc_hex')
    """
    without_epc, epc = _NAMES[identifier.type]
    return without_epc if identifier.company_prefix_length is None else without_epc + epc


def present(
    identifier: Identifier,
    text: str,
    *,
    wanted: Collection[str] | None = None,
    stem: str = digital_link.CANONICAL_STEM,
) -> dict[str, str]:
    """The forms of an identifier that was issued as `text`: name -> text.

    `stem` is what a Digital Link begins with, such as https://id.example.com. SerialError where the
    text is none, or cannot be written in a form that is wanted:

    >>> tool = Identifier(type="giai", company_prefix_length=7)
    >>> present(tool, "061414132a", wanted=("epc_hex_202",))
    {'epc_hex_202': '3814257BF59B2C20000000000000000000000000000000000000'}
    >>> present(tool, "061414132a", wanted=("epc_hex",))
    Traceback (most recent call last):
    labeler.serials.identifiers._errors.InvalidIdentifier: EPC tag 'giai-96:0.0614141.32a' cannot \
hold serial '32a': expected a number below 288230376151711744 without zeros in front; use giai-202.
    """
    return _made(_forms_of(identifier, text, stem), names(identifier), wanted)


@dataclass(frozen=True, kw_only=True)
class Item:
    """A unit by its GTIN and serial, with what else is known of it."""

    gtin: str
    """In any length."""
    serial: str
    lot: str | None = None
    made: str | None = None
    """YYMMDD."""
    expiry: str | None = None
    """YYMMDD; day 00 is the month's last."""


_ITEM_NAMES = ("element_string", "fnc1", "digital_link", "udi_di", "udi_pi")
_ITEM_EPC_NAMES = ("epc_uri", "epc_hex", "epc_hex_198")


def item_names(*, company_prefix_length: int | None = None) -> tuple[str, ...]:
    """The names of the forms that `present_item` gives."""
    return _ITEM_NAMES if company_prefix_length is None else _ITEM_NAMES + _ITEM_EPC_NAMES


def present_item(
    item: Item,
    *,
    company_prefix_length: int | None = None,
    wanted: Collection[str] | None = None,
    stem: str = digital_link.CANONICAL_STEM,
) -> dict[str, str]:
    """The forms of a unit's GTIN and serial: name -> text; lot and days where they are given.

    `epc_hex` is an SGTIN-96, which holds numbers only, `epc_hex_198` an SGTIN-198.

    >>> unit = Item(gtin="80614141123458", serial="6789", lot="L7")
    >>> forms = present_item(unit, company_prefix_length=7)
    >>> forms["element_string"], forms["udi_pi"], forms["epc_hex"]
    ('(01)80614141123458(10)L7(21)6789', '(10)L7(21)6789', '3034257BF7194E4000001A85')
    >>> forms["digital_link"]
    'https://id.gs1.org/01/80614141123458/10/L7/21/6789'
    """
    unit = sgtin.make(item.gtin, item.serial)
    whole = udi.Udi(
        di=unit.gtin, made=item.made, expiry=item.expiry, lot=item.lot, serial=item.serial
    )
    message = whole.element_string()
    forms: dict[str, Callable[[], str]] = {
        "element_string": message.bracketed,
        "fnc1": message.fnc1,
        "digital_link": lambda: _digital_link(message, stem=stem),
        "udi_di": lambda: f"(01){whole.di.digits}",
        "udi_pi": lambda: whole.pi,
    }
    if company_prefix_length is not None:
        length = company_prefix_length
        forms |= {
            "epc_uri": lambda: unit.epc(company_prefix_length=length).urn,
            "epc_hex": lambda: unit.tag(company_prefix_length=length).hex,
            "epc_hex_198": lambda: unit.tag(company_prefix_length=length, scheme="sgtin-198").hex,
        }
    known = item_names(company_prefix_length=company_prefix_length)
    return _made(forms, known, wanted)


MARKING_NAMES = ("envelope", "visible", "uii")
"""The names of the forms that `present_marking` gives."""


def present_marking(cage: str, *, serial: str, part: str = "", lot: str = "") -> dict[str, str]:
    """The forms of an IUID: construct 2 where an original part or lot number is given, else 1.

    `envelope` is the ISO/IEC 15434 message, control characters and all; `visible` has pictures in
    their place.

    >>> forms = present_marking("0CVA5", serial="786950")
    >>> forms["visible"], forms["uii"]
    ('[)>␞06␝18S0CVA5786950␞␄', 'D0CVA5786950')
    """
    if part or lot:
        marking = iuid.construct_2(cage, serial=serial, part=part, lot=lot)
    else:
        marking = iuid.construct_1(cage, serial=serial)
    message = marking.message
    return {"envelope": message.text, "visible": str(message), "uii": marking.uii}


def _forms_of(identifier: Identifier, text: str, stem: str) -> _Forms:
    value = value_of(identifier.type, text)
    if isinstance(value, Key):
        return _key_forms(identifier, value, text, stem)
    if isinstance(value, gtin.Gtin):
        message = element_string.build([("01", value.digits)])
        return {
            "gtin_14": lambda: value.digits,
            **_message_forms(text, message),
            "digital_link": lambda: _digital_link(message, stem=stem),
        }
    if isinstance(value, lot.Lot):
        return _message_forms(text, value.element_string())
    if isinstance(value, eui.Eui):
        notation = identifier.notation or "plain"
        return {"text": lambda: value.format(notation=notation), "plain": lambda: text}
    if isinstance(value, imei.Imei):
        return {"text": lambda: text, "hyphens": lambda: str(value)}
    if identifier.type == "sgtin_serial":
        return _message_forms(text, element_string.build([("21", text)]))
    return {"text": lambda: text}


def _key_forms(identifier: Identifier, key: Key, text: str, stem: str) -> _Forms:
    forms = _message_forms(text, key.element_string())
    forms["digital_link"] = lambda: key.digital_link(stem=stem)
    length = identifier.company_prefix_length
    if length is None:
        return forms
    forms["epc_uri"] = lambda: key.epc(company_prefix_length=length).urn
    forms["epc_hex"] = lambda: key.tag(company_prefix_length=length).hex
    if not isinstance(key, sscc.Sscc):
        wide = "grai-170" if isinstance(key, grai.Grai) else "giai-202"
        name = f"epc_hex_{wide[-3:]}"
        forms[name] = lambda: key.tag(company_prefix_length=length, scheme=wide).hex
    return forms


def _message_forms(
    text: str, message: element_string.ElementString
) -> dict[str, Callable[[], str]]:
    return {"text": lambda: text, "element_string": message.bracketed, "fnc1": message.fnc1}


def _digital_link(message: element_string.ElementString, *, stem: str) -> str:
    """The address of a message in which the key stands first, and its qualifiers in their order."""
    return digital_link.DigitalLink(message=message).uri(stem=stem)


def _made(forms: _Forms, known: tuple[str, ...], wanted: Collection[str] | None) -> dict[str, str]:
    if wanted is not None:
        for name in wanted:
            if name not in known:
                raise SerialError(
                    f"There is no form {shown(name)} of this identifier: expected one of"
                    f" {', '.join(known)}; an EPC needs company_prefix_length."
                )
        return {name: forms[name]() for name in wanted}
    made = {}
    for name in known:
        with suppress(InvalidIdentifier):  # a form that this text cannot have, such as SGTIN-96
            made[name] = forms[name]()
    return made

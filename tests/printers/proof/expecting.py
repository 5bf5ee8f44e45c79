"""What must be read on a label, worked out from the template's text alone, by rules of its own."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import yaml

from printers.symbologies import Options
from tests.printers.symbologies import samples

AT = datetime(2026, 11, 27, 8, 15)  # noqa: DTZ001  the plant's own time, as a filler is handed it
"""When the labels were made."""
Read = tuple[str, bytes, str]
"""Format as zxing-cpp names it, bytes, symbology identifier (ISO/IEC 15424)."""

_FORMATS = {
    "aztec": ("Aztec", "]z0"),
    "code128": ("Code 128", "]C0"),
    "code39": ("Code 39", "]A0"),
    "code93": ("Code 93", "]G0"),
    "datamatrix": ("Data Matrix", "]d1"),
    "ean13": ("EAN-13", "]E0"),
    "ean8": ("EAN-8", "]E4"),
    "gs1_128": ("Code 128", "]C1"),
    "gs1_datamatrix": ("Data Matrix", "]d2"),
    "gs1_digital_link": ("QR Code", "]Q1"),
    "gs1_qr": ("QR Code", "]Q3"),
    "itf14": ("ITF", "]I1"),
    "pdf417": ("PDF417", "]L2"),
    "qr": ("QR Code", "]Q1"),
    "upca": ("EAN-13", "]E0"),
}
"""Symbology -> format and identifier; zxing-cpp tells none of text behind an ECI."""
_PLACE = re.compile(r"\{([a-z0-9_.]+)(?:\|pad:(\d+))?\}")
_FILLED = re.compile(r"\{(?:date:([^}]*)|([a-z0-9_.]+)((?:\|[^}]*)?))\}")
_ELEMENT = re.compile(r"\((\d{2,4})\)([^(]*)")


@cache
def _elements(template: str) -> tuple[dict[str, Any], ...]:
    """The elements of a template; nobody changes them, and each label asks for them many times."""
    return tuple(yaml.safe_load(template)["elements"])


def barcodes(template: str) -> list[dict[str, Any]]:
    """The barcodes of a template, as its file has them."""
    return [one["barcode"] for one in _elements(template) if "barcode" in one]


def symbols(template: str, texts: Mapping[str, str]) -> list[Read]:
    """All that a scanner finds on the label, sorted."""
    return sorted(read(one, texts) for one in barcodes(template) if is_shown(one, texts))


def is_shown(element: Mapping[str, Any], texts: Mapping[str, str]) -> bool:
    """Barcodes are hidden at most where a text is missing."""
    condition = element.get("show_if")
    if condition is None:
        return True
    place = _PLACE.fullmatch(condition)
    assert place is not None, condition
    return texts[place[1]] != ""


def read(barcode: Mapping[str, Any], texts: Mapping[str, str]) -> Read:
    symbology, data = barcode["symbology"], barcode["data"]
    kind, identifier = _FORMATS[symbology]
    if symbology.startswith("gs1"):
        pairs = [(ai, _write(value, texts)) for ai, value in _ELEMENT.findall(data)]
        if symbology == "gs1_digital_link":
            return kind, samples.address(pairs, barcode["domain"]).encode(), identifier
        return kind, samples.joined(pairs).encode(), identifier
    text = _write(data, texts)
    options = Options(check_character=barcode.get("check_character"))
    sent = samples.sent(symbology, text, options)
    if symbology == "code39" and options.check_character:
        return kind, sent, "]A1"
    return kind, sent, identifier


_COMMANDS = {
    **dict.fromkeys(("code128", "gs1_128"), "^BC"),
    **dict.fromkeys(("qr", "gs1_digital_link"), "^BQ"),
    **dict.fromkeys(("datamatrix", "gs1_datamatrix"), "^BX"),
    "code39": "^B3",
    "code93": "^BA",
    "itf14": "^B2",
}


def zpl_symbols(template: str) -> Counter[str]:
    """How many symbols there are for each of ZPL's commands; some may be sent as dots."""
    found = [_COMMANDS.get(one["symbology"]) for one in barcodes(template)]
    return Counter(command for command in found if command)


def lines(template: str, texts: Mapping[str, str]) -> list[str]:
    """Texts of a template that stand on one line, are always shown, and in no font of ours."""
    found = [one["text"] for one in _elements(template) if "text" in one]
    steady = [one for one in found if not {"show_if", "wrap", "font"} & one.keys()]
    return [_FILLED.sub(lambda place: _filled(place, texts), one["text"]) for one in steady]


def _filled(place: re.Match[str], texts: Mapping[str, str]) -> str:
    written, name, filters = place.groups()
    if written:
        return AT.strftime(written)
    text = texts[name]
    for one in filters.split("|")[1:]:
        text = _filtered(text, *one.split(":", 1))
    return text


def _filtered(text: str, name: str, given: str) -> str:
    match name:
        case "pad":
            return text.rjust(int(given), "0")
        case "or":
            return text or given
        case "first":
            return text[: int(given)]
        case "skip":
            return text[int(given) :]
        case "last":
            return text[-int(given) :]
        case "group":
            size, _, border = given.partition(":")
            return (border or " ").join(re.findall(f".{{1,{size}}}", text, re.DOTALL))
        case _:
            raise AssertionError(f"this reader does not know the filter {name}")


def _write(text: str, texts: Mapping[str, str]) -> str:
    """A text of a template with its placeholders filled; the only filter that barcodes use is pad.

    A brace that is left would be one that this reader does not know.
    """
    parts = _PLACE.split(text)
    assert not re.search("[{}]", "".join(parts[::3]))
    places = zip(parts[1::3], parts[2::3], parts[3::3], strict=True)
    filled = [texts[name].rjust(int(width or 0), "0") + rest for name, width, rest in places]
    return "".join([parts[0], *filled])

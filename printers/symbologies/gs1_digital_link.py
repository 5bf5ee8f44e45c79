"""A QR code with a GS1 Digital Link URI: a GS1 key as a web address that phones open.

Standard: GS1 Digital Link Standard, URI Syntax: keys and their qualifiers in the path (sections 4.3
to 4.9), other AIs in the query, percent-encoding (5.1), canonical order (4.12). The data is in
bracket syntax (`_gs1.py`), in any order.

>>> uri("(17)270331(21)A/7(01)09506000134352", settle(Options()))
'https://id.gs1.org/01/09506000134352/21/A%2F7?17=270331'
>>> own = settle(Options(domain="https://id.example.com/p", error_correction="Q"))
>>> uri("(00)095060001343520000", own)
'https://id.example.com/p/00/095060001343520000'
>>> validate("(21)7", own)
Traceback (most recent call last):
printers.errors.Unprintable: GS1 Digital Link cannot carry '(21)7': expected exactly one primary \
key, such as (01) or (00), got none; add the key that the rest belongs to.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import quote

from printers.errors import Unprintable
from printers.symbologies import _gs1, _qr_plan
from printers.symbologies._gs1 import Element
from printers.symbologies._options import Options, no_captions, no_guards, settled

NAME = "gs1_digital_link"
TITLE = "GS1 Digital Link"
STANDARD = "GS1 Digital Link Standard: URI Syntax; ISO/IEC 18004"
LINEAR = False
OPTIONS = frozenset({"error_correction", "domain"})
QUIET_ZONE = _qr_plan.QUIET_ZONE
IDENTIFIER = "]Q1"

CANONICAL_DOMAIN = "https://id.gs1.org"
_DOMAIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*")
_QUALIFIERS: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "00": (),
        "01": (("22", "10", "21"), ("235",)),
        "253": (),
        "255": (),
        "401": (),
        "402": (),
        "414": (("254",), ("7040",)),
        "415": (("8020",),),
        "417": (("7040",),),
        "8003": (),
        "8004": (("7040",),),
        "8006": (("22", "10", "21"),),
        "8010": (("8011",),),
        "8013": (),
        "8017": (("8019",),),
        "8018": (("8019",),),
    }
)
"""Primary key -> the AIs that may follow it in the path, in order: one of the rows (4.7, 4.8)."""
_NEEDED = {"415": "8020"}
"""A payment slip's GLN says nothing without its reference (section 4.8)."""

literal = _gs1.literal
captions = no_captions
guards = no_guards


def settle(options: Options) -> Options:
    """With error correction M, and GS1's own domain where none is given."""
    domain = CANONICAL_DOMAIN if options.domain is None else options.domain
    if not _DOMAIN.fullmatch(domain):
        raise Unprintable(
            f"{TITLE} has domain = {domain!r}: expected the beginning of an address without a "
            "slash at its end, such as https://id.example.com; correct it."
        )
    others = settled(replace(options, domain=None), title=TITLE, rules=_qr_plan.RULES)
    return replace(others, domain=domain)


def uri(text: str, options: Options) -> str:
    """The address that the symbol carries."""
    elements = {one.ai: one for one in _gs1.parse(text, title=TITLE)}
    key = _primary_key(text, elements)
    in_path = [key, *_qualifiers(text, key, elements)]
    path = "".join(f"/{one.ai}/{quote(one.value, safe='')}" for one in in_path)
    others = sorted(elements.keys() - {one.ai for one in in_path})
    query = "&".join(f"{ai}={quote(elements[ai].value, safe='')}" for ai in others)
    return f"{options.domain}{path}?{query}" if query else f"{options.domain}{path}"


def validate(text: str, options: Options) -> None:
    """Return if the elements are GS1's, make one address, and fit the largest version."""
    _qr_plan.require_room(uri(text, options).encode(), options, title=TITLE, is_gs1=False)


def size(text: str, options: Options) -> tuple[int, int]:
    """As many columns as rows."""
    columns = _qr_plan.columns(uri(text, options).encode(), options, is_gs1=False)
    return columns, columns


def capacity(columns: int, options: Options) -> int:
    """What fits behind the domain if all of it is percent-encoded, three characters for one."""
    bytes_max = _qr_plan.capacity(columns, options, is_gs1=False)
    return max(0, (bytes_max - len(options.domain or "")) // 3)


def encode(text: str, options: Options) -> tuple[str, ...]:
    """The rows of the symbol."""
    validate(text, options)
    return _qr_plan.encode(uri(text, options).encode(), options, is_gs1=False)


def _primary_key(text: str, elements: Mapping[str, Element]) -> Element:
    keys = [ai for ai in elements if ai in _QUALIFIERS]
    if len(keys) != 1:
        found = " and ".join(f"({ai})" for ai in keys) or "none"
        advice = "leave one out" if keys else "add the key that the rest belongs to"
        raise Unprintable(
            f"{TITLE} cannot carry {text!r}: expected exactly one primary key, such as (01) or "
            f"(00), got {found}; {advice}."
        )
    needed = _NEEDED.get(keys[0])
    if needed and needed not in elements:
        raise Unprintable(
            f"{TITLE} cannot carry {text!r}: expected ({needed}) beside ({keys[0]}); add it."
        )
    return elements[keys[0]]


def _qualifiers(text: str, key: Element, elements: Mapping[str, Element]) -> list[Element]:
    """What follows the key in the path; AIs of two rows cannot stand in one path."""
    rows = [
        [elements[ai] for ai in row if ai in elements]
        for row in _QUALIFIERS[key.ai]
        if any(ai in elements for ai in row)
    ]
    if len(rows) > 1:
        first, second = rows[0][0].ai, rows[1][0].ai
        raise Unprintable(
            f"{TITLE} cannot carry {text!r}: expected ({first}) or ({second}) behind ({key.ai}), "
            "got both; leave one out."
        )
    return rows[0] if rows else []

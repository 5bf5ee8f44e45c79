"""Identifiers: numbers whose form somebody else has standardised. One file is one family.

GTIN, SSCC, VIN, IMEI, MAC address: a unit carries them beside its serial, or its serial is one
of them. Every file offers the same three verbs over text, and a frozen value that explains itself:

- `compact(text)` takes away what people and scanners put around it, and checks nothing;
- `validate(text)` gives the canonical text back, or raises InvalidIdentifier;
- `parse(text)` gives the value, with its parts and its other forms, or raises InvalidIdentifier.

Files whose names begin with an underscore hold what several families need.

>>> names()
('digital_link', 'element_string', 'eui', 'giai', 'grai', 'gtin', 'hibcc', 'imei', 'iso15434', \
'iuid', 'lot', 'sgtin', 'sscc', 'udi', 'vin')
>>> load("gtin").validate("4006381333931")
'04006381333931'
>>> load("gtni")
Traceback (most recent call last):
labeler.serials.errors.SerialError: No identifier 'gtni': expected one of digital_link, \
element_string, eui, giai, grai, gtin, hibcc, imei, iso15434, iuid, lot, sgtin, sscc, udi, vin.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from labeler.serials.errors import SerialError, shown
from labeler.serials.identifiers._errors import InvalidIdentifier

__all__ = ["Family", "InvalidIdentifier", "load", "names"]


@dataclass(frozen=True, kw_only=True)
class Family:
    """A family of identifiers, loaded from its file."""

    name: str
    """Its file's name."""
    compact: Callable[[str], str]
    """Text as typed or scanned -> text without ornaments; checks nothing."""
    validate: Callable[[str], str]
    """Text -> canonical text, or InvalidIdentifier."""
    parse: Callable[[str], object]
    """Text -> the family's value, or InvalidIdentifier."""


def names() -> tuple[str, ...]:
    """The names of all families, in alphabetical order: the folder is the registry."""
    modules = (module.name for module in iter_modules(__path__))
    return tuple(sorted(name for name in modules if not name.startswith("_")))


@lru_cache
def load(name: str) -> Family:
    """The family of that name; only a listed name is ever imported."""
    if name not in names():
        known = ", ".join(names())
        raise SerialError(f"No identifier {shown(name)}: expected one of {known}.")
    module = import_module(f"{__name__}.{name}")
    return Family(name=name, compact=module.compact, validate=module.validate, parse=module.parse)

"""Check schemes: one file in this folder is one scheme, and its file name is its name.

A scheme's file offers `SCHEME`, the `Scheme` of `labeler.serials.checking` that says what it can
check, and its verbs, which are the same everywhere:

- `compute(text)` gives the check characters of a text;
- `validate(text_with_check)` gives the canonical text back, or raises InvalidSerial;
- `compute_after(prefix, tail_length)` gives a function from a tail to the check characters of
  `prefix + tail`, for many serials that begin alike.

Most schemes check texts of any length, and their check characters come last; then a pattern may
end with `{check:…}`. `can_end(length)` tells. A scheme with a `check_position` stands at that place
of a pattern.

>>> names()
('code39_mod_43', 'damm', 'gs1_check_character_pair', 'gs1_mod10', 'imei', 'iso7064_mod_11_10', \
'iso7064_mod_11_2', 'iso7064_mod_1271_36', 'iso7064_mod_27_26', 'iso7064_mod_37_2', \
'iso7064_mod_37_36', 'iso7064_mod_661_26', 'iso7064_mod_97_10', 'luhn', 'luhn_mod_16', \
'luhn_mod_36', 'mod_11_weighted', 'verhoeff', 'vin')
>>> load("luhn").compute("7992739871")
'3'
>>> load("luhn").can_end(10), load("vin").can_end(16)
(True, False)
>>> load("lunh")
Traceback (most recent call last):
labeler.serials.errors.SerialError: No check scheme 'lunh': expected one of code39_mod_43, damm, \
gs1_check_character_pair, gs1_mod10, imei, iso7064_mod_11_10, iso7064_mod_11_2, \
iso7064_mod_1271_36, iso7064_mod_27_26, iso7064_mod_37_2, iso7064_mod_37_36, iso7064_mod_661_26, \
iso7064_mod_97_10, luhn, luhn_mod_16, luhn_mod_36, mod_11_weighted, verhoeff, vin.
"""

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from labeler.serials.checking import Scheme
from labeler.serials.errors import SerialError, shown

__all__ = ["Scheme", "load", "names"]


def names() -> tuple[str, ...]:
    """The names of all schemes, in alphabetical order: the folder is the registry."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@lru_cache
def load(name: str) -> Scheme:
    """The scheme of that name; only a listed name is ever imported."""
    if name not in names():
        known = ", ".join(names())
        raise SerialError(f"No check scheme {shown(name)}: expected one of {known}.")
    scheme: Scheme = import_module(f"{__name__}.{name}").SCHEME
    return scheme

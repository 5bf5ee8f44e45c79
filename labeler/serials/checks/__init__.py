"""Check schemes: one file in this folder is one scheme, and its file name is its name.

A scheme's file offers `ALPHABET`, `CHECK_ALPHABET`, `CHECK_LENGTH` and three verbs:

- `compute(text)` gives the check characters of a text;
- `validate(text_with_check)` gives the canonical text back, or raises InvalidSerial;
- `compute_after(prefix, tail_length)` gives a function from a tail to the check characters of
  `prefix + tail`. Serials issued at one moment share their beginning, so its part of the sum is
  computed once. Neither `prefix` nor the tails are checked again: the caller knows they fit.

>>> names()
('gs1_mod10', 'iso7064_mod_37_36', 'luhn')
>>> load("luhn").compute("7992739871")
'3'
>>> load("lunh")
Traceback (most recent call last):
labeler.serials.errors.SerialError: No check scheme 'lunh': expected one of gs1_mod10, \
iso7064_mod_37_36, luhn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from labeler.serials.errors import SerialError, shown


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A check scheme, loaded from its file."""

    name: str
    """Its file's name, and the word in `{check:…}`."""
    alphabet: str
    """Characters it can check."""
    check_alphabet: str
    """Characters its check characters are taken from."""
    check_length: int
    """How many check characters it adds at the end."""
    compute: Callable[[str], str]
    """Text -> its check characters."""
    validate: Callable[[str], str]
    """Text with check characters -> canonical text, or InvalidSerial."""
    compute_after: Callable[[str, int], Callable[[str], str]]
    """Prefix and length of the tail -> (tail -> check characters)."""


def names() -> tuple[str, ...]:
    """The names of all schemes, in alphabetical order: the folder is the registry."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@lru_cache
def load(name: str) -> Scheme:
    """The scheme of that name; only a listed name is ever imported."""
    if name not in names():
        known = ", ".join(names())
        raise SerialError(f"No check scheme {shown(name)}: expected one of {known}.")
    module = import_module(f"{__name__}.{name}")
    return Scheme(
        name=name,
        alphabet=module.ALPHABET,
        check_alphabet=module.CHECK_ALPHABET,
        check_length=module.CHECK_LENGTH,
        compute=module.compute,
        validate=module.validate,
        compute_after=module.compute_after,
    )

"""Alphabets: which characters a counter is written in, lowest value first.

All letters are capitals. `crockford32` follows Douglas Crockford's Base 32 (no I, L, O, U);
`base34` leaves out I and O only, as vehicle and electronics makers do.

>>> alphabet("base34").encoder(3)(34)
'010'
>>> alphabet("base34").decode("010")
34
>>> alphabet("base35")
Traceback (most recent call last):
labeler.serials.errors.SerialError: No alphabet 'base35': expected one of alnum, base34, \
crockford32, digits, hex, upper.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase, digits
from types import MappingProxyType

from labeler.serials.errors import SerialError, shown


@dataclass(frozen=True, kw_only=True)
class Alphabet:
    """An ordered set of characters in which numbers are written with a fixed width."""

    name: str
    """How a pattern names it: `{counter:5:base34}`."""
    characters: str
    """Every character once, lowest value first."""

    @cached_property
    def _values(self) -> Mapping[str, int]:
        return {character: value for value, character in enumerate(self.characters)}

    def capacity(self, width: int) -> int:
        """How many numbers fit into `width` characters."""
        return int(len(self.characters) ** width)

    def encoder(self, width: int) -> Callable[[int], str]:
        """A function from a number to its text; the caller has checked that the number fits."""
        native = _NATIVE.get(self.characters)
        if native:
            return f"%0{width}{native}".__mod__
        characters, base = self.characters, len(self.characters)

        def encode(number: int) -> str:
            text = ""
            for _ in range(width):
                number, value = divmod(number, base)
                text = characters[value] + text
            return text

        return encode

    def decode(self, text: str) -> int:
        """The number that `text` means; the caller has checked its characters."""
        number = 0
        for character in text:
            number = number * len(self.characters) + self._values[character]
        return number


_HEX = digits + "ABCDEF"
_NATIVE = {digits: "d", _HEX: "X"}
"""Alphabets that Python's own formatting writes several times faster than a loop."""


def _without(left_out: str) -> str:
    return "".join(c for c in digits + ascii_uppercase if c not in left_out)


ALPHABETS: Mapping[str, Alphabet] = MappingProxyType(
    {
        name: Alphabet(name=name, characters=characters)
        for name, characters in {
            "alnum": _without(""),
            "base34": _without("IO"),
            "crockford32": _without("ILOU"),
            "digits": digits,
            "hex": _HEX,
            "upper": ascii_uppercase,
        }.items()
    }
)


def alphabet(name: str) -> Alphabet:
    """The alphabet of that name, or a SerialError that lists the names there are."""
    if name not in ALPHABETS:
        known = ", ".join(ALPHABETS)
        raise SerialError(f"No alphabet {shown(name)}: expected one of {known}.")
    return ALPHABETS[name]

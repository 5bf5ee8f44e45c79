"""Alphabets: which characters a counter is written in, lowest value first.

`crockford32` follows Douglas Crockford's Base 32 (no I, L, O, U); `base34` leaves out I and O only,
as vehicle and electronics makers do. `gs1_82` and `gs1_39` are the GS1 AI encodable character sets
82 and 39 of the GS1 General Specifications, figures 7.11-1 and 7.11-2, in the order of ASCII; the
letters of all others are capitals.

Behind any name, `-confusable` leaves out what people mix up. A site may add its own alphabets.

>>> alphabet("base34").encoder(3)(34)
'010'
>>> alphabet("base34").decode("010")
34
>>> alphabet("alnum-confusable").characters
'3479ACEFHJKMNPRTWXY'
>>> own = {"tones": make_alphabet("tones", "CDEFGAH")}
>>> alphabet("tones", own=own).encoder(3)(8)
'CDD'
>>> alphabet("base35")
Traceback (most recent call last):
labeler.serials.errors.SerialError: No alphabet 'base35': expected one of alnum, base34, \
crockford32, digits, gs1_39, gs1_82, hex, upper; one with -confusable behind it leaves out \
characters that people mix up.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase, ascii_uppercase, digits
from types import MappingProxyType

from labeler.serials.errors import SerialError, shown
from labeler.units import counted

ALPHABET_LENGTH_MAX = 82
"""As many as the largest set of GS1; an alphabet is for serials, not for all that can be typed."""

CONFUSABLE_PAIRS: tuple[tuple[str, str], ...] = tuple(
    (pair[0], pair[1])
    for pair in (
        *("0O", "1I", "1L", "2Z", "5S", "6G", "8B"),
        *("0D", "0Q", "OD", "OQ", "DQ", "IL", "UV"),
        *("0o", "1l", "Il"),
    )
)
"""Two characters that are taken for each other, the likelier pairs first.

These are the characters that pwgen calls ambiguous (pw_rand.c), and U with V. O/0, I/1, Z/2 and 1/7
made more than half of the errors in a study of Bell Laboratories, says the Institute for Safe
Medication Practices ("Misidentification of alphanumeric characters", 2000). 1/7 is not among the
pairs: it is a matter of handwriting.
"""

CONFUSABLE = "".join(
    sorted({c for pair in CONFUSABLE_PAIRS for one in pair for c in (one, one.lower())})
)
"""Every character of a pair, and its small letter.

Both of a pair are left out, not one: a person who sees a 0 can then not wonder whether it is an O.
An alphabet with capitals and small letters keeps those that differ by their size only, as C and c.
"""

_SUFFIX = "-confusable"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")


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

    def without(self, confusable: str = CONFUSABLE) -> "Alphabet":
        """The same alphabet without these characters, by the name with `-confusable` behind it."""
        rest = "".join(c for c in self.characters if c not in confusable)
        if len(rest) < 2:
            raise SerialError(
                f"Alphabet {shown(self.name)} has too few characters without confusable ones:"
                f" {shown(rest)} are left, expected 2 or more; use the whole alphabet, or"
                f" another one."
            )
        return Alphabet(name=self.name + _SUFFIX, characters=rest)

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


_ALNUM = digits + ascii_uppercase


def _without(left_out: str) -> str:
    return "".join(c for c in _ALNUM if c not in left_out)


ALPHABETS: Mapping[str, Alphabet] = MappingProxyType(
    {
        name: Alphabet(name=name, characters=characters)
        for name, characters in {
            "alnum": _ALNUM,
            "base34": _without("IO"),
            "crockford32": _without("ILOU"),
            "digits": digits,
            "gs1_39": "#-/" + _ALNUM,
            "gs1_82": "!\"%&'()*+,-./"
            + digits
            + ":;<=>?"
            + ascii_uppercase
            + "_"
            + ascii_lowercase,
            "hex": _HEX,
            "upper": ascii_uppercase,
        }.items()
    }
)
"""The alphabets that every site has."""


def alphabet(name: str, *, own: Mapping[str, Alphabet] = MappingProxyType({})) -> Alphabet:
    """The alphabet of that name, or a SerialError that lists the names there are.

    `own` are those of a site, by name, each made by `make_alphabet`.
    """
    known = {**own, **ALPHABETS}
    whole = name.removesuffix(_SUFFIX)
    if whole not in known:
        raise SerialError(
            f"No alphabet {shown(name)}: expected one of {', '.join(sorted(known))}; one with"
            f" {_SUFFIX} behind it leaves out characters that people mix up."
        )
    return known[whole] if whole == name else known[whole].without()


def make_alphabet(name: str, characters: str) -> Alphabet:
    """An alphabet of a site's own, lowest value first, or a SerialError for what is wrong with it.

    >>> make_alphabet("vowels", "AEIOU").capacity(2)
    25
    >>> make_alphabet("vowels", "AEIOUA")
    Traceback (most recent call last):
    labeler.serials.errors.SerialError: Alphabet 'vowels' has 'A' twice: expected every character \
once; remove the second one, character 6.
    """
    if not _NAME.fullmatch(name):
        raise SerialError(
            f"Alphabet {shown(name)} cannot be named so: expected a small letter and then at most"
            f" 29 small letters, digits or underscores; write for example plant_2."
        )
    if name in ALPHABETS:
        raise SerialError(
            f"Alphabet {shown(name)} is one that every site has: expected a name of its own;"
            f" write for example my_{name}."
        )
    for place, character in enumerate(characters, start=1):
        _require_usable(name, characters, place=place, character=character)
    if not 2 <= len(characters) <= ALPHABET_LENGTH_MAX:
        raise SerialError(
            f"Alphabet {shown(name)} has {counted(len(characters), 'character')}: expected 2 to"
            f" {ALPHABET_LENGTH_MAX}; write every character that a counter is to be written in,"
            f" lowest first."
        )
    return Alphabet(name=name, characters=characters)


def _require_usable(name: str, characters: str, *, place: int, character: str) -> None:
    if not "!" <= character <= "~":
        raise SerialError(
            f"Alphabet {shown(name)} has {character!r} as character {place}: expected printable"
            f" ASCII without the space, which every scanner sends and nobody overlooks; remove it."
        )
    if character in characters[: place - 1]:
        raise SerialError(
            f"Alphabet {shown(name)} has {character!r} twice: expected every character once;"
            f" remove the second one, character {place}."
        )

"""The fields a pattern is made of. Each has a fixed length and can tell what may stand where.

Every field offers `name`, `length`, `characters_at(offset)` and `fault(piece)`. Fields that are
constant for serials issued at one moment (Literal, DatePart) also offer `text_at(moment)`.

>>> from labeler.serials.alphabets import alphabet
>>> counter = Counter(width=3, alphabet=alphabet("digits"), start=1)
>>> counter.capacity, counter.last
(999, 999)
>>> counter.fault("00O")
Fault(offset=2, expected='one of 0123456789', found='O')
"""

from dataclasses import dataclass
from datetime import datetime

from labeler.serials.alphabets import Alphabet
from labeler.serials.checks import Scheme
from labeler.serials.dates import DatePart
from labeler.serials.faults import Fault

COUNTER_MAX = 2**63 - 1
"""No counter goes beyond what a database keeps in an integer of 64 bits."""


@dataclass(frozen=True, kw_only=True)
class Literal:
    """Text that is the same in every serial."""

    text: str
    """Printable ASCII."""
    name: str = "literal"

    @property
    def length(self) -> int:
        """How many characters it takes."""
        return len(self.text)

    def text_at(self, at: datetime) -> str:
        """Its text, whatever the moment."""
        return self.text

    def characters_at(self, offset: int) -> str:
        """The one character that can stand at an offset."""
        return self.text[offset]

    def fault(self, piece: str) -> Fault | None:
        """The first character that is another one, if any is."""
        for offset, (expected, found) in enumerate(zip(self.text, piece, strict=True)):
            if found != expected:
                return Fault(offset=offset, expected=repr(expected), found=found)
        return None


@dataclass(frozen=True, kw_only=True)
class Counter:
    """The number that makes a serial unique; it counts on, whatever the date parts say."""

    width: int
    """How many characters it takes, lowest character of the alphabet in front."""
    alphabet: Alphabet
    """What it is written in."""
    start: int
    """The first number ever issued."""
    name: str = "counter"

    @property
    def length(self) -> int:
        """How many characters it takes."""
        return self.width

    @property
    def last(self) -> int:
        """The largest number that fits."""
        return min(self.alphabet.capacity(self.width) - 1, COUNTER_MAX)

    @property
    def capacity(self) -> int:
        """How many numbers there are from start to last."""
        return self.last - self.start + 1

    def characters_at(self, offset: int) -> str:
        """The characters that can stand at an offset."""
        return self.alphabet.characters

    def fault(self, piece: str) -> Fault | None:
        """A character outside the alphabet, or a number that is never issued, if so."""
        for offset, character in enumerate(piece):
            if character not in self.alphabet.characters:
                expected = f"one of {self.alphabet.characters}"
                return Fault(offset=offset, expected=expected, found=character)
        if self.start <= self.alphabet.decode(piece) <= self.last:
            return None
        encode = self.alphabet.encoder(self.width)
        expected = f"{encode(self.start)} to {encode(self.last)}"
        return Fault(offset=0, expected=expected, found=piece)


@dataclass(frozen=True, kw_only=True)
class Check:
    """Check characters over everything before them, literals included."""

    scheme: Scheme
    """The algorithm."""
    name: str = "check"

    @property
    def length(self) -> int:
        """How many characters it takes."""
        return self.scheme.check_length

    def characters_at(self, offset: int) -> str:
        """The characters that can stand at an offset."""
        return self.scheme.check_alphabet

    def fault(self, piece: str) -> Fault | None:
        """None: whether check characters are right depends on the whole text."""
        return None


Constant = Literal | DatePart
"""Fields whose text is known before the counter is."""
Field = Literal | DatePart | Counter | Check
"""All fields."""

"""The fields a pattern is made of. Each has a fixed length and can tell what may stand where.

Every field offers `name`, `length`, `characters_at(offset)`, `admits(beginning)` and
`fault(piece)`. Fields that are constant for serials issued on one occasion (literals, dates, codes,
the shift, what the run says) also offer `text_at(occasion)`.

>>> Literal(text="AC").fault("AX")
Fault(offset=1, expected="'C'", found='X')
"""

from dataclasses import dataclass

from labeler.serials.alphabets import Alphabet
from labeler.serials.checks import Scheme
from labeler.serials.codes import CodePart
from labeler.serials.dates import DatePart
from labeler.serials.errors import SerialError, shown
from labeler.serials.faults import Fault
from labeler.serials.numbers import Number
from labeler.serials.occasions import Occasion
from labeler.units import counted


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

    def text_at(self, occasion: Occasion) -> str:
        """Its text, whatever the occasion."""
        return self.text

    def characters_at(self, offset: int) -> str:
        """The one character that can stand at an offset."""
        return self.text[offset]

    def admits(self, beginning: str) -> bool:
        """Whether its text begins like this."""
        return self.text.startswith(beginning)

    def fault(self, piece: str) -> Fault | None:
        """The first character that is another one, if any is."""
        for offset, (expected, found) in enumerate(zip(self.text, piece, strict=True)):
            if found != expected:
                return Fault(offset=offset, expected=repr(expected), found=found)
        return None


@dataclass(frozen=True, kw_only=True)
class ShiftPart:
    """The name of the shift at work."""

    shifts: tuple[str, ...]
    """All shifts of the site, of one length."""
    name: str = "shift"

    @property
    def length(self) -> int:
        """How many characters it takes."""
        return len(self.shifts[0])

    def text_at(self, occasion: Occasion) -> str:
        """The shift of an occasion."""
        if occasion.shift not in self.shifts:
            raise SerialError(
                f"The shift is {shown(str(occasion.shift))}: expected one of"
                f" {', '.join(self.shifts)}, which the series knows."
            )
        return str(occasion.shift)

    def characters_at(self, offset: int) -> str:
        """The characters that can stand at an offset."""
        return "".join(sorted({shift[offset] for shift in self.shifts}))

    def admits(self, beginning: str) -> bool:
        """Whether a shift's name begins like this."""
        return any(shift.startswith(beginning) for shift in self.shifts)

    def fault(self, piece: str) -> Fault | None:
        """What is wrong with a text that names no shift."""
        if piece in self.shifts:
            return None
        return Fault(offset=0, expected=f"one of {', '.join(self.shifts)}", found=piece)


@dataclass(frozen=True, kw_only=True)
class RunPart:
    """Something the run says, such as its lot, with a length that is known before."""

    attribute: str
    """What of the run: line, plant, product, lot, work_order, number, attributes.NAME."""
    length: int
    """How many characters it takes; a run whose value has another length cannot open."""
    alphabet: Alphabet
    """Characters it may have."""

    @property
    def name(self) -> str:
        """The key of its value in a parsed serial."""
        return self.attribute

    def text_at(self, occasion: Occasion) -> str:
        """The run's value; SerialError where it does not fit."""
        value = occasion.run.get(self.attribute)
        if not value:
            raise SerialError(
                f"The run has no {self.attribute}: expected {counted(self.length, 'character')} for"
                f" the serials; give the run its {self.attribute}."
            )
        if self.attribute == "number":
            value = value.zfill(self.length)
        if len(value) != self.length:
            raise SerialError(
                f"The run's {self.attribute} {shown(value)} has {counted(len(value), 'character')}:"
                f" expected {self.length}, as the pattern of its serials says."
            )
        fault = self.fault(value)
        if fault:
            raise SerialError(
                f"The run's {self.attribute} {shown(value)} cannot stand in its serials: expected"
                f" {fault.expected}, got {shown(fault.found)}."
            )
        return value

    def characters_at(self, offset: int) -> str:
        """The characters that can stand at an offset."""
        return self.alphabet.characters

    def admits(self, beginning: str) -> bool:
        """Whether a value may begin like this."""
        return set(beginning) <= set(self.alphabet.characters)

    def fault(self, piece: str) -> Fault | None:
        """A character outside the alphabet, if there is one."""
        for offset, character in enumerate(piece):
            if character not in self.alphabet.characters:
                expected = f"one of {self.alphabet.characters}"
                return Fault(offset=offset, expected=expected, found=character)
        return None


@dataclass(frozen=True, kw_only=True)
class Check:
    """Check characters over everything else in the text, literals included."""

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

    def admits(self, beginning: str) -> bool:
        """Whether check characters may begin like this."""
        return set(beginning) <= set(self.scheme.check_alphabet)

    def fault(self, piece: str) -> Fault | None:
        """None: whether check characters are right depends on the whole text."""
        return None


Constant = Literal | DatePart | CodePart | ShiftPart | RunPart
"""Fields whose text is known before the number is."""
Field = Constant | Number | Check
"""All fields."""

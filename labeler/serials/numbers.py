"""The field that makes a serial unique: a number, counted, drawn, permuted or given from outside.

- `counter`: the numbers from `start`, `step` apart, one after the other.
- `permuted`: a counter whose number is shown through a keyed permutation; looks drawn, is not.
- `random`: a number drawn by chance; the record decides that it is new.
- `imported`: part of a text that came from outside, waiting in a pool.

>>> from labeler.serials.alphabets import alphabet
>>> number = Number(kind="counter", width=3, alphabet=alphabet("digits"), start=10, step=5)
>>> number.count, number.last
(198, 995)
>>> number.fault("012")
Fault(offset=0, expected='010 to 995 in steps of 5', found='012')
"""

from dataclasses import dataclass
from typing import Literal

from labeler.serials.alphabets import Alphabet
from labeler.serials.faults import Fault

NUMBER_MAX = 2**63 - 1
"""No number goes beyond what a database keeps in an integer of 64 bits."""

Kind = Literal["counter", "permuted", "random", "imported"]
Reset = Literal["never", "run", "shift", "day", "week", "month", "year"]


@dataclass(frozen=True, kw_only=True)
class Number:
    """The number of a serial, written in an alphabet with a fixed width."""

    kind: Kind
    width: int
    """How many characters it takes, lowest character of the alphabet in front."""
    alphabet: Alphabet
    """What it is written in."""
    start: int = 0
    """The first number ever issued."""
    step: int = 1
    """From one number to the next."""
    reset: Reset = "never"
    """When the counter begins again at its start."""

    @property
    def name(self) -> str:
        """The key of its value in a parsed serial."""
        return self.kind

    @property
    def length(self) -> int:
        """How many characters it takes."""
        return self.width

    @property
    def last(self) -> int:
        """The largest number that fits."""
        largest = min(self.alphabet.capacity(self.width) - 1, NUMBER_MAX)
        return largest - (largest - self.start) % self.step

    @property
    def count(self) -> int:
        """How many numbers there are from start to last."""
        return (self.last - self.start) // self.step + 1

    def at_or_after(self, place: int) -> int:
        """The first number from a place on: the steps of an earlier version may end elsewhere.

        >>> from labeler.serials.alphabets import alphabet
        >>> number = Number(kind="counter", width=3, alphabet=alphabet("digits"), start=10, step=5)
        >>> number.at_or_after(3), number.at_or_after(15), number.at_or_after(16)
        (10, 15, 20)
        """
        first = max(place, self.start)
        return first + (self.start - first) % self.step

    def characters_at(self, offset: int) -> str:
        """The characters that can stand at an offset."""
        return self.alphabet.characters

    def admits(self, beginning: str) -> bool:
        """Whether a number that is issued begins like this."""
        characters = self.alphabet.characters
        if not set(beginning) <= set(characters):
            return False
        rest = self.width - len(beginning)
        low = self.alphabet.decode(beginning + characters[0] * rest)
        high = self.alphabet.decode(beginning + characters[-1] * rest)
        first = self.at_or_after(low)
        return first <= min(high, self.last)

    def fault(self, piece: str) -> Fault | None:
        """A character outside the alphabet, or a number that is never issued, if so."""
        for offset, character in enumerate(piece):
            if character not in self.alphabet.characters:
                expected = f"one of {self.alphabet.characters}"
                return Fault(offset=offset, expected=expected, found=character)
        number = self.alphabet.decode(piece)
        if self.start <= number <= self.last and not (number - self.start) % self.step:
            return None
        encode = self.alphabet.encoder(self.width)
        steps = "" if self.step == 1 else f" in steps of {self.step}"
        expected = f"{encode(self.start)} to {encode(self.last)}{steps}"
        return Fault(offset=0, expected=expected, found=piece)

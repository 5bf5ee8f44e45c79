"""Lot: the batch or lot number of AI (10).

Standard: GS1 General Specifications, section 3.4.1: one to 20 characters of GS1's character set
82 (section 7.11). Capitals and small letters differ.

>>> lot = parse("(10)AB-123")
>>> lot
Lot(text='AB-123')
>>> lot.element_string().fnc1(), validate("]C110AB-123")
('10AB-123', '(10)AB-123')
>>> make("AB 123")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: Lot 'AB 123' is wrong at position 3: \
expected a character of GS1's set 82, got ' '; scan or type it again.
"""

from dataclasses import dataclass

from labeler.serials.identifiers import _forms, element_string
from labeler.serials.identifiers._texts import require_charset_82

KIND = "Lot"
AI = "10"
LENGTH_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Lot:
    """A lot number that every GS1 symbol can carry."""

    text: str
    """One to 20 characters."""

    def __post_init__(self) -> None:
        require_charset_82(self.text, kind=KIND, longest=LENGTH_MAX)

    def __str__(self) -> str:
        return self.element_string().bracketed()

    def element_string(self) -> element_string.ElementString:
        """With its AI."""
        return element_string.build([(AI, self.text)])


def compact(text: str) -> str:
    """The text without what a scanner puts in front."""
    return element_string.compact(text)


def validate(text: str) -> str:
    """The lot in brackets, or InvalidIdentifier."""
    return str(parse(text))


def parse(text: str) -> Lot:
    """The lot of an element string that holds nothing else."""
    return Lot(text=_forms.values_of(text, kind=KIND, ais=(AI,))[AI])


def make(text: str) -> Lot:
    """The lot of that text, which has no AI in front."""
    return Lot(text=text)

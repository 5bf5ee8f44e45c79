"""HIBC: the health industry's identifier of a product, one of the three kinds of UDI-DI.

Standard: ANSI/HIBC 2.6, Supplier Labeling Standard, sections 2.1 (primary data structure) and
appendix B (check character, modulo 43). Secondary data (lot, serial, dates) is not read here.

>>> product = parse("*+A123BJC5D6E71G*")
>>> product.labeler, product.product, product.packaging_level, product.check_character
('A123', 'BJC5D6E7', '1', 'G')
>>> make("A123", "BJC5D6E7", packaging_level="1").text
'+A123BJC5D6E71G'
>>> validate("+A123BJC5D6E71H")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: HIBC '+A123BJC5D6E71H' has a wrong check \
character: expected 'G' at position 15, got 'H'; scan or type it again.
"""

import re
from dataclasses import dataclass

from labeler.serials.checks import code39_mod_43
from labeler.serials.identifiers._errors import InvalidIdentifier
from labeler.serials.identifiers._texts import CAPITALS, require_check_character

KIND = "HIBC"
_FORM = re.compile(r"\+[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9][A-Z0-9. $/+%-]")


@dataclass(frozen=True, kw_only=True)
class Hibc:
    """A primary HIBC whose check character is right."""

    text: str
    """With the + in front and the check character at the end."""

    def __post_init__(self) -> None:
        if not _FORM.fullmatch(self.text):
            problem = (
                "is no primary data structure: expected +, labeler code (a letter and three"
                " letters or digits), product code (1 to 18), packaging level (a digit), check"
                " character; scan it again."
            )
            raise InvalidIdentifier(self.text, kind=KIND, problem=problem)
        expected, place = code39_mod_43.compute(self.text[:-1]), len(self.text) - 1
        require_check_character(self.text, kind=KIND, place=place, expected=expected)

    def __str__(self) -> str:
        return self.text

    @property
    def labeler(self) -> str:
        """Labeler Identification Code, which HIBCC assigns."""
        return self.text[1:5]

    @property
    def product(self) -> str:
        """Product or Catalog Number, without hyphens."""
        return self.text[5:-2]

    @property
    def packaging_level(self) -> str:
        """0 for the unit of use, 1 to 8 for packages around it, 9 for a variable quantity."""
        return self.text[-2]

    @property
    def check_character(self) -> str:
        """The last character."""
        return self.text[-1]


def compact(text: str) -> str:
    """The text in capitals without Code 39's asterisks around it."""
    return text.lstrip(" ").strip("\t\r\n").translate(CAPITALS).removeprefix("*").removesuffix("*")


def validate(text: str) -> str:
    """The HIBC without asterisks, or InvalidIdentifier."""
    return parse(text).text


def parse(text: str) -> Hibc:
    """The primary HIBC of a text as scanned or printed."""
    return Hibc(text=compact(text))


def make(labeler: str, product: str, *, packaging_level: str = "0") -> Hibc:
    """The HIBC of a labeler's product, the check character added."""
    body = f"+{labeler}{product}{packaging_level}"
    known = all(one in code39_mod_43.SCHEME.alphabet for one in body)
    return Hibc(text=body + (code39_mod_43.compute(body) if known else "?"))

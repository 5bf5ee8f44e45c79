"""GTIN: the Global Trade Item Number, which says what kind of thing a unit is.

Standard: GS1 General Specifications, section 2.1 (trade items) and 7.9.1 (check digit); GTIN-8,
GTIN-12, GTIN-13 and GTIN-14 are one number with fewer or more zeros in front (section 3.3.2).
In data it has 14 digits, so that two of them are equal when their texts are.

>>> pen = parse("4006381333931")
>>> pen
Gtin(digits='04006381333931')
>>> pen.name, pen.shortest, pen.indicator
('GTIN-13', '4006381333931', '0')
>>> make("400638", "133393", indicator="1").digits
'14006381333938'
>>> validate("4006381333932")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: GTIN '4006381333932' has a wrong check \
digit: expected '1' at position 13, got '2'; scan or type it again.
"""

from dataclasses import dataclass

from labeler.serials.checks import gs1_mod10
from labeler.serials.identifiers._errors import InvalidIdentifier
from labeler.serials.identifiers._texts import (
    require_check_digit,
    require_digits,
    without,
)

KIND = "GTIN"
LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, kw_only=True)
class Gtin:
    """A GTIN whose check digit is right."""

    digits: str
    """All 14 of them."""

    def __post_init__(self) -> None:
        require_digits(self.digits, kind=KIND, lengths=(14,))
        require_check_digit(self.digits, kind=KIND)

    def __str__(self) -> str:
        return self.digits

    @property
    def indicator(self) -> str:
        """Packaging level, 1 to 8; 9 for variable measure; 0 in front of a shorter GTIN."""
        return self.digits[0]

    @property
    def check_digit(self) -> str:
        """The last digit."""
        return self.digits[-1]

    @property
    def length(self) -> int:
        """How many digits it has on a label: 8, 12, 13 or 14.

        No GTIN-12 begins with 0000, nor a GTIN-13 with 00, so zeros tell (section 3.3.2).
        """
        zeros = len(self.digits) - len(self.digits.lstrip("0"))
        return next(length for length in LENGTHS if 14 - length <= zeros)

    @property
    def name(self) -> str:
        """GTIN-8, GTIN-12, GTIN-13 or GTIN-14."""
        return f"GTIN-{self.length}"

    @property
    def shortest(self) -> str:
        """As its bar code shows it: EAN-8, UPC-A, EAN-13 or ITF-14."""
        return self.digits[-self.length :]

    def in_length(self, length: int) -> str:
        """With 8, 12, 13 or 14 digits; refused where a digit other than 0 would be lost.

        >>> parse("614141007349").in_length(13)
        '0614141007349'
        >>> parse("614141007349").in_length(8)
        Traceback (most recent call last):
        labeler.serials.identifiers._errors.InvalidIdentifier: GTIN '00614141007349' does not fit \
into 8 digits: it is a GTIN-12; use 12, 13 or 14.
        """
        fitting = [one for one in LENGTHS if one >= self.length]
        if length in fitting:
            return self.digits[-length:]
        names = ", ".join(map(str, fitting[:-1])) + " or " if len(fitting) > 1 else ""
        raise InvalidIdentifier(
            self.digits,
            kind=KIND,
            problem=f"does not fit into {length} digits: it is a {self.name};"
            f" use {names}{fitting[-1]}.",
        )

    @property
    def company_prefix(self) -> str | None:
        """The GS1 Company Prefix as far as GS1's public table tells; None where it does not.

        The table is biip's copy of GS1's GCP length table. A company knows its own prefix
        better: give the length yourself where it matters.

        >>> parse("7032069804988").company_prefix
        '703206'
        """
        from biip.gs1_prefixes import GS1CompanyPrefix  # takes long to load

        found = None if self.length == 8 else GS1CompanyPrefix.extract(self.digits[1:])
        return found.value if found else None


def compact(text: str) -> str:
    """The text without spaces and hyphens.

    >>> compact("4 006381-333931")
    '4006381333931'
    """
    return without(text, " -")


def validate(text: str) -> str:
    """Its 14 digits, or InvalidIdentifier."""
    return parse(text).digits


def parse(text: str) -> Gtin:
    """The GTIN that 8, 12, 13 or 14 digits are."""
    digits = compact(text)
    require_digits(digits, kind=KIND, lengths=LENGTHS)
    require_check_digit(digits, kind=KIND)
    return Gtin(digits=digits.zfill(14))


def make(company_prefix: str, item_reference: str, *, indicator: str = "0") -> Gtin:
    """The GTIN of a company's item: 12 digits of prefix and reference, the check digit added.

    >>> make("0614141", "12345", indicator="8").digits
    '80614141123458'
    >>> make("0614141", "1234")
    Traceback (most recent call last):
    labeler.serials.identifiers._errors.InvalidIdentifier: GS1 Company Prefix and item reference \
'06141411234' has 11 characters: expected 12; give all of it.
    """
    require_digits(indicator, kind="Indicator digit", lengths=(1,))
    require_digits(company_prefix, kind="GS1 Company Prefix", lengths=range(4, 13))
    body = company_prefix + item_reference
    require_digits(body, kind="GS1 Company Prefix and item reference", lengths=(12,))
    body = indicator + body
    return Gtin(digits=body + gs1_mod10.compute(body))


def make_gtin_8(item: str) -> Gtin:
    """The GTIN-8 of the seven digits that a GS1 member organisation has given, prefix included.

    >>> make_gtin_8("9638507").shortest
    '96385074'
    """
    require_digits(item, kind="GTIN-8 without check digit", lengths=(7,))
    return parse(item + gs1_mod10.compute(item))

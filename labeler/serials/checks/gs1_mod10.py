"""GS1 mod 10: digits with one check digit, as in GTIN, SSCC, GLN and every other GS1 key.

Standard: GS1 General Specifications, section 7.9.1 (standard check digit calculations). From the
right, the digits of the body weigh 3, 1, 3, 1 …; the check digit completes the sum to a multiple
of ten.

Catches every single substitution and every adjacent transposition except of two digits that
differ by 5 (05, 16, 27, 38, 49). Does not see leading zeros that were lost or added: a GTIN-8
and the GTIN-14 it is padded to have the same check digit.

>>> compute("629104150021")
'3'
>>> validate("6291041500213")
'6291041500213'
>>> validate("6291041500218")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '6291041500218' fails check scheme gs1_mod10: \
expected check character '3', got '8'.
"""

from collections.abc import Callable
from string import digits

from labeler.serials.checking import confirm, require_characters, sum_after

ALPHABET = digits
CHECK_ALPHABET = digits
CHECK_LENGTH = 1

_PLAIN = {digit: int(digit) for digit in digits}
_TRIPLED = {digit: 3 * int(digit) for digit in digits}
_COLUMNS = (_TRIPLED, _PLAIN)
_CHECK = [str(-rest % 10) for rest in range(10)]


def compute(text: str) -> str:
    """The check digit of `text`, or InvalidSerial where a character is not a digit."""
    require_characters(text, scheme="gs1_mod10", alphabet=ALPHABET)
    return compute_after("", len(text))(text)


def validate(text: str) -> str:
    """`text` if its last digit is the check digit of the rest, else InvalidSerial."""
    require_characters(text, scheme="gs1_mod10", alphabet=ALPHABET, check_length=CHECK_LENGTH)
    return confirm(text, scheme="gs1_mod10", expected=compute(text[:-CHECK_LENGTH]))


def compute_after(prefix: str, tail_length: int) -> Callable[[str], str]:
    """A function from a tail of that length to the check digit of `prefix + tail`."""
    total = sum_after(prefix, tail_length, repeating=_COLUMNS)
    return lambda tail: _CHECK[total(tail) % 10]

"""Luhn: digits with one check digit, as on payment cards and in IMEIs.

Standard: ISO/IEC 7812-1:2017, Annex B. From the right, every second digit of the body, beginning
with its last, is doubled and the digits of the product are added; the check digit completes the
sum to a multiple of ten.

Catches every single substitution and every adjacent transposition except 09 <-> 90. Does not see
leading zeros that were lost or added.

>>> compute("7992739871")
'3'
>>> validate("79927398713")
'79927398713'
>>> validate("79927398710")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '79927398710' fails check scheme luhn: expected \
check character '3', got '0'.
"""

from collections.abc import Callable
from string import digits

from labeler.serials.checking import confirm, require_characters, sum_after

ALPHABET = digits
CHECK_ALPHABET = digits
CHECK_LENGTH = 1

_PLAIN = {digit: int(digit) for digit in digits}
_DOUBLED = {digit: sum(divmod(2 * int(digit), 10)) for digit in digits}
_COLUMNS = (_DOUBLED, _PLAIN)
_CHECK = [str(-rest % 10) for rest in range(10)]


def compute(text: str) -> str:
    """The check digit of `text`, or InvalidSerial where a character is not a digit."""
    require_characters(text, scheme="luhn", alphabet=ALPHABET)
    return compute_after("", len(text))(text)


def validate(text: str) -> str:
    """`text` if its last digit is the check digit of the rest, else InvalidSerial."""
    require_characters(text, scheme="luhn", alphabet=ALPHABET, check_length=CHECK_LENGTH)
    return confirm(text, scheme="luhn", expected=compute(text[:-CHECK_LENGTH]))


def compute_after(prefix: str, tail_length: int) -> Callable[[str], str]:
    """A function from a tail of that length to the check digit of `prefix + tail`."""
    total = sum_after(prefix, tail_length, repeating=_COLUMNS)
    return lambda tail: _CHECK[total(tail) % 10]

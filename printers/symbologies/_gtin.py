"""Numbers in the symbols of the EAN/UPC family and ITF-14, GS1 General Specifications 5.2 and 5.3.

>>> number("400638133393", title="EAN-13", digits=13)
'4006381333931'
>>> number("04006381333931", title="EAN-13", digits=13)
'4006381333931'
>>> number("4006381333932", title="EAN-13", digits=13)
Traceback (most recent call last):
printers.errors.Unprintable: EAN-13 cannot carry '4006381333932': expected check digit '1' at \
position 13, got '2'; correct the number, or leave its check digit out.
"""

from printers.errors import Unprintable
from printers.symbologies import _texts
from printers.symbologies._check_digit import check_digit

GTIN_14 = 14


def number(text: str, *, title: str, digits: int) -> str:
    """The number with its check digit.

    It may come without the check digit, and as a GTIN of 14 digits with zeros in front, which is
    how products are often filed (section 3.3.2).
    """
    _texts.require_some(text, title=title)
    for at, character in enumerate(text):
        if character not in "0123456789":
            raise _texts.refusal(
                text, title=title, at=at, expected="digits only", advice="hand in a GTIN"
            )
    filling = GTIN_14 - digits
    short = text
    if filling and len(text) == GTIN_14 and text.startswith("0" * filling):
        short = text[filling:]
    if len(short) == digits - 1:
        return short + check_digit(short)
    if len(short) != digits:
        filled = f", or 14 that begin with {'0' * filling}" if filling else ""
        raise Unprintable(
            f"{title} cannot carry {text!r}: expected {digits - 1} digits, {digits} with the check "
            f"digit{filled}, got {len(text)}; hand in a number of that length."
        )
    expected = check_digit(short[:-1])
    if short[-1] != expected:
        raise Unprintable(
            f"{title} cannot carry {text!r}: expected check digit {expected!r} at position "
            f"{len(text)}, got {short[-1]!r}; correct the number, or leave its check digit out."
        )
    return short

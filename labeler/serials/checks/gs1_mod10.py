"""GS1 mod 10: digits with one check digit, as in GTIN, SSCC, GLN and every other GS1 key.

Standard: GS1 General Specifications, section 7.9.1 (standard check digit calculations). From the
right, the digits of the body weigh 3, 1, 3, 1 …; the check digit completes the sum to a multiple
of ten.

Catches every single substitution and every adjacent transposition except of two digits that
differ by 5 (05, 16, 27, 38, 49). Misses the twin substitutions of the same pairs (00 <-> 55 …),
and every exchange of two digits with one between them. Does not see leading zeros that were lost
or added: a GTIN-8 and the GTIN-14 it is padded to have the same check digit.

>>> compute("629104150021")
'3'
>>> validate("6291041500213")
'6291041500213'
>>> validate("6291041500218")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '6291041500218' fails check scheme gs1_mod10: \
expected check character '3', got '8'.
"""

from string import digits

from labeler.serials.checking import Scheme, by_columns, weighted

_VALUES = {digit: int(digit) for digit in digits}

SCHEME = Scheme(
    name="gs1_mod10",
    alphabet=digits,
    check_alphabet=digits,
    compute_after=by_columns(
        weighted(_VALUES, (3, 1)), check=[str(-rest % 10) for rest in range(10)]
    ),
)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

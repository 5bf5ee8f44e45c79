"""Weighted modulo 11: up to nine digits with one check character, a digit or X, as in ISBN-10.

Standard: ISO 2108:1992 (ISBN of ten characters) and ISO 3297:2022, annex on the check digit of an
ISSN. From the right, the digits of the body weigh 2, 3, 4 … 10; the check character completes the
sum to a multiple of eleven, X stands for ten. A tenth digit would weigh 11, which is nothing
modulo 11, so a body has nine at most; beyond that, iso7064_mod_11_2 checks any length.

Catches every single substitution and every exchange of two characters, wherever they stand. Misses
the twin substitutions (aa for bb) of the two digits that weigh 5 and 6, and no others. Does not
see leading zeros that were lost or added.

>>> compute("030640615")
'2'
>>> validate("080442957x")
'080442957X'
>>> validate("0306406512")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '0306406512' fails check scheme mod_11_weighted: \
expected check character '9', got '2'.
"""

from string import digits

from labeler.serials.checking import DIGITS_AND_X, Scheme, by_columns, capitals, weighted

_VALUES = {digit: int(digit) for digit in digits}
_WEIGHTS = range(2, 11)

SCHEME = Scheme(
    name="mod_11_weighted",
    alphabet=digits,
    check_alphabet=DIGITS_AND_X,
    lengths=range(1, len(_WEIGHTS) + 1),
    canonical=capitals,
    compute_after=by_columns(
        weighted(_VALUES, _WEIGHTS), check=[DIGITS_AND_X[-rest % 11] for rest in range(11)]
    ),
)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

"""Damm: digits with one check digit, by a table of ten by ten.

Standard: none; H. M. Damm, Total anti-symmetrische Quasigruppen, dissertation, Marburg 2004, with
the table of its page 111 that is in use. Beginning with row 0, each digit leads to the entry in
its column, which is the next row; the last entry is the check digit.

Catches every single substitution and every adjacent transposition. Of all pairs of digits in all
ten rows it misses 38 of 450 twin substitutions (aa for bb) and 479 of 4500 exchanges of two digits
with one between them. Does not see leading zeros that were lost or added.

>>> compute("572")
'4'
>>> validate("5724")
'5724'
>>> validate("5274")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '5274' fails check scheme damm: expected check \
character '2', got '4'.
"""

from string import digits

from labeler.serials.checking import Scheme, by_states

_ROWS = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)

SCHEME = Scheme(
    name="damm",
    alphabet=digits,
    check_alphabet=digits,
    compute_after=by_states(
        [{digit: [int(row[int(digit)]) for row in _ROWS] for digit in digits}],
        start=0,
        check=digits,
    ),
)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

"""Verhoeff: digits with one check digit, as in Aadhaar numbers.

Standard: none; J. Verhoeff, Error Detecting Decimal Codes, Mathematical Centre Tracts 29,
Amsterdam 1969. From the right, each digit is permuted as often as its position says, and the
results are multiplied in the dihedral group D5; the check digit brings the product to the identity.

Catches every single substitution and every adjacent transposition. In each column it misses two of
the 45 twin substitutions (aa for bb) and 26 of the 450 exchanges of two digits with one between
them. Sees a leading zero that was lost or added, except as the 8th, 16th … digit of the body.

>>> compute("236")
'3'
>>> validate("2363")
'2363'
>>> validate("2336")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '2336' fails check scheme verhoeff: expected check \
character '7', got '6'.
"""

from string import digits

from labeler.serials.checking import Scheme, by_states

_PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _product(left: int, right: int) -> int:
    """The product in D5: 0 to 4 are the rotations, 5 to 9 the reflections."""
    turn = left + right if left < 5 else left - right
    return turn % 5 + (5 if (left < 5) != (right < 5) else 0)


def _permuted(digit: int, times: int) -> int:
    for _ in range(times):
        digit = _PERMUTATION[digit]
    return digit


_STEPS = [
    {
        digit: [_product(_permuted(int(digit), position), state) for state in range(10)]
        for digit in digits
    }
    for position in range(1, 9)
]
"""By position from the right, the check digit's own being 0; the eighth permutation is none."""
_INVERSES = [
    next(digit for digit in digits if _product(int(digit), state) == 0) for state in range(10)
]

SCHEME = Scheme(
    name="verhoeff",
    alphabet=digits,
    check_alphabet=digits,
    compute_after=by_states(_STEPS, start=0, check=_INVERSES),
)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

"""VIN: a vehicle identification number of 17 characters, its check digit in position 9.

Standard: 49 CFR 565.15(c). Letters count as digits (A to H 1 to 8, J to N 1 to 5, P 7, R 9, S to Z
2 to 9; there is no I, O or Q), the characters weigh 8 7 6 5 4 3 2 10 (0) 9 8 7 6 5 4 3 2, and the
check digit is the sum modulo 11, X for ten. Vehicles made for other markets than North America
and China may have any character in position 9: such a VIN fails this scheme and is none the worse.

Catches a single substitution unless both characters count the same (A and J and 1, B and K and S
and 2 …), and an adjacent transposition unless they do, or the check digit is exchanged with a digit
in position 8. Misses the twin substitutions (aa for bb) in positions 3 and 4, 13 and 14.

>>> compute("1M8GDM9AKP042788")
'X'
>>> SCHEME.complete("1M8GDM9AKP042788")
'1M8GDM9AXKP042788'
>>> validate("1m8gdm9axkp042788")
'1M8GDM9AXKP042788'
>>> validate("1M8GDM9AXKP042778")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '1M8GDM9AXKP042778' fails check scheme vin: \
expected check character '7', got 'X'.
"""

from labeler.serials.checking import DIGITS_AND_X, Scheme, by_columns, capitals, weighted

_CHARACTERS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_DIGITS = "012345678912345678123457923456789"
_VALUES = {character: int(digit) for character, digit in zip(_CHARACTERS, _DIGITS, strict=True)}
"""The section's table of assigned values, in the order of the characters above."""
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 2, 3, 4, 5, 6, 7, 8)
"""From the right, without the check digit's own."""

SCHEME = Scheme(
    name="vin",
    alphabet=_CHARACTERS,
    check_alphabet=DIGITS_AND_X,
    check_position=9,
    lengths=range(16, 17),
    canonical=capitals,
    compute_after=by_columns(weighted(_VALUES, _WEIGHTS), check=DIGITS_AND_X),
)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

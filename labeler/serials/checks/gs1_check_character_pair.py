"""GS1 check character pair: GS1's 82 characters with two check characters, as in a GMN.

Standard: GS1 General Specifications, section 7.9.5 (check character pair calculation for the
Global Model Number; AI (8013), and (8014) for a HIDRI). From the right, the characters of the
body weigh the primes 2, 3, 5 … 83; the sum modulo 1021, a number of ten bits, is written as two
characters of five bits each. There are 23 weights, so a body is no longer.

Catches every single substitution, every exchange of two characters of the body, wherever they
stand, of its last with the first check character, and every twin substitution (aa for bb). Does
not see leading exclamation marks that were lost or added, since their value is 0. Small and
capital letters are different characters: nothing is folded.

>>> compute("1987654Ad4X4bL5ttr2310c")
'2K'
>>> validate("1987654Ad4X4bL5ttr2310c2K")
'1987654Ad4X4bL5ttr2310c2K'
>>> validate("1987654AD4X4bL5ttr2310c2K")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '1987654AD4X4bL5ttr2310c2K' fails check scheme \
gs1_check_character_pair: expected check characters 'SQ', got '2K'.
"""

from string import ascii_lowercase, ascii_uppercase, digits

from labeler.serials.checking import Scheme, by_columns, weighted

_CHARACTERS = "!\"%&'()*+,-./" + digits + ":;<=>?" + ascii_uppercase + "_" + ascii_lowercase
"""GS1 AI encodable character set 82, in the order of the values of the section's table."""
_CHECK_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which people mistake for one another."""
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_VALUES = {character: value for value, character in enumerate(_CHARACTERS)}

SCHEME = Scheme(
    name="gs1_check_character_pair",
    alphabet=_CHARACTERS,
    check_alphabet=_CHECK_CHARACTERS,
    check_length=2,
    lengths=range(1, len(_PRIMES) + 1),
    compute_after=by_columns(
        weighted(_VALUES, _PRIMES),
        check=[_CHECK_CHARACTERS[rest >> 5] + _CHECK_CHARACTERS[rest & 31] for rest in range(1021)],
    ),
)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

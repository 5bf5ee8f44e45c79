"""Code 39 modulo 43: the 43 characters of Code 39 with one of them as check character.

Standard: ISO/IEC 16388:2007, Annex A (optional symbol check character). The values of all
characters are added; the check character is the one whose value is the sum modulo 43.

Catches every single substitution and every twin substitution (aa for bb). Since every character
weighs the same, it sees no exchange within the body at all, only one with the check character; and
it does not see zeros that were lost or added, wherever they stand. One check character in 43 is a
space, which people do not see at the end of a text: for new numbers, iso7064_mod_37_36 is better.

>>> compute("CODE 39")
'R'
>>> validate("code 39r")
'CODE 39R'
>>> validate("CODE 93R")
'CODE 93R'
>>> validate("CODE 38R")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial 'CODE 38R' fails check scheme code39_mod_43: \
expected check character 'Q', got 'R'.
"""

from string import ascii_uppercase, digits

from labeler.serials.checking import Scheme, by_columns, capitals

_CHARACTERS = digits + ascii_uppercase + "-. $/+%"
_VALUES = {character: value for value, character in enumerate(_CHARACTERS)}

SCHEME = Scheme(
    name="code39_mod_43",
    alphabet=_CHARACTERS,
    check_alphabet=_CHARACTERS,
    canonical=capitals,
    compute_after=by_columns([_VALUES], check=_CHARACTERS),
)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

"""ISO/IEC 7064 MOD 1271-36: digits and capital letters with two check characters of their kind.

Standard: ISO/IEC 7064:2003, clauses 7 and 8 (pure systems).

Catches every single substitution, every adjacent transposition, every twin substitution (aa for
bb) and every exchange of two characters with one between them. Does not see leading zeros that
were lost or added.

>>> compute("ISO79")
'3W'
>>> validate("iso793w")
'ISO793W'
>>> validate("ISO973W")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial 'ISO973W' fails check scheme iso7064_mod_1271_36: \
expected check characters 'PW', got '3W'.
"""

from string import ascii_uppercase, digits

from labeler.serials.iso7064 import pure_system

_CHARACTERS = digits + ascii_uppercase

SCHEME = pure_system("iso7064_mod_1271_36", _CHARACTERS, check_alphabet=_CHARACTERS, modulus=1271)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

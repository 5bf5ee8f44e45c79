"""ISO/IEC 7064 MOD 37-2: digits and capital letters with one check character, one of them or *.

Standard: ISO/IEC 7064:2003, clauses 7 and 8 (pure systems), as used by ISBT 128 for blood
donations.

Catches every single substitution, every adjacent transposition, every twin substitution (aa for
bb) and every exchange of two characters with one between them. Does not see leading zeros that
were lost or added.

>>> compute("A999914123456")
'N'
>>> validate("a999522123456*")
'A999522123456*'
>>> validate("A999914123465N")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial 'A999914123465N' fails check scheme \
iso7064_mod_37_2: expected check character 'L', got 'N'.
"""

from string import ascii_uppercase, digits

from labeler.serials.iso7064 import pure_system

_CHARACTERS = digits + ascii_uppercase

SCHEME = pure_system("iso7064_mod_37_2", _CHARACTERS, check_alphabet=_CHARACTERS + "*", modulus=37)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

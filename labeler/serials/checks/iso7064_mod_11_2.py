"""ISO/IEC 7064 MOD 11-2: digits with one check character, a digit or X, as in ISNI and ORCID.

Standard: ISO/IEC 7064:2003, clauses 7 and 8 (pure systems).

Catches every single substitution, every adjacent transposition, every twin substitution (aa for
bb) and every exchange of two characters with one between them. Does not see leading zeros that
were lost or added.

>>> compute("079")
'X'
>>> validate("000000012146438x")
'000000012146438X'
>>> validate("0000000121464387")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '0000000121464387' fails check scheme \
iso7064_mod_11_2: expected check character 'X', got '7'.
"""

from string import digits

from labeler.serials.checking import DIGITS_AND_X
from labeler.serials.iso7064 import pure_system

SCHEME = pure_system("iso7064_mod_11_2", digits, check_alphabet=DIGITS_AND_X, modulus=11)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

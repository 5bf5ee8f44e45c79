"""ISO/IEC 7064 MOD 661-26: capital letters with two check letters.

Standard: ISO/IEC 7064:2003, clauses 7 and 8 (pure systems).

Catches every single substitution, every adjacent transposition, every twin substitution (aa for
bb) and every exchange of two characters with one between them. Does not see leading As that
were lost or added.

>>> compute("ISOHJ")
'TC'
>>> validate("isohjtc")
'ISOHJTC'
>>> validate("IOSHJTC")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial 'IOSHJTC' fails check scheme iso7064_mod_661_26: \
expected check characters 'UC', got 'TC'.
"""

from string import ascii_uppercase

from labeler.serials.iso7064 import pure_system

SCHEME = pure_system(
    "iso7064_mod_661_26", ascii_uppercase, check_alphabet=ascii_uppercase, modulus=661
)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

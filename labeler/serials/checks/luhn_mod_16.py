"""Luhn mod 16: hexadecimal digits with one of their own kind as check character, as in a MEID.

Standard: 3GPP2 S.R0048-A, section 3.2.1 and its annex on the check digit of a MEID: the Luhn
algorithm of ISO/IEC 7812-1:2017, Annex B, with 16 for ten.

Catches every single substitution and every adjacent transposition except 0F <-> F0. Misses the
twin substitutions 33 <-> 88, 44 <-> 99, 55 <-> AA, 66 <-> BB and 77 <-> CC, and every exchange of
two characters with one between them. Does not see leading zeros that were lost or added.

>>> compute("AF0123450ABCDE")
'C'
>>> validate("af0123450abcdec")
'AF0123450ABCDEC'
>>> validate("AF0123450ABCDED")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial 'AF0123450ABCDED' fails check scheme luhn_mod_16: \
expected check character 'C', got 'D'.
"""

from string import digits

from labeler.serials.checking import capitals
from labeler.serials.luhn_mod_n import luhn_scheme

SCHEME = luhn_scheme("luhn_mod_16", digits + "ABCDEF", canonical=capitals)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

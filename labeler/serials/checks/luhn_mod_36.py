"""Luhn mod 36: digits and capital letters with one check character of the same kind.

Standard: none of its own; the Luhn algorithm of ISO/IEC 7812-1:2017, Annex B, with 36 for ten, as
software knows it under the name Luhn mod N. Where a customer does not ask for it,
iso7064_mod_37_36 checks the same characters, and better.

Catches every single substitution and every adjacent transposition except 0Z <-> Z0. Misses
12 of the 630 twin substitutions (aa for bb), and every exchange of two characters with one
between them. Does not see leading zeros that were lost or added.

>>> compute("AC26327")
'8'
>>> validate("ac263278")
'AC263278'
>>> validate("AC26327O")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial 'AC26327O' fails check scheme luhn_mod_36: expected \
check character '8', got 'O'.
"""

from string import ascii_uppercase, digits

from labeler.serials.checking import capitals
from labeler.serials.luhn_mod_n import luhn_scheme

SCHEME = luhn_scheme("luhn_mod_36", digits + ascii_uppercase, canonical=capitals)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

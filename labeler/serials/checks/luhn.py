"""Luhn: digits with one check digit, as on payment cards and in IMEIs.

Standard: ISO/IEC 7812-1:2017, Annex B. From the right, every second digit of the body, beginning
with its last, is doubled and the digits of the product are added; the check digit completes the
sum to a multiple of ten.

Catches every single substitution and every adjacent transposition except 09 <-> 90. Misses the
twin substitutions 22 <-> 55, 33 <-> 66 and 44 <-> 77, and every exchange of two digits with one
between them. Does not see leading zeros that were lost or added.

>>> compute("7992739871")
'3'
>>> validate("79927398713")
'79927398713'
>>> validate("79927398710")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '79927398710' fails check scheme luhn: expected \
check character '3', got '0'.
"""

from string import digits

from labeler.serials.luhn_mod_n import luhn_scheme

SCHEME = luhn_scheme("luhn", digits)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

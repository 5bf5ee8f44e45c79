"""ISO/IEC 7064 MOD 11,10: digits with one check digit, as in German and Croatian tax numbers.

Standard: ISO/IEC 7064:2003, clauses 9 and 10 (hybrid systems).

Catches every single substitution. Of the adjacent transpositions it misses one in 45: those of
two neighbouring values (0 and 1, 1 and 2 … 9 and 0), each behind one of the ten possible states.
Of the twin substitutions (aa for bb) it misses 3 of 45. A lost or added leading zero is seen,
and so is any number of them but multiples of 10.

>>> compute("0794")
'5'
>>> validate("07945")
'07945'
>>> validate("07954")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '07954' fails check scheme iso7064_mod_11_10: \
expected check character '3', got '4'.
"""

from string import digits

from labeler.serials.iso7064 import hybrid_system

SCHEME = hybrid_system("iso7064_mod_11_10", digits)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

"""ISO/IEC 7064 MOD 27,26: capital letters with one check letter.

Standard: ISO/IEC 7064:2003, clauses 9 and 10 (hybrid systems).

Catches every single substitution. Of the adjacent transpositions it misses one in 325: those of
two neighbouring values (A and B, B and C … Z and A), each behind one of the 26 possible states.
Of the twin substitutions (aa for bb) it misses 9 of 325. A lost or added leading A is seen,
and so is any number of them but multiples of 18.

>>> compute("QWERTYDVORAK")
'Y'
>>> validate("qwertydvoraky")
'QWERTYDVORAKY'
>>> validate("QWERTUDVORAKY")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial 'QWERTUDVORAKY' fails check scheme \
iso7064_mod_27_26: expected check character 'E', got 'Y'.
"""

from string import ascii_uppercase

from labeler.serials.iso7064 import hybrid_system

SCHEME = hybrid_system("iso7064_mod_27_26", ascii_uppercase)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

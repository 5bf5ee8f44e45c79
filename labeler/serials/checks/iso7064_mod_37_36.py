"""ISO/IEC 7064 MOD 37,36: digits and capital letters with one check character of the same kind.

Standard: ISO/IEC 7064:2003, clauses 9 and 10 (hybrid systems), as used by GRid and ISAN.

Catches every single substitution. Of the adjacent transpositions it misses one in 630: those of
two neighbouring values (0 and 1, 1 and 2 … Z and 0), each behind one of the 36 possible states.
Of the twin substitutions (aa for bb) it misses 12 of 630. A lost or added leading zero is seen,
and so is any number of them but multiples of 36.

>>> compute("A12425GABC1234002")
'M'
>>> validate("a12425gabc1234002m")
'A12425GABC1234002M'
>>> validate("A12425GABC1234002N")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial 'A12425GABC1234002N' fails check scheme \
iso7064_mod_37_36: expected check character 'M', got 'N'.
"""

from string import ascii_uppercase, digits

from labeler.serials.iso7064 import hybrid_system

SCHEME = hybrid_system("iso7064_mod_37_36", digits + ascii_uppercase)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

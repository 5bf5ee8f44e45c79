"""ISO/IEC 7064 MOD 37,36: digits and capital letters with one check character of the same kind.

Standard: ISO/IEC 7064:2003, clauses 9 and 10 (hybrid systems), as used by GRid and ISAN. Beginning
with 36, each character's value is added modulo 36 (0 counts as 36), the sum is doubled modulo 37;
the check character's value brings the last sum to 1 modulo 36.

Catches every single substitution. Of the adjacent transpositions it misses one in 630: those of
two neighbouring values (0 and 1, 1 and 2 … Z and 0), each behind one of the 36 possible states.

>>> compute("A12425GABC1234002")
'M'
>>> validate("a12425gabc1234002m")
'A12425GABC1234002M'
>>> validate("A12425GABC1234002N")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial 'A12425GABC1234002N' fails check scheme \
iso7064_mod_37_36: expected check character 'M', got 'N'.
"""

from collections.abc import Callable
from string import ascii_lowercase, ascii_uppercase, digits

from labeler.serials.checking import confirm, require_characters

ALPHABET = digits + ascii_uppercase
CHECK_ALPHABET = ALPHABET
CHECK_LENGTH = 1

_M = len(ALPHABET)
_NEXT = {
    character: [((product + value) % _M or _M) * 2 % (_M + 1) for product in range(_M + 1)]
    for value, character in enumerate(ALPHABET)
}
"""Character -> product so far -> next product."""
_CHECK = [ALPHABET[(1 - product) % _M] for product in range(_M + 1)]
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)
"""Only a to z: `str.upper` would also turn foreign letters into pairs of capitals."""


def compute(text: str) -> str:
    """The check character of `text`; InvalidSerial for other than digits and capital letters."""
    require_characters(text, scheme="iso7064_mod_37_36", alphabet=ALPHABET)
    return compute_after("", len(text))(text)


def validate(text: str) -> str:
    """`text` in capitals if its last character is the check character, else InvalidSerial."""
    text = text.translate(_CAPITALS)
    require_characters(
        text, scheme="iso7064_mod_37_36", alphabet=ALPHABET, check_length=CHECK_LENGTH
    )
    return confirm(text, scheme="iso7064_mod_37_36", expected=compute(text[:-CHECK_LENGTH]))


def compute_after(prefix: str, tail_length: int) -> Callable[[str], str]:
    """A function from a tail to the check character of `prefix + tail`.

    The length of the tail makes no difference to this scheme.
    """
    start = _M
    for character in prefix:
        start = _NEXT[character][start]

    def check(tail: str) -> str:
        product = start
        for character in tail:
            product = _NEXT[character][product]
        return _CHECK[product]

    return check

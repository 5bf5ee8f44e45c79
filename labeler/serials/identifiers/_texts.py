"""What several families ask of a text, in the same words.

>>> require_characters("1O", kind="SSCC", alphabet=digits)
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: SSCC '1O' is wrong at position 2: expected \
a digit, got 'O'; scan or type it again.
"""

from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits

from labeler.serials.checks import gs1_mod10
from labeler.serials.errors import shown
from labeler.serials.identifiers._errors import InvalidIdentifier
from labeler.units import counted

CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)
"""Only a to z: `str.upper` would also turn foreign letters into pairs of capitals."""
CHARSET_82 = "!\"%&'()*+,-./" + digits + ":;<=>?_" + ascii_letters
"""GS1 General Specifications, figure 7.11-1: what serials, lots and most other texts may hold."""
GS = "\x1d"
"""Group separator: what FNC1 becomes when a scanner sends it between two element strings."""

_WORDS = {
    digits: "a digit",
    CHARSET_82: "a character of GS1's set 82",
    digits + ascii_uppercase: "a digit or a capital letter",
}


def without(text: str, ornaments: str) -> str:
    """The text without spaces around it and without the ornaments anywhere in it.

    >>> without(" 35-209900-176148-1 ", "-")
    '352099001761481'
    """
    return text.strip(" \t\r\n").translate(dict.fromkeys(map(ord, ornaments)))


def require_characters(text: str, *, kind: str, alphabet: str) -> None:
    """Refuse a character that is not of the alphabet."""
    for position, character in enumerate(text, start=1):
        if character not in alphabet:
            raise InvalidIdentifier(
                text,
                kind=kind,
                position=position,
                problem=f"is wrong at position {position}: expected"
                f" {_WORDS.get(alphabet, f'one of {alphabet}')}, got {shown(character)};"
                " scan or type it again.",
            )


def require_length(text: str, *, kind: str, lengths: range | tuple[int, ...]) -> None:
    """Refuse a text that is too short or too long.

    >>> require_length("", kind="Lot", lengths=range(1, 21))
    Traceback (most recent call last):
    labeler.serials.identifiers._errors.InvalidIdentifier: Lot '' has 0 characters: expected 1 \
to 20; give all of it.
    """
    if len(text) in lengths:
        return
    if isinstance(lengths, range):
        expected = f"{lengths[0]} to {lengths[-1]}"
    else:
        expected = " or ".join(
            part for part in (", ".join(map(str, lengths[:-1])), str(lengths[-1])) if part
        )
    problem = f"has {counted(len(text), 'character')}: expected {expected}; give all of it."
    raise InvalidIdentifier(text, kind=kind, problem=problem)


def require_digits(text: str, *, kind: str, lengths: range | tuple[int, ...]) -> None:
    """Refuse what is not so many digits."""
    require_characters(text, kind=kind, alphabet=digits)
    require_length(text, kind=kind, lengths=lengths)


def require_check_digit(text: str, *, kind: str, length: int | None = None) -> None:
    """Refuse a wrong GS1 check digit at the end, or at the end of the first `length` digits.

    >>> require_check_digit("4006381333932", kind="GTIN")
    Traceback (most recent call last):
    labeler.serials.identifiers._errors.InvalidIdentifier: GTIN '4006381333932' has a wrong check \
digit: expected '1' at position 13, got '2'; scan or type it again.
    """
    key = text[:length]
    require_check_character(
        text, kind=kind, place=len(key) - 1, expected=gs1_mod10.compute(key[:-1])
    )


def require_check_character(text: str, *, kind: str, place: int, expected: str) -> None:
    """Refuse another character than the expected one in that place."""
    if text[place] == expected:
        return
    what = "digit" if expected in digits else "character"
    raise InvalidIdentifier(
        text,
        kind=kind,
        position=place + 1,
        problem=f"has a wrong check {what}: expected {expected!r} at position {place + 1},"
        f" got {shown(text[place])}; scan or type it again.",
    )


def require_charset_82(text: str, *, kind: str, longest: int) -> None:
    """Refuse what GS1's character set 82 does not have, an empty text and one that is too long."""
    require_characters(text, kind=kind, alphabet=CHARSET_82)
    require_length(text, kind=kind, lengths=range(1, longest + 1))

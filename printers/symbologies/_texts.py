r"""What symbologies ask of a text, in the same words; and how it looks to people.

>>> utf8("AC-é", title="QR Code")
b'AC-\xc3\xa9'
>>> interpretation("A\tB")
'A B'
"""

import re

from printers.errors import Unprintable

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def require_some(text: str, *, title: str) -> None:
    """Refuse an empty text."""
    if not text:
        raise Unprintable(
            f"{title} cannot carry an empty text '': expected at least one character; "
            "hand in a value for the field."
        )


def refusal(text: str, *, title: str, at: int, expected: str, advice: str) -> Unprintable:
    """The sentence about the character in that place, counted from 0."""
    return Unprintable(
        f"{title} cannot carry character U+{ord(text[at]):04X} at position {at + 1} of {text!r}: "
        f"expected {expected}; {advice}."
    )


def utf8(text: str, *, title: str) -> bytes:
    """The bytes of a text; it is refused where it is empty or has half of a character."""
    require_some(text, title=title)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise refusal(
            text,
            title=title,
            at=error.start,
            expected="whole characters, and this is half of one (a surrogate)",
            advice="read the data as UTF-8 where it comes from",
        ) from None


def interpretation(text: str) -> str:
    """The text as HRI: a space for each control character, which has no shape to be shown.

    ISO/IEC 15417 wants the data characters shown and does not say how those without a shape are; a
    space keeps apart what a separator separates.
    """
    return text if text.isprintable() else _CONTROL.sub(" ", text)

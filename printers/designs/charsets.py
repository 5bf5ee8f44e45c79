"""What the bytes of a design's own texts mean: ^CI and ^FH.

Everything that is printed goes out as UTF-8 under ^CI28. So a design's texts are read by the
encoding that it states, and by nothing that it does not.
"""

import re
from collections.abc import Iterator

from printers.designs.tokens import Token
from printers.errors import Unprintable

_CODECS = {**{str(number): "cp850" for number in range(14)}, "27": "cp1252", "28": "utf-8"}
"""ZPL II Programming Guide, ^CI. Others are not in it, or need tables of the printer."""
_WIDE = ("29", "30")
_REPLACED = frozenset("#$@[\\]^`{|}~")
"""Places where ^CI1 to ^CI12 have national characters in place of ASCII."""
_NATIONAL = frozenset(str(number) for number in range(1, 13))


def character_set(token: Token) -> str:
    """The number of a ^CI; Unprintable if it changes single characters or ASCII itself."""
    number, *rest = token.parameters
    number = number.lstrip("0") or "0"
    if any(rest) or number in _WIDE or not re.fullmatch("[0-9]{1,2}", number):
        raise Unprintable(
            f"{token.where}: ^CI{token.text[:20]} makes characters of other bytes: expected ^CI0 "
            "to ^CI13, ^CI27 or ^CI28 alone; export the design in UTF-8 (^CI28)."
        )
    return number


def decode(token: Token, *, indicator: bytes | None, number: str | None, is_utf8: bool) -> str:
    """The text of a ^FD; Unprintable where its encoding is not stated or does not fit.

    ``indicator`` is the character of the ^FH before it, ``number`` the ^CI in force, ``is_utf8``
    whether the file carries the mark of UTF-8.
    """
    codec = _CODECS.get(number or "", "ascii")
    if number is None and is_utf8:
        codec = "utf-8"
    data = token.data.replace(b"\r", b"").replace(b"\n", b"")
    try:
        if is_utf8:
            # An editor wrote the file anew; escaped bytes still are what ^CI says.
            plain = b"".join(
                part if is_escaped else part.decode("utf-8").encode(codec)
                for is_escaped, part in _parts(token, data, indicator)
            )
        else:
            plain = b"".join(part for _, part in _parts(token, data, indicator))
        text = plain.decode(codec)
    except UnicodeError as wrong:
        stated = f"^CI{number}" if number else "no ^CI"
        raise Unprintable(
            f"{token.where}: field data {data[:40]!r} with {stated} before them: expected bytes "
            f"that are {codec} ({wrong}); put the right ^CI before them, or export in UTF-8."
        ) from None
    replaced = sorted(_REPLACED & set(text)) if number in _NATIONAL else []
    if replaced:
        raise Unprintable(
            f"{token.where}: field data {text[:40]!r} under ^CI{number}, which prints a national "
            f"character for {replaced[0]!r}: expected text without it; export in UTF-8 (^CI28)."
        )
    return text


def _parts(token: Token, data: bytes, indicator: bytes | None) -> Iterator[tuple[bool, bytes]]:
    """The data cut into escaped bytes and bytes as they stand."""
    if indicator is None:
        yield False, data
        return
    first, *others = data.split(indicator)
    yield False, first
    for other in others:
        if not re.match(rb"[0-9A-Fa-f]{2}", other):
            raise Unprintable(
                f"{token.where}: {indicator.decode('latin-1')!r} begins a hexadecimal escape "
                f"(^FH), and {other[:2]!r} stands behind it: expected two hexadecimal digits; "
                f"write the character itself as {indicator.decode('latin-1')}{indicator[0]:02X}."
            )
        yield True, bytes.fromhex(other[:2].decode("ascii"))
        yield False, other[2:]

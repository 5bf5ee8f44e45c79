"""Field data of ZPL: the only way into ^FD, which always stands behind ^FH.

>>> escape("A^XZ_~é")
'A_5EXZ_5F_7E_C3_A9'
>>> invoke((("B", "AC-"), ("C", "123456"), ("B", ">")))
'>:AC->5123456>6>0'
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from printers import fonts
from printers.designs.escaping import INVOCATIONS, escape

__all__ = ["Cuts", "escape", "escape_ascii", "escape_words", "invoke", "invoker"]

_PLAIN = re.compile(r"[ !-\[\]`-}]*")
"""Printable ASCII without ^ ~ _ and the backslash."""
_FNC1 = "\xf1"
"""How the segments of Code 128 write Function Character 1."""
_INVOCATIONS = {**INVOCATIONS, _FNC1: ">8"}
_START = {"B": ">:", "C": ">;"}
_SWITCH = {"B": ">6", "C": ">5"}


def escape_words(text: str, characters: str) -> str | None:
    """Data of a text in the printer's own font; None where that font may draw something else.

    A backslash is never trusted: ^A0 has a cent sign in its place in some character sets, and ^FB
    reads it as an escape of its own.
    """
    if _PLAIN.fullmatch(text):
        return text
    if "\\" in text or not fonts.is_native(text, characters):
        return None
    return escape(text)


def escape_ascii(text: str) -> str | None:
    """Data of a symbol; None for control characters, and for what printers may encode otherwise."""
    if _PLAIN.fullmatch(text):
        return text
    return escape(text) if text.isascii() and text.isprintable() else None


def invoke(segments: Iterable[tuple[str, str]]) -> str | None:
    """Code 128 data with invocation codes (manual, ^BC, table of special characters).

    None where code set A is used, whose characters a printer wants as pairs of digits.
    """
    parts: list[str] = []
    for code_set, run in segments:
        if code_set not in _START:
            return None
        parts.append(_SWITCH[code_set] if parts else _START[code_set])
        parts.append(run if run.isalnum() and run.isascii() else _invoke_run(run))
    return "".join(parts)


_KINDS = bytes(0x30 if chr(byte) in "0123456789" else 0x41 for byte in range(256))
Cuts = tuple[tuple[str, int, int], ...]
"""Of each run: what stands before it, its first character, the one behind its last."""


def invoker(
    segments: Callable[[str], tuple[tuple[str, str], ...]],
) -> Callable[[str], str]:
    """The same as ``invoke`` for plain text, whose code sets depend only on where digits stand."""

    @lru_cache(maxsize=1024)
    def cut(kinds: bytes) -> Cuts:
        found: list[tuple[str, int, int]] = []
        start = 0
        for code_set, run in segments(kinds.decode("ascii")):
            end = start + len(run)
            found.append(((_SWITCH if found else _START)[code_set], start, end))
            start = end
        return tuple(found)

    def write(text: str) -> str:
        cuts = cut(text.encode("ascii").translate(_KINDS))
        return "".join([begin + text[start:end] for begin, start, end in cuts])

    return write


def _invoke_run(run: str) -> str:
    return escape("".join([_INVOCATIONS.get(character, character) for character in run]))

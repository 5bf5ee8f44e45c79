"""Text on its way into the field data of ZPL: no byte of it may begin a command.

All values and all fixed texts pass through here; there is no other way into ^FD.
"""

import re

from printers.symbologies import code128

_PLAIN = re.compile(r"[ !-\[\]`-}]*")
_ESCAPED = tuple(
    chr(byte) if 0x20 <= byte <= 0x7E and chr(byte) not in "^~_\\" else f"_{byte:02X}"
    for byte in range(256)
)
INVOCATIONS = {"^": "><", ">": ">0", "~": ">="}
"""How ^BC takes these characters as data, manual, ^BC, table of special characters."""
_START = {"B": ">:", "C": ">;"}
_SWITCH = {"B": ">6", "C": ">5"}


def escape(text: str) -> str:
    """Text for a ^FD behind ^FH, in ASCII.

    Escaped are ^ ~ _ and the backslash, control characters (some are single-byte commands, manual
    appendix "Mirror character substitution") and all that is not ASCII, as UTF-8 for ^CI28.

    >>> escape("A^XZ_~é")
    'A_5EXZ_5F_7E_C3_A9'
    """
    if _PLAIN.fullmatch(text):
        return text
    return "".join([_ESCAPED[byte] for byte in text.encode()])


def invoke(text: str) -> str:
    """Code 128 data for ^BC mode N with the shortest choice of code sets; not yet escaped.

    >>> invoke("AC-123456>")
    '>:AC->5123456>6>0'
    """
    parts: list[str] = []
    for code_set, run in code128.segments(text):
        parts.append(_SWITCH[code_set] if parts else _START[code_set])
        parts.append(run if code_set == "C" else as_data(run))
    return "".join(parts)


def as_data(text: str) -> str:
    """Text that ^BC takes as it stands, whatever it holds."""
    return "".join([INVOCATIONS.get(character, character) for character in text])

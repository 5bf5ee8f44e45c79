"""Set-Get-Do variables (manual, "SGD Command Overview").

`! U1 getvar "name"` is answered with the value in quotes, `"?"` if the printer has no such
variable. Names are in lower case, and the line ends with CR LF.

~HQOD is not read: it counts inches and centimetres, and a length proves no label.
"""

import re

LABELS = "odometer.total_label_count"
RFID_VALID = "odometer.rfid.valid_resettable"
RFID_VOID = "odometer.rfid.void_resettable"

_VALUE = re.compile(rb'"([^"\r\n]*)"')
_COUNT = re.compile(rb"[0-9]{1,18}")


def question(name: str) -> bytes:
    r"""What asks for the variable.

    >>> question(LABELS)
    b'! U1 getvar "odometer.total_label_count"\r\n'
    """
    return f'! U1 getvar "{name}"\r\n'.encode("ascii")


def parse_count(answer: bytes) -> int | None:
    """The number between quotes; None for "?", which says "unknown variable", and for others.

    >>> parse_count(b'"123"'), parse_count(b'"?"')
    (123, None)
    """
    quoted = _VALUE.findall(answer)
    if not quoted or not _COUNT.fullmatch(quoted[-1].strip()):
        return None
    return int(quoted[-1])


def is_unknown(answer: bytes) -> bool:
    """Whether the printer said that it has no such variable."""
    return answer.rstrip().endswith(b'"?"')

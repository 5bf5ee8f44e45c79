r"""GS1 QR Code: element strings in a QR code behind FNC1, GS1 General Specifications, section 5.7.

>>> options = settle(Options())
>>> size("(01)09501101530003(21)AC" + literal("(1)"), options)
(25, 25)

The data is in bracket syntax (`_gs1.py`); brackets are not encoded. The separator is % in
alphanumeric mode and GS in byte mode (ISO/IEC 18004, section 7.4.8.2).
"""

from printers.symbologies import _gs1, _qr_plan
from printers.symbologies._options import Options, no_captions, no_guards, settled

NAME = "gs1_qr"
TITLE = "GS1 QR Code"
STANDARD = "GS1 General Specifications, section 5.7; ISO/IEC 18004"
LINEAR = False
OPTIONS = frozenset({"error_correction"})
QUIET_ZONE = _qr_plan.QUIET_ZONE
IDENTIFIER = "]Q3"

literal = _gs1.literal
captions = no_captions
guards = no_guards


def settle(options: Options) -> Options:
    """With error correction M where none is given."""
    return settled(options, title=TITLE, rules=_qr_plan.RULES)


def validate(text: str, options: Options) -> None:
    """Return if the elements are GS1's and fit the largest version."""
    _qr_plan.require_room(_data(text), options, title=TITLE, is_gs1=True)


def size(text: str, options: Options) -> tuple[int, int]:
    """As many columns as rows."""
    columns = _qr_plan.columns(_data(text), options, is_gs1=True)
    return columns, columns


def capacity(columns: int, options: Options) -> int:
    """What fits if all of it needs byte mode; brackets, which are not encoded, make up for FNC1."""
    return _qr_plan.capacity(columns, options, is_gs1=True)


def encode(text: str, options: Options) -> tuple[str, ...]:
    """The rows of the symbol."""
    validate(text, options)
    return _qr_plan.encode(_data(text), options, is_gs1=True)


def _data(text: str) -> bytes:
    elements = _gs1.parse(text, title=TITLE)
    return _gs1.carried(elements, separator=_gs1.GS).encode("ascii")

"""QR Code model 2, ISO/IEC 18004: any text as UTF-8, control characters too.

>>> options = settle(Options())
>>> size("https://example.com/AC-0001", options)
(25, 25)
>>> encode("AC-0001", options)[0]  # The upper finder patterns and what is between them.
'111111101100101111111'
>>> validate("", options)
Traceback (most recent call last):
printers.errors.Unprintable: QR Code cannot carry an empty text '': expected at least one \
character; hand in a value for the field.

There is no ECI in front of the data: readers recognise UTF-8, and some send an ECI on as text.
"""

from printers.symbologies import _qr_plan, _texts
from printers.symbologies._options import Options, no_captions, no_guards, settled, unchanged

NAME = "qr"
TITLE = "QR Code"
STANDARD = "ISO/IEC 18004"
LINEAR = False
OPTIONS = frozenset({"error_correction"})
QUIET_ZONE = _qr_plan.QUIET_ZONE
IDENTIFIER = "]Q1"

literal = unchanged
captions = no_captions
guards = no_guards


def settle(options: Options) -> Options:
    """With error correction M where none is given."""
    return settled(options, title=TITLE, rules=_qr_plan.RULES)


def validate(text: str, options: Options) -> None:
    """Return if there is a text and it fits the largest version."""
    data = _texts.utf8(text, title=TITLE)
    _qr_plan.require_room(data, options, title=TITLE, is_gs1=False)


def size(text: str, options: Options) -> tuple[int, int]:
    """As many columns as rows."""
    columns = _qr_plan.columns(text.encode(), options, is_gs1=False)
    return columns, columns


def capacity(columns: int, options: Options) -> int:
    """What fits if all of it needs byte mode."""
    return _qr_plan.capacity(columns, options, is_gs1=False)


def encode(text: str, options: Options) -> tuple[str, ...]:
    """The rows of the symbol."""
    validate(text, options)
    return _qr_plan.encode(text.encode(), options, is_gs1=False)

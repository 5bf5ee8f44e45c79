r"""GS1 DataMatrix: element strings behind FNC1, GS1 General Specifications, section 5.6.

>>> options = settle(Options())
>>> size("(01)09501101530003(21)AC" + literal("(1)"), options)
(18, 18)
>>> size("(01)09501101530003", settle(Options(shape="rectangle")))
(32, 8)

The data is in bracket syntax (`_gs1.py`); brackets are not encoded. FNC1 also separates elements,
where readers need it and nowhere else.
"""

from functools import lru_cache, partial

from zxingcpp import BarcodeFormat

from printers.symbologies import _datamatrix, _gs1, _zxing
from printers.symbologies._options import Options, no_captions, no_guards, settled

NAME = "gs1_datamatrix"
TITLE = "GS1 DataMatrix"
STANDARD = "GS1 General Specifications, section 5.6; ISO/IEC 16022"
LINEAR = False
OPTIONS = frozenset({"shape"})
QUIET_ZONE = _datamatrix.QUIET_ZONE
IDENTIFIER = "]d2"

_LAST = frozenset({"235"})
"""AIs behind which zxing-cpp writes no separator, though they need one: they go to the end.

It takes 23 for the beginning of an AI of predefined length (figure 7.8.5-2 does not).
"""

literal = _gs1.literal
captions = no_captions
guards = no_guards
capacity = _datamatrix.capacity


def settle(options: Options) -> Options:
    """Square where no shape is given."""
    return settled(options, title=TITLE, rules=_datamatrix.RULES)


def validate(text: str, options: Options) -> None:
    """Return if the elements are GS1's and fit the largest symbol."""
    _drawn(text, options)


def size(text: str, options: Options) -> tuple[int, int]:
    """Columns and rows."""
    rows = _drawn(text, options)
    return len(rows[0]), len(rows)


def encode(text: str, options: Options) -> tuple[str, ...]:
    """The rows of the symbol."""
    return _drawn(text, options)


@lru_cache(maxsize=256)
def _drawn(text: str, options: Options) -> tuple[str, ...]:
    elements = _gs1.parse(text, title=TITLE)
    length = len(_gs1.carried(elements, separator=_gs1.GS))
    ordered = sorted(elements, key=lambda one: one.ai in _LAST)
    data = "".join(f"[{one.ai}]{one.value}" for one in ordered)
    draw = partial(_zxing.draw_gs1, data, BarcodeFormat.DataMatrix)
    return _datamatrix.smallest(draw, options, title=TITLE, length=length)

r"""GS1-128: element strings in Code 128 behind FNC1, GS1 General Specifications, section 5.4.

>>> options = settle(Options())
>>> text = "(01)09501101530003(21)AC" + literal("(1)")
>>> segments(text)
(('C', 'ñ010950110153000321'), ('B', 'AC(1)'))
>>> captions(text, options)[0].text
'(01)09501101530003(21)AC(1)'
>>> size(text, options)
(211, 1)

The data is in bracket syntax (`_gs1.py`); brackets are not encoded. FNC1 stands where readers need
it and nowhere else. `segments` has the form that `_code128.py` describes.
"""

from printers.errors import Unprintable
from printers.symbologies import _code128, _gs1
from printers.symbologies._options import Caption, Options, QuietZone, no_guards, settled

NAME = "gs1_128"
TITLE = "GS1-128"
STANDARD = "GS1 General Specifications, section 5.4; ISO/IEC 15417"
LINEAR = True
OPTIONS: frozenset[str] = frozenset()
QUIET_ZONE = QuietZone(10, 0, 10, 0)
IDENTIFIER = "]C1"

_CHARACTERS_MAX = 48
"""Data characters, AIs and separators in one symbol (section 5.4.4.3)."""

literal = _gs1.literal
guards = no_guards


def settle(options: Options) -> Options:
    """The same options; it heeds none."""
    return settled(options, title=TITLE, rules={})


def validate(text: str, options: Options) -> None:
    """Return if the elements are GS1's and not too long together."""
    _data(text)


def segments(text: str) -> _code128.Segments:
    """The code sets of the symbol, FNC1 in first position included."""
    return _code128.segments(_code128.FNC1 + _data(text))


def size(text: str, options: Options) -> tuple[int, int]:
    """Columns, and one row."""
    return _code128.columns(segments(text)), 1


def capacity(columns: int, options: Options) -> int:
    """A codeword each: two brackets, which are not encoded, outweigh FNC1 and a separator."""
    return min(_CHARACTERS_MAX, _code128.data_codewords(columns))


def encode(text: str, options: Options) -> tuple[str, ...]:
    """One row of modules."""
    return (_code128.bars(_code128.codewords(segments(text))),)


def captions(text: str, options: Options) -> tuple[Caption, ...]:
    """AIs in brackets and their values, under all bars."""
    hri = _gs1.interpretation(_gs1.parse(text, title=TITLE))
    return (Caption(hri, 0, size(text, options)[0]),)


def _data(text: str) -> str:
    data = _gs1.carried(_gs1.parse(text, title=TITLE), separator=_code128.FNC1)
    if len(data) > _CHARACTERS_MAX:
        raise Unprintable(
            f"{TITLE} cannot carry {text!r}: expected {_CHARACTERS_MAX} characters at most without "
            f"brackets, got {len(data)}; split it into two symbols or use gs1_datamatrix."
        )
    return data

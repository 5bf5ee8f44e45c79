"""Code 128, ISO/IEC 15417: printable ASCII, in code sets B and C.

>>> segments("AC1234567")
(('B', 'AC1'), ('C', '234567'))
>>> segments("9912")
(('C', '9912'),)
>>> codewords("9912")
[105, 99, 12, 22]
>>> validate("AC-é", Options())  # doctest: +ELLIPSIS
Traceback (most recent call last):
printers.errors.Unprintable: Code 128 cannot carry character U+00E9 at position 4 of 'AC-é': ...

The characters FNC1 to FNC4 and code set A (control characters) are not offered.
"""

import re

from barcode.charsets import code128 as tables

from printers.errors import Unprintable
from printers.symbologies._options import Caption, Options, QuietZone

NAME = "code128"
TITLE = "Code 128"
STANDARD = "ISO/IEC 15417"
LINEAR = True
OPTIONS: frozenset[str] = frozenset()
QUIET_ZONE = QuietZone(10, 0, 10, 0)
IDENTIFIER = "]C0"

_PRINTABLE = re.compile(r"[ -~]+")
_DIGIT_RUN = re.compile(r"([0-9]{4,})")
_MODULES_PER_CODEWORD = 11
_STOP_MODULES = 13
_CHECK_MODULUS = 103
_SWITCH = {"B": 100, "C": 99}


def settle(options: Options) -> Options:
    """It has none."""
    return options


def literal(value: str) -> str:
    """As it is."""
    return value


def captions(text: str, options: Options) -> tuple[Caption, ...]:
    """The text, centred under all bars."""
    return (Caption(text, 0, size(text, options)[0]),)


def guards(text: str, options: Options) -> tuple[tuple[int, int], ...]:
    """None."""
    return ()


def validate(text: str, options: Options) -> None:
    """Return if every character is printable ASCII and there is one."""
    if _PRINTABLE.fullmatch(text):
        return
    if not text:
        raise Unprintable(
            "Code 128 cannot carry an empty text '': expected at least one character; "
            "hand in a value for the field."
        )
    at = next(i for i, character in enumerate(text) if not " " <= character <= "~")
    raise Unprintable(
        f"Code 128 cannot carry character U+{ord(text[at]):04X} at position {at + 1} of {text!r}: "
        "expected printable ASCII (space to ~); remove the character or use the symbology qr."
    )


def segments(text: str) -> tuple[tuple[str, str], ...]:
    """The text cut into runs of one code set: the only place that chooses code sets.

    The shortest symbol with sets B and C, ISO/IEC 15417 annex E: two digits alone, four or more
    at an end and six or more in the middle are worth set C; the odd digit of a run stays in B,
    in front of it unless the run begins the symbol.
    """
    if len(text) == 2 and text.isdigit():
        return (("C", text),)
    pieces = _DIGIT_RUN.split(text)
    if len(pieces) == 1:
        return (("B", text),)
    found: list[tuple[str, str]] = []
    in_b = ""
    last = len(pieces) - 1
    for index, piece in enumerate(pieces):
        is_inside = bool(in_b or found) and not (index == last - 1 and not pieces[last])
        if index % 2 == 0 or (is_inside and len(piece) < 6):
            in_b += piece
            continue
        odd = len(piece) % 2
        if in_b:
            found.append(("B", in_b + piece[:odd]))
            found.append(("C", piece[odd:]))
            in_b = ""
        elif odd and not found:
            found.append(("C", piece[:-1]))
            in_b = piece[-1]
        else:
            found.append(("C", piece[odd:]))
    if in_b:
        found.append(("B", in_b))
    return tuple(found)


def codewords(text: str) -> list[int]:
    """Start character, data, switches and check character; the stop pattern follows them."""
    parts = segments(text)
    found = [tables.START_CODES[parts[0][0]]]
    for index, (code_set, run) in enumerate(parts):
        if index:
            found.append(_SWITCH[code_set])
        if code_set == "C":
            found.extend(int(run[at : at + 2]) for at in range(0, len(run), 2))
        else:
            found.extend(tables.B[character] for character in run)
    weighted = sum(position * value for position, value in enumerate(found[1:], start=1))
    found.append((found[0] + weighted) % _CHECK_MODULUS)
    return found


def size(text: str, options: Options) -> tuple[int, int]:
    """How many modules wide the symbol is; one row."""
    parts = segments(text)
    data = sum(len(run) // 2 if code_set == "C" else len(run) for code_set, run in parts)
    return _MODULES_PER_CODEWORD * (data + len(parts) + 1) + _STOP_MODULES, 1


def capacity(columns: int, options: Options) -> int:
    """How many characters surely fit: one codeword each beside start and check character."""
    return max(0, (columns - _STOP_MODULES) // _MODULES_PER_CODEWORD - 2)


def encode(text: str, options: Options) -> tuple[str, ...]:
    """One row of modules."""
    validate(text, options)
    bars = "".join([tables.CODES[value] for value in codewords(text)])
    return (bars + tables.STOP + "11",)

"""Data that each symbology carries, and what a scanner sends for it."""

import random
import string
from urllib.parse import quote

from hypothesis import strategies as st

from printers.symbologies import Options, load

GTIN = "09501101530003"
SET_82 = "!\"%&'()*+,-./" + string.digits + ":;<=>?_" + string.ascii_letters
CODE_39 = string.digits + string.ascii_uppercase + "-. $/+%"
NASTY = [
    "^XZ", "~JA", "_5E", "_", "__", "\\", "\\\\", ">", ">;", ">;>8", ">:1234", "A>0B", '"', "'",
    "0007", "0", "99", "999", "9912345", "99A", "A9999B", " lead", "trail ", "(01)", "[21]", "{}",
    "%s%d", "%%", "\\&", "A" * 40, "1234567890" * 4, "AC-000123456-XY", "``|`` [x]",
]  # fmt: skip
CONTROLS = [
    "\x00",
    "A\tB",
    "\x1b\x1dab\x7f",
    "ab\x01\x02cd",
    "[)>\x1e06\x1d17V0CVA5\x1d1P4711\x1dS7\x1e\x04",
]
FOREIGN = ["é", "äöü ÄÖÜ ß", "日本語", "€ 5", "🔧", "سيارة ١٢٣", "Ω\x00\n"]
GS1 = [
    f"(01){GTIN}",
    f"(01){GTIN}(21)AC-0001",
    f"(01){GTIN}(17)260131(10)L%7(21)A\\(1\\)(11)260131",
    "(00)095011015300000010(02)09501101530003(37)12",
    f"(01){GTIN}(21)99(10)99123456",
    f"(01){GTIN}(3103)001250(15)270200(21)007",
    "(8003)09501101530003A7",
    "(4300)M%C3%BCller(410)9501101530003",
]
TEXTS = {
    "aztec": NASTY + CONTROLS + FOREIGN,
    "code128": NASTY + CONTROLS,
    "code39": ["AC-0001", "0007", "99", "$/+%", " A ", "-."],
    "code93": NASTY,
    "datamatrix": NASTY + CONTROLS + FOREIGN,
    "ean13": ["400638133393", "4006381333931", "04006381333931", "000000000000", "990000000000"],
    "ean8": ["9031101", "90311017", "00000090311017", "0000000", "9912345"],
    "gs1_128": GS1,
    "gs1_datamatrix": GS1,
    "gs1_digital_link": [one for one in GS1 if not one.startswith("(4300)")],
    "gs1_qr": GS1,
    "itf14": ["1540014128876", "15400141288763", "0000000000000", "9900000000000"],
    "pdf417": NASTY + CONTROLS + FOREIGN,
    "qr": NASTY + CONTROLS + FOREIGN,
    "upca": ["03600029145", "036000291452", "00036000291452", "00000000000", "99123456789"],
}
EVERY = [(name, text) for name, texts in TEXTS.items() for text in texts]

_NUMBERS = {"ean13": 13, "ean8": 8, "itf14": 14, "upca": 12}
_ASCII = st.characters(max_codepoint=127)
_ANY = st.text(
    alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60
) | st.text(alphabet=string.digits + "AC-:/x ", min_size=1, max_size=120)
_VALUES = st.text(alphabet=SET_82, min_size=1, max_size=20)


def elements(serial: str, lot: str = "") -> str:
    """GS1 data with these values, through `literal`."""
    literal = load("gs1_128").literal
    return f"(01){GTIN}" + (f"(10){literal(lot)}" if lot else "") + f"(21){literal(serial)}"


STRATEGIES = {
    "aztec": _ANY,
    "code128": st.text(alphabet=_ASCII, min_size=1, max_size=40),
    "code39": st.text(alphabet=CODE_39, min_size=1, max_size=40),
    "code93": st.text(alphabet=string.printable[:95], min_size=1, max_size=30),
    "datamatrix": _ANY,
    **{
        name: st.text(alphabet=string.digits, min_size=digits - 1, max_size=digits - 1)
        for name, digits in _NUMBERS.items()
    },
    "gs1_128": st.builds(elements, _VALUES),
    "gs1_datamatrix": st.builds(elements, _VALUES, _VALUES | st.just("")),
    "gs1_digital_link": st.builds(elements, _VALUES, _VALUES | st.just("")),
    "gs1_qr": st.builds(elements, _VALUES, _VALUES | st.just("")),
    "pdf417": _ANY,
    "qr": _ANY,
}
"""Name -> valid data of all sorts."""


def check_digit(digits: str) -> str:
    """Weights 3 and 1 from the right, modulo 10."""
    return str(-sum(int(d) * (3, 1)[at % 2] for at, d in enumerate(reversed(digits))) % 10)


def check_character(text: str) -> str:
    """Modulo 43."""
    return CODE_39[sum(map(CODE_39.index, text)) % 43]


def sent(name: str, text: str, options: Options) -> bytes:
    """What a scanner sends, by rules of its own rather than by the symbology's code."""
    if name in _NUMBERS:
        digits = _NUMBERS[name]
        number = text[-digits:] if len(text) >= digits else text + check_digit(text)
        return (number.zfill(13) if name == "upca" else number).encode()
    if name == "code39" and options.check_character:
        return (text + check_character(text)).encode()
    if name.startswith("gs1"):
        pairs = _pairs(text)
        if name == "gs1_digital_link":
            return _address(pairs, options.domain or "").encode()
        return _joined(pairs).encode()
    return text.encode()


def _pairs(text: str) -> list[tuple[str, str]]:
    """AIs and values; a placeholder hides what is escaped."""
    hidden = text.replace("\\\\", "\0").replace("\\(", "\1").replace("\\)", "\2")
    shown = str.maketrans({"\0": "\\", "\1": "(", "\2": ")"})
    parts = hidden.removeprefix("(").split("(")
    return [(ai, value.translate(shown)) for ai, _, value in (one.partition(")") for one in parts)]


def _joined(pairs: list[tuple[str, str]]) -> str:
    """A separator behind everything that is not of predefined length, but for the last."""
    fixed = {"00", "01", "02", "11", "15", "17", "31", "41"}
    whole = "".join(ai + value + ("" if ai[:2] in fixed else "\x1d") for ai, value in pairs)
    return whole.removesuffix("\x1d")


def _address(pairs: list[tuple[str, str]], domain: str) -> str:
    values = dict(pairs)
    key = next(ai for ai in ("01", "00", "8003") if ai in values)
    path = [ai for ai in (key, "22", "10", "21") if ai in values]
    query = sorted(set(values) - set(path))
    address = domain + "".join(f"/{ai}/{quote(values[ai], safe='')}" for ai in path)
    return address + ("?" if query else "") + "&".join(f"{ai}={quote(values[ai])}" for ai in query)


def of_serial(name: str, serial: str) -> str:
    """The data of a label for that serial, in this symbology."""
    if name in _NUMBERS:
        return serial.zfill(_NUMBERS[name] - 1)
    return elements(serial) if name.startswith("gs1") else serial


def random_serial(name: str, source: random.Random) -> str:
    """A serial as this symbology may carry it: often digits, often of one pattern, or anything."""
    if name in _NUMBERS:
        return "".join(source.choices(string.digits, k=_NUMBERS[name] - 1))
    alphabets = {"code39": CODE_39, "code93": string.printable[:95]}
    odd = SET_82 if name.startswith("gs1") else alphabets.get(name, ANY_ASCII)
    alphabet = source.choice([string.digits, string.digits + string.ascii_uppercase, odd])
    return "".join(source.choices(alphabet, k=source.randint(1, 20)))


ANY_ASCII = "".join(map(chr, range(128)))

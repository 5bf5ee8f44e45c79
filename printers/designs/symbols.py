"""How each barcode command of ZPL takes values, by the ZPL II Programming Guide.

``validate`` of a symbology says what the whole data may be where the command draws just that
symbology; else a value must be made of characters that surely stand for themselves.
"""

import re
from collections.abc import Callable, Sequence

from printers import symbologies
from printers.designs.escaping import as_data, invoke
from printers.designs.tokens import Token
from printers.errors import Unprintable

Write = Callable[[Sequence[str], Sequence[str]], str]

_DIGITS = ("[0-9]+", "digits")
_CODE39 = ("[0-9A-Z ./%-]+", "digits, capitals, space and . / % -")
_VISIBLE = (r"[ -\[\]-~]+", "printable ASCII without the backslash")
_PLAIN = ("[0-9A-Za-z .,:/-]+", "ASCII letters, digits, space and . , : / -")
_VALUES = {
    "^B0": _VISIBLE, "^B1": ("[0-9-]+", "digits and hyphens"), "^B2": _DIGITS, "^B3": _CODE39,
    "^B4": _PLAIN, "^B5": _DIGITS, "^B7": _VISIBLE, "^B8": _DIGITS, "^B9": _DIGITS, "^BA": _CODE39,
    "^BB": _PLAIN, "^BC": ("[ -~]+", "printable ASCII"), "^BD": ("[0-9A-Z ]+", "digits, capitals"),
    "^BE": _DIGITS, "^BF": _VISIBLE, "^BI": _DIGITS, "^BJ": _DIGITS,
    "^BK": ("[0-9$:/.+-]+", "digits and $ : / . + -"),
    "^BL": _CODE39, "^BM": _DIGITS, "^BO": _VISIBLE, "^BP": ("[0-9A-F]+", "hexadecimal digits"),
    "^BR": ("[0-9A-Za-z.,/-]+", "ASCII letters, digits and . , / -"), "^BS": _DIGITS,
    "^BT": ("[0-9A-Z]+", "digits, capitals"), "^BU": _DIGITS, "^BZ": _DIGITS,
}  # fmt: skip
"""What a value may be made of. Not + and $ in Code 39: +$ and -$ are commands of ^B3."""
_CHECKED = {"^B8": ("ean8", 8), "^BE": ("ean13", 13), "^BU": ("upca", 12)}
"""Symbology and digits; the printer makes the last one itself, whatever is in its place."""
QR_PREFIX = re.compile("[HQML]A,")
"""Error correction level and automatic mode, which ^BQ wants before its data."""
_QR_MANUAL = re.compile("[HQML]M,[NABK]|D[0-9]{4}|[HQML]A,")
_INVOCATION = re.compile(">([5679:;])")
_KNOWN_CODE = re.compile("(>[0-9:;<=])+")
_CODE_SET = {"5": "C", ";": "C", "6": "B", ":": "B", "7": "A", "9": "A"}
_UNDERSCORE = "_"
_DATA_MATRIX_ESCAPE = 6
"""Which parameter of ^BX is the escape character."""


def is_symbol(name: str) -> bool:
    """Whether the command draws a symbol."""
    return name in _VALUES or name in ("^BQ", "^BX")


def stated(token: Token) -> str:
    """The command's parameters, with what firmware would choose by itself chosen here."""
    parameters = token.parameters
    if token.name == "^A":
        return token.text[:1].upper() + token.text[1:]
    if token.name != "^BX" or _parameter(token, 2) != "200" or parameters[_DATA_MATRIX_ESCAPE:]:
        return token.text
    padding = [""] * (_DATA_MATRIX_ESCAPE - len(parameters))
    return ",".join([*parameters, *padding, _UNDERSCORE])


def writer(token: Token, literals: Sequence[str]) -> Write:
    """What makes the data of a symbol; Unprintable if no value can make them right.

    One literal alone is the data of a symbol without open places.
    """
    is_open = len(literals) > 1
    match token.name:
        case "^BC":
            return _code128(token, literals) if is_open else joined
        case "^BQ":
            return _qr(literals, is_open=is_open)
        case "^BX":
            return _data_matrix(token, literals, is_open=is_open)
    return _simple(token.name) if is_open else joined


def _parameter(token: Token, index: int) -> str:
    parameters = token.parameters
    return parameters[index].upper() if len(parameters) > index else ""


def joined(literals: Sequence[str], values: Sequence[str]) -> str:
    """Literals and values in turn; there is one literal more."""
    return "".join([part for pair in zip(literals, [*values, ""], strict=True) for part in pair])


def _simple(name: str) -> Write:
    pattern, words = _VALUES[name]

    def write(literals: Sequence[str], values: Sequence[str]) -> str:
        for value in values:
            if not re.fullmatch(pattern, value):
                raise Unprintable(
                    f"Value {value!r} stands in a {name} symbol: expected {words}, at least one; "
                    "change the value, or draw it as a QR code."
                )
        data = joined(literals, values)
        if name in _CHECKED:
            symbology_name, digits = _CHECKED[name]
            symbology = symbologies.load(symbology_name)
            symbology.validate(data, symbology.settle(symbologies.Options()))
            return data[-digits:][: digits - 1] if len(data) >= digits else data
        return data

    return write


def _qr(literals: Sequence[str], *, is_open: bool) -> Write:
    """^BQ takes the first characters of its data for level and mode, whatever they are."""
    first = literals[0]
    if not (QR_PREFIX if is_open else _QR_MANUAL).match(first):
        raise Unprintable(
            f"The data of ^BQ begin with {first[:12]!r}: expected level and mode such as 'QA,' "
            "before them, or the printer takes the first characters for it and loses them; write "
            "QA, in front."
        )
    symbology = symbologies.load("qr")
    options = symbology.settle(symbologies.Options(error_correction=first[0] if is_open else None))

    def write(literals: Sequence[str], values: Sequence[str]) -> str:
        data = joined(literals, values)
        if values:
            symbology.validate(data[3:], options)
        return data

    return write


def _data_matrix(token: Token, literals: Sequence[str], *, is_open: bool) -> Write:
    """The escape character of ^BX stands for itself where it is doubled.

    Where the design does not state it, it is ~ or _, by the printer's firmware: then no text that
    holds either means the same everywhere.
    """
    mark = (token.parameters[_DATA_MATRIX_ESCAPE:] or [""])[0]
    if not mark and any(one in literal for literal in literals for one in "_~"):
        raise Unprintable(
            f"The data of {token.name}{token.text} hold _ or ~, and it does not state its escape "
            "character: expected one as its seventh parameter, since firmware differs; write "
            "^BXN,h,200,,,,_ and export again."
        )
    if is_open and _parameter(token, 2) != "200":
        raise Unprintable(
            f"{token.name}{token.text} takes a value and is not of quality 200: expected 200, the "
            "Data Matrix of ISO/IEC 16022; choose it in the design."
        )
    doubled = mark or _UNDERSCORE
    symbology = symbologies.load("datamatrix")
    options = symbology.settle(symbologies.Options())

    def write(literals: Sequence[str], values: Sequence[str]) -> str:
        for value in values:
            if not value.isascii() or not value:
                raise Unprintable(
                    f"Value {value!r} stands in a ^BX symbol: expected ASCII, at least one "
                    "character; change the value, or draw it as a QR code."
                )
        if is_open:
            symbology.validate(joined(literals, values), options)
        return joined(literals, [value.replace(doubled, doubled * 2) for value in values])

    return write


def _code128(token: Token, literals: Sequence[str]) -> Write:
    mode = _parameter(token, 5) or "N"
    symbology = symbologies.load("code128")
    options = symbologies.Options()
    if any(">" in _KNOWN_CODE.sub("", literal) for literal in literals):
        raise Unprintable(
            f"The data of ^BC are {''.join(literals)!r}: expected each > to begin one of the codes "
            ">0 to >9 >: >; >< >=; write > itself as >0."
        )
    write_mode = {"U": _write_sscc, "D": _write_gs1}.get(mode, _write_invoked)

    def write(literals: Sequence[str], values: Sequence[str]) -> str:
        for value in values:
            symbology.validate(value, options)
        # Programs put the start code of set B before plain text: what follows it chooses better.
        first, *others = literals
        plain = [first.removeprefix(">:"), *others]
        if mode == "N" and not any(">" in literal for literal in plain):
            return invoke(joined(plain, values))
        return write_mode(literals, values)

    return write


def _write_sscc(literals: Sequence[str], values: Sequence[str]) -> str:
    data = joined(literals, values)
    if not re.fullmatch("00[0-9]{17}", data):
        raise Unprintable(
            f"^BC in mode U gets the data {data!r}: expected 19 digits, the AI 00 and an SSCC "
            "without its check digit, which the printer makes; correct the value."
        )
    return data


def _write_gs1(literals: Sequence[str], values: Sequence[str]) -> str:
    for value in values:
        if not re.fullmatch(r"[!-'*-=?-~]+", value):
            raise Unprintable(
                f"Value {value!r} stands in a ^BC symbol of mode D, which takes parentheses, "
                "spaces and > out of its data: expected none; change the value."
            )
    return joined(literals, values)


def _write_invoked(literals: Sequence[str], values: Sequence[str]) -> str:
    """Values among invocation codes of the design: data of the code set that is on just there."""
    code_set, parts = "B", []
    for literal, value in zip(literals, [*values, ""], strict=True):
        codes = _INVOCATION.findall(literal)
        code_set = _CODE_SET[codes[-1]] if codes else code_set
        is_pairs = re.fullmatch("([0-9]{2})*", value)
        if (code_set == "C" and not is_pairs) or (code_set == "A" and re.search("[`-~]", value)):
            wanted = "an even number of digits" if code_set == "C" else "no small letters"
            raise Unprintable(
                f"Value {value!r} stands where the design is in code set {code_set} of Code 128: "
                f"expected {wanted}; take the > codes out of the design."
            )
        parts += [literal, as_data(value)]
    return "".join(parts)

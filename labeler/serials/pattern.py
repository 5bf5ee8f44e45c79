"""The grammar of a series pattern.

    pattern  = 1*( literal | "{{" | "}}" | field )
    field    = "{date:" 1*( "%" code | literal ) "}"
             | "{code:" table "}"
             | "{shift}"
             | "{run:" attribute ":" width [ ":" alphabet ] "}"
             | "{counter:" width [ ":" alphabet ] *( "," option "=" value ) "}"
             | "{" ( "permuted:" | "random:" | "imported:" ) width [ ":" alphabet ] "}"
             | "{check:" scheme "}"
    option   = "start" | "step" | "reset"
    literal  = printable ASCII except braces (in a date also except "%")

Exactly one number (counter, permuted, random or imported); at most one check, over everything else:
as the last field, or where its scheme has its own place in a text of fixed length (a VIN's position
9). A counter begins at 1 where no start is written. What must hold for the whole stands in `rules`.

>>> parse_pattern("AC{date:%g%V}-{counter:4:base34,start=34}").text_length
11
>>> parse_pattern("{date:%y%j}{shift}{counter:3,reset=shift}", own=Vocabulary(shifts=("A", "B")))
... # doctest: +ELLIPSIS
Series(pattern='{date:%y%j}{shift}{counter:3,reset=shift}', fields=(...
>>> parse_pattern("AC{date:%y%V}{counter:5}")
Traceback (most recent call last):
labeler.serials.errors.PatternError: Pattern 'AC{date:%y%V}{counter:5}', character 11: ISO weeks \
belong to the ISO year, which is not always %y; write %g%V.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from labeler.serials import checks
from labeler.serials.alphabets import Alphabet
from labeler.serials.codes import CodePart
from labeler.serials.dates import DATE_PARTS, refusal
from labeler.serials.errors import SerialError, shown
from labeler.serials.fields import Check, Literal, RunPart, ShiftPart
from labeler.serials.numbers import Kind, Number
from labeler.serials.periods import RESETS
from labeler.serials.pieces import TEXT_LENGTH_MAX, Piece, Placed
from labeler.serials.rules import RULES
from labeler.serials.series import Series
from labeler.serials.vocabulary import NONE, Vocabulary

_TOKEN = re.compile(
    r"(?P<brace>\{\{|\}\})|\{(?P<field>[^{}]*)\}|(?P<literal>[^{}]+)|(?P<stray>[{}])"
)
_WIDTH = re.compile(r"[1-9][0-9]?")
_NUMBERS = ("counter", "permuted", "random", "imported")
_NUMBER = re.compile(r"[0-9]{1,19}")
_ATTRIBUTES = ("line", "plant", "product", "lot", "work_order", "number", "attributes.NAME")


def parse_pattern(pattern: str, *, own: Vocabulary = NONE) -> Series:
    """The series that a pattern describes, or PatternError with what to write instead.

    ``own`` holds the site's own alphabets, code tables and shifts.
    """
    placed = read_fields(pattern, own=own)
    return Series(pattern=pattern, fields=tuple(p.field for p in placed))


def read_fields(pattern: str, *, own: Vocabulary = NONE) -> list[Placed]:
    """The fields of a pattern, each with the piece it was written as, or PatternError."""
    whole = Piece(pattern=pattern, position=1, text=pattern)
    placed = list(_read(whole, own))
    for rule in RULES:
        rule(whole, placed)
    return placed


def number_position(pattern: str) -> int:
    """Return the place of the number in a pattern that was parsed, counted from 1.

    >>> number_position("A{{{date:%y%j}{counter:5}")
    15
    """
    return next(
        token.start() + 1
        for token in _TOKEN.finditer(pattern)
        if (token["field"] or "").partition(":")[0] in _NUMBERS
    )


def _read(whole: Piece, own: Vocabulary) -> Iterator[Placed]:
    for token in _TOKEN.finditer(whole.text):
        piece = whole.part(token.start(), token.group())
        if token["stray"]:
            raise piece.error(
                f"This '{piece.text}' has no partner; write '{piece.text * 2}' for the character"
                f" itself, or a whole field such as {{counter:5}}."
            )
        if token["field"] is not None:
            yield from _read_field(piece, own)
        elif token["brace"]:
            yield Placed(piece=piece, field=Literal(text=piece.text[0]))
        else:
            yield _read_literal(piece)


def _read_literal(piece: Piece) -> Placed:
    for offset, character in enumerate(piece.text):
        if not " " <= character <= "~":
            raise piece.error(
                f"{character!r} is not printable ASCII; write letters, digits or signs that every"
                f" scanner can send.",
                offset=offset,
            )
    return Placed(piece=piece, field=Literal(text=piece.text))


def _read_field(piece: Piece, own: Vocabulary) -> Iterator[Placed]:
    kind, colon, argument = piece.text[1:-1].partition(":")
    if kind not in _READERS or (kind == "shift" and colon):
        known = ", ".join(f"{{{known}:…}}" for known in _READERS if known != "shift")
        raise piece.error(f"There is no field {shown(kind)}; write one of {known}, {{shift}}.")
    return _READERS[kind](piece, piece.part(1 + len(kind + colon), argument), own)


def _read_date(whole: Piece, argument: Piece, own: Vocabulary) -> Iterator[Placed]:
    if "%" not in argument.text:
        raise whole.error("This date has no date code; write one, such as {date:%y%j}.")
    for token in re.finditer(r"%(.?)|[^%]+", argument.text, re.DOTALL):
        piece = argument.part(token.start(), token.group())
        code = token[1]
        if code is None:
            yield _read_literal(piece)
        elif code in DATE_PARTS:
            yield Placed(piece=piece, field=DATE_PARTS[code])
        elif code in ("", "%"):
            raise piece.error("A date has no place for '%' itself; write it outside the braces.")
        else:
            raise piece.error(refusal(code))


def _read_code(whole: Piece, argument: Piece, own: Vocabulary) -> Iterator[Placed]:
    try:
        table = own.code_table(argument.text)
    except SerialError as error:
        raise argument.error(str(error)) from None
    yield Placed(piece=whole, field=CodePart(table=table))


def _read_shift(whole: Piece, argument: Piece, own: Vocabulary) -> Iterator[Placed]:
    if not own.shifts:
        raise whole.error("The site has no shifts; write them in config.yaml, under site.shifts.")
    yield Placed(piece=whole, field=ShiftPart(shifts=own.shifts))


def _read_run(whole: Piece, argument: Piece, own: Vocabulary) -> Iterator[Placed]:
    attribute, _, form = argument.text.partition(":")
    named = attribute.startswith("attributes.") and attribute != "attributes."
    if attribute not in _ATTRIBUTES[:-1] and not named:
        raise argument.error(
            f"A run has no {shown(attribute)}; write one of {', '.join(_ATTRIBUTES)}."
        )
    default = "digits" if attribute == "number" else "alnum"
    example = f"{{run:{attribute}:6}}"
    width, alphabet = _read_form(argument.part(len(attribute) + 1, form), own, example, default)
    field = RunPart(attribute=attribute, length=width, alphabet=alphabet)
    yield Placed(piece=whole, field=field)


def _read_form(
    piece: Piece, own: Vocabulary, example: str, default: str = "digits"
) -> tuple[int, Alphabet]:
    """Read `width[:alphabet]`."""
    width, colon, name = piece.text.partition(":")
    if not _WIDTH.fullmatch(width):
        raise piece.error(
            f"A width is a number from 1 to {TEXT_LENGTH_MAX}, not {shown(width)};"
            f" write for example {example}."
        )
    try:
        return int(width), own.alphabet(name if colon else default)
    except SerialError as error:
        raise piece.error(str(error), offset=len(width) + 1) from None


def _read_number(kind: Kind, whole: Piece, argument: Piece, own: Vocabulary) -> Iterator[Placed]:
    width, alphabet = _read_form(argument, own, f"{{{kind}:8}}")
    yield Placed(piece=whole, field=Number(kind=kind, width=width, alphabet=alphabet))


def _read_counter(whole: Piece, argument: Piece, own: Vocabulary) -> Iterator[Placed]:
    form, *options = argument.text.split(",")
    width, alphabet = _read_form(argument.part(0, form), own, "{counter:5}")
    given: dict[str, Any] = {"start": 1}
    places: dict[str, Piece] = {}
    position = len(form) + 1
    for option in options:
        piece = argument.part(position, option)
        key, value = _read_option(piece)
        if key in places:
            raise piece.error(f"{key} is said twice; write it once.")
        given[key], places[key] = value, piece
        position += len(option) + 1
    start = given["start"]
    counter = Number(kind="counter", width=width, alphabet=alphabet)
    if start > counter.last:
        raise places.get("start", argument).error(
            f"Start {start} does not fit; write a start of at most {counter.last},"
            f" or a wider counter."
        )
    yield Placed(piece=whole, field=Number(kind="counter", width=width, alphabet=alphabet, **given))


def _read_option(option: Piece) -> tuple[str, Any]:
    key, _, value = option.text.partition("=")
    if key == "reset":
        if value not in RESETS:
            raise option.error(
                f"A counter cannot begin again each {shown(value)}; write one of"
                f" {', '.join(RESETS)}.",
                offset=len("reset="),
            )
        return key, value
    if key not in ("start", "step") or not _NUMBER.fullmatch(value):
        raise option.error(
            f"A counter has no option {shown(option.text)}; write for example"
            f" {{counter:5,start=1000,step=1,reset=day}}."
        )
    if key == "step" and int(value) == 0:
        raise option.error("A counter that stands still repeats serials; write step=1 or more.")
    return key, int(value)


def _read_check(whole: Piece, argument: Piece, own: Vocabulary) -> Iterator[Placed]:
    try:
        scheme = checks.load(argument.text)
    except SerialError as error:
        raise argument.error(str(error)) from None
    yield Placed(piece=whole, field=Check(scheme=scheme))


_READERS: Mapping[str, Callable[[Piece, Piece, Vocabulary], Iterator[Placed]]] = {
    "date": _read_date,
    "code": _read_code,
    "shift": _read_shift,
    "run": _read_run,
    "counter": _read_counter,
    "permuted": partial(_read_number, "permuted"),
    "random": partial(_read_number, "random"),
    "imported": partial(_read_number, "imported"),
    "check": _read_check,
}
"""Kind of field -> how its argument is read. A new kind is a row here and a class in fields.py."""

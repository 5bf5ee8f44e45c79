"""The grammar of a series pattern, and everything about a pattern that can be wrong.

    pattern  = 1*( literal | "{{" | "}}" | field )
    field    = "{date:" 1*( "%" code | literal ) "}"
             | "{counter:" width [ ":" alphabet ] [ ",start=" number ] "}"
             | "{check:" scheme "}"
    literal  = printable ASCII except braces (in a date also except "%")

Exactly one counter; at most one check, as the last field, over everything before it. The counter
begins at 1 where no start is written.

>>> parse_pattern("AC{date:%g%V}-{counter:4:base34,start=34}").text_length
11
>>> parse_pattern("AC{date:%y%V}{counter:5}")
Traceback (most recent call last):
labeler.serials.errors.PatternError: Pattern 'AC{date:%y%V}{counter:5}', character 11: ISO weeks \
belong to the ISO year, which is not always %y; write %g%V.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from labeler.serials import checks
from labeler.serials.alphabets import alphabet
from labeler.serials.dates import DATE_PARTS, DatePart, refusal
from labeler.serials.errors import PatternError, SerialError, shown
from labeler.serials.fields import Check, Counter, Field, Literal
from labeler.serials.series import Series

TEXT_LENGTH_MAX = 64
"""Longer texts fit no label, and no scanner's field."""

_TOKEN = re.compile(
    r"(?P<brace>\{\{|\}\})|\{(?P<field>[^{}]*)\}|(?P<literal>[^{}]+)|(?P<stray>[{}])"
)
_WIDTH = re.compile(r"[1-9][0-9]?")
_START = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """A part of the pattern's text, which knows where it stands."""

    pattern: str
    position: int
    text: str

    def error(self, problem: str, *, offset: int = 0) -> PatternError:
        return PatternError(self.pattern, position=self.position + offset, problem=problem)

    def part(self, start: int, text: str) -> "_Piece":
        return _Piece(pattern=self.pattern, position=self.position + start, text=text)


@dataclass(frozen=True, kw_only=True)
class _Placed:
    """A field, and the piece of the pattern it was written as."""

    piece: _Piece
    field: Field


def parse_pattern(pattern: str) -> Series:
    """The series that a pattern describes, or PatternError with what to write instead."""
    whole = _Piece(pattern=pattern, position=1, text=pattern)
    placed = list(_read(whole))
    for rule in _RULES:
        rule(whole, placed)
    return Series(pattern=pattern, fields=tuple(p.field for p in placed))


def _read(whole: _Piece) -> Iterator[_Placed]:
    for token in _TOKEN.finditer(whole.text):
        piece = whole.part(token.start(), token.group())
        if token["stray"]:
            raise piece.error(
                f"This '{piece.text}' has no partner; write '{piece.text * 2}' for the character"
                f" itself, or a whole field such as {{counter:5}}."
            )
        if token["field"] is not None:
            yield from _read_field(piece)
        elif token["brace"]:
            yield _Placed(piece=piece, field=Literal(text=piece.text[0]))
        else:
            yield _read_literal(piece)


def _read_literal(piece: _Piece) -> _Placed:
    for offset, character in enumerate(piece.text):
        if not " " <= character <= "~":
            raise piece.error(
                f"{character!r} is not printable ASCII; write letters, digits or signs that every"
                f" scanner can send.",
                offset=offset,
            )
    return _Placed(piece=piece, field=Literal(text=piece.text))


def _read_field(piece: _Piece) -> Iterator[_Placed]:
    kind, colon, argument = piece.text[1:-1].partition(":")
    if kind not in _READERS:
        known = ", ".join(f"{{{known}:…}}" for known in _READERS)
        raise piece.error(f"There is no field {shown(kind)}; write one of {known}.")
    return _READERS[kind](piece, piece.part(1 + len(kind + colon), argument))


def _read_date(whole: _Piece, argument: _Piece) -> Iterator[_Placed]:
    if "%" not in argument.text:
        raise whole.error("This date has no date code; write one, such as {date:%y%j}.")
    for token in re.finditer(r"%(.?)|[^%]+", argument.text, re.DOTALL):
        piece = argument.part(token.start(), token.group())
        code = token[1]
        if code is None:
            yield _read_literal(piece)
        elif code in DATE_PARTS:
            yield _Placed(piece=piece, field=DATE_PARTS[code])
        elif code in ("", "%"):
            raise piece.error("A date has no place for '%' itself; write it outside the braces.")
        else:
            raise piece.error(refusal(code))


def _read_counter(whole: _Piece, argument: _Piece) -> Iterator[_Placed]:
    form, comma, option = argument.text.partition(",")
    width, colon, name = form.partition(":")
    if not _WIDTH.fullmatch(width):
        raise argument.error(
            f"A counter's width is a number from 1 to {TEXT_LENGTH_MAX}, not {shown(width)};"
            f" write for example {{counter:5}}."
        )
    try:
        letters = alphabet(name if colon else "digits")
    except SerialError as error:
        raise argument.error(str(error), offset=len(width) + 1) from None
    start = _read_start(argument.part(len(form) + 1, option)) if comma else 1
    counter = Counter(width=int(width), alphabet=letters, start=start)
    if start > counter.last:
        raise argument.error(
            f"Start {start} does not fit; write a start of at most {counter.last},"
            f" or a wider counter.",
            offset=len(form) + 1,
        )
    yield _Placed(piece=whole, field=counter)


def _read_start(option: _Piece) -> int:
    key, _, number = option.text.partition("=")
    if key != "start" or not _START.fullmatch(number):
        raise option.error(
            f"A counter has no option {shown(option.text)}; write for example"
            f" {{counter:5,start=1000}}."
        )
    return int(number)


def _read_check(whole: _Piece, argument: _Piece) -> Iterator[_Placed]:
    try:
        scheme = checks.load(argument.text)
    except SerialError as error:
        raise argument.error(str(error)) from None
    yield _Placed(piece=whole, field=Check(scheme=scheme))


_READERS: Mapping[str, Callable[[_Piece, _Piece], Iterator[_Placed]]] = {
    "date": _read_date,
    "counter": _read_counter,
    "check": _read_check,
}
"""Kind of field -> how its argument is read. A new kind is a row here and a class in fields.py."""


def _one_counter(whole: _Piece, placed: Sequence[_Placed]) -> None:
    counters = [p for p in placed if isinstance(p.field, Counter)]
    if not counters:
        raise whole.error(
            "Without a counter every serial of a moment is the same; add one, such as {counter:5}.",
            offset=len(whole.text),
        )
    if len(counters) > 1:
        raise counters[1].piece.error(
            "A second counter would say the same number twice; write one counter, as wide as"
            " you need."
        )


def _check_last(whole: _Piece, placed: Sequence[_Placed]) -> None:
    for index, p in enumerate(placed, start=1):
        if isinstance(p.field, Check) and index < len(placed):
            raise p.piece.error(
                f"A check covers everything before it, so it must be last; write {p.piece.text}"
                f" once, at the end of the pattern."
            )


def _length(whole: _Piece, placed: Sequence[_Placed]) -> None:
    length = 0
    for p in placed:
        length += p.field.length
        if length > TEXT_LENGTH_MAX:
            raise p.piece.error(
                f"Here the serial grows to {length} characters; write a pattern of at most"
                f" {TEXT_LENGTH_MAX}."
            )


def _no_outer_space(whole: _Piece, placed: Sequence[_Placed]) -> None:
    for p, offset in ((placed[0], 0), (placed[-1], -1)):
        if p.field.characters_at(offset) == " ":
            raise p.piece.error(
                "A space at an end of a serial cannot be seen and is lost when typed; remove it.",
                offset=offset % p.field.length,
            )


def _iso_year(whole: _Piece, placed: Sequence[_Placed]) -> None:
    dates = {p.field.code: p.piece for p in placed if isinstance(p.field, DatePart)}
    has_iso_year = "G" in dates or "g" in dates
    for year, iso_year in (("Y", "G"), ("y", "g")):
        if "V" in dates and year in dates and not has_iso_year:
            raise dates["V"].error(
                f"ISO weeks belong to the ISO year, which is not always %{year};"
                f" write %{iso_year}%V."
            )
        if iso_year in dates and "V" not in dates:
            raise dates[iso_year].error(
                f"The ISO year %{iso_year} is not always the year of the day; write %{year},"
                f" or %{iso_year}%V with its week."
            )


def _checkable(whole: _Piece, placed: Sequence[_Placed]) -> None:
    check = placed[-1].field
    if not isinstance(check, Check):
        return
    for p in placed[:-1]:
        for offset in range(p.field.length):
            foreign = set(p.field.characters_at(offset)) - set(check.scheme.alphabet)
            if foreign:
                raise p.piece.error(
                    f"Check scheme {check.scheme.name} cannot check {min(foreign)!r}, only"
                    f" {check.scheme.alphabet}; {_advice(placed[:-1])}.",
                    offset=offset if isinstance(p.field, Literal) else 0,
                )


def _advice(body: Sequence[_Placed]) -> str:
    used: set[str] = set()
    for p in body:
        used.update(*(p.field.characters_at(offset) for offset in range(p.field.length)))
    able = [name for name in checks.names() if used <= set(checks.load(name).alphabet)]
    return f"write {{check:{able[0]}}}" if able else "write other characters, or no check"


_RULES = (_one_counter, _check_last, _no_outer_space, _length, _iso_year, _checkable)
"""What must hold for the pattern as a whole, in the order a person would mend it."""

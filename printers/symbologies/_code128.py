r"""Code sets and codewords of Code 128, ISO/IEC 15417: the only place that chooses code sets.

Data is ASCII and FNC1. ``segments`` cuts it into pairs of a code set and a run of characters:

- "A", "B", "C": the run stands in that code set. The first pair is the start character; later, a
  code set other than the latest of these three is switched to, and the same one just goes on;
- "a", "b": one character of set A or B behind the SHIFT character, after which the latest of the
  three goes on;
- FNC1 (the constant, which is no ASCII character) may stand in a run of A, B or C, in C beside its
  pairs of digits.

>>> segments("AC1234567")
(('B', 'AC1'), ('C', '234567'))
>>> segments("ab\tcd")
(('B', 'ab'), ('a', '\t'), ('B', 'cd'))
>>> codewords(segments("9912"))
[105, 99, 12, 22]
>>> segments(FNC1 + "10AB" + FNC1 + "2112")
(('B', 'ñ10AB'), ('C', 'ñ2112'))
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from barcode.charsets import code128 as tables

FNC1 = "\xf1"
"""How the tables of python-barcode write Function Character 1."""
Segments = tuple[tuple[str, str], ...]

_MODULES_PER_CODEWORD = 11
_STOP_MODULES = 13
_CHECK_MODULUS = 103
_SHIFT = 98
_SWITCH = {"A": 101, "B": 100, "C": 99}
_DIGIT_RUN = re.compile(r"([0-9]{4,})")
_DIGIT, _BOTH, _ONLY_A, _ONLY_B, _FUNCTION = b"duclf"
_KINDS = bytes(
    _DIGIT
    if chr(value) in "0123456789"
    else _ONLY_A
    if value < 32
    else _BOTH
    if value < 96
    else _ONLY_B
    if value < 128
    else _FUNCTION
    for value in range(256)
)
_FITS = {
    "A": frozenset((_DIGIT, _BOTH, _ONLY_A, _FUNCTION)),
    "B": frozenset((_DIGIT, _BOTH, _ONLY_B, _FUNCTION)),
    "C": frozenset((_FUNCTION,)),
}
_Plan = tuple[tuple[str, int], ...]
"""Segments by the lengths of their runs."""


def segments(data: str) -> Segments:
    """The segments of the shortest symbol."""
    if data.isascii() and data.isprintable():
        return _of_printable(data)
    found = []
    start = 0
    for code_set, length in _plan(data.encode("latin-1").translate(_KINDS)):
        found.append((code_set, data[start : start + length]))
        start += length
    return tuple(found)


def _of_printable(text: str) -> Segments:
    """The same for printable ASCII, by rule: sets B and C, ISO/IEC 15417 annex E.

    Two digits alone, four or more at an end and six or more in the middle are worth set C; the odd
    digit of a run stays in B, in front of it unless the run begins the symbol.
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


@lru_cache(maxsize=4096)
def _plan(kinds: bytes) -> _Plan:
    """The shortest symbol for characters of these kinds, by dynamic programming.

    It depends on the kinds only, so that all serials of a pattern share it. A switch costs a
    codeword, and so does SHIFT; a shift at the beginning of a run or behind another one would never
    be shorter than a switch.
    """
    best: list[dict[str, tuple[int, _Plan]]] = [{} for _ in range(len(kinds) + 2)]
    best[0] = {code_set: (1, ((code_set, 0),)) for code_set in "BAC"}
    for at in range(len(kinds)):
        cost, plan = min(best[at].values(), key=_cost)
        for code_set in "BAC":
            switched = (cost + 1, (*plan, (code_set, 0)))
            here = min(best[at].get(code_set, switched), switched, key=_cost)
            for length, more, longer in _steps(kinds, at, code_set, here):
                arrivals = best[at + length]
                if code_set not in arrivals or more < arrivals[code_set][0]:
                    arrivals[code_set] = (more, longer)
    return min(best[len(kinds)].values(), key=_cost)[1]


def _cost(found: tuple[int, _Plan]) -> int:
    return found[0]


def _steps(
    kinds: bytes, at: int, code_set: str, here: tuple[int, _Plan]
) -> Iterator[tuple[int, int, _Plan]]:
    """How the next characters may stand in a code set: how many, cost so far, plan so far."""
    cost, plan = here
    run, length = plan[-1]
    is_fresh = run in "ab"
    if kinds[at] in _FITS[code_set]:
        yield 1, cost + 1, _lengthened(plan, code_set, 1)
    elif code_set == "C":
        if kinds[at : at + 2] == b"dd":
            yield 2, cost + 1, _lengthened(plan, code_set, 2)
    elif length and not is_fresh:
        yield 1, cost + 2, (*plan, ("b" if code_set == "A" else "a", 1))


def _lengthened(plan: _Plan, code_set: str, characters: int) -> _Plan:
    run, length = plan[-1]
    if run == code_set:
        return (*plan[:-1], (run, length + characters))
    return (*plan, (code_set, characters))


def codewords(parts: Segments) -> list[int]:
    """Start character, data, switches and check character; the stop pattern follows them."""
    latched = parts[0][0]
    found = [tables.START_CODES[latched]]
    for code_set, run in parts:
        if code_set in "ab":
            found.append(_SHIFT)
        elif code_set != latched:
            found.append(_SWITCH[code_set])
            latched = code_set
        if code_set == "C":
            found.extend(_pairs(run))
        else:
            table = tables.A if code_set in "Aa" else tables.B
            found.extend(table[character] for character in run)
    weighted = sum(position * value for position, value in enumerate(found[1:], start=1))
    found.append((found[0] + weighted) % _CHECK_MODULUS)
    return found


def _pairs(run: str) -> Iterator[int]:
    """The codewords of a run of set C."""
    for index, digits in enumerate(run.split(FNC1)):
        if index:
            yield tables.B[FNC1]
        for at in range(0, len(digits), 2):
            yield int(digits[at : at + 2])


def columns(parts: Segments) -> int:
    """How many modules wide the symbol is."""
    latched = parts[0][0]
    count = 2
    for code_set, run in parts:
        if code_set == "C":
            functions = run.count(FNC1)
            count += functions + (len(run) - functions) // 2
        else:
            count += len(run)
        if code_set != latched:
            count += 1
            latched = latched if code_set in "ab" else code_set
    return _MODULES_PER_CODEWORD * count + _STOP_MODULES


def data_codewords(columns: int) -> int:
    """How many codewords have room in that width beside start and check character."""
    return max(0, (columns - _STOP_MODULES) // _MODULES_PER_CODEWORD - 2)


def bars(words: Sequence[int]) -> str:
    """The row of modules, the stop pattern included."""
    return "".join([*(tables.CODES[value] for value in words), tables.STOP, "11"])

"""Lines of a text: where Unicode lets one break (UAX #14), and the lines that a room takes.

>>> units("Hydraulic pump AC-1234")
('Hydraulic ', 'pump ', 'AC-1234')
>>> wrap("Hydraulic pump", room=10, measure=len)
['Hydraulic', 'pump']
>>> wrap("Hydraulic", room=5, measure=len)
['Hydra', 'ulic']
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from uniseg.graphemecluster import grapheme_clusters
from uniseg.linebreak import line_break_units

_SPACE = re.compile("(?<=[0-9A-Za-z.,:;!?)] )(?=[0-9A-Za-z(])")
"""Spaces of ASCII behind which a line may break, whatever else the paragraph holds."""
_WHOLE = re.compile("[0-9A-Za-z]+(?:[.,:_][0-9A-Za-z]+)*[.,:;!?]?")
"""Words of ASCII in which nothing may break: they are told from others at once."""
_OPEN = re.compile("(?<=[0-9A-Za-z][-/])(?=[A-Za-z])|(?<=[A-Za-z]/)(?=[0-9])")
"""Where letters and digits joined by hyphens and slashes may break: AC-12 and 1/2 stay whole."""
_JOINED = re.compile(r"[0-9A-Za-z]+(?:[-/][0-9A-Za-z]+)+")

Measure = Callable[[str], float]


def units(paragraph: str) -> tuple[str, ...]:
    """The pieces between which a line may break, spaces at their ends."""
    return tuple(unit for piece in _SPACE.split(paragraph) for unit in _pieces(piece))


def wrap(text: str, *, room: float, measure: Measure) -> list[str]:
    """The lines of a text, which breaks at its line feeds in any case.

    A word that is wider than the room is broken where it must be; so only a single character can
    be too wide.
    """
    return [
        line
        for paragraph in text.replace("\r\n", "\n").split("\n")
        for line in _lines(paragraph, room, measure)
    ]


def _lines(paragraph: str, room: float, measure: Measure) -> Iterator[str]:
    """Yield the lines of one paragraph, each as long as it can be."""
    line = ""
    for unit in units(paragraph):
        if measure((line + unit).rstrip(" ")) <= room:
            line += unit
            continue
        if line:
            yield line.rstrip(" ")
        *full, line = _broken(unit, room, measure)
        yield from full
    yield line.rstrip(" ")


def _broken(unit: str, room: float, measure: Measure) -> list[str]:
    """A piece on as many lines as it needs."""
    found = [""]
    if measure(unit.rstrip(" ")) <= room:
        return [unit]
    for cluster in list(unit) if unit.isascii() else grapheme_clusters(unit):
        is_full = measure((found[-1] + cluster).rstrip(" ")) > room
        if is_full and found[-1]:
            found.append("")
        found[-1] += cluster
    return found


def _pieces(piece: str) -> tuple[str, ...]:
    """The units of a word and the spaces behind it."""
    word = piece.rstrip(" ")
    if _WHOLE.fullmatch(word):
        return (piece,)
    if _JOINED.fullmatch(word):
        return tuple(_OPEN.split(piece))
    return _unicode_units(piece) if piece else ()


@lru_cache(maxsize=4096)
def _unicode_units(piece: str) -> tuple[str, ...]:
    return tuple(line_break_units(piece))

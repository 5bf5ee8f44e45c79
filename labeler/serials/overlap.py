"""Overlap: can two series ever make the same text? An example, or a reason to be sure.

Every field has a fixed length and says which beginnings it admits, so both patterns are walked
side by side, character by character, and a branch ends as soon as one of them could not go on. What
a field cannot say alone (check characters, days that do not exist) decides at the end of the walk:
the text must be a serial of both.

>>> from labeler.serials.pattern import parse_pattern
>>> one, other = parse_pattern("A{counter:4}"), parse_pattern("{counter:5:alnum}")
>>> overlap(one, other)
Overlap(text='A0001', certain=True)
>>> overlap(one, parse_pattern("B{counter:4}")) is None
True
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from labeler.serials.dates import DatePart, is_possible
from labeler.serials.errors import InvalidSerial
from labeler.serials.fields import Check, Field
from labeler.serials.series import Series

STEPS_MAX = 20_000
"""Characters tried at the most: well below a second."""


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """Two series may make the same text."""

    text: str
    """A text both make; if not certain, the furthest that both could go on together."""
    certain: bool
    """False: no text was found that both make, but not all of them could be tried."""


def overlap(one: Series, other: Series) -> Overlap | None:
    """Return an example of a text both series can make, or None if there can be none."""
    if one.text_length != other.text_length or not _meet_everywhere(one, other):
        return None
    walk = _Walk(one=one, other=other)
    for text in walk.texts(""):
        if _makes(one, text) and _makes(other, text):
            return Overlap(text=text, certain=True)
    return Overlap(text=walk.furthest, certain=False) if walk.steps >= STEPS_MAX else None


def _meet_everywhere(one: Series, other: Series) -> bool:
    """Whether at each place some character may stand in both."""
    return all(
        set(one.characters_at(position)) & set(other.characters_at(position))
        for position in range(1, one.text_length + 1)
    )


def _makes(series: Series, text: str) -> bool:
    try:
        series.parse(text)
    except InvalidSerial:
        return False
    return True


@dataclass(kw_only=True)
class _Walk:
    """Two patterns, walked side by side."""

    one: Series
    other: Series
    steps: int = 0
    furthest: str = ""
    places: list[list[tuple[Field, int]]] = field(init=False)

    def __post_init__(self) -> None:
        self.places = [_places(series) for series in (self.one, self.other)]

    def texts(self, text: str) -> Iterator[str]:
        """Give the texts that begin with ``text`` and in which every field fits, in ASCII order."""
        if len(text) > len(self.furthest):
            self.furthest = text
        if len(text) == self.one.text_length:
            yield text
            return
        for character in self._next_characters(text):
            self.steps += 1
            if self.steps >= STEPS_MAX:
                return
            if all(self._admits(series, text + character) for series in (0, 1)):
                yield from self.texts(text + character)

    def _next_characters(self, text: str) -> list[str]:
        """The characters that may come next in both."""
        allowed = []
        for places in self.places:
            part, start = places[len(text)]
            if isinstance(part, Check) and part.scheme.check_position is None:
                # Known by now, over everything before it; one further in is seen at the end.
                offset = len(text) - start
                allowed.append({part.scheme.compute(text[:start])[offset]})
            else:
                allowed.append(set(part.characters_at(len(text) - start)))
        return sorted(allowed[0] & allowed[1])

    def _admits(self, series: int, text: str) -> bool:
        """Whether the field in which ``text`` ends may go on so, and its date may exist."""
        part, start = self.places[series][len(text) - 1]
        if not part.admits(text[start:]):
            return False
        if not isinstance(part, DatePart) or len(text) < start + part.length:
            return True
        values: dict[str, int] = {}
        for found, begin in dict.fromkeys(self.places[series][: len(text)]):
            if isinstance(found, DatePart):
                value = int(text[begin : begin + found.length])
                if values.setdefault(found.code, value) != value:
                    return False
        return is_possible(tuple(values.items()))


def _places(series: Series) -> list[tuple[Field, int]]:
    """Return for each place of the text its field, and where that begins."""
    found: list[tuple[Field, int]] = []
    start = 0
    for part in series.fields:
        found += [(part, start)] * part.length
        start += part.length
    return found

"""Texts that a series really makes, and that are as wide or as large in a symbol as these become.

All of them are real ones, check characters included: so what refuses one of them would refuse a
unit. Which character is the widest depends on who draws it; what takes most modules depends on the
symbology, which asks only of what kind a character is.

>>> from datetime import UTC, datetime
>>> from labeler.serials import parse_pattern
>>> series = parse_pattern("AC{counter:3:alnum}")
>>> at = datetime(2026, 11, 23, tzinfo=UTC)
>>> reach = whole(series, series.formatter(at))
>>> widest(reach, "IW".find), kinds(reach)
('ACWWW', {'first': 'AC001', 'last': 'ACZZZ', 'digits': 'AC999', 'capitals': 'ACZZZ', 'mixed': \
'AC9Z9'})
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from labeler.serials import Series

Breadth = Callable[[str], float]
"""How broad a character is."""
_NEAR = 40
"""So many neighbours are looked at for the widest check characters."""
_ENUMERATED = 500
"""So few numbers are all looked at."""
_BY_CHANCE = 200
_SPREAD = 2654435761
"""A prime: its multiples lie all over any reach (Knuth, The Art of Computer Programming, 6.4)."""
_KINDS: dict[str, Callable[[str], bool]] = {
    "digits": str.isdigit,
    "capitals": str.isupper,
    "small letters": str.islower,
    "signs": lambda character: not character.isalnum(),
}
"""Kind -> whether a character is of it. Symbologies take more room for the later ones."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The numbers that may be written, and who writes them."""

    series: Series
    write: Callable[[int], str]
    first: int
    last: int
    """The last number; a step behind the one before."""
    stride: int = 1
    """Only every so many of the series' numbers: a unit may carry several of them."""

    @property
    def step(self) -> int:
        """How far numbers lie apart."""
        return self.series.number.step * self.stride

    def around(self, number: int) -> range:
        """Its neighbours within reach."""
        low = max(self.first, number - _NEAR * self.step)
        return range(low, min(self.last, number + _NEAR * self.step) + 1, self.step)


def whole(series: Series, write: Callable[[int], str]) -> Reach:
    """Return all numbers that a series has."""
    return Reach(series=series, write=write, first=series.counter_start, last=series.counter_last)


def widest(reach: Reach, breadth: Breadth) -> str:
    """Return the text that is the broadest, or nearly: of a few numbers it is the broadest."""
    if reach.last - reach.first <= _ENUMERATED * reach.step:
        numbers = range(reach.first, reach.last + 1, reach.step)
    else:
        character = max(reach.series.number.alphabet.characters, key=breadth)
        number = _nearest(reach, character * reach.series.number.width)
        numbers = reach.around(number)
    return max(map(reach.write, numbers), key=lambda text: sum(map(breadth, text)))


def kinds(reach: Reach) -> dict[str, str]:
    """Return texts of as many characters of one kind as there can be, and of two in turn."""
    number = reach.series.number
    found = {"first": reach.write(reach.first), "last": reach.write(reach.last)}
    known = {}
    for kind, is_of_it in _KINDS.items():
        characters = [one for one in number.alphabet.characters if is_of_it(one)]
        if characters:
            known[kind] = characters[-1]
            found[kind] = reach.write(_nearest(reach, characters[-1] * number.width))
    if len(known) > 1:
        pair = "".join(list(known.values())[:2])
        mixed = (pair * number.width)[: number.width]
        found["mixed"] = reach.write(_nearest(reach, mixed))
    return found


def of_run(reach: Reach, breadth: Breadth, *, count: int, by_chance: bool) -> list[str]:
    """Return the texts of so many units that take most room in print, and in a symbol.

    In order they begin with the first number of the reach; all of few units are looked at. Where
    numbers come by chance, as many are taken from all over the reach: what is widest of all would
    hardly ever be drawn.

    >>> from datetime import UTC, datetime
    >>> from labeler.serials import parse_pattern
    >>> series = parse_pattern("AC{counter:3:alnum}")
    >>> reach = whole(series, series.formatter(datetime(2026, 11, 23, tzinfo=UTC)))
    >>> of_run(reach, "IW".find, count=20, by_chance=False)
    ['AC00I', 'AC00A']
    """
    step = reach.step
    if by_chance:
        places = (reach.last - reach.first) // step + 1
        spread = (index * _SPREAD % places for index in range(min(count, _BY_CHANCE)))
        texts = [reach.write(reach.first + place * step) for place in spread]
    else:
        last = min(reach.last, reach.first + (count - 1) * step)
        within = replace(reach, last=last)
        if count > _ENUMERATED:
            return list(dict.fromkeys([widest(within, breadth), *kinds(within).values()]))
        texts = [reach.write(number) for number in range(reach.first, last + 1, step)]
    broadest = max(texts, key=lambda text: sum(map(breadth, text)))
    return list(dict.fromkeys([broadest, max(texts, key=_modules)]))


def _modules(text: str) -> int:
    """How much room a text takes in a symbol, roughly."""
    order = list(_KINDS.values())
    return sum(next((rank for rank, is_of in enumerate(order) if is_of(c)), 0) for c in text)


def every_character(reach: Reach) -> Iterator[str]:
    """Yield texts in which every character stands that a text of the series may have."""
    seen: set[str] = set()
    for text in _with_every_character(reach):
        if not seen.issuperset(text):
            seen |= set(text)
            yield text


def _with_every_character(reach: Reach) -> Iterator[str]:
    number = reach.series.number
    for character in number.alphabet.characters:
        yield reach.write(_nearest(reach, character * number.width))
    if reach.series.check is not None:  # its characters may be others than those of the number
        for near in (reach.first, _nearest(reach, number.alphabet.characters[-1] * number.width)):
            yield from map(reach.write, reach.around(near))


def _nearest(reach: Reach, wanted: str) -> int:
    """Return the number within reach that is written most like ``wanted``, from the end on."""
    alphabet = reach.series.number.alphabet
    low, high = (reach.series.number_text(number) for number in (reach.first, reach.last))
    for kept in range(len(wanted)):
        for end in (high, low):
            number = alphabet.decode(end[:kept] + wanted[kept:])
            number -= (number - reach.first) % reach.step
            if reach.first <= number <= reach.last:
                return number
    return reach.last

"""Issued serials and identifiers near a text: one slip away from what somebody read or typed.

Texts of series that make identifiers are looked for among identifiers only, those of others among
serials only. Every candidate that is a text of its series goes to the record's own index, many in
one statement, and the search ends at a limit. So it costs the same however many serials were
issued.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import get_args

from labeler.production import testing
from labeler.production.carrying import Carried, IssuedUnit, carriers, units_with
from labeler.serials import Definition, InvalidSerial
from labeler.serials import definition as definitions
from labeler.serials.nearest import Candidate, Kind, candidates, resized
from labeler.store import Transaction

NEAR_MAX = 10
"""Near units shown."""
TRIED_MAX = 4000
"""Candidates tried for one text, in all readings, over all series; the likeliest slips first."""
AT_ONCE = 100
"""Serials asked for in one statement."""

_RANK = {kind: rank for rank, kind in enumerate(get_args(Kind))}

read_definition = lru_cache(maxsize=512)(definitions.read)
"""A definition's text -> the definition; immutable, and asked for again with every check."""


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """An issued serial or identifier near a text."""

    text: str
    """The serial or identifier that is near."""
    identifier: str | None
    """Which identifier of the unit it is; None: the serial."""
    unit: IssuedUnit
    kind: Kind
    """What went wrong on the way, if it was meant."""
    position: int
    """The first character that is another one, too many or missing."""
    series: str
    """A series whose text it is …"""
    definition: Definition
    """… and which definition of it."""


Known = Sequence[tuple[str, Definition]]
"""Name of a series and one of its definitions, past versions included."""


@dataclass(frozen=True, kw_only=True)
class _Maker:
    """What could have made a text: a definition of a series, as serials or as identifiers."""

    series: str
    definition: Definition
    identifies: bool
    prefix: str
    """What stands before each text: in test runs `TEST-`, else nothing."""

    @property
    def length(self) -> int:
        """How many characters its texts have."""
        return len(self.prefix) + self.definition.series.text_length

    def characters_at(self, position: int) -> str:
        """Return the characters that can stand at a position, counted from 1."""
        behind = position - len(self.prefix)
        if behind > 0:
            return self.definition.series.characters_at(behind)
        return self.prefix[position - 1]

    def makes(self, text: str) -> bool:
        """Return whether it could have made the text."""
        if not text.startswith(self.prefix):
            return False
        try:
            self.definition.series.parse(text.removeprefix(self.prefix))
        except InvalidSerial:
            return False
        return True


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A candidate, and what could have made it."""

    slip: Candidate
    maker: _Maker

    @property
    def key(self) -> tuple[str, bool]:
        """What is asked for once: a text, among identifiers or among serials."""
        return self.slip.text, self.maker.identifies


class Search:
    """A search for what is near a text in any of its readings, which together have TRIED_MAX."""

    def __init__(
        self, transaction: Transaction, known: Known, *, identifying: AbstractSet[str]
    ) -> None:
        self._transaction = transaction
        self._makers = [
            _Maker(
                series=name, definition=definition, identifies=name in identifying, prefix=prefix
            )
            for name, definition in known
            for prefix in ("", testing.PREFIX)
        ]
        self._left = TRIED_MAX

    def near(self, text: str) -> list[Neighbour]:
        """Return at most NEAR_MAX serials and identifiers one slip away, likeliest slips first."""
        found: list[Neighbour] = []
        tried = _each_once(_candidates(text, self._makers))
        while len(found) < NEAR_MAX and (block := self._next(tried)):
            carried = _look_up(self._transaction, block)
            found += [
                _neighbour(one, candidate) for candidate in block for one in carried[candidate.key]
            ]
        return found[:NEAR_MAX]

    def _next(self, tried: Iterator[_Found]) -> list[_Found]:
        block = list(islice(tried, min(AT_ONCE, self._left)))
        self._left -= len(block)
        return block


def _look_up(
    transaction: Transaction, block: list[_Found]
) -> Mapping[tuple[str, bool], list[Carried | IssuedUnit]]:
    """Return what the record has of the candidates: units by serials, carriers by identifiers."""
    found: dict[tuple[str, bool], list[Carried | IssuedUnit]] = {one.key: [] for one in block}
    serials = [text for text, identifies in found if not identifies]
    identifiers = [text for text, identifies in found if identifies]
    for unit in units_with(transaction, serials) if serials else ():
        found[unit.serial, False].append(unit)
    for carried in carriers(transaction, identifiers) if identifiers else ():
        found[carried.text, True].append(carried)
    return found


def _neighbour(one: Carried | IssuedUnit, found: _Found) -> Neighbour:
    name, unit = (one.name, one.unit) if isinstance(one, Carried) else (None, one)
    return Neighbour(
        text=found.slip.text,
        identifier=name,
        unit=unit,
        kind=found.slip.kind,
        position=found.slip.position,
        series=found.maker.series,
        definition=found.maker.definition,
    )


def _candidates(text: str, makers: Sequence[_Maker]) -> Iterator[_Found]:
    """Yield those of every series, the likeliest slips of all of them first."""
    each = [_of_maker(text, maker) for maker in makers]
    return heapq.merge(*each, key=lambda found: _RANK[found.slip.kind])


def _of_maker(text: str, maker: _Maker) -> Iterator[_Found]:
    """Yield the candidates that are its texts: most have a wrong check character or date."""
    if len(text) == maker.length:
        slips = candidates(text, maker.characters_at)
    else:
        slips = resized(text, maker.characters_at, length=maker.length)
    return (_Found(slip=slip, maker=maker) for slip in slips if maker.makes(slip.text))


def _each_once(found: Iterable[_Found]) -> Iterator[_Found]:
    seen: set[tuple[str, bool]] = set()
    for one in found:
        if one.key not in seen:
            seen.add(one.key)
            yield one

"""Issued serials near a text: one slip away from what somebody read or typed.

Every candidate that is a serial of the series goes to the record's own index, many in one
statement, and the search ends at a limit. So it costs the same however many serials were issued.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import get_args

from labeler.serials import Definition, InvalidSerial, Series
from labeler.serials import definition as definitions
from labeler.serials.nearest import Candidate, Kind, candidates, resized
from labeler.store import Transaction

NEAR_MAX = 10
"""Near serials shown."""
TRIED_MAX = 4000
"""Candidates tried for one text, over all series; the likeliest slips first."""
AT_ONCE = 100
"""Serials asked for in one statement."""

_RANK = {kind: rank for rank, kind in enumerate(get_args(Kind))}

read_definition = lru_cache(maxsize=512)(definitions.read)
"""A definition's text -> the definition; immutable, and asked for again with every check."""


@dataclass(frozen=True, kw_only=True)
class IssuedUnit:
    """A unit that has a serial, as far as a check tells of it."""

    serial: str
    state: str
    run: int
    product: str
    line: str
    mode: str
    """What its run was for: production or test."""

    @property
    def made_by(self) -> str:
        """Which run issued it, for people."""
        return f"run {self.run} ({self.product} on {self.line})"


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """An issued serial near a text."""

    unit: IssuedUnit
    kind: Kind
    """What went wrong on the way, if it was meant."""
    position: int
    """The first character that is another one, too many or missing."""
    series: str
    """A series it fits …"""
    definition: Definition
    """… and which definition of it."""


Known = Sequence[tuple[str, Definition]]
"""Name of a series and one of its definitions, past versions included."""


def units_with(transaction: Transaction, serials: Sequence[str]) -> list[IssuedUnit]:
    """Return the units that have one of these serials, in the order of their serials and runs.

    Others may send anything, also what no database takes; no serial is like that.
    """
    asked = [serial for serial in serials if serial.isascii() and serial.isprintable()]
    if not asked:
        return []
    places = ", ".join("?" * len(asked))
    rows = transaction.run_sql(
        "SELECT u.serial, u.state, r.id, r.product, r.line, r.mode FROM unit u "  # noqa: S608
        f"JOIN run r ON r.id = u.run_id WHERE u.serial IN ({places}) ORDER BY u.serial, r.id",
        asked,
    )
    return [
        IssuedUnit(serial=serial, state=state, run=run, product=product, line=line, mode=mode)
        for serial, state, run, product, line, mode in rows
    ]


def near(transaction: Transaction, text: str, known: Known) -> list[Neighbour]:
    """Return at most NEAR_MAX issued serials one slip away from the text, likeliest slips first."""
    found: list[Neighbour] = []
    tried = islice(_each_once(_candidates(text, known)), TRIED_MAX)
    while len(found) < NEAR_MAX and (block := dict(islice(tried, AT_ONCE))):
        units: dict[str, list[IssuedUnit]] = {}
        for unit in units_with(transaction, list(block)):
            units.setdefault(unit.serial, []).append(unit)
        for serial, found_one in block.items():
            found += [_neighbour(unit, found_one) for unit in units.get(serial, ())]
    return found[:NEAR_MAX]


_Found = tuple[Candidate, str, Definition]
"""A candidate, and the series with the definition that it would be a serial of."""


def _neighbour(unit: IssuedUnit, found: _Found) -> Neighbour:
    slip, series, definition = found
    return Neighbour(
        unit=unit, kind=slip.kind, position=slip.position, series=series, definition=definition
    )


def _candidates(text: str, known: Known) -> Iterator[_Found]:
    """Yield those of every series, the likeliest slips of all of them first."""
    each = [_of_series(text, name, definition) for name, definition in known]
    return heapq.merge(*each, key=lambda found: _RANK[found[0].kind])


def _of_series(text: str, name: str, definition: Definition) -> Iterator[_Found]:
    """Yield the candidates that are its serials: most have a wrong check character or date."""
    series = definition.series
    if len(text) == series.text_length:
        slips = candidates(text, series.characters_at)
    else:
        slips = resized(text, series.characters_at, length=series.text_length)
    return ((slip, name, definition) for slip in slips if _is_serial(series, slip.text))


def _is_serial(series: Series, text: str) -> bool:
    try:
        series.parse(text)
    except InvalidSerial:
        return False
    return True


def _each_once(found: Iterable[_Found]) -> Iterator[tuple[str, _Found]]:
    seen: set[str] = set()
    for one in found:
        text = one[0].text
        if text not in seen:
            seen.add(text)
            yield text, one

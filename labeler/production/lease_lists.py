"""Lists of serials that the holder of a lease sends, checked line by line before any is changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from labeler.errors import BAD_NUMBERS, WRONG_SERIALS, Refusal
from labeler.production.lease_places import Places
from labeler.production.pool_lists import Row
from labeler.production.sieve import Findings
from labeler.production.site import Site
from labeler.units import UnitState

LOOKED_UP_AT_ONCE = 2000
"""Serials looked up in the record at once."""
SERIAL_MAX = 64
"""Characters of the longest serial the record takes."""

_STATES = {
    UnitState.ENCODED.value: "was reported as used already",
    UnitState.VOIDED.value: "was voided already",
}


@dataclass(frozen=True, kw_only=True)
class Range:
    """Serials of a lease from one to another, in the order in which they were issued."""

    first: str
    last: str


@dataclass(frozen=True, kw_only=True)
class Serials:
    """What a holder sent; iterated once."""

    rows: Iterable[Row] = ()
    """Lines, from 1, and serials."""
    ranges: tuple[Range, ...] = ()


@dataclass(slots=True, kw_only=True)
class Read:
    """What a list says about a lease."""

    places: Places
    lines: int = 0
    wrong: Findings = field(default_factory=Findings)
    """Lines that cannot be reported so."""
    wrong_lines: int = 0
    """How many lines those are; a range is one line of many serials."""
    last_wrong: int = 0
    foreign: int = 0
    """Those of them that are no serials of the lease, or stand in the list twice."""


Known = dict[str, tuple[int, str]]
"""Serial -> its place in the lease, from 0, and the state of its unit."""


def read(site: Site, lease: Any, serials: Serials) -> Read:
    """Return what a list says, and what is wrong with it; refuse (3022) what is no list at all."""
    found = Read(places=Places(lease.quantity))
    rows = iter(serials.rows)
    try:
        while block := list(islice(rows, LOOKED_UP_AT_ONCE)):
            known = _look_up(site, lease, [text for _, text in block])
            for row in block:
                found.lines += 1
                if row[1] in known:
                    _take(found, row, known[row[1]])
                else:
                    _refuse(found, row, f"Serial '{_shown(row[1])}' is not of lease {lease.id}.")
    except Refusal as refusal:
        if refusal.kind != BAD_NUMBERS:
            raise
        said = refusal.sentence.removesuffix(" Nothing was imported.")
        raise Refusal(WRONG_SERIALS, f"{said} Nothing was changed.", hint=refusal.hint) from refusal
    for wanted in serials.ranges:
        _read_range(site, lease, found, wanted)
    return found


def _read_range(site: Site, lease: Any, found: Read, wanted: Range) -> None:
    found.lines += 1
    row = (found.lines, f"{wanted.first}..{wanted.last}")
    ends = _look_up(site, lease, [wanted.first, wanted.last])
    for text in (wanted.first, wanted.last):
        if text not in ends:
            _refuse(found, row, f"Serial '{_shown(text)}' is not of lease {lease.id}.")
            return
    first, last = ends[wanted.first][0], ends[wanted.last][0]
    if first > last:
        _refuse(found, row, f"Serial '{wanted.last}' comes before '{wanted.first}' in the lease.")
        return
    for serial, known in _between(site, lease, first, last):
        _take(found, (row[0], serial), known)


def _take(found: Read, row: Row, known: tuple[int, str]) -> None:
    place, state = known
    if not found.places.add(place):
        _refuse(found, row, f"Serial '{row[1]}' stands in the list already.")
    elif state != UnitState.LEASED.value:
        why = _STATES.get(state, f"is {state} already")
        _wrong(found, row, f"Serial '{row[1]}' {why}.")


def _refuse(found: Read, row: Row, sentence: str) -> None:
    _wrong(found, row, sentence)
    found.foreign += 1


def _wrong(found: Read, row: Row, sentence: str) -> None:
    found.wrong.add(row, sentence)
    found.wrong_lines += found.last_wrong != row[0]
    found.last_wrong = row[0]


def _look_up(site: Site, lease: Any, texts: list[str]) -> Known:
    """Return the lease's serials among ``texts``; others may send what no database takes."""
    asked = [t for t in texts if t.isascii() and t.isprintable() and 0 < len(t) <= SERIAL_MAX]
    if not asked:
        return {}
    marks = ", ".join("?" * len(asked))
    # By their texts alone: the run has an index, too, which would lead through all of its units.
    sql = f"SELECT serial, run_id, position, state FROM unit WHERE serial IN ({marks})"  # noqa: S608
    with site.store.read() as transaction:
        rows = transaction.run_sql(sql, asked)
    return {
        serial: (position - lease.first_position, state)
        for serial, run_id, position, state in rows
        if run_id == lease.run_id and 0 <= position - lease.first_position < lease.quantity
    }


def _between(
    site: Site, lease: Any, first: int, last: int
) -> Iterator[tuple[str, tuple[int, str]]]:
    """Yield the serials of the lease from one place to another."""
    for start in range(first, last + 1, LOOKED_UP_AT_ONCE):
        end = min(last, start + LOOKED_UP_AT_ONCE - 1)
        with site.store.read() as transaction:
            rows = transaction.run_sql(
                "SELECT serial, position, state FROM unit WHERE run_id = ? AND position >= ? "
                "AND position <= ? ORDER BY position",
                (lease.run_id, lease.first_position + start, lease.first_position + end),
            )
        for serial, position, state in rows:
            yield serial, (position - lease.first_position, state)


def _shown(text: str) -> str:
    return text[:80].encode("utf-8", errors="replace").decode()

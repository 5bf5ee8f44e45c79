"""How many units of a run are in which state, without counting all of them each time.

A run is counted in stretches of its places. What a stretch had is kept in memory with the last row
of the audit trail that was written by then. Each change of a unit or a label is a row there; so
whoever asks next reads the rows behind it and counts again only the stretches of units that they
name, and what is not full yet. It is exact: what is kept and what is read are of one snapshot.
"""

from collections import Counter
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Final

from labeler.store import Transaction, chain

STRETCH: Final = 10_000
"""Places that are counted together."""
CHANGES_MAX: Final = 20_000
"""Rows of the trail that are looked through; behind more of them everything is counted again."""
RUNS_MAX: Final = 200
"""Runs of which something is kept."""
_AT_ONCE: Final = 5_000

Counts = Mapping[tuple[str, int], int]
"""State of a unit and what its labels are, as the query says it -> how many."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What is known of a run."""

    seq: int
    """The row of the trail up to which that is true."""
    stretches: Mapping[int, Counts]
    """Number of a stretch, from 0 -> what it has; only those without a free place."""


Memory = MutableMapping[int, Tally]
"""Run -> its tally; kept by the site."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A run as far as it has issued."""

    run_id: int
    issued: int
    """The last place that counts."""


def count(transaction: Transaction, memory: Memory, part: Part, *, labels: str) -> Counts:
    """Return what the units of a run are; ``labels`` is the SQL of what those of unit `u` are."""
    until = chain.head(transaction).seq
    kept = _kept(transaction, memory, part.run_id, until)
    total: Counter[tuple[str, int]] = Counter()
    full: dict[int, Counts] = {}
    for number in range(-(-part.issued // STRETCH)):
        known = kept.get(number)
        found = known if known is not None else _count(transaction, part, number, labels=labels)
        if sum(found.values()) == STRETCH:
            full[number] = found
        total.update(found)
    if part.run_id not in memory and len(memory) >= RUNS_MAX:
        memory.clear()
    memory[part.run_id] = Tally(seq=until, stretches=full)
    return total


def _kept(
    transaction: Transaction, memory: Memory, run_id: int, until: int
) -> Mapping[int, Counts]:
    """Return what is still true of a run's stretches."""
    known = memory.get(run_id)
    if known is None or not 0 <= until - known.seq <= CHANGES_MAX:
        return {}
    changed = _changed(transaction, run_id, since=known.seq)
    return {number: one for number, one in known.stretches.items() if number not in changed}


def _changed(transaction: Transaction, run_id: int, *, since: int) -> set[int]:
    """Return the stretches of a run whose units the trail names behind a row."""
    # Asked of each row by itself, so that no planner begins with the events of the run.
    rows = transaction.run_sql(
        "SELECT (SELECT e.unit_id FROM event e WHERE e.id = c.event_id) FROM audit_chain c "
        "WHERE c.seq > ? ORDER BY c.seq",
        (since,),
    )
    units = sorted({row[0] for row in rows if row[0] is not None})
    found: set[int] = set()
    for start in range(0, len(units), _AT_ONCE):
        where, ids = transaction.one_of(units[start : start + _AT_ONCE])
        places = transaction.run_sql(
            f"SELECT run_id, position FROM unit WHERE id {where}",  # noqa: S608 placeholders
            ids,
        )
        found |= {(place - 1) // STRETCH for run, place in places if run == run_id}
    return found


def _count(transaction: Transaction, part: Part, number: int, *, labels: str) -> Counts:
    first = number * STRETCH
    rows = transaction.run_sql(
        "SELECT state, labels, count(*) FROM ("  # noqa: S608 our words
        f"SELECT u.state AS state, {labels} AS labels FROM unit u "
        "WHERE u.run_id = ? AND u.position > ? AND u.position <= ?) AS one GROUP BY state, labels",
        (part.run_id, first, min(first + STRETCH, part.issued)),
    )
    return {(state, rank): int(many) for state, rank, many in rows}

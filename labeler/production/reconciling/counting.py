"""A run's balance as the record is now, and the serials behind each of its numbers.

The database counts: in one statement, so all numbers are of one moment. It passes over the units of
the run once, and looks at labels of those only that are *allocated*.
"""

from typing import Any

from labeler.errors import BAD_VALUE, Refusal
from labeler.production import run_records, tallies
from labeler.production.reconciling import terms
from labeler.production.reconciling.terms import Balance, Kind, kind_of
from labeler.production.tallies import Memory, Part
from labeler.store import Transaction
from labeler.units import UnitState

_RANKS = " ".join(f"WHEN '{state}' THEN {rank}" for state, rank in terms.LABEL_RANKS.items())
_RANK = (
    f"CASE WHEN u.state <> '{UnitState.ALLOCATED}' THEN {terms.NO_LABEL} ELSE coalesce("  # noqa: S608 our words
    f"(SELECT max(CASE l.state {_RANKS} END) FROM label l JOIN job j ON j.id = l.job_id "
    f"WHERE l.unit_id = u.id AND j.purpose <> 'archive'), {terms.NO_LABEL}) END"
)
"""What the labels of unit `u` are; a page in an archive is no label."""


def count(transaction: Transaction, run_id: int) -> Balance:
    """Return the balance of a run; refuses (2003) an unknown one."""
    issued = run_records.show(transaction, run_id)["issued"]
    rows = transaction.run_sql(
        "SELECT surplus, state, labels, count(*) FROM ("  # noqa: S608 our words
        f"SELECT u.state AS state, {_RANK} AS labels, "
        "CASE WHEN u.position > ? THEN 1 ELSE 0 END AS surplus FROM unit u WHERE u.run_id = ?"
        ") AS one GROUP BY surplus, state, labels",
        (issued, run_id),
    )
    counts = [(UnitState(state), rank, many) for behind, state, rank, many in rows if not behind]
    return terms.balance(issued, counts, surplus=sum(row[3] for row in rows if row[0]))


def tell(transaction: Transaction, memory: Memory, run_id: int) -> Balance:
    """Return the same for somebody who only looks: units that did not change are not counted again.

    What is signed is counted by `count`, whatever is remembered.
    """
    issued = run_records.show(transaction, run_id)["issued"]
    found = tallies.count(transaction, memory, Part(run_id=run_id, issued=issued), labels=_RANK)
    counts = [(UnitState(state), rank, many) for (state, rank), many in found.items()]
    [[surplus]] = transaction.run_sql(
        "SELECT count(*) FROM unit WHERE run_id = ? AND position > ?", (run_id, issued)
    )
    return terms.balance(issued, counts, surplus=surplus)


def has_changed(transaction: Transaction, run_id: int, *, since: int) -> bool:
    """Return whether anything became of the run's units behind row ``since`` of the audit trail.

    Each change of a unit or a label is an event, and events are sealed in the order in which they
    are committed; of units alone that a block or lease still makes, nothing stands there. Lines
    wait while it is asked, so it reads the rows behind ``since``, however many units the run has.
    """
    filling = transaction.run_sql(
        "SELECT 1 FROM allocation WHERE run_id = ? AND state = 'filling' LIMIT 1", (run_id,)
    )
    # A planner that may join begins with the run, where it has few rows or no statistics. What is
    # asked of each row by itself leaves it no choice: the trail from `since` on, then two keys.
    events = transaction.run_sql(
        "SELECT 1 FROM (SELECT seq, event_id FROM audit_chain WHERE seq > ?) AS c WHERE (SELECT "
        "u.run_id FROM unit u WHERE u.id = (SELECT e.unit_id FROM event e WHERE e.id = c.event_id)"
        ") = ? ORDER BY c.seq LIMIT 1",
        (since, run_id),
    )
    return bool(filling or events)


def list_serials(
    transaction: Transaction, run_id: int, kind: Kind, *, after: int, limit: int
) -> list[dict[str, Any]]:
    """Return the units of a run that count as ``kind``, in the order of their places.

    ``after`` is the place of the last one of the page before, 0 for the first page. Of those that
    are missing: in which places. Refuses (2003) an unknown run.
    """
    run = run_records.show(transaction, run_id)
    if kind == "missing":
        return _missing(transaction, run, after=after, limit=limit)
    rows = transaction.run_sql(
        f"SELECT u.position, u.serial, u.state FROM unit u WHERE u.run_id = ? "  # noqa: S608
        f"AND u.position > ? AND ({_is(kind)}) ORDER BY u.position LIMIT ?",
        (run_id, after, run["issued"], limit),
    )
    return [{"place": row[0], "serial": row[1], "state": row[2]} for row in rows]


def units(
    transaction: Transaction, run_id: int, *, issued: int, after: int, limit: int
) -> list[tuple[int, str, str, Kind]]:
    """Return the units of a run behind a place: place, serial, state, and what each counts as."""
    rows = transaction.run_sql(
        f"SELECT u.position, u.serial, u.state, {_RANK} FROM unit u WHERE u.run_id = ? "  # noqa: S608
        "AND u.position > ? ORDER BY u.position LIMIT ?",
        (run_id, after, limit),
    )
    return [
        (own, serial, state, kind_of(UnitState(state), rank) if own <= issued else "surplus")
        for own, serial, state, rank in rows
    ]


def unvoided(transaction: Transaction, run_id: int, *, after: int, limit: int) -> dict[int, int]:
    """Return *allocated* units of which no label is left: their places -> their ids.

    It may look through the whole run, so it is asked in a snapshot, for which no line waits.
    """
    rows = transaction.run_sql(
        f"SELECT u.position, u.id FROM unit u WHERE u.run_id = ? AND u.position > ? "  # noqa: S608
        f"AND u.state = '{UnitState.ALLOCATED}' AND {_RANK} IN ({terms.GONE}, {terms.SCRAPPED}) "
        "ORDER BY u.position LIMIT ?",
        (run_id, after, limit),
    )
    return dict(rows)


def ranks(transaction: Transaction, unit_ids: list[int]) -> dict[int, int]:
    """Return what the labels of these units are, which are *allocated* (`terms.LABEL_RANKS`)."""
    if not unit_ids:
        return {}
    where, ids = transaction.one_of(unit_ids)
    sql = f"SELECT u.id, {_RANK} FROM unit u WHERE u.id {where}"  # noqa: S608 our words
    return dict(transaction.run_sql(sql, ids))


def _is(kind: Kind) -> str:
    """Return the condition that unit `u` counts as ``kind``; it takes the run's last place."""
    if kind == "surplus":
        return "u.position > ?"
    states, ranks = terms.members(kind)
    parts = []
    if states:
        named = ", ".join(f"'{one}'" for one in sorted(states))
        parts.append(f"u.state IN ({named})")
    if ranks:
        listed = ", ".join(str(rank) for rank in sorted(ranks))
        parts.append(f"u.state = '{UnitState.ALLOCATED}' AND {_RANK} IN ({listed})")
    return f"u.position <= ? AND ({' OR '.join(f'({part})' for part in parts)})"


def _missing(
    transaction: Transaction, run: dict[str, Any], *, after: int, limit: int
) -> list[dict[str, Any]]:
    """Return places from 1 to the last that was issued in which there is no unit, as ranges."""
    # The place that the page before ended with, and the one behind the last, bound the gaps.
    rows = transaction.run_sql(
        "SELECT former + 1, place - 1 FROM (SELECT place, lag(place) OVER (ORDER BY place) "
        "AS former FROM (SELECT u.position AS place FROM unit u WHERE u.run_id = ? "
        "AND u.position > ? AND u.position <= ? UNION ALL SELECT ? UNION ALL SELECT ?) AS own) "
        "AS step WHERE place > former + 1 ORDER BY place LIMIT ?",
        (run["id"], after, run["issued"], after, run["issued"] + 1, limit),
    )
    return [{"place": last, "first": first, "last": last} for first, last in rows]


def place(text: str | None) -> int:
    """Return the place that ``after`` names; refuse (1002) what is no `next` of a page."""
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Refusal(
            BAD_VALUE,
            f"after is {text[:40]!r}: expected `next` of the page before.",
            hint="Leave it out for the first page.",
        )
    return int(text)

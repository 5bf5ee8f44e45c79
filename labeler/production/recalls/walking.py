"""How the units of a recall are found: along an index, so many a step, each of them once.

The way is decided once. Along *runs*, in the order of their places, where runs are said; along
*time* where the time that is said has fewer units, or nothing else is said. What is said of labels
and of who verified is asked of each unit on the way.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from labeler.errors import BAD_VALUE, Refusal
from labeler.production.recalls import criteria
from labeler.production.recalls.criteria import Criteria
from labeler.store import Transaction

STEP = 5000
"""Units looked at in one step: some hundredths of a second, in which a trigger may have to wait."""
_IDS_END = 2**63
"""Behind the largest number that a database takes."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """On which way the units are looked for, decided when a recall is made."""

    by_time: bool
    runs: tuple[int, ...] | None
    """Only units of these; None: of any."""
    whole: tuple[int, ...] = ()
    """Runs of which every unit is an operator's; of others, those that the operator verified."""
    late: tuple[int, ...] = ()
    """Blocks that were still being written when the recall was made; see `unwritten`."""

    def as_text(self) -> str:
        """Return it as JSON."""
        late = {"late": self.late} if self.late else {}
        said = {"by_time": self.by_time, "runs": self.runs, "whole": self.whole, **late}
        return json.dumps(said)


def read(text: str) -> Way:
    """Return the way that its text says."""
    said = json.loads(text)
    runs = None if said["runs"] is None else tuple(said["runs"])
    whole, late = tuple(said["whole"]), tuple(said.get("late", ()))
    return Way(by_time=said["by_time"], runs=runs, whole=whole, late=late)


@dataclass(frozen=True, kw_only=True)
class Search:
    """Which units, on which way, up to which moment."""

    wanted: Criteria
    way: Way
    until: datetime
    """A unit issued later is none of them."""


@dataclass(slots=True)
class Found:
    """What one step found."""

    units: list[int] = field(default_factory=list)
    cursor: str | None = None
    """Where the next step begins; None: there is none."""


def kept(*, criteria: str, way: str, until: datetime) -> Search:
    """Return the search of a recall from what its row says."""
    said: dict[str, Any] = json.loads(criteria)
    for name, value in said.items():
        is_time = name in ("since", "before")
        said[name] = datetime.fromisoformat(value) if is_time else tuple(value)
    return Search(wanted=Criteria(**said), way=read(way), until=until)


def begin(transaction: Transaction, wanted: Criteria, *, until: datetime) -> Search:
    """Return the search for what is wanted; refuses (1002, 6012) as `criteria.require` does."""
    criteria.require(transaction, wanted)
    runs = criteria.of_the_run(transaction, wanted)
    whole: list[int] = []
    if wanted.operators:
        whole = criteria.run_by(transaction, wanted.operators)
        theirs = {*whole, *criteria.seen_by(transaction, wanted.operators)}
        runs = sorted(theirs if runs is None else theirs & set(runs))
    by_time = runs is None or _is_short(transaction, wanted, runs)
    way = Way(by_time=by_time, runs=None if runs is None else tuple(runs), whole=tuple(whole))
    return Search(wanted=wanted, way=way, until=until)


def _is_short(transaction: Transaction, wanted: Criteria, runs: list[int]) -> bool:
    """Return whether fewer units were issued in the time that is said than by the runs."""
    if wanted.since is None and wanted.before is None:
        return False
    where, values = among(transaction, "id", runs)
    sql = f"SELECT coalesce(sum(issued), 0) FROM run WHERE {where}"  # noqa: S608 ours
    [[issued]] = transaction.run_sql(sql, values)
    terms, times = _times(transaction, wanted)
    inner = f"SELECT 1 FROM unit WHERE {' AND '.join(terms)} LIMIT {int(issued) + 1}"  # noqa: S608
    [[count]] = transaction.run_sql(f"SELECT count(*) FROM ({inner}) few", times)  # noqa: S608
    return bool(count < issued)


def every(transaction: Transaction, search: Search) -> tuple[str, list[Any]]:
    """Return FROM and WHERE of all units that are meant, called s, and their values."""
    terms, values = asked(transaction, search, times=True, runs=True)
    return f"FROM unit s WHERE {' AND '.join(terms)}", values


def step(transaction: Transaction, search: Search, cursor: str | None, *, most: int = 0) -> Found:
    """Look at the next units behind ``cursor``, STEP of them or ``most``; None begins."""
    if search.way.by_time:
        return _step_in_time(transaction, search, cursor, most=most or STEP)
    found, runs = Found(), search.way.runs or ()
    run_id, place = (0, 0) if cursor is None else json.loads(cursor)
    left = most or STEP
    for own in (one for one in runs if one >= run_id):
        place = place if own == run_id else 0
        inner = (
            "SELECT id, run_id, position, allocated_at FROM unit WHERE run_id = ? "
            "AND position > ? ORDER BY position LIMIT ?"
        )
        rows = _matched(transaction, search, (inner, [own, place, left]), "position")
        found.units += [row[0] for row in rows if row[2]]
        left -= len(rows)
        if left == 0:
            found.cursor = json.dumps([own, rows[-1][1]])
            return found
    return found


def require_place(search: Search, cursor: str) -> None:
    """Refuse (1002) a cursor that no page of units on this way gave."""
    try:
        first, second = json.loads(cursor)
        if search.way.by_time:
            is_place = datetime.fromisoformat(first).tzinfo is not None and _is_id(second)
        else:
            is_place = _is_id(first) and _is_id(second)
    except (ValueError, TypeError):
        is_place = False
    if not is_place:
        raise Refusal(
            BAD_VALUE,
            f"after: expected the `next` of a page of the same preview, got '{cursor[:80]}'.",
            hint="Begin again without it.",
        )


def _is_id(value: object) -> bool:
    return type(value) is int and 0 <= value < _IDS_END


def _step_in_time(
    transaction: Transaction, search: Search, cursor: str | None, *, most: int
) -> Found:
    terms, values = _times(transaction, search.wanted)
    if cursor is not None:
        at, unit_id = json.loads(cursor)
        terms.append("(allocated_at, id) > (?, ?)")
        values += [transaction.time(datetime.fromisoformat(at)), unit_id]
    where = f" WHERE {' AND '.join(terms)}" if terms else ""
    inner = f"SELECT id, run_id, position, allocated_at FROM unit{where} "  # noqa: S608 ours
    inner += f"ORDER BY allocated_at, id LIMIT {most}"
    rows = _matched(transaction, search, (inner, values), "allocated_at")
    found = Found(units=[row[0] for row in rows if row[2]])
    if len(rows) == most:
        found.cursor = json.dumps([transaction.moment(rows[-1][1]).isoformat(), rows[-1][0]])
    return found


def _matched(
    transaction: Transaction, search: Search, inner: tuple[str, list[Any]], key: str
) -> list[tuple[Any, ...]]:
    """Return the id and ``key`` of each inner unit in their order, and whether it is meant."""
    by_time = search.way.by_time  # then the inner units are of that time, else of these runs
    terms, values = asked(transaction, search, times=not by_time, runs=by_time)
    sql = (
        f"SELECT s.id, s.{key}, CASE WHEN {' AND '.join(terms)} THEN 1 ELSE 0 END "  # noqa: S608
        f"FROM ({inner[0]}) s ORDER BY s.{key}, s.id"
    )
    return transaction.run_sql(sql, [*values, *inner[1]])


def _times(transaction: Transaction, wanted: Criteria) -> tuple[list[str], list[Any]]:
    terms, values = [], []
    for sign, at in ((">=", wanted.since), ("<", wanted.before)):
        if at is not None:
            terms.append(f"allocated_at {sign} ?")
            values.append(transaction.time(at))
    return terms, values


def asked(
    transaction: Transaction, search: Search, *, times: bool, runs: bool
) -> tuple[list[str], list[Any]]:
    """Return what is asked of each unit s."""
    wanted, way = search.wanted, search.way
    terms, values = ["s.allocated_at <= ?"], [transaction.time(search.until)]
    if times:
        own, theirs = _times(transaction, wanted)
        terms += [f"s.{one}" for one in own]
        values += theirs
    if runs and way.runs is not None:
        where, own_values = among(transaction, "s.run_id", way.runs)
        terms.append(where)
        values += own_values
    if wanted.printers:
        marks = ", ".join("?" * len(wanted.printers))
        terms.append(
            "EXISTS (SELECT 1 FROM label l WHERE l.unit_id = s.id "  # noqa: S608 placeholders
            f"AND l.printer IN ({marks}) AND l.sent_at IS NOT NULL)"
        )
        values += wanted.printers
    if wanted.operators:
        where, own_values = among(transaction, "s.run_id", way.whole)
        marks = ", ".join("?" * len(wanted.operators))
        terms.append(
            f"({where} OR EXISTS (SELECT 1 FROM verification v "  # noqa: S608 placeholders
            f"WHERE v.unit_id = s.id AND v.operator IN ({marks})))"
        )
        values += [*own_values, *wanted.operators]
    return terms, values


def among(transaction: Transaction, column: str, ids: Any) -> tuple[str, list[Any]]:
    """Return the condition that a column is one of any number of ids."""
    if transaction.for_update:  # PostgreSQL
        return f"{column} = ANY(?)", [list(ids)]
    # One value, however many they are: SQLite takes 32,766 placeholders.
    return f"{column} IN (SELECT value FROM json_each(?))", [json.dumps(list(ids))]  # noqa: S608

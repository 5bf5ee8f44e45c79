"""Events: a row is something that happened to a run, unit or label, or to the whole site."""

from collections.abc import Sequence

from labeler.production.exports.rows import (
    Pages,
    Source,
    Wanted,
    columns,
    meant_runs,
    times,
    walk,
)
from labeler.production.recalls.walking import among
from labeler.store import Transaction

_COLUMNS = columns(
    "id:number", "at:time", "kind", "channel", "run:number", "serial", "label:number",
    "detail:data",
)  # fmt: skip
_ROW = "e.id, e.at, e.kind, e.channel, coalesce(e.run_id, u.run_id), u.serial, e.label_id, e.detail"
UNITS_AT_ONCE = 500
"""Units whose events are read at once."""


def _count(transaction: Transaction, wanted: Wanted) -> int:
    late, values = times(transaction, wanted, "at")
    runs = meant_runs(transaction, wanted)
    if runs is None:
        rows = transaction.run_sql(f"SELECT count(*) FROM event WHERE 1 = 1{late}", values)  # noqa: S608
        return int(rows[0][0])
    where, own = among(transaction, "run_id", runs)
    of_runs = f"SELECT count(*) FROM event WHERE {where} AND unit_id IS NULL{late}"  # noqa: S608
    units = f"SELECT id FROM unit WHERE {where}"  # noqa: S608 ours
    of_units = f"SELECT count(*) FROM event WHERE unit_id IN ({units}){late}"  # noqa: S608 ours
    return sum(int(transaction.run_sql(sql, [*own, *values])[0][0]) for sql in (of_runs, of_units))


def _pages(transaction: Transaction, wanted: Wanted) -> Pages:
    runs = meant_runs(transaction, wanted)
    if runs is not None:
        yield from _of_runs(transaction, wanted, runs)
        return
    late, values = times(transaction, wanted, "at")
    sql = _joined(f"WHERE 1 = 1{late} AND id > ? ORDER BY id")
    yield from walk(transaction, sql, values, start=(0,), keys=1)


def _joined(where: str) -> str:
    return (
        f"SELECT e.id, {_ROW} FROM (SELECT * FROM event {where} LIMIT ?) e "  # noqa: S608 ours
        "LEFT JOIN unit u ON u.id = e.unit_id ORDER BY e.id"
    )


def _of_runs(transaction: Transaction, wanted: Wanted, runs: Sequence[int]) -> Pages:
    """Yield for each run what happened to itself, then to its units in the order of their places.

    Along the indexes of events by run and by unit: the record may have a hundred times as many.
    """
    late, values = times(transaction, wanted, "at")
    itself = _joined(f"WHERE run_id = ? AND unit_id IS NULL{late} AND id > ? ORDER BY id")
    for run_id in runs:
        yield from walk(transaction, itself, [run_id, *values], start=(0,), keys=1)
        place = 0
        while True:
            units = transaction.run_sql(
                "SELECT position, id FROM unit WHERE run_id = ? AND position > ? "
                "ORDER BY position LIMIT ?",
                (run_id, place, UNITS_AT_ONCE),
            )
            if not units:
                break
            place = units[-1][0]
            one_of, ids = transaction.one_of([unit_id for _, unit_id in units])
            rows = transaction.run_sql(
                f"SELECT {_ROW} FROM event e JOIN unit u ON u.id = e.unit_id "  # noqa: S608 ours
                f"WHERE e.unit_id {one_of}{late.replace(' at ', ' e.at ')} "
                "ORDER BY u.position, e.id",
                [*ids, *values],
            )
            if rows:
                yield list(rows)


SOURCE = Source(
    about="something that happened to a run, a unit or a label, or to the site",
    columns=_COLUMNS,
    filters=frozenset({"run", "lot", "line", "product", "since", "before"}),
    count=_count,
    pages=_pages,
)

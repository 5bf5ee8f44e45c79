"""What became of a range of serials, in numbers; and behind each number, which serials these are.

The database counts: no unit is read here but those of a page. It passes over the units of a range
in the order of an index, once for their states and once for their labels.
"""

from typing import Any, Literal

from labeler.errors import BAD_VALUE, Refusal
from labeler.production.quality.spans import Span
from labeler.store import Transaction
from labeler.units import GONE, RUNGS, LabelState, UnitState

Kind = Literal[
    "issued",
    "encoded",
    "commissioned",
    "sampled",
    "scrapped",
    "destroyed",
    "voided",
    "unused",
    "gaps",
    "doubles",
    "strangers",
    "unlabelled",
    "unverified",
]
"""What of a range is counted and listed."""

_STATES: dict[str, tuple[UnitState, ...]] = {
    "encoded": (UnitState.ENCODED,),
    "commissioned": (UnitState.COMMISSIONED, UnitState.INACTIVE, UnitState.RELEASED),
    "sampled": (UnitState.SAMPLED, UnitState.LABEL_SAMPLED),
    "scrapped": (UnitState.LABEL_SCRAPPED,),
    "destroyed": (UnitState.DESTROYED,),
    "voided": (UnitState.VOIDED,),
    "unused": (UnitState.ALLOCATED, UnitState.LEASED),
}


def _listed(states: Any) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


_GONE = f"u.state IN ({_listed(GONE)})"
_OF_NO_ARCHIVE = "EXISTS (SELECT 1 FROM job j WHERE j.id = l.job_id AND j.purpose <> 'archive')"
_IS_OUT = f"l.state IN ({_listed({*RUNGS, LabelState.DOUBTFUL})}) AND {_OF_NO_ARCHIVE}"
_OUT = f"(SELECT count(*) FROM label l WHERE l.unit_id = u.id AND {_IS_OUT})"  # noqa: S608 our own
_VERIFIED = "EXISTS (SELECT 1 FROM verification k WHERE k.unit_id = u.id AND k.verdict = 'ok')"
_STRANGER = "v.unit_id IS NULL AND v.verdict = 'never_issued'"
_WHICH: dict[str, str] = {
    "issued": "1 = 1",
    **{kind: f"u.state IN ({_listed(states)})" for kind, states in _STATES.items()},
    "doubles": f"{_OUT} > 1",
    "unlabelled": f"NOT {_GONE} AND {_OUT} = 0",
    "unverified": f"NOT {_VERIFIED} AND {_OUT} > 0",
}
"""Kind -> the condition that a unit is of it."""


def count(transaction: Transaction, span: Span) -> dict[str, Any]:
    """Return of a range how many of each kind there are, and of each state.

    From `encoded` to `unused` they add up to `issued`; what was set aside or has left counts as
    `commissioned`, as in a run's balance.
    `gaps` counts numbers that were skipped, None where they are in no order; `doubles` are units
    with more than one label out, `unlabelled` those not gone without any, `unverified` those with a
    label out that no scan found ok; `strangers` are scans of serials that nobody issued.
    """
    states = _states(transaction, span)
    issued = sum(states.values())
    labelled, labelled_here, doubles, verified = _labels(transaction, span)
    here = issued - sum(states.get(state.value, 0) for state in GONE)
    counts = {"issued": issued}
    for kind, own in _STATES.items():
        counts[kind] = sum(states.get(state.value, 0) for state in own)
    return {
        **counts,
        "gaps": _gaps(transaction, span, issued),
        "doubles": doubles,
        "strangers": _strangers(transaction, span),
        "unlabelled": here - labelled_here,
        "unverified": labelled - verified,
        "states": states,
    }


def _states(transaction: Transaction, span: Span) -> dict[str, int]:
    sql = f"SELECT u.state, count(*) FROM unit u WHERE {span.units} GROUP BY u.state"  # noqa: S608
    return dict(sorted(transaction.run_sql(sql, span.values)))


def _labels(transaction: Transaction, span: Span) -> tuple[int, ...]:
    """Return units with a label out; of them not gone, with several, with a scan that was ok."""
    sql = f"""
        SELECT count(*), coalesce(sum(1 - gone), 0), coalesce(sum(several), 0),
               coalesce(sum(verified), 0)
        FROM (
            SELECT CASE WHEN count(*) > 1 THEN 1 ELSE 0 END AS several,
                   max(CASE WHEN {_GONE} THEN 1 ELSE 0 END) AS gone,
                   max(CASE WHEN {_VERIFIED} THEN 1 ELSE 0 END) AS verified
            FROM unit u JOIN label l ON l.unit_id = u.id
            WHERE {span.units} AND {_IS_OUT} GROUP BY {span.groups}
        ) AS labelled
    """  # noqa: S608 our own words
    [row] = transaction.run_sql(sql, span.values)
    return tuple(int(value) for value in row)


def _gaps(transaction: Transaction, span: Span, issued: int) -> int | None:
    if span.counted is None:
        return None
    if span.counted == span.order:  # places begin with 1, so the last one tells
        sql = f"SELECT coalesce(max({span.order}), 0) FROM unit u WHERE {span.units}"  # noqa: S608
        [[last]] = transaction.run_sql(sql, span.values)
        return int(last) - issued
    sql = f"SELECT coalesce(sum(own - former - 1), 0) FROM ({_steps(span)}) AS step "  # noqa: S608
    [[found]] = transaction.run_sql(f"{sql} WHERE own > former + 1", span.values)
    return int(found)


def _steps(span: Span) -> str:
    """Return the query of units with the number of each and of the one before."""
    first = ", 1, 0" if span.counted == span.order else ""
    return (
        f"SELECT {span.counted} AS own, {span.order} AS place, u.serial AS serial, "  # noqa: S608
        f"lag({span.counted}{first}) OVER (ORDER BY {span.groups}) AS former "
        f"FROM unit u WHERE {span.units}"
    )


def _strangers(transaction: Transaction, span: Span) -> int:
    sql = f"SELECT count(*) FROM verification v WHERE {_STRANGER} AND {span.strangers}"  # noqa: S608
    [[found]] = transaction.run_sql(sql, span.stranger_values)
    return int(found)


def list_serials(
    transaction: Transaction, span: Span, kind: Kind, *, after: str | None, limit: int
) -> list[dict[str, Any]]:
    """Return the serials behind a number, each with its `cursor`; ``after`` is the last page's.

    Of gaps: before which unit how many numbers are missing. Refuses (1002) an ``after`` that is
    not one of the list's cursors.
    """
    if kind == "strangers":
        return _list_strangers(transaction, span, after=after, limit=limit)
    if kind == "gaps":
        return _list_gaps(transaction, span, after=after, limit=limit)
    wanted, values = _behind(span, span.order, after)
    sql = (
        f"SELECT {span.order}, u.serial, u.state, u.run_id, u.position FROM unit u "  # noqa: S608
        f"WHERE {span.units} AND {_WHICH[kind]}{wanted} ORDER BY {span.groups} LIMIT ?"
    )
    rows = transaction.run_sql(sql, (*span.values, *values, limit))
    names = ("cursor", "serial", "state", "run", "position")
    return [dict(zip(names, (str(row[0]), *row[1:]), strict=True)) for row in rows]


def _list_gaps(
    transaction: Transaction, span: Span, *, after: str | None, limit: int
) -> list[dict[str, Any]]:
    if span.counted is None:
        return []
    wanted, values = _behind(span, "place", after)
    sql = (
        f"SELECT place, serial, former + 1, own - 1 FROM ({_steps(span)}) AS step "  # noqa: S608
        f"WHERE own > former + 1{wanted} ORDER BY place LIMIT ?"
    )
    rows = transaction.run_sql(sql, (*span.values, *values, limit))
    names = ("cursor", "before", "first_missing", "last_missing")
    return [dict(zip(names, (str(row[0]), *row[1:]), strict=True)) for row in rows]


def _list_strangers(
    transaction: Transaction, span: Span, *, after: str | None, limit: int
) -> list[dict[str, Any]]:
    last = 0 if after is None else _number(after)
    sql = (
        "SELECT v.id, v.serial, v.id, v.station, v.operator FROM verification v "  # noqa: S608
        f"WHERE {_STRANGER} AND {span.strangers} AND v.id > ? ORDER BY v.id LIMIT ?"
    )
    rows = transaction.run_sql(sql, (*span.stranger_values, last, limit))
    names = ("cursor", "serial", "verification", "station", "operator")
    return [dict(zip(names, (str(row[0]), *row[1:]), strict=True)) for row in rows]


def _behind(span: Span, column: str, after: str | None) -> tuple[str, tuple[Any, ...]]:
    """Return the condition that a row stands behind a cursor."""
    if after is None:
        return "", ()
    return f" AND {column} > ?", (_number(after) if span.order == "u.position" else after,)


def _number(after: str) -> int:
    if not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise Refusal(
            BAD_VALUE,
            f"after is {after[:40]!r}: expected `next` of the page before.",
            hint="Leave it out for the first page.",
        )
    return int(after)

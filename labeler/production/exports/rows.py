"""What is exported: columns, filters, and the pages of rows that a source gives."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from labeler.production.recalls import criteria
from labeler.production.recalls.criteria import Criteria
from labeler.store import Transaction

ROWS_AT_ONCE = 2000
"""Rows read and written at once: what an export needs of memory, however long it is."""

Row = Sequence[Any]
Pages = Iterator[list[Row]]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a source."""

    name: str
    kind: Literal["text", "number", "time", "data"] = "text"
    """A time becomes two columns, `NAME` in UTC and `NAME_site`; data is JSON."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rows; None: any."""

    run: int | None = None
    lot: str | None = None
    """Of the run."""
    line: str | None = None
    """Of the run; of a verification the line on which it was scanned."""
    product: str | None = None
    recall: str | None = None
    """In the recall of this name."""
    since: datetime | None = None
    """Then, or later: when a serial was issued, something happened, or was scanned."""
    before: datetime | None = None
    """Earlier."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One kind of row that is exported."""

    about: str
    """What one row is."""
    columns: tuple[Column, ...]
    filters: frozenset[str]
    """Which fields of `Wanted` it has a use for."""
    count: Callable[[Transaction, Wanted], int]
    pages: Callable[[Transaction, Wanted], Pages]
    """Gives pages of rows in the order of an index, each with a value for each column."""


def columns(*texts: str) -> tuple[Column, ...]:
    """Return columns by their names; `name:kind` says the kind.

    >>> columns("serial", "at:time")[1]
    Column(name='at', kind='time')
    """
    split = (text.partition(":") for text in texts)
    return tuple(Column(name=name, kind=kind or "text") for name, _, kind in split)  # type: ignore[arg-type]


def names(own: Iterable[Column]) -> list[str]:
    """Return the heads of the columns as they are written."""
    found = []
    for one in own:
        found += [one.name, f"{one.name}_site"] if one.kind == "time" else [one.name]
    return found


def told(
    own: Sequence[Column], page: Iterable[Row], *, local: Callable[[datetime], datetime]
) -> Any:
    """Return the rows of a page as they are written: texts, numbers, JSON's own kinds, None."""
    times = [place for place, one in enumerate(own) if one.kind == "time"]
    data = [place for place, one in enumerate(own) if one.kind == "data"]
    write = _writer(local)
    found = []
    for given in page:
        row = list(given)
        for place in data:
            if isinstance(row[place], str):
                row[place] = json.loads(row[place])
        for place in reversed(times):
            row[place : place + 1] = write(row[place])
        found.append(row)
    return found


@lru_cache(maxsize=4)
def _writer(
    local: Callable[[datetime], datetime],
) -> Callable[[Any], tuple[str | None, str | None]]:
    @lru_cache(maxsize=10_000)
    def write(value: Any) -> tuple[str | None, str | None]:
        if value is None:
            return None, None
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        utc = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return utc, local(at).isoformat(timespec="microseconds")

    return write


def meant_runs(transaction: Transaction, wanted: Wanted, *, line: bool = True) -> list[int] | None:
    """Return the runs that are all that is said of runs; None where nothing is."""
    said = {
        "runs": wanted.run, "lots": wanted.lot, "products": wanted.product,
        "lines": wanted.line if line else None,
    }  # fmt: skip
    given = {name: (value,) for name, value in said.items() if value is not None}
    return criteria.of_the_run(transaction, Criteria(**given))  # type: ignore[arg-type]


def times(transaction: Transaction, wanted: Wanted, column: str) -> tuple[str, list[Any]]:
    """Return the condition of since and before, with AND before it, and its values."""
    sql, values = "", []
    for sign, at in ((">=", wanted.since), ("<", wanted.before)):
        if at is not None:
            sql += f" AND {column} {sign} ?"
            values.append(transaction.time(at))
    return sql, values


def walk(
    transaction: Transaction, sql: str, values: Sequence[Any], *, start: Row, keys: int
) -> Pages:
    """Yield the rows of ``sql`` page by page, each behind the last row of the one before.

    ``sql`` begins with ``values``, ends with ``keys`` placeholders of where it goes on and one of
    how many rows; the first ``keys`` columns are that place, and are left out.
    """
    behind: Row = start
    while True:
        rows = transaction.run_sql(sql, [*values, *behind, ROWS_AT_ONCE])
        if rows:
            yield [row[keys:] for row in rows]
        if len(rows) < ROWS_AT_ONCE:
            return
        behind = rows[-1][:keys]

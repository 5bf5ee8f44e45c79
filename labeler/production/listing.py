"""The units of a run by their places, page by page: no page is slower than the first."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from labeler.production import remembering, runs
from labeler.production.site import Site
from labeler.store import Transaction, schema

PAGE_ROWS = 5000
"""Units read at once where all of them are wanted."""


def pages(
    site: Site, run_id: int, *, after: int = 0, rows: int = PAGE_ROWS
) -> Iterator[list[dict[str, Any]]]:
    """Yield the run's units page by page, in the order of their places; each page a snapshot."""
    while True:
        with site.store.read() as transaction:
            page = list_units(transaction, run_id, after=after, limit=rows)
        if not page:
            return
        yield page
        after = page[-1]["position"]


def list_units(
    transaction: Transaction, run_id: int, *, after: int, limit: int
) -> list[dict[str, Any]]:
    """Return the run's units behind the place ``after``; refuse (2003) an unknown run.

    Where the product has identifiers, each unit has its own; secrets are None.
    """
    runs.show(transaction, run_id)
    unit = schema.unit
    query = (
        select(unit.c.position, unit.c.serial, unit.c.state, unit.c.allocated_at)
        .where(unit.c.run_id == run_id, unit.c.position > after)
        .order_by(unit.c.position)
        .limit(limit)
    )
    units = [dict(row._mapping) for row in transaction.execute(query)]
    add_identifiers(transaction, run_id, units)
    return units


def add_identifiers(transaction: Transaction, run_id: int, units: list[dict[str, Any]]) -> None:
    """Give each of a run's units, which stand in the order of their places, its identifiers."""
    names = remembering.names(transaction, run_id)
    if not names or not units:
        return
    rows = transaction.run_sql(
        "SELECT u.position, i.name, i.text FROM unit u JOIN unit_identifier i ON i.unit_id = u.id "
        "WHERE u.run_id = ? AND u.position >= ? AND u.position <= ? AND i.scope IS NOT NULL",
        (run_id, units[0]["position"], units[-1]["position"]),
    )
    texts = {(position, name): text for position, name, text in rows}
    for unit in units:
        unit["identifiers"] = {name: texts.get((unit["position"], name)) for name in names}

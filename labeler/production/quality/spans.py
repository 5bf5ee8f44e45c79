"""Which units a range is of: those of a run, or of a series from one serial to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from labeler.errors import BAD_RANGE, NO_SUCH_SERIES, Refusal
from labeler.production import runs
from labeler.production.meanings import fault_of
from labeler.production.neighbours import read_definition
from labeler.production.site import Site
from labeler.store import Transaction, schema

_OF_SERIES = (
    "SELECT r.id FROM run r JOIN series_version s ON s.id = r.series_version_id WHERE s.series = ?"
)


@dataclass(frozen=True, kw_only=True)
class Span:
    """What SQL is told of a range: `u` is the unit, `v` a verification. Each word of it is ours."""

    units: str
    """The condition that a unit is in it …"""
    values: tuple[Any, ...]
    """… and what stands for its placeholders."""
    order: str
    """The column by which its units stand in order, and its pages go on."""
    groups: str
    """The columns that tell two of its units apart, in that order."""
    strangers: str
    """The condition that a scan was of a serial in it that nobody issued …"""
    stranger_values: tuple[Any, ...]
    """… and what stands for its placeholders."""
    counted: str | None
    """What has to go up by one from unit to unit; None: its numbers are in no order."""


def of_run(transaction: Transaction, run_id: int) -> Span:
    """Return the range of all units of a run; refuses (2003) an unknown one.

    Strangers are scans of serials of the run's form, of those who expected that run, or made while
    it was open. Its units stand in the order of their places.
    """
    run = runs.show(transaction, run_id)
    opened = transaction.time(run["opened_at"])
    strangers = "(v.run_id = ? OR (v.at >= ?"
    values: list[Any] = [run["series"], run_id, opened]
    if run["closed_at"] is not None:
        strangers += " AND v.at <= ?"
        values.append(transaction.time(run["closed_at"]))
    return Span(
        units="u.run_id = ?",
        values=(run_id,),
        order="u.position",
        groups="u.position",
        strangers=f"v.series = ? AND {strangers}))",
        stranger_values=tuple(values),
        counted="u.position",
    )


def of_series(site: Site, transaction: Transaction, series: str, *, first: str, last: str) -> Span:
    """Return the range of a series from one serial to another, both included, in text order.

    Refuses an unknown series (3008), and (6005) texts that are no serials of it, or turned round.
    """
    definition = _require_serials(site, transaction, series, (first, last))
    if first > last:
        raise Refusal(
            BAD_RANGE,
            f"The range goes from '{first}' to '{last}', which stands before it.",
            hint="Turn them round.",
        )
    # Text order is that of the characters, whatever the language of the database.
    serial = "u.serial" if not transaction.for_update else 'u.serial COLLATE "C"'
    scanned = serial.replace("u.", "v.")
    return Span(
        units=f"{serial} >= ? AND {serial} <= ? AND length(u.serial) = ? "
        f"AND u.run_id IN ({_OF_SERIES})",
        values=(first, last, len(first), series),
        order=serial,
        groups=f"{serial}, u.scope",
        strangers=f"v.series = ? AND {scanned} >= ? AND {scanned} <= ?",
        stranger_values=(series, first, last),
        counted="u.counter" if definition == "sequential" else None,
    )


def _require_serials(
    site: Site, transaction: Transaction, series: str, texts: Sequence[str]
) -> str:
    """Return how the numbers of a series come about, once both texts are found to be of it."""
    table = schema.series_version
    rows = transaction.execute(select(table.c.definition).where(table.c.series == series))
    known = {row.definition for row in rows}
    if series in site.plant.series:
        known.add(site.plant.series[series].definition.text)
    definitions = [read_definition(text) for text in sorted(known)]
    if not definitions:
        hint = "See those there are: GET /api/v1/series, or labeler series list."
        raise Refusal(NO_SUCH_SERIES, f"There is no series '{series}'.", hint=hint)
    for definition in definitions:
        if all(fault_of(definition, text) is None for text in texts):
            return definition.series.kind
    wrong = [str(fault_of(definitions[-1], text) or "") for text in texts]
    said = next((one for one in wrong if one), f"'{texts[0]}' and '{texts[1]}' have two patterns.")
    raise Refusal(BAD_RANGE, said, hint=f"Give two serials of series '{series}'.")

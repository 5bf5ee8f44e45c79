"""What is known of an issued serial."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from labeler.errors import NO_SUCH_SERIAL, SERIAL_OF_SEVERAL, Refusal
from labeler.production import blocks, remembering, runs, testing
from labeler.production.presentation import Presentation
from labeler.serials import definition as definitions
from labeler.store import Transaction, schema
from labeler.units import RunMode


def show_serial(
    transaction: Transaction, serial: str, *, product: str | None = None
) -> dict[str, Any]:
    """Return everything known of an issued serial.

    Where a serial is unique only within a product, ``product`` says whose is meant. Refuses (3001)
    one that was never issued, and (3009) one of several products if none is named.
    """
    row = find_unit(transaction, serial, product=product)
    carried = remembering.about(transaction, row)
    return {
        "serial": row.serial,
        "state": row.state,
        "number": row.position,
        "counter": row.counter,
        "allocated_at": row.allocated_at,
        **carried,
        "forms": _forms(transaction, row, carried["identifiers"]),
        "run": runs.show(transaction, row.run_id),
        "labels": _labels(transaction, row.id),
        "events": blocks.events_of(transaction, row) + _events(transaction, row.id),
    }


def labels_of(
    transaction: Transaction, serial: str, *, product: str | None = None
) -> list[dict[str, Any]]:
    """Return the labels of an issued serial, the oldest first; refuses as `show_serial` does."""
    return _labels(transaction, find_unit(transaction, serial, product=product).id)


def find_unit(transaction: Transaction, serial: str, *, product: str | None = None) -> Row[Any]:
    """Return the unit with a serial, and its product; refuses as `show_serial` does."""
    rows = _units(transaction, serial)
    products = [row.product for row in rows]
    if product is not None:
        rows = [row for row in rows if row.product == product]
    if not rows:
        wanted = "" if product is None else f" for product '{product}'"
        also = f", but for {' and '.join(sorted(products))}" if products else ""
        raise Refusal(
            NO_SUCH_SERIAL,
            f"Serial '{serial}' was never issued here{wanted}{also}.",
            hint="POST /api/v1/serials/check, "
            "or labeler check, explains what is wrong with a text.",
        )
    if len(rows) > 1:
        named = ", ".join(sorted(products))
        raise Refusal(
            SERIAL_OF_SEVERAL,
            f"Serial '{serial}' was issued for {len(rows)} products: {named}.",
            hint=f"Say which: ?product={min(products)}.",
        )
    return rows[0]


def _units(transaction: Transaction, serial: str) -> list[Row[Any]]:
    """Return the units with this serial. Others may send anything, also what no database takes."""
    if not (serial.isascii() and serial.isprintable()):
        return []
    unit, run = schema.unit, schema.run
    query = (
        select(unit, run.c.product)
        .join(run, run.c.id == unit.c.run_id)
        .where(unit.c.serial == serial)
    )
    return list(transaction.execute(query))


def _forms(
    transaction: Transaction, unit: Row[Any], identifiers: Mapping[str, str | None]
) -> dict[str, str]:
    """Return every form of the unit's serial and identifiers, by the names templates have."""
    run, own, version = schema.run, schema.run_series, schema.series_version
    opened = transaction.execute(
        select(run.c.constants, run.c.mode, version.c.definition)
        .join(version, version.c.id == run.c.series_version_id)
        .where(run.c.id == unit.run_id)
    ).one()
    carried = transaction.execute(
        select(own.c.name, version.c.definition)
        .join(version, version.c.id == own.c.series_version_id)
        .where(own.c.run_id == unit.run_id)
    )
    presentation = Presentation(
        serial=definitions.read(opened.definition),
        identifiers={row.name: definitions.read(row.definition) for row in carried},
        gtin=opened.constants.get("product.gtin", ""),
        lot=opened.constants.get("run.lot", ""),
        prefix=testing.PREFIX if opened.mode == RunMode.TEST.value else "",
    )
    return dict(presentation.every(serial=unit.serial, texts=identifiers))


def _labels(transaction: Transaction, unit_id: int) -> list[dict[str, Any]]:
    label, job = schema.label, schema.job
    rows = transaction.execute(
        select(
            label.c.id, label.c.job_id.label("job"), job.c.purpose, job.c.reason, label.c.copy,
            label.c.printer, label.c.state, label.c.sent_at, label.c.settled_at, label.c.digest,
            label.c.language, label.c.dpi, label.c.program_version,
        )
        .join(job, job.c.id == label.c.job_id)
        .where(label.c.unit_id == unit_id)
        .order_by(label.c.id)
    )  # fmt: skip
    return [dict(row._mapping) for row in rows]


def _events(transaction: Transaction, unit_id: int) -> list[dict[str, Any]]:
    event = schema.event
    rows = transaction.execute(
        select(event.c.at, event.c.kind, event.c.channel, event.c.label_id.label("label"),
               event.c.detail)
        .where(event.c.unit_id == unit_id)
        .order_by(event.c.id)
    )  # fmt: skip
    return [dict(row._mapping) for row in rows]

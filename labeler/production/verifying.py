"""What is known of a serial: everything about an issued one, an explanation of any other."""

from typing import Any

from sqlalchemy import Row, select

from labeler.errors import NO_SUCH_SERIAL, Refusal
from labeler.production import blocks, runs
from labeler.production.site import Site
from labeler.serials import InvalidSerial
from labeler.serials import definition as definitions
from labeler.store import Transaction, schema


def show_serial(transaction: Transaction, serial: str) -> dict[str, Any]:
    """Return everything known of an issued serial; refuse (3001) one that was never issued."""
    row = _unit(transaction, serial)
    if row is None:
        raise Refusal(
            NO_SUCH_SERIAL,
            f"Serial '{serial}' was never issued here.",
            hint="POST /api/v1/serials/check explains what is wrong with a text.",
        )
    return {
        "serial": row.serial,
        "state": row.state,
        "number": row.position,
        "counter": row.counter,
        "allocated_at": row.allocated_at,
        "run": runs.show(transaction, row.run_id),
        "labels": _labels(transaction, row.id),
        "events": blocks.events_of(transaction, row) + _events(transaction, row.id),
    }


def _unit(transaction: Transaction, serial: str) -> Row[Any] | None:
    """Return the unit with this serial. Others may send anything, also what no database takes."""
    if not (serial.isascii() and serial.isprintable()):
        return None
    query = select(schema.unit).where(schema.unit.c.serial == serial)
    return transaction.execute(query).one_or_none()


def _labels(transaction: Transaction, unit_id: int) -> list[dict[str, Any]]:
    label, job = schema.label, schema.job
    rows = transaction.execute(
        select(
            label.c.id, label.c.job_id.label("job"), job.c.purpose, label.c.printer, label.c.state,
            label.c.sent_at, label.c.settled_at, label.c.digest,
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


def check_text(site: Site, transaction: Transaction, text: str) -> dict[str, Any]:
    """Say of any text whether it is a serial of ours: which series it fits, and who issued it.

    `verdict` is *issued*, *never_issued* (a series could have made it) or *invalid* (none could;
    `series` says why for each). Spaces around the text are ignored.
    """
    text = text.strip()
    fits = _fits(site, transaction, text)
    row = _unit(transaction, text)
    if row is not None:
        run = runs.show(transaction, row.run_id)
        verdict, sentence = (
            "issued",
            (
                f"Serial '{text}' was issued by run {run['id']} "
                f"({run['product']} on {run['line']}); its unit is {row.state}."
            ),
        )
    elif any(item["valid"] for item in fits):
        run = None
        verdict, sentence = (
            "never_issued",
            (f"Serial '{text}' is well formed, but it was never issued here."),
        )
    else:
        run = None
        verdict, sentence = "invalid", _invalid_sentence(text, fits)
    return {
        "text": text,
        "verdict": verdict,
        "sentence": sentence,
        "state": row.state if row is not None else None,
        "run": run,
        "series": fits,
    }


def _fits(site: Site, transaction: Transaction, text: str) -> list[dict[str, Any]]:
    """Return for every series, past versions included, whether ``text`` is one of its serials."""
    table = schema.series_version
    rows = transaction.execute(
        select(table.c.series, table.c.definition).order_by(table.c.series, table.c.version.desc())
    )
    known = {(row.series, row.definition) for row in rows}
    known |= {(name, series.definition.text) for name, series in site.plant.series.items()}
    return [_fit(name, definition, text) for name, definition in sorted(known)]


def _fit(name: str, definition: str, text: str) -> dict[str, Any]:
    series = definitions.read(definition).series
    found: dict[str, Any] = {"series": name, "pattern": series.pattern, "valid": True}
    found["fault"] = None
    try:
        parsed = series.parse(text)
    except InvalidSerial as error:
        return {**found, "valid": False, "fault": str(error), "counter": None}
    return {**found, "counter": parsed.counter}


def _invalid_sentence(text: str, fits: list[dict[str, Any]]) -> str:
    if len(fits) == 1:
        return str(fits[0]["fault"])
    return f"'{text}' is not a serial of any of {len(fits)} series; see each one's fault."

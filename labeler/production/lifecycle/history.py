"""The whole life of one serial in one answer, in order: who did what, when, where and why."""

from typing import Any

from sqlalchemy import Row, select

from labeler.production import blocks, verifying
from labeler.production.lifecycle import said
from labeler.production.recalls import recalled
from labeler.store import Transaction, schema

_OF_THE_RUN = (
    "run_edited", "run_opened", "run_closed", "run_reconciled", "run_released", "lease_extended",
    "lease_closed",
)  # fmt: skip
_WHO = ("operator", "line", "holder")
_WHERE = ("location", "station", "line", "printer")
_WHY = ("reason", "why")
_NEW = ("new", "to")
_ALSO = tuple(name for name in said.KEPT if name not in _WHERE)
"""What else was said of a unit that is so since: whose it is, for which order."""


def show(transaction: Transaction, serial: str, *, product: str | None = None) -> dict[str, Any]:
    """Return a unit as it is, and its history; refuses (3001, 3009) as `verifying` does."""
    unit = verifying.find_unit(transaction, serial, product=product)
    return {
        "serial": unit.serial,
        "state": unit.state,
        "product": unit.product,
        "run": unit.run_id,
        "number": unit.position,
        "allocated_at": unit.allocated_at,
        **{name: unit._mapping[name] for name in said.KEPT},
        "recalls": [one["name"] for one in recalled.names(transaction, unit.id)],
        "history": history(transaction, unit),
    }


def history(transaction: Transaction, unit: Row[Any]) -> list[dict[str, Any]]:
    """Return what happened to a unit, the oldest first; what happened at once, as it was written.

    What its run or lease went through stands in it, too.
    """
    began = blocks.events_of(transaction, unit)
    lease = next((one["detail"].get("lease") for one in began), None)
    found = _of_the_run(transaction, unit.run_id, lease=lease)
    opened = min((key[1] for key, _ in found), default=0.0)
    found += [((one["at"], opened + 0.5), one) for one in began]
    own = _of_the_unit(transaction, unit.id)
    found += own
    found += _sent(transaction, unit.id, own)
    # Behind all that happened at the same moment: what was recalled had happened.
    found += [((one["at"], float("inf")), one) for one in recalled.history(transaction, unit.id)]
    found.sort(key=lambda entry: entry[0])
    return [_told(one) for _, one in found]


_Entry = tuple[tuple[Any, float], dict[str, Any]]
"""When, and in which place of those at the same time; what."""


def _of_the_run(transaction: Transaction, run_id: int, *, lease: int | None) -> list[_Entry]:
    event = schema.event
    query = select(event.c.id, event.c.at, event.c.kind, event.c.channel, event.c.detail)
    rows = transaction.execute(
        query.where(event.c.run_id == run_id, event.c.kind.in_(_OF_THE_RUN)).order_by(event.c.id)
    )
    return [
        ((row.at, float(row.id)), {**row._mapping, "label": None})
        for row in rows
        if row.kind.startswith("run_") or (lease and row.detail.get("lease") == lease)
    ]


def _of_the_unit(transaction: Transaction, unit_id: int) -> list[_Entry]:
    event, label = schema.event, schema.label
    rows = transaction.execute(
        select(event.c.id, event.c.at, event.c.kind, event.c.channel, event.c.detail,
               event.c.label_id.label("label"), label.c.job_id.label("job"), label.c.printer,
               label.c.copy)
        .join(label, label.c.id == event.c.label_id, isouter=True)
        .where(event.c.unit_id == unit_id)
        .order_by(event.c.id)
    )  # fmt: skip
    return [((row.at, float(row.id)), dict(row._mapping)) for row in rows]


def _sent(transaction: Transaction, unit_id: int, own: list[_Entry]) -> list[_Entry]:
    """Return when labels began to leave us: their rows say so, no event does."""
    label = schema.label
    rows = transaction.execute(
        select(label.c.id, label.c.sent_at, label.c.job_id, label.c.printer, label.c.copy).where(
            label.c.unit_id == unit_id, label.c.sent_at.is_not(None)
        )
    )
    found: list[_Entry] = []
    for row in rows:
        later = [
            key[1] for key, one in own if one["label"] == row.id and one["at"] >= row.sent_at
            and one["kind"] not in ("allocated", "reprint_queued")
        ]  # fmt: skip
        place = min(later, default=float("inf")) - 0.5
        entry = {
            "at": row.sent_at, "kind": "label_sending", "channel": "spooler", "detail": {},
            "label": row.id, "job": row.job_id, "printer": row.printer, "copy": row.copy,
        }  # fmt: skip
        found.append(((row.sent_at, place), entry))
    return found


def _told(one: dict[str, Any]) -> dict[str, Any]:
    detail = dict(one["detail"])
    also = {**detail, "printer": one.get("printer")}
    return {
        "at": one["at"],
        "kind": one["kind"],
        "who": _first(detail, _WHO),
        "where": _first(also, _WHERE),
        "why": _first(detail, _WHY),
        "new": _new(detail),
        "channel": one["channel"],
        "label": one["label"],
        "job": one.get("job"),
        "copy": one.get("copy"),
        "detail": detail,
    }


def _new(detail: dict[str, Any]) -> str | None:
    """Return what is so since: a verdict, a state, and what was said of the unit with it."""
    value = _first(detail, _NEW)
    also = [f"{name.replace('_', ' ')} {detail[name]}" for name in _ALSO if detail.get(name)]
    return ", ".join([*([value] if value else []), *also]) or None


def _first(detail: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((str(detail[name]) for name in names if detail.get(name) is not None), None)

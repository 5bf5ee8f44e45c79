"""One row of the audit trail in words: who, what, of what, from what to what, and why."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from labeler.store import Transaction, schema
from labeler.store.schema import UNIT_WORDS
from labeler.units import LabelState

WHO = ("operator", "holder")
"""Where a detail says who it was."""
_OLD, _NEW, _WHY = ("old", "from", "before"), ("new", "to", "priority"), ("reason", "why")
_STATES = {
    "run_planned": "planned", "run_opened": "open", "run_resumed": "open", "run_paused": "paused",
    "run_withdrawn": "canceled", "run_closed": "closed", "run_reconciled": "reconciled",
    "run_released": "released", **{f"label_{one.value}": one.value for one in LabelState},
}  # fmt: skip
"""Event -> the state in which it leaves its run or label."""
_ALSO = (*UNIT_WORDS, "verdict", "difference", "approved_by")
"""What else of an event's detail people look for in its row."""
_THINGS = (
    *("recall", "printer", "series", "template", "job", "lease", "text", "file"),
    *("account", "api_key"),
)


def states_before(
    transaction: Transaction, rows: Sequence[dict[str, Any]]
) -> dict[int, str | None]:
    """Return in which state a label or run was before each of these events, as events tell it."""
    event = schema.event.c
    changed = [row for row in rows if row["kind"] in _STATES]
    units = {row["unit_id"] for row in changed if row["label"] is not None}
    runs = {row["run_id"] for row in changed if row["run_id"] is not None}
    query = select(event.id, event.kind, event.run_id, event.label_id).where(
        event.kind.in_(_STATES), or_(event.unit_id.in_(units), event.run_id.in_(runs))
    )
    last: dict[tuple[int | None, int | None], str] = {}
    found: dict[int, str | None] = {}
    for row in transaction.execute(query.order_by(event.id)):
        thing = (row.run_id, row.label_id)
        found[row.id] = last.get(thing, None if row.label_id is None else LabelState.QUEUED.value)
        last[thing] = _STATES[row.kind]
    return found


def tell(row: dict[str, Any], *, before: str | None) -> dict[str, Any]:
    """Return a row as people read it.

    ``row`` is the row of the chain with its event, the run of its unit as `unit_run`, and its
    serial; ``before`` is what `states_before` says of its event.
    """
    detail = dict(row["detail"])
    run = row["run_id"] if row["run_id"] is not None else row["unit_run"]
    return {
        "seq": row["seq"],
        "at": row["at"],
        "who": _first(detail, WHO),
        "what": row["kind"],
        "of": _of(row, detail),
        "old": before if row["kind"] in _STATES else _first(detail, _OLD),
        "new": _new(row["kind"], detail),
        "reason": _first(detail, _WHY),
        "channel": row["channel"],
        "run": run,
        "serial": row["serial"],
        "label": row["label"],
        "detail": detail,
        "event": row["event"],
        "hash": bytes(row["hash"]).hex(),
    }


def _new(kind: str, detail: dict[str, Any]) -> str | None:
    """Return what it is since: the state or value, and what else was written down with it."""
    state = _STATES.get(kind) or _first(detail, _NEW)
    also = [f"{name.replace('_', ' ')} {detail[name]}" for name in _ALSO if detail.get(name)]
    return ", ".join([*([state] if state else []), *also]) or None


def _of(row: dict[str, Any], detail: dict[str, Any]) -> str:
    """Return in words what it was done to."""
    if row["serial"] is not None:
        return f"serial {row['serial']}"
    for name in _THINGS:
        if isinstance(detail.get(name), str | int):
            return f"{name} {detail[name]}"
    return "site" if row["run_id"] is None else f"run {row['run_id']}"


def _first(detail: dict[str, Any], names: tuple[str, ...]) -> str | None:
    value = next((detail[name] for name in names if detail.get(name) is not None), None)
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)

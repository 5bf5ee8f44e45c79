"""Do what an accepted order says, unit by unit, and let the lines through meanwhile."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update

from labeler.errors import NOT_PRINTED_YET, UNIT_STEP, Refusal
from labeler.production import events, remembering
from labeler.production.events import Cause
from labeler.production.lifecycle import counted_runs, said, steps
from labeler.production.lifecycle.steps import Standing
from labeler.production.lifecycle.verbs import VERBS, Verb
from labeler.production.recalls import recalled
from labeler.production.site import Site
from labeler.store import Transaction, schema_units
from labeler.units import GONE, UnitState

_TABLE = schema_units.unit_order

_WAITS = "IN ('queued', 'held')"
_NO_LABEL = "NOT IN ('not_printed')"  # one that was scrapped was there, so its serial was used

CHUNK = 1000
"""Units of one transaction: a few hundredths of a second, in which a trigger may have to wait."""


def finish(site: Site, order_id: int) -> None:
    """Do what is undone of an order."""
    while not site.store.write(lambda transaction: apply(transaction, site, order_id), locks=True):
        pass


def find(transaction: Transaction, order_id: int) -> Row[Any]:
    """Return an order."""
    return transaction.execute(select(_TABLE).where(_TABLE.c.id == order_id)).one()


def shown(row: Row[Any]) -> dict[str, Any]:
    """Return an order for people: what was said, how many units it changed, which it left alone."""
    left = json.loads(row.left_alone)
    count = row._mapping["count"]
    return {
        "id": row.id,
        "verb": row.verb,
        "state": row.state,
        "count": count,
        "changed": row.next_place - len(left),
        "left": left,
        "said": json.loads(row.said),
        "channel": row.channel,
        "received_at": row.received_at,
        "done_at": row.done_at,
    }


def apply(transaction: Transaction, site: Site, order_id: int, *, strict: bool = False) -> bool:
    """Change the next chunk of an order's units; return whether all of it is done.

    ``strict``: one that cannot take the step refuses all (3025, 5022, 6014); else it is left alone.
    """
    query = select(_TABLE).where(_TABLE.c.id == order_id).with_for_update()
    order = transaction.execute(query).one()
    if order.state == "done":
        return True
    ids = json.loads(zlib.decompress(order.units))
    part = ids[order.next_place : order.next_place + CHUNK]
    left = json.loads(order.left_alone) + _change(transaction, site, order, part, strict=strict)
    place = order.next_place + len(part)
    values: dict[str, Any] = {"next_place": place, "left_alone": json.dumps(left)}
    is_done = bool(place == len(ids))
    if is_done:
        values |= {"state": "done", "done_at": site.clock()}
    transaction.execute(update(_TABLE).where(_TABLE.c.id == order_id).values(**values))
    return is_done


def standing(transaction: Transaction, unit_ids: Sequence[int]) -> list[Standing]:
    """Return these units as they are now, in the order in which they are named."""
    where, ids = transaction.one_of(unit_ids)
    rows = transaction.run_sql(
        f"SELECT id, serial, state FROM unit WHERE id {where}",  # noqa: S608 places are ours
        ids,
    )
    found = {one: Standing(id=one, serial=text, state=UnitState(was)) for one, text, was in rows}
    return [found[unit_id] for unit_id in unit_ids]


def waiting(transaction: Transaction, verb: Verb, unit_ids: Sequence[int]) -> dict[int, int]:
    """Return of these units a label that is in the verb's way: one that waits, or may exist."""
    if not verb.settles_labels or not unit_ids:
        return {}
    where, ids = transaction.one_of(unit_ids)
    states = _NO_LABEL if verb.unlabelled else _WAITS
    rows = transaction.run_sql(
        "SELECT l.unit_id, l.id FROM label l JOIN job j ON j.id = l.job_id "  # noqa: S608
        f"WHERE l.unit_id {where} AND l.state {states} AND j.purpose <> 'archive'",
        ids,
    )
    return dict(rows)


@dataclass(frozen=True, kw_only=True)
class Hindrances:
    """What may stand in the way of units that are to take a step."""

    waits: Mapping[int, int]
    """Unit -> a label that is in the way."""
    counted: Mapping[int, int]
    """Unit -> the run that is reconciled without it."""
    recalls: Mapping[int, str]
    """Unit -> the recalls it is in, where it would leave."""


def hindrances(
    transaction: Transaction, verb: Verb, units: Sequence[Standing], *, hold: bool = False
) -> Hindrances:
    """Return what stands in the way; ``hold`` keeps runs from being reconciled until we end."""
    ids = [unit.id for unit in units]
    return Hindrances(
        waits=waiting(transaction, verb, ids),
        counted=counted_runs.of(transaction, verb, units, hold=hold),
        recalls=recalled.among(transaction, ids) if verb.lets_leave else {},
    )


def cannot(verb: Verb, unit: Standing, *, against: Hindrances) -> Refusal | None:
    """Return why a unit cannot take the step, or None."""
    waits = against.waits
    if unit.state not in verb.becomes:
        return steps.refusal(unit.serial, was=unit.state, to=verb.aim)
    if unit.id in against.recalls:
        return recalled.refusal(unit.serial, against.recalls[unit.id])
    if unit.id in against.counted:
        return counted_runs.refusal(unit, run_id=against.counted[unit.id], to=verb.aim)
    if unit.id in waits and verb.unlabelled:
        return Refusal(
            UNIT_STEP,
            f"Label {waits[unit.id]} of serial '{unit.serial}' may exist, so it may be in use.",
            hint="Say what became of it: labeler doubtful resolve, labeler unit scrap.",
        )
    if unit.id in waits:
        return Refusal(
            NOT_PRINTED_YET,
            f"Label {waits[unit.id]} of serial '{unit.serial}' waits to be printed.",
            hint="Wait for it, or cancel its job: labeler job cancel.",
        )
    return None


def _change(
    transaction: Transaction, site: Site, order: Row[Any], ids: Sequence[int], *, strict: bool
) -> list[dict[str, str]]:
    """Change units; return those that were left alone, and why."""
    verb, words = VERBS[order.verb], json.loads(order.said)
    units = steps.locked(transaction, ids)
    against = hindrances(transaction, verb, units, hold=True)
    left: list[dict[str, str]] = []
    groups: dict[UnitState, list[Standing]] = {}
    for unit in units:
        refusal = cannot(verb, unit, against=against)
        if refusal is None:
            groups.setdefault(unit.state, []).append(unit)
        elif strict:
            raise refusal
        else:
            left.append({"serial": unit.serial, "sentence": refusal.sentence})
    for was, group in groups.items():
        _step(transaction, group, (was, verb.becomes[was]))
        own = [unit.id for unit in group]
        # A second order for units that have left says more of them; they stay where they are.
        gone = dict.fromkeys(verb.clears if was != verb.becomes[was] else ())
        _keep(transaction, own, {**gone, **words})
        detail = {**words, "from": was.value, "to": verb.becomes[was].value, "order": order.id}
        cause = Cause(channel=order.channel, detail=detail)
        events.record_units(transaction, verb.kind, units=own, at=site.clock(), cause=cause)
    return left


def _step(
    transaction: Transaction, units: Sequence[Standing], way: tuple[UnitState, UnitState]
) -> None:
    was, to = way
    if was != to:
        steps.change(transaction, units, to=to)
    if to in GONE:
        remembering.forget(transaction, [unit.id for unit in units])


def _keep(
    transaction: Transaction, unit_ids: Sequence[int], words: Mapping[str, str | None]
) -> None:
    """Write down what was said of the units; None: it is not so any more."""
    kept = {name: words[name] for name in said.KEPT if name in words}
    if not kept:
        return
    where, ids = transaction.one_of(unit_ids)
    names = ", ".join(f"{name} = ?" for name in kept)
    transaction.run_sql(
        f"UPDATE unit SET {names} WHERE id {where}",  # noqa: S608 names are ours
        [*kept.values(), *ids],
    )

"""Print the label of a unit again: for a reason of the list, by whom the site lets, on the record.

A label printed again is a copy, numbered from 1, unless the label itself surely does not exist:
that one is the label then. Where labels come from elsewhere, ours are copies of those.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row, select

from labeler.errors import (
    NO_PRINTER_SUITS,
    NO_SUCH_LABEL,
    UNPRINTABLE,
    Refusal,
)
from labeler.production import booking, filling, repeating, routing, verifying
from labeler.production.events import Cause
from labeler.production.printing import again, reprint_rules
from labeler.production.printing.again import Again
from labeler.production.printing.reprint_rules import Earlier
from labeler.production.routing import Way
from labeler.production.site import Site
from labeler.store import Transaction, schema
from printers.errors import Unprintable

COPIES_AT_ONCE_MAX = 100
"""Most copies that one order may ask for."""


@dataclass(frozen=True, kw_only=True)
class Which:
    """Whose label: that of a serial, or of the unit that a label is of."""

    serial: str = ""
    product: str | None = None
    """Whose serial, where several products have it."""
    label_id: int | None = None
    """None: the serial says it."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is printed again, why, and who says so."""

    channel: str
    key: str
    """Chosen by the sender, unique for each wish; a retry carries the same one."""
    reason: str
    """One of `reprints.reasons`."""
    operator: str
    approved_by: str | None = None
    note: str | None = None
    printer: str | None = None
    """None: the one that printed the unit's label last, or else that of its line."""
    copies: int = 1

    @property
    def said(self) -> dict[str, str]:
        """What the record keeps of it."""
        said = {
            "reason": self.reason,
            "operator": self.operator,
            "approved_by": self.approved_by,
            "note": self.note,
        }
        return {name: text for name, text in said.items() if text is not None}


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """An order, as a retry of it is known again."""

    order: Order
    unit_id: int
    line: str

    @property
    def channel(self) -> str:
        return self.order.channel

    @property
    def key(self) -> str:
        return self.order.key

    @cached_property
    def arguments(self) -> str:
        said = json.dumps({**asdict(self.order), "key": ""}, sort_keys=True)
        digest = hashlib.sha256(said.encode()).hexdigest()[:16]
        return f"reprint unit={self.unit_id} copies={self.order.copies} {digest}"


@dataclass(frozen=True, kw_only=True)
class _Copy:
    """A label that is not queued yet, as what stands on it follows from it."""

    unit_id: int
    run_id: int
    serial: str
    number: int
    allocated_at: datetime
    copy: int
    purpose: str = "reprint"


def reprint(site: Site, which: Which, order: Order) -> dict[str, Any]:
    """Queue the label of a unit again, as copies; durable on return.

    Returns {serial, run, job, printer, labels, replayed}. Refuses a serial that was never issued
    (3001) or that several products have (3009), an unknown label (5002), a key used for something
    else (1008); what the site does not allow: a reason that is not of its list (5020), an operator
    who may not (5025), an order that nobody else approved (5026), too many copies (5024); a unit
    that is gone or leased (5021), or was not made when its run was reconciled (2032), or with a
    label that waits (5022) or is doubtful (5023), or whose secret is forgotten (5028); an unknown
    printer (5004), a line without one (5027), and what the printer cannot print (4001), or no
    printer of the line's group takes (5030). A refusal consumes neither a copy's number nor the
    key.
    """

    def work(transaction: Transaction) -> dict[str, Any]:
        return _reprint(transaction, site, which, order)

    done = site.store.write(work, locks=True)
    if not done["replayed"]:
        site.wake(done["printer"])
    return done


def _reprint(transaction: Transaction, site: Site, which: Which, order: Order) -> dict[str, Any]:
    unit = _unit(transaction, which)
    wish = _Wish(order=order, unit_id=unit.id, line=unit.line)
    earlier_reply = _earlier_reply(transaction, wish)
    if earlier_reply is not None:
        return earlier_reply
    earlier = reprint_rules.earlier(transaction, unit.id)
    copies = _copies(earlier, order.copies)
    reprint_rules.require_allowed(site.plant.reprints, order, last_copy=copies[-1])
    reprint_rules.require_a_label(unit)
    reprint_rules.require_uncounted(transaction, unit)
    reprint_rules.require_settled(unit, earlier)
    way = _way(transaction, site, unit, earlier, order)
    _require_printable(transaction, site, unit, way=way, copies=copies)
    wanted = Again(unit_id=unit.id, run_id=unit.run_id, way=way, reason=order.reason, copies=copies)
    cause = Cause(channel=order.channel, detail=order.said)
    job_id, label_ids = again.queue(transaction, site, wanted, cause=cause)
    labels = zip(label_ids, copies, strict=True)
    reply = {
        "serial": unit.serial,
        "run": unit.run_id,
        "job": job_id,
        "printer": way.printer,
        "labels": [{"id": label_id, "copy": copy} for label_id, copy in labels],
    }
    _keep(transaction, site, wish, reply)
    return {**reply, "replayed": False}


def _unit(transaction: Transaction, which: Which) -> Row[Any]:
    """Return the unit; nobody else orders copies of its label until the transaction ends."""
    unit, run, label = schema.unit, schema.run, schema.label
    if which.label_id is None:
        unit_id = verifying.find_unit(transaction, which.serial, product=which.product).id
    else:
        query = select(label.c.unit_id).where(label.c.id == which.label_id)
        unit_id = transaction.execute(query).scalar_one_or_none()
        if unit_id is None:
            raise Refusal(
                NO_SUCH_LABEL,
                f"There is no label {which.label_id}.",
                hint="The labels of a serial: GET /api/v1/serials/SERIAL/labels, "
                "or labeler label show SERIAL.",
            )
    transaction.execute(select(unit.c.id).where(unit.c.id == unit_id).with_for_update())
    return transaction.execute(
        select(unit, run.c.line).join(run, run.c.id == unit.c.run_id).where(unit.c.id == unit_id)
    ).one()


def _earlier_reply(transaction: Transaction, wish: _Wish) -> dict[str, Any] | None:
    found = repeating.known_replies(transaction, [wish])
    if not found:
        return None
    [(arguments, reply)] = found.values()
    if arguments != wish.arguments:
        raise repeating.other_arguments(wish, arguments)
    return {**json.loads(reply), "replayed": True}


def _keep(transaction: Transaction, site: Site, wish: _Wish, reply: dict[str, Any]) -> None:
    """Keep the reply, so that a retry gets it and makes no second copy."""
    at = transaction.time(site.clock())
    row = (wish.channel, wish.line, wish.key, wish.arguments, json.dumps(reply), at)
    transaction.insert_rows(schema.trigger, columns=booking.REPLY_COLUMNS, rows=[row])


def _copies(earlier: tuple[Earlier, ...], count: int) -> tuple[int, ...]:
    """Return which copies so many more labels of the unit are."""
    first = 1 + max((one.copy for one in earlier), default=0)
    if earlier and not any(one.may_exist for one in earlier):
        first = 0
    return tuple(range(first, first + count))


def _way(
    transaction: Transaction, site: Site, unit: Row[Any], earlier: tuple[Earlier, ...], order: Order
) -> Way:
    """Return which printer prints: that of the order, of the unit's last label, or of its line.

    A printer that its line did not choose is the only one; else the group of the line is meant.
    """
    plant = site.plant
    if order.printer is not None:
        plant.printer(order.printer)
        return Way(printer=order.printer)
    line = plant.lines.get(unit.line)
    named = line.printer if line is not None else None
    last = earlier[-1].printer if earlier and earlier[-1].printer in plant.printers else None
    if last is not None and (named is None or last not in plant.members(named)):
        return Way(printer=last)
    name = reprint_rules.printer_of_line(plant, unit.line)
    if name not in plant.printer_groups:
        return Way(printer=name)
    template = site.pinned(transaction, unit.run_id).template
    try:
        return routing.again(site, template, name, last=last)
    except routing.NoneSuits as error:
        hint = "Name another printer; nothing was printed."
        raise Refusal(NO_PRINTER_SUITS, str(error), hint=hint) from error


def _require_printable(
    transaction: Transaction, site: Site, unit: Row[Any], *, way: Way, copies: tuple[int, ...]
) -> None:
    """Refuse labels that a printer they may come to cannot print (4001).

    Also (5028) those whose secret is forgotten.
    """
    first = _Copy(
        unit_id=unit.id,
        run_id=unit.run_id,
        serial=unit.serial,
        number=unit.position,
        allocated_at=unit.allocated_at,
        copy=copies[0],
    )
    run = site.pinned(transaction, unit.run_id)
    try:
        reprint_rules.require_secrets(transaction, run, unit)
        routing.require_suits(site, run.template, way.printer)
        printers = routing.suited(site, run.template, way.group or way.printer)
        # Printers of one kind share a compiled form.
        forms = {id(form): form for form in (site.compiled(run, one) for one in printers)}
        labels = [replace(first, copy=copy) for copy in copies]
        for values in filling.values(site, transaction, labels):
            for form in forms.values():
                form.check(values)
    except Unprintable as error:
        raise Refusal(
            UNPRINTABLE, str(error), hint="Name another printer; nothing was printed."
        ) from error

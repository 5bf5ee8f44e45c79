"""What goes wrong in the month: printers that stop, labels in doubt, units called back."""

from datetime import datetime, timedelta
from functools import partial

from labeler.demo.batches import CHANNEL, Batch
from labeler.demo.presses import Presses
from labeler.demo.story import Step
from labeler.production.printing import doubtful, pausing, reprinting
from labeler.production.printing.doubtful import Decision, Finding
from labeler.production.printing.instructions import Instruction
from labeler.production.recalls import recalling
from labeler.production.recalls.criteria import Criteria
from labeler.production.recalls.recalling import CloseOrder, RecallOrder
from labeler.production.site import Site

TORN = "in label 2: power-cycle"
"""A printer that is switched off while it prints: what came of that label nobody can say."""


def happen(site: Site, printing: Presses, told: list[list[Batch]], *, now: datetime) -> list[Step]:
    """Return what goes wrong, and when."""
    found: list[Step] = []
    for number, batches in enumerate(told):
        printer = _printer(site, batches[0])
        found += _stops(printing, printer, now - timedelta(days=5 + 7 * number, hours=2))
        found.append(Step(now - timedelta(hours=26 - 9 * number), partial(_cut, printing, printer)))
    found.append(
        Step(now - timedelta(days=11), partial(_cut, printing, _printer(site, told[0][0])))
    )
    found.append(Step(now - timedelta(days=4), partial(_decide, site)))
    found += _recalls(site, told[0], now=now)
    found.append(Step(now - timedelta(days=2), partial(_print_again, site, told[0][-2])))
    last = _printer(site, told[-1][0])
    why = Instruction(reason="the ribbon is changed", operator="operator-2", channel=CHANNEL)
    found.append(Step(now - timedelta(minutes=95), partial(pausing.pause, site, last, why)))
    return found


def _printer(site: Site, batch: Batch) -> str:
    name = site.plant.lines[batch.order.line].printer
    return site.plant.members(str(name))[0]


def _stops(printing: Presses, printer: str, at: datetime) -> list[Step]:
    """Let the labels run out for some hours, so that those that come meanwhile wait."""
    virtual = printing.virtual(printer)
    if virtual is None:
        return []
    return [Step(at, virtual.media_out), Step(at + timedelta(hours=4), virtual.load_media)]


def _cut(printing: Presses, printer: str) -> None:
    virtual = printing.virtual(printer)
    if virtual is not None:
        virtual.fault(TORN)


def _decide(site: Site) -> None:
    """Look for labels that are in doubt until now, and find all of them but one."""
    with site.store.read() as transaction:
        found = doubtful.list_doubtful(transaction)
    for place, one in enumerate(found):
        decision = Decision.PRINT_AGAIN if place % 2 else Decision.PRINTED
        why = "nowhere to be found" if place % 2 else "found on its unit"
        said = Finding(decision=decision, reason=why, operator="operator-1", channel=CHANNEL)
        doubtful.decide(site, one["id"], said)


def _recalls(site: Site, batches: list[Batch], *, now: datetime) -> list[Step]:
    """Call two lots back; one of them is all back since."""
    ended, open_now = batches[0].order.lot, batches[min(3, len(batches) - 2)].order.lot
    first = RecallOrder(
        name="R-01",
        reason="wrong firmware was loaded",
        operator="qa-1",
        criteria=Criteria(lots=(str(ended),)),
    )
    second = RecallOrder(
        name="R-02",
        reason="connector may come loose",
        operator="qa-1",
        criteria=Criteria(lots=(str(open_now),)),
    )
    closing = CloseOrder(name="R-01", reason="all units are back and updated", operator="qa-2")
    return [
        Step(now - timedelta(days=19), partial(recalling.recall, site, first)),
        Step(now - timedelta(days=13), partial(recalling.close, site, closing)),
        Step(now - timedelta(days=3), partial(recalling.recall, site, second)),
    ]


def _print_again(site: Site, batch: Batch) -> None:
    order = reprinting.Order(
        channel=CHANNEL,
        key=f"{batch.name}-again",
        reason=site.plant.reprints.reasons[0],
        operator="operator-1",
    )
    which = reprinting.Which(serial=batch.serials[8], product=batch.order.product)
    reprinting.reprint(site, which, order)

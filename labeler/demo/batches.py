"""What lines make: runs that open, issue, pause and close, and what becomes of their units."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from labeler.production import issuing, run_steps, runs
from labeler.production.booking import Trigger
from labeler.production.lease_lists import Serials
from labeler.production.lifecycle import changing
from labeler.production.lifecycle.changing import UnitOrder
from labeler.production.pinning import Order
from labeler.production.quality import verifications
from labeler.production.quality.judging import Scan
from labeler.production.reconciling import counting, reconciling, releasing
from labeler.production.reconciling.reconciling import Deviation
from labeler.production.run_records import Said
from labeler.production.site import Site

CHANNEL: Final = "http"
SIGNS: Final = Said(operator="qa-1")
"""Who signs balances; runs are released by the other one."""


@dataclass(kw_only=True)
class Batch:
    """A run of the demo, and what it has issued so far."""

    site: Site
    order: Order
    run: int = 0
    serials: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What its keys begin with."""
        return str(self.order.work_order)

    def plan(self) -> None:
        """Plan it."""
        self.run = runs.plan_run(self.site, self.order)["id"]

    def open(self) -> None:
        """Open it, by the operator of its order."""
        runs.open_planned(self.site, self.run, Said(operator=self.order.operator))

    def issue(self, quantity: int) -> None:
        """Be the line that asks for labels."""
        key = f"{self.name}-{len(self.serials)}"
        asked = Trigger(channel=CHANNEL, line=self.order.line, key=key, quantity=quantity)
        self.serials += issuing.issue_labels(self.site, asked).serials

    def pause(self, reason: str) -> None:
        """Let the line rest."""
        run_steps.pause_run(self.site, self.run, Said(operator=self.order.operator, reason=reason))

    def resume(self) -> None:
        """Let it go on."""
        run_steps.resume_run(self.site, self.run, Said(operator=self.order.operator))

    def overrun(self, units: int) -> None:
        """Let it issue some more than were planned."""
        said = Said(operator=self.order.operator, reason="the last pallet is filled")
        run_steps.overrun_run(self.site, self.run, said, units=units)

    def close(self) -> None:
        """Close it."""
        run_steps.close_run(self.site, self.run, operator=self.order.operator)

    def change(self, verb: str, serials: Sequence[str], **said: str) -> None:
        """Do with units what people do."""
        key = f"{self.name}-{verb}-{self.serials.index(serials[0])}"
        words = {"operator": "qa-1", **said}
        wanted = UnitOrder(verb=verb, key=key, product=self.order.product, said=words)
        rows = list(enumerate(serials, start=1))
        changing.change(self.site, wanted, Serials(rows=rows))

    def verify(self, text: str, key: str, *, line: str | None = None) -> str:
        """Scan a text where the batch is packed; return the verdict."""
        scan = Scan(
            text=text,
            operator="qa-2",
            station="gate-1",
            channel=CHANNEL,
            key=f"{self.name}-{key}",
            line=line,
        )
        return str(verifications.verify(self.site, scan)["verdict"])

    def reconcile(self) -> None:
        """Sign its balance; where it does not add up, two people answer for that."""
        with self.site.store.read() as transaction:
            difference = counting.count(transaction, self.run).difference
        deviation = None
        if difference:
            deviation = Deviation(
                reason="torn off at the applicator, found in the waste and counted",
                approved_by="qa-2",
                difference=difference,
            )
        reconciling.reconcile(self.site, self.run, SIGNS, deviation=deviation)

    def release(self) -> None:
        """Release it."""
        said = Said(operator="qa-2", reason="record looked at and complete")
        releasing.release(self.site, self.run, said)

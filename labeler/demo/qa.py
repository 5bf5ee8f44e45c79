"""What QA does with a run that is closed: scans, samples, waste, and the way to the customer."""

from dataclasses import dataclass
from typing import Final

from labeler.demo.batches import Batch

SCANNED: Final = 4
"""Units of a run that are scanned at the gate."""
WHY_SPOILED: Final = ("smeared", "torn at the edge", "stuck on askew", "creased")
"""One after the other."""
STRANGER: Final = "4006381333931"
"""A serial of nobody here: the pattern of no series makes it."""


@dataclass(kw_only=True)
class Inspection:
    """One run under QA's eyes."""

    batch: Batch
    number: int
    spoiled: int
    """Labels that are given up."""
    failed: int
    """Units that do not pass the final test."""
    loses_one: bool
    """Whether a unit is not found again, so that the balance does not add up."""

    def look(self) -> None:
        """Commission what is good, take a sample, give up spoiled labels; scan some."""
        serials = self.batch.serials
        good = serials[1 + self.spoiled + self.loses_one :]
        self.batch.change("sample", serials[:1], reason="kept as a specimen of the label")
        for place in range(self.spoiled):
            why = WHY_SPOILED[(self.number + place) % len(WHY_SPOILED)]
            self.batch.change("scrap", serials[1 + place : 2 + place], reason=why)
        self.batch.change("commission", good, location="hall 2")
        for serial in good[:SCANNED]:
            self.batch.verify(serial, f"scan-{serial}", line=self.batch.order.line)
        self._scan_what_is_wrong(good)
        if self.failed:
            self.batch.change("destroy", good[-self.failed :], reason="failed the final test")

    def _scan_what_is_wrong(self, good: list[str]) -> None:
        """Scan what a gate meets now and then: a twin, a misread, a stranger, a label given up."""
        if self.spoiled:
            self.batch.verify(self.batch.serials[1], "spoiled", line=self.batch.order.line)
        match self.number % 3:
            case 0:
                self.batch.verify(good[0], "twin", line=self.batch.order.line)
            case 1:
                self.batch.verify(good[5][:-1], "misread", line=self.batch.order.line)
            case _:
                self.batch.verify(STRANGER, "stranger", line=self.batch.order.line)

    def ship(self) -> None:
        """Send what is released to a customer, but for a few that stay in the warehouse."""
        good = self.batch.serials[6:-4]
        order = f"SO-{4000 + self.number}"
        self.batch.change("ship", good, owner="customer 1", sales_order=order)

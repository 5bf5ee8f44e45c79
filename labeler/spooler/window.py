"""How many labels travel to a printer at once."""

from collections.abc import Sequence

from labeler.production.printing.spool import Finding
from labeler.units import LabelState

FIRST = 10
"""Labels of the first parcel, and the fewest ones, unless fewer are allowed."""
WORTH_S = 1.0
"""How long a parcel should last."""
GROWTH_MAX = 4
"""A parcel has at most so many times the labels of the one whose pace it follows."""


class Window:
    """About as many labels as the printer prints in a second.

    What is in flight when a printer is torn off is doubtful: so it should not be many. But between
    two parcels a printer is asked and the record is written: a printer of 30 labels a second would
    stand still a third of its time if ten travelled at once.
    """

    def __init__(self, most: int) -> None:
        """Never let more than ``most`` travel at once."""
        self._most = most
        self._least = min(FIRST, most)
        self.labels = self._least

    def hear(self, found: Sequence[Finding], *, passed_s: float) -> None:
        """Hear what became of a parcel, and how long that took, counted from its first byte."""
        labels = sum(len(some) for some, _, _ in found)
        if any(some and state != LabelState.PRINTED for some, state, _ in found):
            self.begin_anew()
        elif labels >= self._least:  # of a small one most of the time was not the labels'
            worth = round(labels * WORTH_S / max(passed_s, 0.001))
            self.labels = max(self._least, min(worth, GROWTH_MAX * labels, self._most))

    def begin_anew(self) -> None:
        """Hear that something went wrong: nobody knows any more how quick the printer is."""
        self.labels = self._least

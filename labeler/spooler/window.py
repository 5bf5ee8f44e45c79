"""How many labels travel to a printer at once."""

from collections.abc import Sequence

from labeler.production.printing.spool import Finding
from labeler.units import LabelState

FIRST = 10
"""Labels of the first parcel, and the fewest ones, unless fewer are allowed."""
SHORT_S = 0.5
LONG_S = 2.0


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
        elif passed_s > LONG_S:
            self.labels = max(self._least, self.labels // 2)
        elif passed_s < SHORT_S and labels >= self.labels:
            self.labels = min(self._most, self.labels * 2)

    def begin_anew(self) -> None:
        """Hear that something went wrong: nobody knows any more how quick the printer is."""
        self.labels = self._least

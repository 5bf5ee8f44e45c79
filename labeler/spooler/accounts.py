"""PURE: what a printer has said of one parcel, and how many of its labels that surely makes.

Two numbers are held against each other: how far the odometer has moved since before the parcel, and
how many labels the printer says are still in it. As long as they add up to what was sent, nothing
was lost, doubled or fed by hand, and labels come out in order: so many are out, the first ones.
"""

from dataclasses import dataclass, field

from printers.status import Reason, Status

_TEARING: frozenset[Reason] = frozenset(
    {"media-empty", "media-jam", "marker-supply-empty", "cover-open"}
)
"""What may stop a printer in the middle of a label, which it prints again then (ZPL: ^JZY)."""


@dataclass(kw_only=True)
class Account:
    """Of one parcel, from when it was written until it is settled."""

    before: int
    """The odometer before it."""
    expected: int
    """How many labels come out for it."""
    is_countable: bool
    """Each format in the printer is one label of it: no copies, no formats that are only kept."""
    moved: int = 0
    surely_out: int = 0
    """So many of its labels are out, the first ones."""
    tears: dict[Reason, int] = field(default_factory=dict)
    """A stop that may have torn a label, and that label's place, from 0."""
    excess: tuple[int, int] | None = None
    """The printer counted one piece more than labels: it is among the labels from, and before."""
    _last_count: int | None = None

    def hear(self, status: Status | None, count: int | None, *, is_own: bool) -> None:
        """Hear a status, and the odometer that was asked behind it.

        ``is_own``: over the connection that carried the parcel. Over a later one nobody knows who
        printed in between.
        """
        is_still = count is not None and count == self._last_count
        self._last_count = count
        if count is not None:
            self.moved = max(self.moved, count - self.before)
        # Nothing came out between the last count and this one: so what waits belongs to it.
        if status is None or not (is_own and is_still and self.is_countable) or status.receiving:
            return
        total = status.labels_waiting + self.moved
        if total == self.expected:
            self.surely_out = max(self.surely_out, self.moved)
        for reason in status.reasons:
            if reason in _TEARING and total in (self.expected, self.expected + 1):
                self._tear(reason, is_counted=total > self.expected)

    def _tear(self, reason: Reason, *, is_counted: bool) -> None:
        """A label may be torn: the one that comes next, or the last one if the piece counted."""
        at = self.moved - is_counted
        if reason not in self.tears and 0 <= at < self.expected:
            self.tears[reason] = at
            if is_counted:
                self.excess = (self.surely_out, self.moved)

    def new_connection(self) -> None:
        """Forget the last count: what comes now is another story."""
        self._last_count = None

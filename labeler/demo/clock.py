"""The clock of a past that is told again: it goes forward only, from moment to moment."""

from datetime import datetime, timedelta
from threading import Lock
from typing import Final

TICK: Final = timedelta(milliseconds=20)
"""What passes each time that somebody looks: no two things happen at once."""


class PastClock:
    """Says a time of the past, and goes on when it is told to."""

    def __init__(self, begin: datetime, *, end: datetime) -> None:
        """Begin at a moment; never say a later one than ``end``."""
        self._now, self._end, self._lock = begin, end, Lock()

    def __call__(self) -> datetime:
        """Return the time, a little later than when it was asked before."""
        with self._lock:
            self._now = min(self._now + TICK, self._end)
            return self._now

    def go_to(self, moment: datetime) -> None:
        """Go on to a moment; stay where it is over already."""
        with self._lock:
            self._now = min(max(self._now, moment), self._end)

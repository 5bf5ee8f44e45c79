"""One errand between the door that asks for it and the printer's thread that does it."""

import threading
from collections.abc import Callable

from labeler.errors import Refusal
from labeler.production.printing.errand import Errand, Outcome


class Slip:
    """One errand on its way from a door to the printer's thread and back."""

    def __init__(self, errand: Errand) -> None:
        """Wait to be taken."""
        self.errand = errand
        self._lock = threading.Lock()
        self._is_open = True
        self._taken = threading.Event()
        self._over = threading.Event()
        sentence = "The printer's thread does not answer."
        self._found: Outcome | Refusal = Outcome(state="doubtful", sentence=sentence)

    @property
    def is_open(self) -> bool:
        """Whether somebody waits for it to begin."""
        return self._is_open

    def take(self) -> bool:
        """Begin it; False if nobody waits for it any more."""
        with self._lock:
            began, self._is_open = self._is_open, False
        if began:
            self._taken.set()
        return began

    def close(self, found: Outcome | Refusal) -> None:
        """Say what became of it; what is said first holds."""
        if self._over.is_set():
            return
        self._found = found
        self._taken.set()
        self._over.set()

    def result(self, *, begin_s: float, timeout_s: float, busy: Callable[[], Refusal]) -> Outcome:
        """Wait for the outcome; raise the Refusal there is, or ``busy()`` if it never began."""
        if not self._taken.wait(begin_s) and self.take():
            raise busy()
        self._over.wait(timeout_s)
        if isinstance(self._found, Refusal):
            raise self._found
        return self._found

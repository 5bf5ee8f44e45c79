"""How often somebody may try to sign in: after five failures each next try waits twice as long.

It counts in this process's memory, by account and by address. Nobody is locked out for good, or
whoever knows a name could lock its owner out: a wait has an end, and a quiet while forgets all.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from labeler.errors import TOO_MANY_SIGN_INS, Refusal

FREE: Final = 5
"""Failures before the first wait."""
WAIT_MAX_S: Final = 300
FORGET_S: Final = 1800
"""After so long without a failure nothing is remembered."""
KEPT_MAX: Final = 10_000
"""Names and addresses remembered; the one that was quiet longest is forgotten for a new one."""


@dataclass(kw_only=True, slots=True)
class _Tries:
    failures: int = 0
    last: datetime
    until: datetime


def wait_s(failures: int) -> int:
    """Return how long the next try waits after so many failures, in seconds.

    >>> [wait_s(count) for count in (4, 5, 6, 7, 13, 14, 500)]
    [0, 1, 2, 4, 256, 300, 300]
    """
    if failures < FREE:
        return 0
    return min(1 << min(failures - FREE, 30), WAIT_MAX_S)


class Throttle:
    """Counts failures; safe to be asked by several threads at once."""

    def __init__(self) -> None:
        """Begin with nothing remembered."""
        self._tries: OrderedDict[str, _Tries] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def attempt(self, *keys: str, now: datetime) -> Iterator[None]:
        """Let somebody try who is known by ``keys``; an error that leaves this is a failure.

        Refuses (7006) a try before its time. A try counts as failed while it is made, so that a
        hundred at once are no hundred free ones.
        """
        with self._lock:
            waits = [self._tries[key].until for key in keys if key in self._tries]
            until = max(waits, default=now)
            if until > now:
                raise _too_many((until - now).total_seconds())
            for key in keys:
                self._fail(key, now)
        yield
        with self._lock:
            for key in keys:
                self._forgive(key, now)

    def clear(self, key: str) -> None:
        """Forget the failures of a key: somebody has shown that it is his."""
        with self._lock:
            self._tries.pop(key, None)

    def _fail(self, key: str, now: datetime) -> None:
        found = self._tries.pop(key, None)
        if found is None or (now - found.last).total_seconds() > FORGET_S:
            found = _Tries(last=now, until=now)
        found.failures += 1
        found.last = now
        found.until = now + timedelta(seconds=wait_s(found.failures))
        self._tries[key] = found
        while len(self._tries) > KEPT_MAX:
            self._tries.popitem(last=False)

    def _forgive(self, key: str, now: datetime) -> None:
        found = self._tries.get(key)
        if found is not None:
            found.failures -= 1
            found.until = now
            if found.failures <= 0:
                del self._tries[key]


def _too_many(left_s: float) -> Refusal:
    seconds = max(1, -int(-left_s // 1))
    return Refusal(
        TOO_MANY_SIGN_INS,
        f"Too many sign-ins failed: expected the next one in {seconds} s or later.",
        hint="Wait, and look whether the name is right; an admin can reset the password.",
        extra={"retry_after_s": seconds},
    )

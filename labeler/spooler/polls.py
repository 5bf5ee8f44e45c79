"""PURE: when a printer is asked next that prints a parcel."""

FIRST_S = 0.005
"""First pause behind a parcel; it doubles up to MAX_S until labels come out."""
AGAIN_S = 0.02
"""First pause where labels should be out by now; it doubles likewise."""
MAX_S = 0.3


class Polls:
    """Asks a slow printer rarely and a quick one soon, and not long after its last label."""

    def __init__(self, expected: int) -> None:
        """Expect so many labels."""
        self._expected = expected
        self._moved = 0
        self._next_s = FIRST_S

    def pause_s(self, moved: int, *, passed_s: float) -> float:
        """Return how long to wait when so many labels were counted after so many seconds.

        >>> polls = Polls(10)
        >>> [polls.pause_s(0, passed_s=0.01), polls.pause_s(0, passed_s=0.01)]
        [0.005, 0.01]
        >>> [polls.pause_s(8, passed_s=0.8), polls.pause_s(8, passed_s=1.0)]
        [0.2, 0.02]
        """
        if moved > self._moved:
            self._moved, self._next_s = moved, AGAIN_S
            left_s = (self._expected - moved) * passed_s / moved
            return min(max(left_s, FIRST_S), MAX_S)
        pause = self._next_s
        self._next_s = min(2 * pause, MAX_S)
        return pause

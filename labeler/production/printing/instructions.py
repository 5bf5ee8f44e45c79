"""Who wants something done with jobs, labels or printers, and why."""

from dataclasses import dataclass
from typing import Any

from labeler.production.events import Cause


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """Who wants it, and why."""

    reason: str
    operator: str
    channel: str

    def cause(self, **known: Any) -> Cause:
        """Return what the record says of it."""
        detail = {**known, "reason": self.reason, "operator": self.operator}
        return Cause(channel=self.channel, detail=detail)

    def says(self, done: str) -> str:
        """Return it in words.

        >>> Instruction(reason="wrong lot", operator="mk", channel="http").says("held")
        'held by mk: wrong lot'
        """
        return f"{done} by {self.operator}: {self.reason}"

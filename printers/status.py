"""What a printer said about itself."""

from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "other", "media-needed", "media-jam", "moving-to-paused", "paused", "shutdown",
    "connecting-to-device", "timed-out", "stopping", "stopped-partly", "toner-low", "toner-empty",
    "spool-area-full", "cover-open", "interlock-open", "door-open", "input-tray-missing",
    "media-low", "media-empty", "output-tray-missing", "output-area-almost-full",
    "output-area-full", "marker-supply-low", "marker-supply-empty", "marker-waste-almost-full",
    "marker-waste-full", "fuser-over-temp", "fuser-under-temp", "opc-near-eol", "opc-life-over",
    "developer-low", "developer-empty", "interpreter-resource-unavailable",
]  # fmt: skip
"""A keyword of printer-state-reasons (RFC 8011, section 5.4.12); "none" is an empty tuple here."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """One complete answer of a printer. No answer is no Status; silence is never "ready"."""

    ready: bool
    """True if the printer named no reason that keeps it from printing."""

    reasons: tuple[Reason, ...]
    """Why it does not print."""

    labels_waiting: int
    """Formats in the receive buffer plus labels remaining in the batch being printed."""

    receiving: bool
    """True while a format has begun to arrive and has not ended."""

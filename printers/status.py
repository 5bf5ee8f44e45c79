"""What a printer said about itself: its state, what it is, and that it said nothing."""

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

PrintMode = Literal["rewind", "peel", "tear", "cutter", "applicator", "delayed-cut", "kiosk"]
"""What a printer does with a label that is printed (manual, ~HS, field r)."""


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

    warnings: tuple[Reason, ...] = ()
    """What it complains of while it prints on: media-low."""

    details: tuple[str, ...] = ()
    """Its own words for reasons and warnings that have no keyword: printhead too hot."""

    label_length_dots: int | None = None
    """How long it believes a label is; None if it did not say."""

    print_mode: PrintMode | None = None
    """None if it did not say, or has a mode that we do not know."""


@dataclass(frozen=True, kw_only=True)
class Silence:
    """The printer gave no status: it is blocked, or nobody knows. Never ready, never just off."""

    question: str
    """What stayed without an answer that makes sense."""

    reasons: tuple[Reason, ...] = ()
    """What it named all the same when it was asked in another way."""

    details: tuple[str, ...] = ()
    """Its own words for reasons that have no keyword."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a printer says it is."""

    model: str
    firmware: str
    dpi: int
    """Dots per inch of its head: 203 for 8 dots/mm, 300 for 12, 600 for 24."""

    memory_kib: int | None
    """None if it did not say, or in no unit."""

    options: tuple[str, ...]
    """What is built into it, such as a cutter, in its own words."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """All that a printer said of itself at one moment."""

    status: Status | Silence
    identity: Identity | None
    """None: it did not say, or was not asked."""

    label_count: int | None
    """Labels printed in its life; None: it did not say, or was not asked."""

"""What a printer said about itself."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Status:
    """One complete answer of a printer. No answer is no Status; silence is never "ready"."""

    ready: bool
    """True if the printer named no reason that keeps it from printing."""

    reasons: tuple[str, ...]
    """printer-state-reasons, RFC 8011 section 5.4.12: media-empty, cover-open, paused ..."""

    labels_waiting: int
    """Formats in the receive buffer plus labels remaining in the batch being printed."""

    receiving: bool
    """True while a format has begun to arrive and has not ended."""

"""PURE: what a person asks of a printer now, and what became of it."""

from dataclasses import dataclass
from typing import Literal

State = Literal["heard", "printed", "done", "sent", "doubtful"]


@dataclass(frozen=True, kw_only=True)
class Errand:
    """Bytes that are no label of the record; with none, the printer is only asked how it is."""

    name: str = ""
    """Name of the document, where the transport keeps documents."""
    data: bytes = b""
    labels_out: int | None = None
    """How many labels come out; None: nobody knows, since stock is fed."""
    answer_bytes_max: int = 0
    """How much of the printer's answer is wanted; 0: none. With it a stopped printer is asked, too,
    and nobody waits for anything to come out."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What is known once an errand is over."""

    state: State
    """heard: it was asked only. printed: its odometer moved by as many, or the document is there.
    done: it has moved its stock and is idle. sent: all bytes left us, and nobody knows more.
    doubtful: some of them left us."""
    sentence: str = ""
    """How we know, or why we do not, for people."""
    label_count_before: int | None = None
    label_count_after: int | None = None
    answer: bytes = b""
    """What it said, as much of it as was wanted."""

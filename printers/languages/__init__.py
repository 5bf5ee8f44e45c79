"""A label form to bytes, one language per file. The folder is the registry.

``load(name)`` hands out a module; only ``zpl`` has REPLIES and with it ``ask``, ``ask_status`` and
``ask_label_count``.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, cast

from printers import folder
from printers.connection import Connection
from printers.device import Device
from printers.handling import Handling
from printers.label import Label
from printers.status import Picture, Status


class Compiled(Protocol):
    """A form, compiled for one printer; it may be used by many threads at once.

    It may also have ``stored``, a StoredForm or None, and ``copies``, how many labels come out for
    each that is rendered; ask for them by the functions of these names.
    """

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Unprintable exactly when ``render`` would."""

    def render(self, values: Mapping[str, str]) -> bytes:
        """One label."""

    def document(self, rows: Sequence[Mapping[str, str]]) -> bytes:
        """Many labels in one document; ValueError where the language cannot hold that many."""


class StoredForm(Protocol):
    """A form that the printer keeps, so that a label sends its values only."""

    name: str
    """What it is called in the printer; it follows from the content."""
    download: bytes
    """What makes the printer keep it; prints nothing."""

    def recall(self, values: Mapping[str, str]) -> bytes:
        """One label of a printer that keeps the form; refuses what ``render`` refuses."""


class Language(Protocol):
    """What each module of this folder offers."""

    NAME: str
    """The file's name."""
    SUFFIX: str
    """Of files in this language, with its dot."""
    MEDIA_TYPE: str
    REPLIES: bool
    """True if printers of this language answer questions."""
    LABELS_PER_DOCUMENT_MAX: int | None
    """How many labels one document can hold; None: as many as there are."""

    def compile(self, label: Label, *, device: Device) -> Compiled:
        """Do what does not depend on values, once. Unprintable if the label cannot be."""


class ReplyingLanguage(Language, Protocol):
    """A language with REPLIES."""

    def ask(
        self, connection: Connection, *, timeout_s: float, give_up: Callable[[], bool]
    ) -> Picture:
        """All that the printer says of itself; GivenUp as soon as ``give_up`` says yes."""

    def ask_status(self, connection: Connection, *, timeout_s: float) -> Status | None:
        """What the printer says; None if it stayed silent or was not understood."""

    def ask_label_count(self, connection: Connection, *, timeout_s: float) -> int | None:
        """Labels printed in the printer's life; None if it stayed silent or does not know."""

    def forget_beginning(self, connection: Connection, *, timeout_s: float) -> None:
        """Let the printer forget a label of which only the beginning has arrived."""


def names() -> tuple[str, ...]:
    """The languages there are."""
    return folder.names(sys.modules[__name__])


def load(name: str) -> Language:
    """The language of that name; ValueError names the known ones."""
    return cast(Language, folder.load(sys.modules[__name__], name, what="language"))


def stored(compiled: Compiled) -> StoredForm | None:
    """The form as the printer can keep it; None where it cannot, or has nothing to keep."""
    return cast(StoredForm | None, getattr(compiled, "stored", None))


def calibration(language: str, handling: Handling) -> bytes | None:
    """What makes a printer of that language measure its stock; None where nothing does."""
    made = getattr(load(language), "calibration", None)
    return cast(bytes | None, made(handling)) if made else None


def copies(compiled: Compiled) -> int:
    """How many labels come out of the printer for each that is rendered."""
    return cast(int, getattr(compiled, "copies", 1))

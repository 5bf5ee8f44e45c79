"""Data to modules, one symbology per file. The folder is the registry."""

import sys
from typing import Protocol, cast

from printers import folder
from printers.symbologies._options import Caption, Options, QuietZone

__all__ = ["Caption", "Modules", "Options", "QuietZone", "Symbology", "load", "names"]

Modules = tuple[str, ...]
"""Rows from top to bottom, "1" a dark module, "0" a light one; modules are square. A linear
symbology has one row."""


class Symbology(Protocol):
    """What each module of this folder offers. All raise Unprintable on data they cannot carry.

    ``options`` are settled ones.
    """

    NAME: str
    """The file's name."""
    TITLE: str
    """What people call it: "Code 128"."""
    STANDARD: str
    """Where it is defined: "ISO/IEC 15417"."""
    LINEAR: bool
    """True where the bars have a height of their own."""
    OPTIONS: frozenset[str]
    """The names of the Options that it heeds."""
    QUIET_ZONE: QuietZone
    IDENTIFIER: str
    """What a scanner announces it with, ISO/IEC 15424: "]C0"."""

    def settle(self, options: Options) -> Options:
        """The options with the defaults in; Unprintable for one it does not have."""

    def literal(self, value: str) -> str:
        """A field's value as it must stand within the data, so that it stays one value."""

    def validate(self, text: str, options: Options) -> None:
        """Return if the text can be encoded."""

    def size(self, text: str, options: Options) -> tuple[int, int]:
        """Columns and rows of the symbol of this text in modules, without quiet zone."""

    def capacity(self, columns: int, options: Options) -> int:
        """How many characters (UTF-8 bytes) fit into that width whatever they are."""

    def encode(self, text: str, options: Options) -> Modules:
        """The symbol, without quiet zone."""

    def captions(self, text: str, options: Options) -> tuple[Caption, ...]:
        """The HRI of a linear symbol; nothing for others."""

    def guards(self, text: str, options: Options) -> tuple[tuple[int, int], ...]:
        """Columns, first and behind the last, whose bars reach lower where the HRI is shown."""


def names() -> tuple[str, ...]:
    """The symbologies there are."""
    return folder.names(sys.modules[__name__])


def load(name: str) -> Symbology:
    """The symbology of that name; ValueError names the known ones."""
    return cast(Symbology, folder.load(sys.modules[__name__], name, what="symbology"))

"""Data to modules, one symbology per file. The folder is the registry."""

import sys
from typing import Protocol, cast

from printers import folder

Modules = tuple[str, ...]
"""Rows from top to bottom, "1" a dark module, "0" a light one. A linear symbology has one row."""


class Symbology(Protocol):
    """What each module of this folder offers. All raise Unprintable on data they cannot carry."""

    NAME: str
    """The file's name."""
    LINEAR: bool
    """True where the bars have a height and no error correction level."""

    def validate(self, text: str, *, error_correction: str = "M") -> None:
        """Return if the text can be encoded."""

    def columns(self, text: str, *, error_correction: str = "M") -> int:
        """How many modules wide the symbol of this text is, without quiet zone."""

    def capacity(self, columns: int, *, error_correction: str = "M") -> int:
        """How many characters (UTF-8 bytes) fit into that width whatever they are."""

    def encode(self, text: str, *, error_correction: str = "M") -> Modules:
        """The symbol, without quiet zone."""


def names() -> tuple[str, ...]:
    """The symbologies there are."""
    return folder.names(sys.modules[__name__])


def load(name: str) -> Symbology:
    """The symbology of that name; ValueError names the known ones."""
    return cast(Symbology, folder.load(sys.modules[__name__], name, what="symbology"))

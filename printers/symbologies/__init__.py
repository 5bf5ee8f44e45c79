"""Data to modules, one symbology per file. The folder is the registry.

>>> qr = load("qr")
>>> options = qr.settle(Options(error_correction="Q"))
>>> qr.size("https://example.com/AC-0001", options)
(29, 29)
"""

import sys
from typing import Protocol, cast

from printers import folder
from printers.symbologies._options import Caption, Options, QuietZone

__all__ = ["Caption", "Modules", "Options", "QuietZone", "Symbology", "load", "names"]

Modules = tuple[str, ...]
"""Rows from top to bottom, "1" a dark module, "0" a light one. Every module is a square.

A linear symbology has one row. In PDF417 a row of the symbol stands there as often as it is high.
"""


class Symbology(Protocol):
    """What each module of this folder offers.

    All but ``settle`` take options that ``settle`` returned. All raise Unprintable in a sentence on
    data that they cannot carry: ``validate`` exactly where ``encode`` does. ``size``, ``captions``
    and ``guards`` are asked about data that is valid.
    """

    NAME: str
    """The file's name."""
    TITLE: str
    """What people call it, such as GS1-128."""
    STANDARD: str
    """Where it is defined, such as ISO/IEC 15417."""
    LINEAR: bool
    """True where the bars have a height that is not in the data."""
    OPTIONS: frozenset[str]
    """The fields of Options that it heeds."""
    QUIET_ZONE: QuietZone
    """What must stay light around it."""
    IDENTIFIER: str
    """What a scanner announces for ASCII data, ISO/IEC 15424, such as ]C1."""

    def settle(self, options: Options) -> Options:
        """The options with its defaults; Unprintable for one it has not, or a wrong value."""

    def literal(self, value: str) -> str:
        """A field's value as it must stand inside the data, so that it stays a value there."""

    def validate(self, text: str, options: Options) -> None:
        """Return if the text can be encoded."""

    def size(self, text: str, options: Options) -> tuple[int, int]:
        """Columns and rows in modules, without quiet zone; a linear symbology has one row."""

    def capacity(self, columns: int, options: Options) -> int:
        """How many characters (UTF-8 bytes) surely fit into that width, whatever they are.

        0 where nothing can be promised. A matrix is then not higher than that width either.
        """

    def encode(self, text: str, options: Options) -> Modules:
        """The symbol, without quiet zone."""

    def captions(self, text: str, options: Options) -> tuple[Caption, ...]:
        """The human readable interpretation of a linear symbology; () for others."""

    def guards(self, text: str, options: Options) -> tuple[tuple[int, int], ...]:
        """First column, and the one behind the last, of bars 5 modules longer where HRI is shown.

        Only EAN and UPC have such (GS1 General Specifications, section 5.2); others return ().
        """


def names() -> tuple[str, ...]:
    """The symbologies there are."""
    return folder.names(sys.modules[__name__])


def load(name: str) -> Symbology:
    """The symbology of that name; ValueError names the known ones."""
    return cast(Symbology, folder.load(sys.modules[__name__], name, what="symbology"))

"""Existing label designs in ZPL, as label programs export them, used as they are.

``read`` makes an element of a label of a file: only what draws is left of it, it depends on
nothing that a printer remembers, and its open places are known. ``compile_design`` makes of this
what is filled for each label. See docs/designs.md.
"""

from printers.designs.drawing import Drawing, compile_design
from printers.designs.reading import read

__all__ = ["Drawing", "compile_design", "read"]

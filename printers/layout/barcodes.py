"""Where a Barcode comes to lie, and how much room its symbol has."""

from contextlib import suppress

from printers import symbologies
from printers.device import Device
from printers.errors import Unprintable
from printers.label import Barcode, Label, Text
from printers.layout.dots import MM_PER_INCH, TEXT_DOTS_MIN, dots, turned
from printers.layout.spots import CAPTION_GAP_MODULES, SymbolSpot
from printers.layout.texts import TextSpot
from printers.layout.writing import place_text
from printers.symbologies import Options, Symbology

_MODULE_DOTS_MAX = 10
_CAPTION_MODULES = 9
"""Height of the HRI: the widest glyph is then narrower than a character's eleven modules."""
_SAMPLES = tuple("0" * digits for digits in range(7, 14))
"""Data by which a symbology with a fixed width shows where its HRI stands."""
_ESCAPABLE = "\\()"


def place_barcode(element: Barcode, *, label: Label, device: Device) -> SymbolSpot:
    """The symbol's spot; Unprintable if no value could mend what is wrong with it."""
    symbology = _symbology(element)
    dpi = device.dpi
    module = dots(element.x_dimension_mm, dpi)
    if not 1 <= module <= _MODULE_DOTS_MAX:
        raise Unprintable(
            f"Barcode with x_dimension_mm = {element.x_dimension_mm:g} has modules of {module} "
            f"dots at {dpi} dpi: expected 1 to {_MODULE_DOTS_MAX}; choose another X-dimension."
        )
    options = symbology.settle(element.options)
    height = max(1, dots(element.height_mm, dpi)) if element.height_mm else 0
    caption = _caption(element, label, device, module) if element.hri else None
    columns, rows = _room(element, label, dpi, module)
    if caption is not None:
        depth = height + CAPTION_GAP_MODULES * module + caption.size
        _require_caption_inside(element, label, dpi, depth=depth)
        columns -= _require_overhang_inside(element, options, dpi, module)
    return SymbolSpot(
        x=dots(element.x_mm, dpi),
        y=dots(element.y_mm, dpi),
        module=module,
        height=height,
        symbology=symbology,
        options=options,
        rotation=element.rotation,
        columns_max=columns,
        rows_max=rows,
        capacity=symbology.capacity(columns if symbology.LINEAR else min(columns, rows), options),
        is_literal=symbology.literal(_ESCAPABLE) == _ESCAPABLE,
        caption=caption,
        content=element.content,
        shown=element.shown,
    )


def _room(element: Barcode, label: Label, dpi: int, module: int) -> tuple[int, int]:
    """Modules along and across the symbol's rows, up to the label's edges."""
    right = dots(label.width_mm, dpi) - dots(element.x_mm, dpi)
    below = dots(label.height_mm, dpi) - dots(element.y_mm, dpi)
    along, across = turned((right, below), element.rotation)
    return along // module, across // module


def _caption(element: Barcode, label: Label, device: Device, module: int) -> TextSpot:
    """How the HRI looks; its place follows from each symbol."""
    size_mm = max(TEXT_DOTS_MIN, _CAPTION_MODULES * module) * MM_PER_INCH / device.dpi
    text = Text(x_mm=element.x_mm, y_mm=element.y_mm, content=("",), size_mm=size_mm)
    return place_text(text, label=label, device=device)


def _require_caption_inside(element: Barcode, label: Label, dpi: int, *, depth: int) -> None:
    """Raise Unprintable if the bars with the HRI below them leave the label."""
    x, y, height = (dots(mm, dpi) for mm in (element.x_mm, element.y_mm, element.height_mm or 0))
    spare = {
        0: dots(label.height_mm, dpi) - y - depth,
        90: x + height - depth,
        180: y + height - depth,
        270: dots(label.width_mm, dpi) - x - depth,
    }[element.rotation]
    if spare < 0:
        raise Unprintable(
            f"Barcode of symbology {element.symbology!r} at x_mm = {element.x_mm:g}, y_mm = "
            f"{element.y_mm:g} is {depth * MM_PER_INCH / dpi:.1f} mm high with its HRI, of which "
            f"{-spare * MM_PER_INCH / dpi:.1f} mm are outside the label: expected all of it on the "
            "label; move it, or make height_mm smaller."
        )


def _require_overhang_inside(element: Barcode, options: Options, dpi: int, module: int) -> int:
    """How many modules the HRI stands out behind the bars; before them, it must be on the label."""
    before, behind = _overhang(symbologies.load(element.symbology), options)
    if element.rotation in (180, 270):
        before, behind = behind, before
    start_mm = element.y_mm if element.rotation in (90, 270) else element.x_mm
    if dots(start_mm, dpi) < before * module:
        raise Unprintable(
            f"Barcode of symbology {element.symbology!r} begins {start_mm:g} mm from the label's "
            f"edge, and its HRI stands {before * module * MM_PER_INCH / dpi:.1f} mm before it: "
            "expected all of it on the label; move it."
        )
    return behind


def _overhang(symbology: Symbology, options: Options) -> tuple[int, int]:
    """How many modules the HRI stands out before and behind the bars: EAN and UPC, otherwise 0."""
    for sample in _SAMPLES:
        with suppress(Unprintable):
            symbology.validate(sample, options)
            columns, _ = symbology.size(sample, options)
            captions = symbology.captions(sample, options)
            before = max((-one.start for one in captions), default=0)
            behind = max((one.end - columns for one in captions), default=0)
            return max(0, before), max(0, behind)
    return 0, 0


def _symbology(element: Barcode) -> Symbology:
    if element.symbology not in symbologies.names():
        raise Unprintable(
            f"Barcode has symbology = {element.symbology!r}: expected one of "
            f"{', '.join(symbologies.names())}."
        )
    symbology = symbologies.load(element.symbology)
    if symbology.LINEAR and element.height_mm is None:
        raise Unprintable(
            f"Barcode of symbology {element.symbology!r} has no height_mm: expected one, since "
            "its bars may have any height; give it."
        )
    if not symbology.LINEAR and (element.height_mm is not None or element.hri):
        raise Unprintable(
            f"Barcode of symbology {element.symbology!r} has height_mm or hri: expected neither, "
            "since its size follows from its data; remove them and add a Text where wanted."
        )
    return symbology

"""SVG 1.1, one label a file: for web pages, and for people who go on drawing.

Its units are dots of the printer, its size is in millimetres. Text stands in it as outlines, so
that it looks the same everywhere; ``title`` and ``desc`` tell what the label says. There is nothing
in it that runs or loads: no script, no style sheet, no address but the pictures it carries.
"""

import base64
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as ET

from printers import layout
from printers.device import Device
from printers.label import Label
from printers.languages import _outlines
from printers.layout.dots import MM_PER_INCH
from printers.layout.marks import Frame, Mark, Picture, Ring, Symbol, Tag, Words

NAME = "svg"
SUFFIX = ".svg"
MEDIA_TYPE = "image/svg+xml"
REPLIES = False
LABELS_PER_DOCUMENT_MAX = 1

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may contain, https://www.w3.org/TR/xml/, 2.2."""
_HAIR_MM = 0.00005
"""Who draws it rounds its size up to whole pixels: it must not be a hair too large."""


class Compiled:
    """A form whose fixed contents are drawn already."""

    def __init__(self, form: layout.Form) -> None:
        self._form = form
        self._fixed = [_element(mark) for mark in form.fixed]

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Unprintable exactly when ``render`` would."""
        self._form.check(values)

    def render(self, values: Mapping[str, str]) -> bytes:
        """One drawing, UTF-8."""
        form = self._form
        marks = form.marks(values)
        millimetres = MM_PER_INCH / form.device.dpi
        root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "width": f"{form.width * millimetres - _HAIR_MM:.4f}mm",
                "height": f"{form.height * millimetres - _HAIR_MM:.4f}mm",
                "viewBox": f"0 0 {form.width} {form.height}",
                "role": "img",
            },
        )
        ET.SubElement(root, "title").text = _shown(form.name)
        ET.SubElement(root, "desc").text = _shown(_described([*form.fixed, *marks]))
        paper = {"width": str(form.width), "height": str(form.height), "fill": "#fff"}
        ET.SubElement(root, "rect", paper)
        drawn = [*self._fixed, *map(_element, marks)]
        root.extend(element for element in drawn if element is not None)
        drawing: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return drawing

    def document(self, rows: Sequence[Mapping[str, str]]) -> bytes:
        """The drawing of the only row."""
        if len(rows) != 1:
            raise ValueError(
                f"An SVG file of {len(rows)} labels was asked for: expected exactly 1; use the "
                "language pdf for many labels in one file."
            )
        return self.render(rows[0])


def compile(label: Label, *, device: Device) -> Compiled:  # noqa: A001
    """The label's form; Unprintable if the label itself cannot be printed."""
    return Compiled(layout.place(label, device=device))


def _element(mark: Mark) -> ET.Element | None:
    match mark:
        case Frame():
            return ET.Element("path", {"d": _frame(mark), "fill-rule": "evenodd"})
        case Ring():
            return _ring(mark)
        case Words():
            return ET.Element("path", {"d": _outlines.as_svg(mark)})
        case Symbol():
            runs = mark.rectangles()
            path = "".join([f"M{x} {y}h{width}v{height}h-{width}z" for x, y, width, height in runs])
            return ET.Element("path", {"d": path})
        case Picture():
            return _picture(mark)
        case Tag():
            return None


def _frame(frame: Frame) -> str:
    line = frame.thickness
    rectangles = [frame.box]
    if 2 * line < min(frame.width, frame.height):
        width, height = frame.width - 2 * line, frame.height - 2 * line
        rectangles.append((frame.x + line, frame.y + line, width, height))
    return "".join(f"M{x} {y}h{width}v{height}h-{width}z" for x, y, width, height in rectangles)


def _ring(ring: Ring) -> ET.Element:
    place = {
        "cx": f"{ring.x + ring.diameter / 2:g}",
        "cy": f"{ring.y + ring.diameter / 2:g}",
    }
    if 2 * ring.thickness >= ring.diameter:
        return ET.Element("circle", {**place, "r": f"{ring.diameter / 2:g}"})
    line = {"fill": "none", "stroke": "#000", "stroke-width": str(ring.thickness)}
    return ET.Element("circle", {**place, "r": f"{(ring.diameter - ring.thickness) / 2:g}", **line})


def _picture(picture: Picture) -> ET.Element:
    """Its black dots; its white ones let through what lies below, as on a printer."""
    file = io.BytesIO()
    picture.image.save(file, format="PNG", transparency=1)
    x, y, width, height = map(str, picture.box)
    place = {"x": x, "y": y, "width": width, "height": height}
    data = base64.b64encode(file.getvalue()).decode("ascii")
    return ET.Element(
        "image",
        {
            **place,
            "image-rendering": "pixelated",
            "xmlns:xlink": "http://www.w3.org/1999/xlink",
            "xlink:href": f"data:image/png;base64,{data}",
        },
    )


def _described(marks: Iterable[Mark]) -> str:
    """What the label says, a line each, for who cannot see it."""
    lines = []
    for mark in marks:
        match mark:
            case Words():
                lines.append(mark.text)
            case Symbol():
                lines.append(f"{mark.symbology.TITLE}: {mark.text}")
            case Tag():
                lines.append(f"RFID: {mark.epc}")
    return "\n".join(lines)


def _shown(text: str) -> str:
    """The text with a sign for each control character, which XML cannot carry: ␝ for GS."""
    return _NOT_XML.sub(lambda found: _sign(found[0]), text)


def _sign(character: str) -> str:
    return chr(0x2400 + ord(character)) if character < " " else "\ufffd"

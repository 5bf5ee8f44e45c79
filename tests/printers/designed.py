"""Existing designs for tests: reading, filling, and what an independent parser sees of them."""

import re
from collections.abc import Mapping
from pathlib import Path

from PIL import Image
from zplkit.parse import parse

from printers import designs
from printers.device import Device
from printers.label import Content, Design, Element, Field, Label
from printers.languages import zpl
from tests.printers.pictures import DPI, picture, without_media

FOLDER = Path(__file__).parent / "designs"
SAMPLES: Mapping[str, Mapping[str, str]] = {
    "zebradesigner-2.prn": {},
    "zebradesigner-3.prn": {},
    "nicelabel.prn": {"Article": "Pump", "2": "{serial}", "3": "{serial}"},
    "bartender.prn": {"Product": "Pump", "Serial": "{serial}", "3": "{lot}"},
}
"""Files as label programs export them, and what their numbered fields hold."""


def content_of(text: str) -> Content:
    """Placeholders as templates have them."""
    parts = re.split(r"(\{[^{}]*\})", text)
    return tuple(Field(part[1:-1]) if part[:1] == "{" else part for part in parts if part)


def read(source: str | bytes, **fields: str) -> Design:
    """A design of a few commands."""
    data = source.encode("ascii") if isinstance(source, str) else source
    named = {key.removeprefix("fn"): text for key, text in fields.items()}
    return designs.read(data, name="old.zpl", content_of=content_of, fields=named)


def sample(name: str) -> Design:
    """One of the sample files."""
    data = (FOLDER / name).read_bytes()
    return designs.read(data, name=name, content_of=content_of, fields=SAMPLES[name])


def label(*elements: Element) -> Label:
    """A label of 80 x 40 mm."""
    return Label(name="old unit", width_mm=80, height_mm=40, elements=elements)


def printed(design: Design, *further: Element, characters: str = "latin-1", **values: str) -> bytes:
    """What a printer gets."""
    device = Device(dpi=DPI, characters=characters)  # type: ignore[arg-type]
    return zpl.compile(label(design, *further), device=device).render(values)


def body(design: Design, **values: str) -> str:
    """What a design draws, without what every label states before and behind it."""
    lines = printed(design, **values).decode("ascii").splitlines()
    return "\n".join(lines[4:-2])


def seen(document: bytes) -> Image.Image:
    """The printed label, with a font of every printer for those that a file names."""
    return picture("zpl", re.sub(rb"\^A@N,(\d+),(\d+),[^^]*", rb"^A0N,\1,\2", document))


def commands(document: bytes) -> list[str]:
    """The commands as an independent parser sees them, without their data."""
    found = parse(without_media(document)).elements
    return [bytes(element)[:3].decode("latin-1") for element in found]

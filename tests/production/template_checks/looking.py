"""How the tests of template checks ask: a template of elements, and what is found about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from labeler.production import template_linting
from labeler.production.site import Site
from labeler.production.template_drafts import Draft
from tests import plants

NAME = "unit-label"
ZEBRA: dict[str, Any] = {
    "template": NAME,
    "printer": "zebra-1",
    "dpi": 203,
    "stations": ["zebra-1 at 203 dpi"],
}
"""What every finding of the plant's only printer says."""
NOWHERE: dict[str, Any] = {
    "element": None, "line": None, "x_mm": None, "y_mm": None, "width_mm": None, "height_mm": None,
}  # fmt: skip
UNPRINTED: dict[str, Any] = {"template": NAME, "printer": None, "dpi": None, "stations": []}

SYMBOL: dict[str, Any] = {"x_mm": 10, "y_mm": 15, "symbology": "code128", "data": "{serial}",
                          "x_dimension_mm": 0.25, "height_mm": 9}  # fmt: skip
"""A symbol at which nothing is wrong."""


@contextmanager
def plant(folder: Path, **changes: Any) -> Iterator[Site]:
    """Open the plant with these changes of its config.yaml."""
    with plants.opened(plants.write_site(folder, **changes)) as service:
        yield service.site


def lint(site: Site, *elements: dict[str, Any], **changes: Any) -> list[dict[str, Any]]:
    """Return what is found about the plant's template with these elements, one on a line each."""
    name = changes.pop("name", NAME)
    given = {"label": name, "media": {"width_mm": 70, "height_mm": 40}, **changes}
    head = yaml.safe_dump(given, sort_keys=False, default_flow_style=None, width=10_000)
    rows = [yaml.safe_dump([one], default_flow_style=True, width=10_000)[1:-2] for one in elements]
    content = head + "elements:\n" + "".join(f"  - {row}\n" for row in rows)
    draft = Draft(name=name, content=content, folder=site.plant.folder)
    return template_linting.lint(site, template_linting.parsed(draft))


def text(shown: str, **keys: Any) -> dict[str, Any]:
    """Return a text, 4 mm from the left and 5 mm from the top."""
    return {"text": {"x_mm": 4, "y_mm": 5, "size_mm": 3, "text": shown, **keys}}


def symbol(**keys: Any) -> dict[str, Any]:
    """Return a barcode."""
    return {"barcode": {**SYMBOL, **keys}}


def matrix(**keys: Any) -> dict[str, Any]:
    """Return a Data Matrix of the serial."""
    shown = {"x_mm": 10, "y_mm": 15, "symbology": "datamatrix", "data": "{serial}"}
    return {"barcode": {**shown, "x_dimension_mm": 0.5, **keys}}


def box(**keys: Any) -> dict[str, Any]:
    """Return a frame of 20 x 10 mm."""
    shown = {"x_mm": 4, "y_mm": 3, "width_mm": 20, "height_mm": 10, "thickness_mm": 0.25}
    return {"box": {**shown, **keys}}


def said(kind: str, severity: str, sentence: str, advice: str, **changes: Any) -> dict[str, Any]:
    """Return a finding about an element, the first one if nothing else is said, on the printer.

    ``place`` is its place in millimetres, ``line`` that of the file.
    """
    place = changes.pop("place", (None,) * 4)
    element = changes.pop("element", 1)
    return {
        **ZEBRA,
        "element": element,
        "line": changes.pop("line", element and element + 3),
        **dict(zip(("x_mm", "y_mm", "width_mm", "height_mm"), place, strict=True)),
        "kind": kind,
        "severity": severity,
        "sentence": sentence,
        "advice": advice,
        **changes,
    }

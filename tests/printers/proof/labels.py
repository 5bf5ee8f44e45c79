"""The labels of the proof: every template that comes with the product, filled with any values.

One more template, of these tests, has what no template of the product has: the other symbologies,
turned elements, text that wraps, an element that is hidden.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from labeler import templates
from labeler.templates import LabelTemplate
from printers import languages, layout
from printers.device import Device
from printers.errors import Unprintable
from printers.label import Label
from printers.layout.marks import Frame, Mark, Rectangle, Symbol
from tests.printers.proof import expecting
from tests.printers.symbologies.samples import CONTROLS, FOREIGN
from tests.printers.test_languages_contract import LATIN
from tests.printers.test_languages_contract import NASTY as ODD

_HERE = Path(__file__).parent
_PATHS = {
    path.stem: path
    for folder in (_HERE.parents[2] / "templates", _HERE / "templates")
    for path in sorted(folder.glob("*.yaml"))
}
NAMES = tuple(_PATHS)
"""Names of the templates."""
RESOLUTIONS = (203, 300, 600)
AT = expecting.AT
_HARMLESS = {
    "serial": "AC2632700001K",
    "number": "17",
    "copy": "0",
    "line": "line-1",
    "product.code": "AC-100",
    "product.name": "Axis controller",
    "product.gtin": "04012345000009",
    "run.id": "7",
    "run.lot": "L47",
    "run.operator": "Operator",
    "run.quantity": "100",
    "run.work_order": "WO-10077",
    "site.code": "HUL",
    "site.name": "Example Automation",
    "attributes.receiver": "Example Cars, plant 2",
    "attributes.sterile": "yes",
}
"""Placeholder -> what a label shows where neither its template's samples nor the test say more."""
NASTY = (
    *ODD,
    *LATIN,
    *CONTROLS,
    *FOREIGN,
    "",
    " ",
    "0",
    "999999",
    "(01)",
    "%",
    "\r\n",
    "\x02^XA\x03",
    "\x1b!R",
    "</svg><script/>",
    "https://example.com/?a=1&b=2",
    "\N{ZERO WIDTH SPACE}",
    "\N{RIGHT-TO-LEFT OVERRIDE}fdp",
    "\ud800",
    "WQ" * 30,
    "8" * 100,
)
"""Commands, escapes and aliases of printers, leading zeros, what fonts lack, empty, long.

The long one is not of W alone: three lines of its strokes are an EAN-13 to a scanner.
"""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A label, and a value for each of its fields."""

    label: Label
    row: Mapping[str, str]

    def compiled(self, language: str, device: Device) -> languages.Compiled:
        """The label for one printer; Unprintable where its fixed contents cannot be drawn."""
        return languages.load(language).compile(self.label, device=device)

    def render(self, language: str, device: Device) -> bytes:
        """The document of the label."""
        return self.compiled(language, device).render(self.row)


def content(name: str) -> str:
    """The YAML text of a template."""
    return _PATHS[name].read_text(encoding="utf-8")


@cache
def template(name: str) -> LabelTemplate:
    """The template of that name."""
    folder = _PATHS[name].parent
    return templates.read(
        content(name), name=name, read_file=lambda file: (folder / file).read_bytes()
    )


@cache
def placeholders(name: str) -> tuple[str, ...]:
    """What a template shows, without dates, the number in the run and the copy: all are digits."""
    given = {one.source for piece in template(name).pieces for one in piece.expressions}
    given -= {"number", "copy"}
    return tuple(sorted(one for one in given if not one.startswith("date:")))


@cache
def harmless(name: str) -> Mapping[str, str]:
    """A text for every placeholder of a template: its own samples before ours.

    A form that has none of its own, such as identifiers.mac_1.plain, looks like what it is of.
    """
    texts = {**_HARMLESS, **template(name).samples}
    for one in sorted(template(name).sources):
        if one not in texts and not one.startswith("date:"):
            texts[one] = texts[one.rpartition(".")[0]]
    return texts


def filled(name: str, texts: Mapping[str, str]) -> Filled:
    """The label with these texts. Unprintable where a filter refuses one."""
    form = template(name).form(texts, templates.names_of(template(name).sources))
    fill = form.filler(AT)
    more = {one: texts[one] for one in form.more}
    row = fill(texts["serial"], int(texts["number"]), copy=int(texts["copy"]), more=more)
    return Filled(label=form.label, row=row)


def refusal(name: str, texts: Mapping[str, str], device: Device) -> str | None:
    """Why a printer of ZPL refuses the label; None where it does not."""
    try:
        one = filled(name, texts)
        one.compiled("zpl", device).check(one.row)
    except Unprintable as refused:
        return str(refused)
    return None


def intruders(name: str, texts: Mapping[str, str], device: Device) -> list[str]:
    """What reaches into a symbol's quiet zone, and quiet zones that end outside the label.

    Engineers see such in the preview; a label that is printed all the same may be unreadable.
    """
    one = filled(name, texts)
    form = layout.place(one.label, device=device)
    inked = layout.ink(form, one.row)
    zones = [(at, mark, box) for at, mark, box in inked if isinstance(mark, Symbol)]
    found = []
    for at, symbol, zone in zones:
        what = f"{symbol.symbology.NAME} {symbol.text!r}"
        if not _is_within(zone, (0, 0, form.width, form.height)):
            found.append(f"{what}: the edge")
        for other, mark, box in inked:
            parts = _lines(mark) if isinstance(mark, Frame) else [_ink(mark, box)]
            if other != at and any(_meet(zone, part) for part in parts):
                found.append(f"{what}: {type(mark).__name__} at {box[:2]}")
    return found


def _ink(mark: Mark, covered: Rectangle) -> Rectangle:
    return layout.covered(mark, quiet=False) if isinstance(mark, Symbol) else covered


def _lines(frame: Frame) -> list[Rectangle]:
    """The four lines of a frame."""
    x, y, width, height = frame.box
    line = min(frame.thickness, width, height)
    across = [(x, top, width, line) for top in (y, y + height - line)]
    return [*across, *((left, y, line, height) for left in (x, x + width - line))]


def _meet(one: Rectangle, other: Rectangle) -> bool:
    across = one[0] < other[0] + other[2] and other[0] < one[0] + one[2]
    return across and one[1] < other[1] + other[3] and other[1] < one[1] + one[3]


def _is_within(one: Rectangle, room: Rectangle) -> bool:
    across = room[0] <= one[0] and one[0] + one[2] <= room[0] + room[2]
    return across and room[1] <= one[1] and one[1] + one[3] <= room[1] + room[3]


def stuffed(name: str, value: str, device: Device) -> dict[str, str]:
    """Texts with the value wherever the label takes it and stays readable.

    No two symbols shall hold the same, since a scanner takes two such for one: so where it stands
    in one of them, it may not stand in the other, and each value begins with another place.
    """
    texts, places = dict(harmless(name)), placeholders(name)
    turn = sum(map(ord, value)) % len(places)
    for place in (*places[turn:], *places[:turn]):
        tried = {**texts, place: value}
        if refusal(name, tried, device) is None and not intruders(name, tried, device):
            read = expecting.symbols(content(name), tried)
            if len(read) == len(set(read)):
                texts = tried
    return texts


def from_turn(at: int) -> tuple[str, ...]:
    """The names of the templates, beginning with another one each time."""
    turn = at % len(NAMES)
    return NAMES[turn:] + NAMES[:turn]


def is_small(name: str) -> bool:
    """Whether the label is drawn quickly at 600 dpi, too."""
    return template(name).width_mm * template(name).height_mm < 3000

"""Every key of config.yaml and of label templates stands in the engineer's guide, and no other."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from labeler.settings import Settings
from labeler.templates.document import _Document
from labeler.templates.elements import Element, Place
from printers import languages, symbologies
from printers.label import PRINTER_FONT
from tests.test_house import ROOT

GUIDE = (ROOT / "docs/engineers-guide.md").read_text(encoding="utf-8")
NAME = re.compile(r"`([\w.]+)`")
OWN_NAMES = ("alphabets",)
"""Keys under which a site has names of its own, and behind these no further keys."""


def section(title: str) -> str:
    """The text of a section of the guide, up to the next one of its rank or above."""
    rank = title.partition(" ")[0]
    _, _, rest = GUIDE.partition(f"\n{title}\n")
    return re.split(rf"^#{{1,{len(rank)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def table_keys(text: str) -> set[str]:
    """The keys of the tables with a column `key`; `a.b`, `.c` stand for a.b and a.c."""
    found: set[str] = set()
    for table in re.findall(r"^\| key \|.*\n(?:\|.*\n)+", text, re.MULTILINE):
        for row in table.splitlines()[2:]:
            first, *more = NAME.findall(row.split(" | ")[0])
            stem = first.rpartition(".")[0]
            found |= {first, *(f"{stem}{one}" if one.startswith(".") else one for one in more)}
    return found


def keys(model: type[BaseModel], *, before: str = "") -> Iterator[str]:
    """Yield each key of settings; what stands under a name of one's own is under NAME."""
    for name, one in model.model_fields.items():
        inner, is_named = part_of(one.annotation)
        at = f"{before}{name}"
        if inner is None:
            yield f"{at}.NAME" if is_named and name in OWN_NAMES else at
        else:
            yield from keys(inner, before=f"{at}.NAME." if is_named else f"{at}.")


def part_of(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The part that an annotation holds, if it does, and whether by names."""
    if get_origin(annotation) in (dict, Mapping):
        return part_of(get_args(annotation)[1])[0], True
    for one in (annotation, *get_args(annotation)):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one, False
    return None, False


def fields_of(model: type[BaseModel], key: str) -> list[str]:
    """The keys of the part that stands under a key."""
    part, _ = part_of(model.model_fields[key].annotation)
    assert part is not None
    return list(part.model_fields)


def test_the_guide_has_every_key_of_config_yaml_and_no_other() -> None:
    assert table_keys(section("## config.yaml")) == set(keys(Settings))


def test_the_guide_has_every_key_of_a_template_and_no_other() -> None:
    own = set(_Document.model_fields) - {"media"}
    own |= {f"media.{name}" for name in fields_of(_Document, "media")}
    everywhere = {f"ELEMENT.{name}" for name in Place.model_fields}
    elements = {
        f"{kind}.{name}"
        for kind in Element.model_fields
        for name in fields_of(Element, kind)
        if name not in Place.model_fields
    }
    assert table_keys(section("## Label templates")) == own | everywhere | elements


def test_the_guide_has_every_symbology_with_its_quiet_zone() -> None:
    [table] = re.findall(r"^\| symbology \|.*\n(?:\|.*\n)+", GUIDE, re.MULTILINE)
    rows = [row.split(" | ") for row in table.splitlines()[2:]]
    listed = [(name, cells[-1]) for cells in rows for name in NAME.findall(cells[0])]
    assert sorted(name for name, _ in listed) == sorted(symbologies.names())
    for name, words in listed:
        zone = symbologies.load(name).QUIET_ZONE
        sizes = {zone.left, zone.top, zone.right, zone.bottom} - {0}
        assert sizes <= set(map(int, re.findall(r"\d+", words))), name


def test_the_guide_has_every_option_of_a_symbology() -> None:
    text = section("### Barcodes")
    for name in symbologies.names():
        for option in symbologies.load(name).OPTIONS:
            rows = [row for row in text.splitlines() if re.match(rf"\| `.*\b{option}`", row)]
            assert [row for row in rows if f"`{name}`" in row] != [], (name, option)


def test_the_guide_has_every_language_and_every_font() -> None:
    text = section("### What each language does with it")
    head = text.lstrip().splitlines()[0]
    assert sorted(NAME.findall(head)) == sorted(languages.names())
    fonts = {PRINTER_FONT, "sans", "mono"}
    assert fonts <= set(NAME.findall(section("### Text")))

"""Every template that comes with the program, with its samples, in every language and resolution.

What its symbols say is asked of zxing-cpp, in pictures that pypdfium2, resvg and zplkit draw.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from labeler import templates
from labeler.production import template_drafts, template_linting, template_samples
from labeler.production.site import Site
from labeler.production.template_samples import Sample, Wanted
from printers import languages, layout
from printers.device import Device
from printers.layout.marks import Symbol
from tests import plants
from tests.printers.pictures import picture, scan
from tests.test_house import ROOT

FOLDER = ROOT / "templates"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
RESOLUTIONS = (203, 300, 600)

KLT = "[)>␞06␝P8V0-941-005␝Q24␝S26330000427␝1TL2611␞␄"
SAYS = {
    "asset-tag": [("QR Code", "AT-004711")],
    "automotive-label": [
        ("Code 128", "HL2611"), ("Code 128", "P8V0-941-005"), ("Code 128", "Q24"),
        ("Code 128", "S26330000427"), ("Data Matrix", KLT),
    ],
    "carton-label": [("Code 128", "CT26330000427"), ("ITF", "14012345000006")],
    "electronics-label": [
        ("Code 128", "001BC50AB001"), ("Code 128", "490154203237518"),
        ("Code 128", "GW26330000427"),
        ("Data Matrix", "GW26330000427;001BC50AB001;490154203237518"),
    ],
    "logistics-label": [
        ("Code 128", "(00)340123450000000017"), ("Code 128", "(02)14012345000006(37)480"),
    ],
    "pallet-label": [
        ("Code 128", "(00)340123450000000017"), ("Code 128", "(02)14012345000006(37)480"),
        ("Code 128", "(10)L261127"),
    ],
    "pharma-label": [
        ("Data Matrix", "(01)04012345000009(21)A7K2M9QX4T8R(17)281231(10)7Q41B"),
    ],
    "tiny-label": [("Data Matrix", "AC2633000042")],
    "udi-label": [
        ("Data Matrix", "(01)04012345000009(17)291130(10)L2611A(21)MD2611000427"),
    ],
    "unit-label": [("Code 128", plants.FIRST), ("QR Code", plants.FIRST)],
}  # fmt: skip
"""Template -> what is read of it with its samples."""

each_template = pytest.mark.parametrize("name", NAMES)
each_dpi = pytest.mark.parametrize("dpi", RESOLUTIONS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo plant with the templates that come with the program, at NOON."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "config.yaml").write_bytes((ROOT / "config.yaml").read_bytes())
    (folder / "templates").symlink_to(FOLDER)
    with plants.opened(folder / "config.yaml") as service:
        yield service.site


def sample(site: Site, name: str, **values: str) -> Sample:
    template = template_linting.parsed(template_drafts.require(site, name))
    with site.store.read() as transaction:
        wanted = Wanted(values=values)
        return template_samples.sample(site, transaction, template, wanted=wanted)


@cache
def text_of(name: str) -> str:
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def test_the_readings_are_listed_for_every_template() -> None:
    assert sorted(SAYS) == NAMES


@each_template
def test_a_template_says_in_a_comment_what_it_is_and_has_samples(name: str) -> None:
    assert text_of(name).startswith("# ")
    assert templates.parse(text_of(name), name=name).samples != {}


def _drawn_cases() -> Iterator[Any]:
    """Languages and resolutions; finer ones of languages that ask for no dots are long tests."""
    for dpi in RESOLUTIONS:
        for language in languages.names():
            is_quick = dpi == 203 or language in {"png", "zpl"}
            yield pytest.param(language, dpi, marks=[] if is_quick else pytest.mark.long)


@each_template
@pytest.mark.parametrize(("language", "dpi"), list(_drawn_cases()))
def test_a_template_reads_as_what_it_says(site: Site, name: str, dpi: int, language: str) -> None:
    shown = sample(site, name)
    compiled = languages.load(language).compile(shown.form.label, device=Device(dpi=dpi))
    seen = picture(language, compiled.document([shown.unit]), dpi=dpi)
    assert scan(seen) == SAYS[name]


@each_template
@each_dpi
def test_the_quiet_zones_of_all_symbols_are_white(site: Site, name: str, dpi: int) -> None:
    shown = sample(site, name)
    device = Device(dpi=dpi)
    document = languages.load("png").compile(shown.form.label, device=device).document([shown.unit])
    drawn = picture("png", document, dpi=dpi)
    form = layout.place(shown.form.label, device=device)
    symbols = [one for _, one, _ in layout.ink(form, shown.unit) if isinstance(one, Symbol)]
    for symbol in symbols:
        left, top, width, height = layout.covered(symbol)
        assert min(left, top) >= 0
        assert (left + width <= form.width, top + height <= form.height) == (True, True)
        x, y, columns, rows = layout.covered(symbol, quiet=False)
        paper = drawn.copy()
        paper.paste(255, (x, y, x + columns, y + rows))
        zone = paper.crop((left, top, left + width, top + height))
        assert zone.getextrema() == (255, 255), symbol.text


def test_a_pallet_without_lot_has_no_symbol_of_it(site: Site) -> None:
    shown = sample(site, "pallet-label", **{"run.lot": ""})
    compiled = languages.load("png").compile(shown.form.label, device=Device(dpi=203))
    assert scan(picture("png", compiled.document([shown.unit]), dpi=203)) == [
        ("Code 128", "(00)340123450000000017"),
        ("Code 128", "(02)14012345000006(37)480"),
    ]


WIDE = {
    "carton-label": {"product.name": "Axis controller with integrated safety module, 400 V"},
    "udi-label": {"product.name": "Infusion pump set with pressure sensor and 2.5 m line",
                  "run.lot": "L2611A-0000123456", "serial": "MD261100042712345678"},
    "pharma-label": {"product.name": "Exampline-Hydrochlorothiazide 20 mg/12.5 mg film-coated",
                     "run.lot": "7Q41B-ABCDEFGHIJ", "serial": "A7K2M9QX4T8RWV3Y6ZBC"},
    "automotive-label": {"product.name": "Headlamp left, LED matrix, right-hand traffic",
                         "product.code": "8V0-941-005-AB-GRU", "run.quantity": "9999999",
                         "attributes.receiver": "Example Cars Ltd, Plant 4 North"},
    "logistics-label": {"product.name": "Axis controller with safety module, 24 in a crate",
                        "run.quantity": "480000"},
    "pallet-label": {"product.name": "Axis controller with safety module, 24 in a crate",
                     "product.code": "AC-100-400V-SAFE", "run.lot": "L261127-00123-AB"},
    "electronics-label": {"product.name": "Gateway 5G industrial, DIN rail, 24 V"},
    "asset-tag": {"site.name": "Example Automation Works Ltd", "serial": "AT-004711-LINE-07"},
    "unit-label": {"product.name": "Axis controller with safety module"},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WIDE))
@each_dpi
def test_long_values_have_room_and_read_as_themselves(site: Site, name: str, dpi: int) -> None:
    shown = sample(site, name, **WIDE[name])
    compiled = languages.load("png").compile(shown.form.label, device=Device(dpi=dpi))
    seen = scan(picture("png", compiled.document([shown.unit]), dpi=dpi))
    assert len(seen) == len(SAYS[name])
    texts = " ".join(text for _, text in seen)
    asked = [WIDE[name][one] for one in ("serial", "run.lot") if one in WIDE[name]]
    assert [text for text in asked if text not in texts] == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.svg")), ids=lambda path: path.name)
def test_every_picture_is_shown_by_a_template(path: Path) -> None:
    assert any(f"file: {path.name}" in text_of(name) for name in NAMES)

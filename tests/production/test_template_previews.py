"""Labels drawn before anybody prints them, and what is found wrong with templates."""

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from labeler.errors import Refusal
from labeler.production import runs, template_drafts, template_linting, template_previewing
from labeler.production.sheets import Wanted
from labeler.production.showing import FORMATS
from labeler.production.site import Site
from labeler.production.template_previewing import Look
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production import carriers
from tests.production.record import issue, refused, rows, serials
from tests.production.releasing import NAME, REQUIRED, release

Preview = Callable[..., bytes]


def preview(site: Site, name: str = NAME, **look: Any) -> bytes:
    with site.store.read() as transaction:
        found = template_previewing.preview(site, transaction, name, look=Look(**look))
    return found.content


def preview_text(site: Site, content: str, **look: Any) -> bytes:
    with site.store.read() as transaction:
        found = template_previewing.preview_text(site, transaction, content, look=Look(**look))
    return found.content


def zpl(site: Site, **look: Any) -> str:
    return preview(site, language="zpl", **look).decode()


def decoded(picture: bytes) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


def lint(site: Site, name: str = NAME) -> list[tuple[str, str, str]]:
    found = template_linting.lint_draft(site, template_drafts.require(site, name))
    return [(one["severity"], one["kind"], one["sentence"]) for one in found]


def test_a_preview_shows_the_serial_that_comes_next_and_takes_none(site: Site) -> None:
    assert decoded(preview(site)) == [plants.FIRST]
    runs.open_run(site, order())
    issue(site, trigger("k1", quantity=2))
    assert decoded(preview(site)) == list(serials(3))
    assert issue(site, trigger("k2")).serials == serials(3)
    assert rows(site, schema.unit) == 3


def test_a_preview_shows_what_is_given_and_samples_of_the_rest(sqlite_site: Site) -> None:
    values = {"serial": "X-17", "run.lot": "L9", "number": "8"}
    shown = zpl(sqlite_site, values=values)
    for text in ("Axis controller L9", "No 8 23.11.2026", "SN X-17"):
        assert f"^FD{text}^FS" in shown
    assert "^FDAxis controller LOT-1^FS" in zpl(sqlite_site)
    assert "^FDMeter L9^FS" in zpl(sqlite_site, values={"product.name": "Meter", **values})


def test_a_preview_makes_up_attributes_and_identifiers(tmp_path: Path) -> None:
    with carriers.opened(tmp_path) as service:
        texts = ["{identifiers.mac_1}", "{identifiers.mac_2}", "{identifiers.imei}",
                 "{identifiers.unlock}", "{attributes.revision}", "{run.operator}"]  # fmt: skip
        plants.write_template(tmp_path, elements=carriers.elements(*texts))
        shown = zpl(service.site)
        expected = [*carriers.FIRST.values(), carriers.HIDDEN, "revision", "operator"]
        assert [text for text in expected if f"^FD{text}^FS" not in shown] == []
        assert "^FD0A^FS" in zpl(service.site, values={"identifiers.mac_2": "0A"})


def test_a_preview_of_a_series_without_a_next_serial_shows_one_like_it(tmp_path: Path) -> None:
    series = {"controller-sn": {"pattern": "P{imported:6}"}}
    with plants.opened(plants.write_site(tmp_path, series=series)) as service:
        [text] = decoded(preview(service.site))
        assert (len(text), text[0], text[1:].isdecimal()) == (7, "P", True)


def test_a_label_is_rendered_from_facts_only_where_samples_are_not_wanted(
    sqlite_site: Site,
) -> None:
    given = {"serial": "X-17", "run.lot": "L9", "number": "8"}
    render = partial(zpl, sqlite_site, samples=False)
    assert refused(partial(render, values=given)) == (
        1002,
        "Template 'unit-label' shows 'product.name', and no value was given for it.",
        "Give these: product.name.",
    )
    assert "^FDAxis controller L9^FS" in render(values=given, product="AC-100")
    assert "^FDNo 8 23.11.2026^FS" in render(values={**given, "product.name": "Meter"})
    assert refused(partial(render, values={}))[2] == (
        "Give these: number, product.name, run.lot, serial."
    )


def test_a_preview_is_as_fine_as_the_printer_or_as_asked(tmp_path: Path) -> None:
    printers = {"fine": {"uri": "file:x/", "language": "png", "dpi": 600,
                         "media": {"width_mm": 70, "height_mm": 40}}}  # fmt: skip
    with plants.opened(plants.write_site(tmp_path, printers=printers)) as service:
        site = service.site
        widths = [
            Image.open(io.BytesIO(preview(site, **look))).width
            for look in ({}, {"dpi": 300}, {"printer": "fine"})
        ]
        assert widths == [559, 827, 1654]
        assert refused(partial(preview, site, printer="x"))[0] == 5004
        assert refused(partial(preview, site, dpi=300, printer="fine"))[:2] == (
            1002,
            "Both dpi and printer were given, and a printer has its own dpi.",
        )


def test_a_preview_is_drawn_in_every_language_there_is(sqlite_site: Site) -> None:
    assert {one: preview(sqlite_site, language=one)[:4] for one in FORMATS} == {
        "pdf": b"%PDF",
        "png": b"\x89PNG",
        "svg": b"<?xm",
        "tspl": b"SIZE",
        "zpl": b"^XA\n",
    }


def test_a_preview_beside_another_drawing_shows_both_and_says_what_differs(
    sqlite_site: Site,
) -> None:
    with sqlite_site.store.read() as transaction:
        look = Look(compare=True, values={"serial": "X-17"})
        found = template_previewing.preview(sqlite_site, transaction, NAME, look=look)
    assert (found.media_type, found.name) == ("image/png", "unit-label-compared.png")
    assert decoded(found.content) == ["X-17", "X-17"]
    assert found.comparison.startswith("Symbols: 0 of ")


def test_a_comparison_of_a_label_that_would_be_huge_is_refused(sqlite_site: Site) -> None:
    content = sqlite_site.plant.folder.text(NAME).replace("width_mm: 70", "width_mm: 600")
    with pytest.raises(Refusal) as refusal:
        preview_text(sqlite_site, content, dpi=600, compare=True)
    assert refusal.value.sentence == (
        "Template 'unit-label' is 600 x 40 mm, which is 13392027 dots at 600 dpi: expected "
        "10000000 at most."
    )


def test_a_preview_on_sheets_fills_the_free_cells_of_one_or_as_many_as_wanted(
    sqlite_site: Site,
) -> None:
    def shown(start: int, **look: Any) -> list[int]:
        wanted = Wanted(stock="avery-l7173", start=start)
        document = pypdfium2.PdfDocument(preview(sqlite_site, sheet=wanted, **look))
        pages = (page.render(scale=4).to_pil() for page in document)
        return [len(zxingcpp.read_barcodes(page)) for page in pages]

    assert (shown(1), shown(8), shown(8, count=5)) == ([10], [3], [3, 2])


def test_a_comparison_and_sheets_have_a_language_of_their_own(sqlite_site: Site) -> None:
    wanted = Wanted(stock="avery-l7173")
    for look, sentence in (
        ({"compare": True}, "A comparison is drawn as png: expected format png, got 'zpl'."),
        ({"sheet": wanted}, "Sheets are drawn as pdf: expected format pdf, got 'zpl'."),
        (
            {"sheet": wanted, "compare": True},
            ("Both compare and sheet were given, and a comparison is a picture of one label."),
        ),
    ):
        assert refused(partial(preview, sqlite_site, language="zpl", **look))[:2] == (
            1002,
            sentence,
        )


def test_a_preview_shows_a_version_whatever_the_file_says(site: Site, tmp_path: Path) -> None:
    release(site)
    box = {"box": {"x_mm": 1, "y_mm": 1, "width_mm": 60, "height_mm": 30}}
    plants.write_template(tmp_path / "site", elements=[box])
    assert (decoded(preview(site)), decoded(preview(site, version=1))) == ([], [plants.FIRST])
    assert refused(partial(preview, site, version=2))[0] == 4003
    assert refused(partial(preview, site, "x"))[0] == 4002


def test_a_preview_of_text_needs_no_file(sqlite_site: Site) -> None:
    content = sqlite_site.plant.folder.text(NAME).replace("label: unit-label", "label: new")
    assert decoded(preview_text(sqlite_site, content)) == [plants.FIRST]
    number, sentence, _ = refused(partial(preview_text, sqlite_site, "label: new\nmedia: {}\n"))
    assert (number, sentence.splitlines()[0].partition(": media")[0]) == (
        4005,
        "Template 'new', line 2, column 1",
    )
    for text in ("[", "17", "label: [1]"):
        assert refused(partial(preview_text, sqlite_site, text))[0] == 4005
    long = "# " + "ä" * template_drafts.CONTENT_MAX_BYTES
    assert refused(partial(preview_text, sqlite_site, long))[:2] == (
        4005,
        "Template 'draft' has 524290 bytes, expected 262144 at most.",
    )


def test_a_preview_that_would_be_huge_is_refused(sqlite_site: Site) -> None:
    content = sqlite_site.plant.folder.text(NAME).replace("width_mm: 70", "width_mm: 1000")
    assert refused(partial(preview_text, sqlite_site, content, dpi=1200)) == (
        4001,
        (
            "Template 'unit-label' is 1000 x 40 mm, which is 89280179 dots at 1200 dpi: expected "
            "40000000 at most."
        ),
        "Correct the template or the values.",
    )


def test_a_preview_refuses_what_is_no_placeholder_and_what_cannot_be_drawn(
    sqlite_site: Site,
) -> None:
    assert refused(partial(preview, sqlite_site, values={"seral": "X"})) == (
        1002,
        (
            "'seral' is no placeholder. Template 'unit-label' shows: date:%d.%m.%Y, number, "
            "product.name, run.lot, serial."
        ),
        "Give values for what stands in braces in the template.",
    )
    number, sentence, hint = refused(partial(preview, sqlite_site, values={"serial": "Ä" * 9}))
    assert (number, hint) == (4001, "Correct the template or the values.")
    assert "Ä" in sentence
    assert preview(sqlite_site, values={"run.work_order": "not shown"})
    for look, expected in (({"product": "x"}, 2002), ({"line": "x"}, 2001)):
        assert refused(partial(preview, sqlite_site, **look))[0] == expected


@pytest.mark.parametrize("changes", [{}, REQUIRED])
def test_lint_finds_nothing_where_every_line_can_print_it(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    path = plants.write_site(tmp_path, **changes)
    plants.write_template(tmp_path, samples={"run.lot": "L7"})
    with plants.opened(path) as service:
        assert lint(service.site) == []


def test_lint_warns_of_a_line_that_cannot_print_it_where_another_can(
    tmp_path: Path,
) -> None:
    small = {"uri": "tcp://127.0.0.1:10", "language": "zpl",
             "media": {"width_mm": 50, "height_mm": 40}}  # fmt: skip
    lines = {"line-2": {"printer": "small"}}
    path = plants.write_site(tmp_path, printers={"small": small}, lines=lines)
    plants.write_template(tmp_path, samples={"run.lot": "L7"})
    with plants.opened(path) as service:
        [(severity, kind, sentence)] = lint(service.site)
        assert (severity, kind, sentence) == (
            "warning",
            "media",
            (
                "Line 'line-2', product 'AC-100': Template 'unit-label' is 70 x 40 mm, the media "
                "of printer 'small' 50 x 40 mm."
            ),
        )
        assert release(service.site)["version"] == 1
        wide = {"width_mm": 90, "height_mm": 40}
        plants.write_template(tmp_path, media=wide, samples={"run.lot": "L7"})
        assert [severity for severity, _, _ in lint(service.site)] == ["error", "error"]


def test_lint_tries_the_label_with_the_values_of_each_product(tmp_path: Path) -> None:
    long = {"name": "A controller whose name is long " * 3, "series": "controller-sn",
            "template": NAME}  # fmt: skip
    path = plants.write_site(tmp_path, products={"AC-200": long})
    named = {"text": {"x_mm": 4, "y_mm": 3, "size_mm": 4, "width_mm": 60, "text": "{product.name}"}}
    plants.write_template(tmp_path, elements=[named])
    with plants.opened(path) as service:
        [(severity, kind, sentence)] = lint(service.site)
        assert (severity, kind, sentence) == (
            "error",
            "clipping",
            (
                "Text 'A controller whose name is long A contr…' may become 177.3 mm wide, and its "
                "room has 60.1 mm: the label is refused then."
            ),
        )


def test_lint_finds_an_identifier_that_the_product_does_not_have(
    site: Site, tmp_path: Path
) -> None:
    shown = {"text": {"x_mm": 4, "y_mm": 3, "size_mm": 4, "text": "{identifiers.mac}"}}
    plants.write_template(tmp_path / "site", elements=[shown])
    assert lint(site) == [
        (
            "error",
            "unprintable",
            (
                "Line 'line-1', product 'AC-100': Template 'unit-label' shows 'identifiers.mac', "
                "which this run does not have. Open the run with it, or take it out of the "
                "template."
            ),
        )
    ]


def test_lint_names_the_line_of_what_cannot_be_read(site: Site, tmp_path: Path) -> None:
    (tmp_path / "site/templates/unit-label.yaml").write_text("label: unit-label\nmedium: {}\n")
    found = template_linting.lint_draft(site, template_drafts.require(site, NAME))
    assert {"severity": "error", "line": 2, "kind": "unreadable"}.items() <= found[-1].items()
    assert set(found[0]) == {
        "template", "element", "line", "x_mm", "y_mm", "width_mm", "height_mm", "printer", "dpi",
        "stations", "kind", "sentence", "advice", "severity",
    }  # fmt: skip


def test_lint_looks_at_a_template_that_no_product_has(site: Site, tmp_path: Path) -> None:
    shown = {"text": {"x_mm": 4, "y_mm": 3, "width_mm": 40, "text": "{gs1.fnc1}"}}
    plants.write_template(tmp_path / "site", name="free", elements=[shown])
    assert lint(site, "free") == [
        (
            "note",
            "orders",
            "Nothing says what '{gs1.fnc1}' may become, so its room cannot be judged.",
        )
    ]

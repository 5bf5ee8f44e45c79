"""Commands about label templates and about labels."""

import io
import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from labeler import app
from labeler.production.printing import spool
from tests import plants
from tests.commands.answers import Run, refusal, said
from tests.spooler.stations import until_states

SHORT = plants.TEMPLATE_DIGEST[:12]
FORMATS = {"pdf": b"%PDF-", "png": b"\x89PNG", "svg": b"<?xml ", "tspl": b"SIZE ", "zpl": b"^XA"}
"""Format -> how its files begin."""
SMALLER: dict[str, Any] = {"media": {"width_mm": 60, "height_mm": 40}}


def table(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def decoded(picture: bytes) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


def test_template_list_shows_what_changed_since_its_release(site: Path, run: Run) -> None:
    heads = ["name", "draft", "released", "version", "released", "at", "released", "by",
             "products", "last", "run"]  # fmt: skip
    assert table(said(run("template", "list"))[1]) == [
        heads,
        ["unit-label", "never", "released", "AC-100"],
    ]
    run("run", "open", "AC-100", "line-1", 5)
    at = "2026-11-23T12:00:00.000Z"
    known = ["unit-label", "as", "released", "1", at, "http", "AC-100", "1", "on", "line-1"]
    assert table(said(run("template", "list"))[1])[1] == known
    plants.write_template(site.parent, **SMALLER)
    assert table(said(run("template", "list"))[1])[1][:2] == ["unit-label", "changed"]
    [found] = json.loads(said(run("template", "list", "--json"))[1])
    assert (found["name"], found["newest_release"]["implicit"]) == ("unit-label", True)


def test_template_release_says_which_version_it_is(site: Path, run: Run) -> None:
    assert said(run("template", "release", "unit-label", "--by", "mk", "--comment", "first")) == (
        0,
        f"Released unit-label as version 1, {SHORT}.\n",
    )
    assert refusal(run("template", "release", "unit-label", "--by", "jo"))[0] == 4004
    assert run("template", "release", "unit-label").exit_code == 2
    plants.write_template(site.parent, media={"width_mm": 90, "height_mm": 40})
    assert refusal(run("template", "release", "unit-label", "--by", "jo"))[0] == 4005
    plants.write_template(site.parent, **SMALLER)
    found = run("template", "release", "unit-label", "--by", "jo", "--json")
    assert json.loads(said(found)[1])["version"] == 2


def test_template_show_lists_the_versions_and_prints_one(site: Path, run: Run) -> None:
    run("template", "release", "unit-label", "--by", "mk", "--comment", "first")
    _, shown = said(run("template", "show", "unit-label"))
    assert [line.rstrip() for line in shown.splitlines()] == [
        "name              unit-label",
        f"draft digest      {plants.TEMPLATE_DIGEST}",
        "is changed        False",
        "width mm          70.0",
        "height mm         40.0",
        "fields            date:%d.%m.%Y, number, product.name, run.lot, serial",
        "products          AC-100",
        "released version  1",
        "released at       2026-11-23T12:00:00.000Z",
        "released by       mk",
        "comment           first",
        "version  state     digest        released at               released by  comment",
        f"1        released  {SHORT}  2026-11-23T12:00:00.000Z  mk           first",
    ]
    text = (site.parent / "templates/unit-label.yaml").read_text()
    plants.write_template(site.parent, **SMALLER)
    assert said(run("template", "show", "unit-label", "--version", 1)) == (0, text)
    assert refusal(run("template", "show", "unit-label", "--version", 2))[0] == 4003
    assert json.loads(run("template", "show", "unit-label", "--json").stdout)["is_changed"] is True


def test_template_diff_numbers_the_lines(site: Path, run: Run) -> None:
    run("template", "release", "unit-label", "--by", "mk")
    plants.write_template(site.parent, **SMALLER)
    assert said(run("template", "diff", "unit-label")) == (
        0,
        (
            "From release 1, version 1 to the draft: 1 line added, 1 removed.\n"
            "  media: {width_mm: 70, height_mm: 40} -> {width_mm: 60, height_mm: 40}\n"
            "   1    1   label: unit-label\n"
            "   2    2   media:\n"
            "   3      -   width_mm: 70\n"
            "        3 +   width_mm: 60\n"
            "   4    4     height_mm: 40\n"
            "   5    5   elements:\n"
            "   6    6   - text:\n"
        ),
    )
    run("template", "release", "unit-label", "--by", "mk")
    found = json.loads(said(run("template", "diff", "unit-label", 2, 1, "--json"))[1])
    assert (found["old"]["version"], found["new"]["version"]) == (2, 1)
    assert said(run("template", "diff", "unit-label"))[1] == (
        "The draft is the same as release 2, version 2.\n"
    )


def test_template_new_copies_another_one(site: Path, run: Run) -> None:
    target = site.parent / "templates/big.yaml"
    assert said(run("template", "new", "--from", "unit-label", "big")) == (
        0,
        f"Made {target}. Name it under products in config.yaml to use it.\n",
    )
    plants.write_template(site.parent, name="big", samples={"run.lot": "L7"})
    code, text = said(run("template", "lint", "big"))
    assert (code, text.splitlines()[-1]) == (0, "Errors: 0, warnings: 0, notes: 3")
    assert refusal(run("template", "new", "--from", "unit-label", "big")) == (
        1002,
        f"{target} exists already.",
    )


def test_template_lint_finds_errors_also_where_no_service_could_start(site: Path, run: Run) -> None:
    samples = {"run.lot": "L7"}
    plants.write_template(site.parent, samples=samples)
    assert said(run("template", "lint")) == (0, "Errors: 0, warnings: 0, notes: 0\n")
    plants.write_template(site.parent, media={"width_mm": 90, "height_mm": 40})
    assert said(run("template", "lint")) == (
        1,
        (
            "unit-label.yaml: error: Line 'line-1', product 'AC-100': Template 'unit-label' is 90 "
            "x 40 mm, the media of printer 'zebra-1' 70 x 40 mm. Correct the template.\n"
            "unit-label.yaml:6: warning: Text 'Axis controller WWWWWWWWWWWWWWWWWWWW' reaches 12.4 "
            "mm over the label's right edge, and is cut off there. Move it, make it smaller, or "
            "give it width_mm and size_min_mm. (x 4 mm, y 2.88 mm, zebra-1 at 203 dpi)\n"
            "Errors: 1, warnings: 1, notes: 0\n"
        ),
    )
    path = site.parent / "templates/unit-label.yaml"
    path.write_text(path.read_text() + "extra: 1\n")
    code, text = said(run("template", "lint", "unit-label", "--json"))
    found = json.loads(text)
    assert (code, found["errors"]) == (1, 1)
    lines = path.read_text().count("\n")
    assert [(one["line"], one["kind"]) for one in found["findings"]] == [(lines, "unreadable")]
    path.write_bytes(b"\xff")
    assert said(run("template", "lint"))[0] == 1
    assert refusal(run("template", "lint", "x"))[0] == 9004


def test_template_lint_draws_what_it_found(site: Path, run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "found.png"
    code, text = said(run("template", "lint", "unit-label", "--picture", picture))
    assert (code, text.splitlines()[0]) == (
        0,
        f"Wrote {picture}, {picture.stat().st_size} bytes.",
    )
    assert Image.open(io.BytesIO(picture.read_bytes())).width > 1000
    lost = run("template", "lint", "--picture", picture)
    assert (lost.exit_code, lost.stderr.splitlines()[-1]) == (
        2,
        "Error: A picture shows one label: name its TEMPLATE.",
    )


def test_template_preview_writes_what_the_file_ends_with(tmp_path: Path, run: Run) -> None:
    picture = tmp_path / "a.png"
    words = ("--set", "serial=X-17", "--set", "run.lot=L=9")
    _, text = said(run("template", "preview", "unit-label", *words, "-o", picture))
    assert text == f"Wrote {picture}, {picture.stat().st_size} bytes.\n"
    assert decoded(picture.read_bytes()) == ["X-17"]
    _, zpl = said(run("template", "preview", "unit-label", *words))
    assert "^FDAxis controller L=9^FS" in zpl
    pdf = tmp_path / "b.bin"
    said(run("template", "preview", "unit-label", "--format", "pdf", "-o", pdf))
    assert pdf.read_bytes()[:5] == b"%PDF-"
    assert plants.FIRST in said(run("template", "preview", "unit-label", "--printer", "zebra-1"))[1]
    for wrong in (("--format", "png"), ("--set", "serial"), ("--dpi", 20)):
        assert run("template", "preview", "unit-label", *wrong).exit_code == 2
    assert run("template", "preview", "unit-label", "--format", "svg").stderr.endswith(
        "Error: Only zpl is shown without -o: name the file of the svg with it, or - for standard "
        "output.\n"
    )
    lost = run("template", "preview", "unit-label", "-o", tmp_path / "no/a.png")
    assert (lost.exit_code, lost.stderr) == (
        1,
        f"Error: {tmp_path}/no/a.png cannot be written: No such file or directory.\n",
    )


@pytest.mark.parametrize(("form", "start"), FORMATS.items())
def test_template_preview_writes_every_format(
    tmp_path: Path, run: Run, form: str, start: bytes
) -> None:
    said(run("template", "preview", "unit-label", "-o", tmp_path / f"a.{form}"))
    assert (tmp_path / f"a.{form}").read_bytes().startswith(start)


def test_template_preview_beside_another_drawing_says_what_differs(
    tmp_path: Path, run: Run
) -> None:
    picture = tmp_path / "a.bin"
    compare = ("template", "preview", "unit-label", "--compare")
    _, text = said(run(*compare, "-o", picture))
    wrote, sentence = text.splitlines()
    assert wrote == f"Wrote {picture}, {picture.stat().st_size} bytes."
    assert sentence.startswith("Symbols: 0 of ")
    assert decoded(picture.read_bytes()) == [plants.FIRST, plants.FIRST]
    assert run(*compare).exit_code == 2
    shown = run(*compare, "-o", "-")
    assert (shown.stdout_bytes[:4], shown.stderr) == (b"\x89PNG", f"{sentence}\n")
    assert refusal(run(*compare, "--format", "zpl")) == (
        1002,
        "A comparison is drawn as png: expected format png, got 'zpl'.",
    )


def test_template_preview_on_sheets(tmp_path: Path, run: Run) -> None:
    sheets = tmp_path / "a.pdf"
    preview = ("template", "preview", "unit-label", "-o", sheets)
    said(run(*preview, "--stock", "avery-l7173", "--start", 9, "--count", 4, "--outlines"))
    assert len(pypdfium2.PdfDocument(sheets)) == 2
    assert run(*preview, "--start", 9).stderr.endswith(
        "Error: --start is about sheets: name theirs with --stock.\n"
    )


def test_label_render_makes_nothing_up(tmp_path: Path, run: Run) -> None:
    render = ("label", "render", "--template", "unit-label", "--set", "serial=X-17")
    assert refusal(run(*render)) == (
        1002,
        "Template 'unit-label' shows 'number', and no value was given for it.",
    )
    more = ("--set", "number=3", "--set", "run.lot=L9", "--product", "AC-100", "--dpi", 300)
    picture = tmp_path / "x.png"
    said(run(*render, *more, "-o", picture))
    assert decoded(picture.read_bytes()) == ["X-17"]
    assert Image.open(io.BytesIO(picture.read_bytes())).width == 827
    compared = said(run(*render, *more, "--compare", "-o", picture))[1]
    assert compared.splitlines()[1].startswith("Symbols: 0 of ")


@pytest.fixture
def archived(site: Path, run: Run) -> Path:
    """Let the plant print two labels of line-1 into a folder."""
    path = plants.write_site(site.parent, lines={"line-1": {"printer": "archive"}})
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1", "-n", 2)
    with plants.opened(path) as service, app.spooling(service):
        until_states(service.site, "printed", "printed")
    return path


def test_label_show_says_whether_these_are_the_bytes_that_were_sent(
    archived: Path, run: Run, tmp_path: Path
) -> None:
    code, shown = said(run("label", "show", plants.FIRST))
    lines = shown.splitlines()
    assert (code, lines[:6], lines[-1]) == (
        0,
        [
            "id                1",
            f"serial            {plants.FIRST}",
            "purpose           print",
            "copy              0",
            "state             printed",
            "printer           archive",
        ],
        "same bytes as sent: yes. Drawn again it has the same bytes as sent.",
    )
    assert said(run("label", "show", "1"))[1] == shown
    [found] = json.loads(said(run("label", "show", plants.FIRST, "--json"))[1])
    assert found["same_as_sent"] == "yes"
    picture = tmp_path / "a.png"
    assert said(run("label", "show", "1", "-o", picture))[1].startswith(f"Wrote {picture}, ")
    assert decoded(picture.read_bytes()) == [plants.FIRST]
    for form, start in FORMATS.items():
        said(run("label", "show", "1", "-o", tmp_path / f"b.{form}"))
        assert (tmp_path / f"b.{form}").read_bytes().startswith(start)
    zpl = run("label", "show", plants.FIRST, "--format", "zpl")
    assert (zpl.stdout[:3], f"serial            {plants.FIRST}" in zpl.stderr) == ("^XA", True)
    plants.write_site(archived.parent, site={"timezone": "Pacific/Kiritimati"})
    assert run("label", "show", "1").exit_code == 1


def test_label_show_refuses_what_is_neither_serial_nor_label(archived: Path, run: Run) -> None:
    assert refusal(run("label", "show", "9"))[0] == 5002
    assert refusal(run("label", "show", "X"))[0] == 3001
    with plants.opened(archived) as service, service.site.store.read() as transaction:
        assert len(spool.job_labels(transaction, 1)) == 2


def test_label_show_of_a_serial_without_a_label_says_so(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1", "--no-print")
    text = f"Serial {plants.FIRST} has no label.\n"
    assert said(run("label", "show", plants.FIRST)) == (0, text)
    assert said(run("label", "show", plants.FIRST, "--json")) == (0, "[]\n")

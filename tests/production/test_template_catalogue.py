"""What people see of label templates: the list, the differences, a copy."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.production import runs, template_catalogue, template_comparing, template_copying
from labeler.production.site import Site
from tests import plants
from tests.plants import order
from tests.production.record import refused
from tests.production.releasing import NAME, release

OTHER: dict[str, Any] = {"media": {"width_mm": 60, "height_mm": 40}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the site's folder."""
    return tmp_path / "site"


def listed(site: Site) -> list[dict[str, Any]]:
    with site.store.read() as transaction:
        return template_catalogue.list_templates(site, transaction)


def shown(site: Site, name: str = NAME) -> dict[str, Any]:
    with site.store.read() as transaction:
        return template_catalogue.show_template(site, transaction, name)


def compared(site: Site, **which: int) -> dict[str, Any]:
    with site.store.read() as transaction:
        return template_comparing.compare(site, transaction, NAME, **which)


def test_the_list_says_what_was_released_what_was_changed_and_who_uses_it(
    site: Site, folder: Path
) -> None:
    plants.write_template(folder, name="other")
    never = {
        "name": NAME,
        "draft_digest": plants.TEMPLATE_DIGEST,
        "draft_fault": "",
        "is_changed": True,
        "newest_release": None,
        "products": ["AC-100"],
        "last_run": None,
    }
    assert listed(site)[1] == never
    release(site, comment="first")
    runs.open_run(site, order())
    runs.open_run(site, order(line="line-2"))
    first = {
        "number": 1,
        "version": 1,
        "digest": plants.TEMPLATE_DIGEST,
        "released_at": plants.NOON,
        "released_by": "mk",
        "comment": "first",
        "implicit": False,
    }
    last_run = {"id": 2, "line": "line-2", "opened_at": plants.NOON, "template_version": 1}
    known = {**never, "is_changed": False, "newest_release": first, "last_run": last_run}
    assert listed(site)[1] == known
    plants.write_template(folder, **OTHER)
    assert [(one["name"], one["is_changed"], one["products"]) for one in listed(site)] == [
        ("other", True, []),
        (NAME, True, ["AC-100"]),
    ]


def test_the_list_has_templates_whose_file_is_wrong_or_gone(site: Site, folder: Path) -> None:
    release(site)
    path = folder / "templates/unit-label.yaml"
    path.write_text("label: unit-label\nmedia: {width_mm: 70}\n")
    [found] = listed(site)
    assert (found["is_changed"], found["draft_fault"].splitlines()[0]) == (
        True,
        (
            "Template 'unit-label', line 2, column 1: media.height_mm is missing: expected a "
            "number above 0, 1000 at most."
        ),
    )
    assert (shown(site)["content"], shown(site)["fields"]) == (None, [])
    path.write_bytes(b"label: \xff")
    assert listed(site)[0]["draft_fault"].startswith("Template 'unit-label' cannot be read: ")
    path.unlink()
    [found] = listed(site)
    assert (found["draft_digest"], found["draft_fault"], found["is_changed"]) == (None, "", False)
    assert [one["version"] for one in shown(site)["versions"]] == [1]


def test_show_tells_of_a_template_what_it_needs(site: Site) -> None:
    release(site)
    found = shown(site)
    assert (found["width_mm"], found["height_mm"], found["fields"]) == (
        70,
        40,
        ["date:%d.%m.%Y", "number", "product.name", "run.lot", "serial"],
    )
    assert found["content"] == site.plant.folder.text(NAME)
    assert refused(partial(shown, site, "x")) == (
        4002,
        "There is no template 'x'.",
        "Known: unit-label.",
    )
    with site.store.read() as transaction:
        list_versions = partial(template_catalogue.list_versions, site, transaction)
        assert [one["version"] for one in list_versions(NAME)] == [1]
        assert refused(partial(list_versions, "x"))[0] == 4002


def test_a_name_that_is_a_path_is_no_template(site: Site) -> None:
    for name in ("../config", "../templates/unit-label", ".hidden", ""):
        assert refused(partial(shown, site, name))[0] == 4002


def test_a_comparison_names_lines_and_what_a_label_shows_differently(
    site: Site, folder: Path
) -> None:
    release(site)
    path = folder / "templates/unit-label.yaml"
    text = path.read_text()
    path.write_text("# smaller\n" + text.replace("width_mm: 70", "width_mm: 60"))
    found = compared(site)
    assert (found["sentence"], found["is_same"], found["added"], found["removed"]) == (
        "From release 1, version 1 to the draft: 2 lines added, 1 removed.",
        False,
        2,
        1,
    )
    assert found["changes"] == [
        "media: {width_mm: 70, height_mm: 40} -> {width_mm: 60, height_mm: 40}"
    ]
    assert [
        (one["kind"], one["old_line"], one["new_line"], one["text"])
        for one in found["lines"]
        if one["kind"] != "same"
    ] == [
        ("added", None, 1, "# smaller"),
        ("removed", 3, None, "  width_mm: 70"),
        ("added", None, 4, "  width_mm: 60"),
    ]
    assert found["text"].splitlines()[:4] == [
        "--- unit-label (release 1, version 1)",
        "+++ unit-label (draft)",
        "@@ -1,6 +1,7 @@",
        "+# smaller",
    ]


def test_a_comparison_pairs_elements(site: Site, folder: Path) -> None:
    release(site)
    first, second, barcode, last = plants.TEMPLATE["elements"]
    larger = {"barcode": {**barcode["barcode"], "height_mm": 12.5, "hri": True}}
    box = {"box": {"x_mm": 1, "y_mm": 1, "width_mm": 60, "height_mm": 30}}
    plants.write_template(folder, elements=[second, larger, last, box])
    assert compared(site)["changes"] == [
        "element 1 removed: {text: {x_mm: 4, y_mm: 3, size_mm: 4, text: {product.name} {run.lot}}}",
        "element 2 (barcode), height_mm: 11 -> 12.5",
        "element 2 (barcode), hri: - -> true",
        "element 4 added: {box: {x_mm: 1, y_mm: 1, width_mm: 60, height_mm: 30}}",
    ]
    plants.write_template(folder, elements=[box, second, barcode, last])
    assert compared(site)["changes"][0].startswith("element 1: {text: {x_mm: 4, y_mm: 3")
    assert first != box


def test_versions_are_compared_by_their_numbers(site: Site, folder: Path) -> None:
    assert refused(partial(compared, site)) == (
        2010,
        "Template 'unit-label' has no release to compare its draft with.",
        "Look at it with labeler template show unit-label.",
    )
    release(site)
    assert compared(site)["sentence"] == "The draft is the same as release 1, version 1."
    plants.write_template(folder, **OTHER)
    release(site)
    found = compared(site, old=2, new=1)
    assert (found["old"]["version"], found["new"]["version"], found["sentence"]) == (
        2,
        1,
        "From version 2 to version 1: 1 line added, 1 removed.",
    )
    assert compared(site, old=1)["sentence"] == (
        "From version 1 to the draft: 1 line added, 1 removed."
    )
    assert refused(partial(compared, site, old=3))[0] == 4003
    (folder / "templates/unit-label.yaml").write_text("label: [")
    broken = compared(site)
    assert (broken["added"], broken["changes"]) == (1, [])


def test_a_copy_keeps_comments_and_gets_the_new_name(folder: Path) -> None:
    plants.write_site(folder)
    templates = folder / "templates"
    (templates / "plain.yaml").write_text("# Ours\nlabel: plain  # its name\nmedia: {}\n")
    target = template_copying.copy(templates, "plain", to="big-1.5")
    assert (target, target.read_text()) == (
        templates / "big-1.5.yaml",
        "# Ours\nlabel: big-1.5  # its name\nmedia: {}\n",
    )
    copy = partial(template_copying.copy, templates)
    assert refused(partial(copy, "plain", to=NAME)) == (
        1002,
        f"{templates}/unit-label.yaml exists already.",
        "Choose another name.",
    )
    assert refused(partial(copy, "x", to="y")) == (
        4002,
        "There is no template 'x'.",
        "Known: big-1.5, plain, unit-label.",
    )
    assert refused(partial(copy, "plain", to="../x"))[:2] == (
        1002,
        (
            "'../x' is no name of a template: expected 1 to 64 letters, digits, '_', '.', '-', a "
            "letter or digit first."
        ),
    )
    (templates / "flow.yaml").write_text("{label: flow}\n")
    assert refused(partial(copy, "flow", to="y"))[:2] == (
        1002,
        "Template 'flow' says its name in 0 lines that begin with 'label:': expected 1.",
    )
    assert not (templates / "y.yaml").exists()

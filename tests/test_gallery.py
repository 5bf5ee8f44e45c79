"""The pictures in the documents are what the templates and examples beside them make."""

import re
from pathlib import Path

import pytest

from tests import gallery
from tests.test_house import ROOT

SHOWN = re.compile(r"\]\((?:docs/)?gallery/([\w-]+)\.png\)")
TEMPLATES = sorted(path.stem for path in (ROOT / "templates").glob("*.yaml"))
BYTES_MAX = 16_000


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return gallery.pictures()


def kept() -> dict[str, Path]:
    return {path.stem: path for path in gallery.GALLERY.glob("*")}


def test_every_picture_is_what_the_labels_are_now(made: dict[str, bytes]) -> None:
    stale = [
        name
        for name in sorted({*made, *kept()})
        if name not in made
        or name not in kept()
        or not gallery.same(kept()[name].read_bytes(), made[name])
    ]
    assert stale == [], "docs/gallery/ is not what the labels are now: run `make gallery`, look"


def test_every_picture_is_small_and_is_shown_in_a_document(made: dict[str, bytes]) -> None:
    large = {name: len(content) for name, content in made.items() if len(content) > BYTES_MAX}
    texts = [path.read_text() for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    shown = {name for text in texts for name in SHOWN.findall(text)}
    assert (large, sorted(shown)) == ({}, sorted(made))


def test_the_gallery_shows_every_template_of_a_new_site() -> None:
    text = (ROOT / "docs/gallery.md").read_text()
    assert sorted(SHOWN.findall(text)) == TEMPLATES


def test_examples_are_named_as_their_pictures() -> None:
    named = [
        (name, re.findall(r"^label: (.*)$", text, re.MULTILINE))
        for name, text in gallery.examples()
    ]
    assert [name for name, labels in named if labels != [name]] == []
    assert not {name for name, _ in named} & set(TEMPLATES)

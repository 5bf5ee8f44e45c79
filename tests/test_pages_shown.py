"""The pictures of pages: a screen draws each, a document shows each and says what it shows."""

import re
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.screens import COLOURS_MAX, FOLDER, SCREENS, pictures
from tests.test_house import ROOT

SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)]*\.png)\)")
BYTES_MAX = 120_000
"""Of a picture."""
ALL_BYTES_MAX = 3_000_000
ALT_MIN = 20
"""An alt text says what is seen, which takes a few words."""
NAMES = sorted(name for name, _, _ in pictures())


@cache
def shown() -> list[tuple[Path, str, Path]]:
    """Return each picture that a document shows: the document, the alt text, the file."""
    return [
        (path, alt, (path.parent / address).resolve())
        for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
        for alt, address in SHOWN.findall(path.read_text(encoding="utf-8"))
    ]


def test_every_picture_of_a_page_is_one_that_a_screen_draws_and_the_reverse() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == NAMES, "run `make screenshots`"


def test_names_of_screens_are_said_once() -> None:
    assert len({*NAMES}) == len(NAMES)
    assert [one.name for one in SCREENS if len({*one.more}) != len(one.more)] == []


def test_every_picture_of_a_page_is_shown_in_a_document() -> None:
    found = {picture.stem for _, _, picture in shown() if picture.parent == FOLDER}
    assert sorted({*NAMES} - found) == []


def test_every_picture_that_a_document_shows_is_there_and_is_told_in_words() -> None:
    missing = [f"{path.name}: {file}" for path, _, file in shown() if not file.is_file()]
    mute = [f"{path.name}: {file.name}" for path, alt, file in shown() if len(alt) < ALT_MIN]
    assert (missing, mute) == ([], [])


def test_documents_show_each_picture_once_and_say_of_each_something_else() -> None:
    for path in {path for path, _, _ in shown()}:
        files = [file for one, _, file in shown() if one == path]
        texts = [alt for one, alt, _ in shown() if one == path]
        assert len({*files}) == len(files), path.name
        assert len({*texts}) == len(texts), path.name


def test_pictures_of_pages_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert {name: size for name, size in sizes.items() if size > BYTES_MAX} == {}
    assert sum(sizes.values()) <= ALL_BYTES_MAX


@pytest.mark.parametrize("name", NAMES)
def test_picture_of_a_page_has_few_colours_and_the_size_of_its_screen(name: str) -> None:
    screen, size = next((one, wish.size) for known, one, wish in pictures() if known == name)
    with Image.open(FOLDER / f"{name}.png") as picture:
        assert picture.mode == "P"
        assert len(picture.getcolors(COLOURS_MAX) or ()) > 1
        assert picture.width == size["width"]
        is_high = picture.height >= size["height"]
        assert is_high if screen.whole else picture.height == size["height"]

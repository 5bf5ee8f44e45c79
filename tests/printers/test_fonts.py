"""Which font draws a text, what a site's own fonts add, and what no font has."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from printers import fonts
from printers.device import Device
from printers.errors import Unprintable
from printers.fonts import BUNDLED, Book
from printers.layout import raster
from printers.layout.marks import Words
from tests.printers.layouts import form_of, marks_of, text

DROID = Path("/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf")
SANS = BUNDLED.face("sans", bold=False)


def refusal(value, book=BUNDLED):
    with pytest.raises(Unprintable) as refused:
        book.drawing(value, SANS)
    return str(refused.value)


def test_the_font_comes_with_its_licence():
    names = {path.name for path in fonts.FOLDER.iterdir()}
    assert {
        "LICENSE.txt",
        *(path.name for pair in BUNDLED.files.values() for path in pair),
    } <= names
    assert "Bitstream" in (fonts.FOLDER / "LICENSE.txt").read_text()


@pytest.mark.parametrize(
    "value", ["AC-1", "Ä µm ±5", "Ω Ж €", "مرحبا", "שלום", "e\u0301", "a\u200db", "①", "😀"]
)
def test_what_comes_with_the_library_draws_many_scripts(value):
    assert BUNDLED.drawing(value, SANS) == SANS


def test_a_text_goes_to_the_first_font_that_has_all_of_it():
    mono = BUNDLED.face("mono", bold=False)
    assert BUNDLED.drawing("AC-1", mono) == mono
    assert BUNDLED.drawing("😀 A", mono) == SANS
    bold = BUNDLED.face("sans", bold=True)
    assert [BUNDLED.drawing(value, bold).bold for value in ("A", "①")] == [True, True]


def test_a_character_that_no_font_has_is_refused_by_name():
    assert refusal("SN 日本") == (
        "Text 'SN 日本' has character U+65E5 (CJK UNIFIED IDEOGRAPH-65E5) at position 4: expected "
        "characters that one of the fonts sans, mono has all of; replace it, or name a font that "
        "has them under fonts: in config.yaml."
    )
    assert "U+E000 (no name) at position 2: " in refusal("A\ue000")
    assert "U+1F527 (WRENCH) at position 1: " in refusal("🔧")


def test_a_sites_font_draws_what_the_others_lack(needs_debian):
    needs_debian("fonts-droid-fallback")
    book = BUNDLED.with_files({"cjk": DROID})
    device = Device(dpi=203, book=book)
    [native] = marks_of(text(), "AC-1", device=device)
    [words] = marks_of(text(), "日本語 한국어 中文", device=device)
    assert isinstance(native, Words)
    assert isinstance(words, Words)
    assert (native.face.name, native.is_native) == ("sans", True)
    assert (words.face.name, words.is_native) == ("cjk", False)
    picture = raster.picture(words)
    assert 0.8 * words.width < picture.image.width <= words.width
    missing = _notdef(words)
    for character in "日本語한국어中文":
        assert raster.picture(_with(words, character)).image.tobytes() != missing
    assert "fonts sans, mono, cjk has all of" in refusal("日🔧", book)


def _with(words: Words, value: str) -> Words:
    return Words(**{**vars(words), "text": value})


def _notdef(words: Words) -> bytes:
    return raster.picture(_with(words, "\ue123")).image.tobytes()


def test_wrapped_chinese_breaks_between_characters(needs_debian):
    needs_debian("fonts-droid-fallback")
    device = Device(dpi=203, book=BUNDLED.with_files({"cjk": DROID}))
    element = text(width_mm=20, height_mm=15, wrap=True)
    found = marks_of(element, "日本語日本語日本語。", device=device)
    assert [one.text for one in found if isinstance(one, Words)] == ["日本語日本語", "日本語。"]


def test_a_sites_font_may_have_a_bold_face():
    regular, bold = BUNDLED.files["sans"]
    book = BUNDLED.with_files({"plant": (regular, bold), "thin": regular})
    assert [book.face("plant", bold=one).path for one in (False, True)] == [regular, bold]
    assert [book.face("thin", bold=one).path for one in (False, True)] == [regular, regular]


@pytest.mark.parametrize("name", ["printer", "sans", "mono"])
def test_a_name_that_is_taken_is_refused(name):
    with pytest.raises(Unprintable) as refused:
        BUNDLED.with_files({name: DROID})
    assert str(refused.value) == (
        f"A font of the site is named {name!r}: expected none of printer, sans, mono, which are "
        "taken; rename it."
    )


def test_a_font_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(Unprintable) as refused:
        BUNDLED.with_files({"plant": tmp_path / "plant.ttf"})
    assert str(refused.value) == (
        f"Font 'plant' cannot be read from {tmp_path / 'plant.ttf'}: expected a TrueType or "
        "OpenType file (.ttf, .otf or .ttc), got 'No such file or directory'; correct the path, "
        "or replace the file."
    )


@pytest.mark.parametrize("cut", [0, 3, 40, 4000, 200_000])
def test_a_broken_font_file_is_refused(tmp_path, cut):
    path = tmp_path / "plant.ttf"
    path.write_bytes(BUNDLED.files["sans"][0].read_bytes()[:cut])
    with pytest.raises(Unprintable) as refused:
        BUNDLED.with_files({"plant": path})
    assert str(refused.value).startswith(f"Font 'plant' cannot be read from {path}: expected a ")


def test_a_folder_is_no_font(tmp_path):
    with pytest.raises(Unprintable, match="cannot be read from"):
        BUNDLED.with_files({"plant": tmp_path})


def test_an_unknown_font_is_refused_with_the_known_ones():
    with pytest.raises(Unprintable) as refused:
        form_of(text(font="serif"), device=Device(dpi=203, book=Book(files=BUNDLED.files)))
    assert str(refused.value) == (
        "Text has font = 'serif': expected printer, or one of sans, mono; name a font of the book."
    )


def test_text_that_cannot_be_shaped_here_is_refused(monkeypatch):
    monkeypatch.setattr("printers.fonts._shaping.is_available", lambda: False)
    assert refusal("مرحبا") == (
        "Text 'مرحبا' joins or turns its characters, and this installation cannot shape it: "
        "expected a Pillow with raqm; install Pillow from its wheels, or replace the text."
    )


@pytest.mark.parametrize("value", ["AC-1", "Ä", "日本語", "Ж", "Ω", "😀", "1/2", "한국어", "Հայ"])
def test_characters_that_stand_side_by_side_are_not_shaped(value):
    assert not fonts.needs_shaping(value)


@pytest.mark.parametrize(
    "value", ["مرحبا", "שלום", "हिन्दी", "ไทย", "e\u0301", "a\u200db", "தமிழ்", "မြန်မာ"]
)
def test_characters_that_depend_on_each_other_are_shaped(value):
    assert fonts.needs_shaping(value)


def test_arabic_letters_join_and_run_from_right_to_left():
    """An initial form stands at the right, and three letters are narrower than three isolated."""
    joined, apart = (SANS.width(value) for value in ("ببب", "ب\u200cب\u200cب"))
    assert joined < apart
    [right, left] = (
        raster.picture(_drawn(value)).image for value in ("\u05d0\u05d1", "\u05d1\u05d0")
    )
    alef = raster.picture(_drawn("\u05d0")).image
    assert _ends_with(right, alef)
    assert not _ends_with(left, alef)


def _drawn(value: str) -> Words:
    return Words(x=0, y=0, room=200, size=40, align="left", text=value, face=SANS, is_native=False)


def _ends_with(image: Image.Image, end: Image.Image) -> bool:
    box = (image.width - end.width, image.height - end.height, image.width, image.height)
    return image.crop(box).tobytes() == end.tobytes()


@settings(max_examples=200, deadline=None)
@given(
    value=st.text(
        alphabet=st.characters(max_codepoint=0x24F, exclude_categories=["C"]), max_size=12
    )
)
def test_a_line_is_as_long_as_the_font_itself_says(value):
    if fonts.needs_shaping(value):
        return
    measure = ImageDraw.Draw(Image.new("1", (1, 1)))
    whole = measure.textlength(value, font=SANS.at(1000), features=None)
    kerning = 0.2 * len(value)
    assert abs(SANS.width(value) - whole / 1000) <= kerning
    assert SANS.widest(value) >= SANS.width(value)


def test_every_native_character_is_in_the_font_that_stands_in_for_it():
    latin = "".join(chr(code) for code in range(256) if fonts.is_native(chr(code), "latin-1"))
    assert len(latin) == 95 + 94
    assert SANS.covers(latin)
    assert BUNDLED.face("sans", bold=True).covers(latin)
    assert not any(unicodedata.category(one) == "Cc" for one in latin)

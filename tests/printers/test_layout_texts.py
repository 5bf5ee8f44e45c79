"""Text in its room: lines, sizes, turns, and what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uniseg.linebreak import line_break_units

from printers.device import Device
from printers.errors import Unprintable
from printers.label import Field
from printers.layout import wrapping
from printers.layout.marks import Picture, Words
from printers.layout.texts import TextSpot
from tests.printers.layouts import DEVICE, form_of, marks_of, text


def words_of(element, value="", *, device=DEVICE):
    found = marks_of(element, value, device=device)
    assert all(isinstance(mark, Words) for mark in found)
    return [mark for mark in found if isinstance(mark, Words)]


def refusal(element, value, *, device=DEVICE):
    form = form_of(element, device=device)
    sentences = []
    for ask in (form.check, form.marks):
        with pytest.raises(Unprintable) as refused:
            ask({"serial": value})
        sentences.append(str(refused.value))
    assert sentences[0] == sentences[1]
    return sentences[0]


ROOM = {"width_mm": 20, "height_mm": 12, "wrap": True}


def test_wrapped_text_breaks_between_words_and_keeps_its_pitch():
    found = words_of(text(**ROOM), "Hydraulic HP-200")
    assert [(one.text, one.x, one.y, one.size) for one in found] == [
        ("Hydraulic", 40, 40, 24),
        ("HP-200", 40, 69, 24),
    ]


def test_a_word_wider_than_its_room_is_broken():
    found = words_of(text(**ROOM), "an ABCDEFGHIJKLMNOPQRSTU")
    assert [one.text for one in found] == ["an", "ABCDEFGHIJKL", "MNOPQRSTU"]
    assert all(one.face.widest(one.text) * one.size <= one.room for one in found)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_line_feed_in_a_value_begins_a_line(line_end):
    found = words_of(text(**ROOM), f"one{line_end}{line_end}three")
    assert [(one.text, one.y) for one in found] == [("one", 40), ("three", 98)]


def test_wrapped_text_shrinks_until_its_lines_fit():
    element = text(width_mm=20, height_mm=6, wrap=True, size_min_mm=1.5)
    found = words_of(element, "Hydraulic pump with a valve")
    assert [(one.text, one.size) for one in found] == [
        ("Hydraulic pump", 22),
        ("with a valve", 22),
    ]
    assert found[-1].y + found[-1].size <= 40 + 48


def test_wrapped_text_of_too_many_lines_is_refused():
    assert refusal(text(width_mm=20, height_mm=6, wrap=True), "one two three four five six") == (
        "Text 'one two three four five six' takes 2 lines of 53 dots together: expected 48 at "
        "most; shorten it, or give it a higher box or a smaller size."
    )


def test_a_character_wider_than_its_room_is_refused():
    assert refusal(text(width_mm=2, height_mm=9, wrap=True), "W") == (
        "Text 'W' may become 22 dots wide: expected 16 at most; shorten it, or give it a wider "
        "box or a smaller size."
    )


def test_one_line_shrinks_in_whole_dots_and_no_further_than_it_needs():
    element = text(width_mm=20, size_min_mm=1.5)
    sizes = {value: words_of(element, value)[0].size for value in ("A" * 5, "A" * 14, "A" * 16)}
    assert sizes == {"A" * 5: 24, "A" * 14: 18, "A" * 16: 16}
    face = words_of(element, "A")[0].face
    assert face.widest("A" * 14) * 18 <= 160 < face.widest("A" * 14) * 19


def test_a_line_that_is_too_wide_at_its_smallest_size_is_refused():
    assert refusal(text(width_mm=20, size_min_mm=1.5), "A" * 40) == (
        f"Text {'A' * 40!r} may become 296 dots wide even at 12 dots of height: expected 160 at "
        "most; shorten it, or give it a wider box or a smaller size."
    )


def test_a_line_higher_than_its_room_shrinks_or_is_refused():
    assert words_of(text(height_mm=2, width_mm=20, size_min_mm=1.5), "A")[0].size == 16
    assert refusal(text(height_mm=2, width_mm=20), "A") == (
        "Text 'A' takes 1 line of 24 dots together: expected 16 at most; shorten it, or give it a "
        "higher box or a smaller size."
    )


@pytest.mark.parametrize(
    ("rotation", "boxes"),
    [
        (0, [(40, 40, 160, 24), (40, 69, 160, 24)]),
        (90, [(112, 40, 24, 160), (83, 40, 24, 160)]),
        (180, [(40, 112, 160, 24), (40, 83, 160, 24)]),
        (270, [(40, 40, 24, 160), (69, 40, 24, 160)]),
    ],
)
def test_turned_lines_follow_each_other_within_their_turned_room(rotation, boxes):
    found = words_of(text(**ROOM, rotation=rotation), "Hydraulic HP-200")
    assert [one.box for one in found] == boxes


@pytest.mark.parametrize(
    ("value", "position", "code"),
    [("A\x1bB", 2, "001B"), ("A\nB", 2, "000A"), ("\x7f", 1, "007F"), ("AB\u202eCD", 3, "202E")],
)
def test_what_cannot_be_seen_is_refused(value, position, code):
    assert refusal(text(), value) == (
        f"Text {value!r} has character U+{code} at position {position}: expected characters that "
        "can be seen, and line feeds only where the text has wrap; remove it."
    )


@pytest.mark.parametrize("value", ["a\rb", "a\tb", "a\x0bb", "a\x85b"])
def test_wrapped_text_takes_line_feeds_and_no_other_control_character(value):
    assert f"character U+{ord(value[1]):04X} at position 2: " in refusal(text(**ROOM), value)


def test_text_beyond_the_printers_characters_is_drawn_by_us():
    natives = {
        characters: [
            words_of(text(), value, device=Device(dpi=203, characters=characters))[0].is_native
            for value in ("AC-1", "é", "Ω")
        ]
        for characters in ("ascii", "latin-1", "none")
    }
    assert natives == {
        "ascii": [True, False, False],
        "latin-1": [True, True, False],
        "none": [False, False, False],
    }


def test_text_in_a_font_of_the_book_is_never_the_printers():
    [found] = words_of(text(font="mono"), "AC-1")
    assert (found.is_native, found.face.name) == (False, "mono")


def test_text_that_must_be_shaped_becomes_dots():
    [found] = marks_of(text(width_mm=30), "مرحبا")
    assert isinstance(found, Picture)
    left, top, width, height = found.box
    assert (40 <= left <= 44, 36 <= top <= 50) == (True, True)
    assert (20 < width < 60, 10 < height < 30) == (True, True)


def test_an_accent_of_its_own_stands_on_its_letter():
    [composed] = marks_of(text(font="sans"), "é")
    [combined] = marks_of(text(font="sans"), "e\u0301")
    assert isinstance(combined, Picture)
    assert isinstance(composed, Words)
    from printers.layout import raster

    assert combined.image.tobytes() == raster.picture(composed).image.tobytes()


def test_a_hidden_text_makes_no_mark_and_is_not_judged():
    form = form_of(text(shown=Field("lot"), width_mm=5))
    form.check({"serial": "A" * 60, "lot": ""})
    assert form.marks({"serial": "A" * 60, "lot": ""}) == []
    with pytest.raises(Unprintable):
        form.check({"serial": "A" * 60, "lot": "7"})
    with pytest.raises(Unprintable, match="needs a value for the field 'lot'"):
        form.check({"serial": "A"})


@pytest.mark.parametrize("value", ["", " ", "  "])
def test_blank_text_makes_no_mark(value):
    assert marks_of(text(), value) == []


@pytest.mark.parametrize(
    ("changes", "is_plain"),
    [
        ({}, True),
        ({"width_mm": 20, "align": "right"}, True),
        ({"rotation": 90, "width_mm": 20}, True),
        (ROOM, False),
        ({"width_mm": 20, "size_min_mm": 2}, False),
        ({"width_mm": 20, "height_mm": 2}, False),
    ],
)
def test_a_plain_text_has_one_place_whatever_its_value(changes, is_plain):
    [spot] = form_of(text(**changes)).variable
    assert isinstance(spot, TextSpot)
    assert spot.is_plain == is_plain


@settings(max_examples=150, deadline=None)
@given(value=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255), max_size=30))
def test_native_words_of_a_plain_text_differ_in_nothing_but_their_text(value):
    form = form_of(text(width_mm=20))
    try:
        found = form.marks({"serial": value})
    except Unprintable:
        return
    places = {
        (one.box, one.size, one.align, one.face, one.rotation)
        for one in found
        if isinstance(one, Words) and one.is_native
    }
    first = form.marks({"serial": "A"})[0]
    assert isinstance(first, Words)
    assert places <= {(first.box, first.size, first.align, first.face, first.rotation)}


_VALUES = st.text(alphabet="aWi1-/. ,é日ا\n", max_size=40)


@settings(max_examples=300, deadline=None)
@given(value=_VALUES, rotation=st.sampled_from([0, 90, 180, 270]), size_min_mm=st.just(1.5))
def test_whatever_is_set_stays_within_its_room(value, rotation, size_min_mm):
    form = form_of(text(**ROOM, rotation=rotation, size_min_mm=size_min_mm))
    try:
        form.check({"serial": value})
    except Unprintable:
        with pytest.raises(Unprintable):
            form.marks({"serial": value})
        return
    width, height = (96, 160) if rotation in (90, 270) else (160, 96)
    for mark in form.marks({"serial": value}):
        if isinstance(mark, Words):
            left, top, wide, high = mark.box
            assert mark.width <= mark.room
            assert left >= 40
            assert top >= 40
            assert left + wide <= 40 + width
            assert top + high <= 40 + height


@settings(max_examples=500, deadline=None)
@given(paragraph=st.text(alphabet="aB1 -/.,:_;!?(é日", max_size=14))
def test_lines_break_where_unicode_lets_them(paragraph):
    """The quick ways for plain words agree with the whole algorithm (UAX #14)."""
    assert list(wrapping.units(paragraph)) == list(line_break_units(paragraph))


@settings(max_examples=300, deadline=None)
@given(value=st.text(alphabet="ab -é日\n", max_size=30), room=st.integers(1, 12))
def test_wrapping_loses_nothing_but_spaces_at_line_ends(value, room):
    lines = wrapping.wrap(value, room=room, measure=len)
    assert "".join(lines).replace(" ", "") == value.replace("\n", "").replace(" ", "")
    assert all(len(line) <= room for line in lines)

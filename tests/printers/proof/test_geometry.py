"""Every mark lies in the same place in every language, up to a dot."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import ceil
from typing import cast

import pytest
from PIL import Image

from printers import layout
from printers.device import Device
from printers.languages import Compiled, pdf, png, svg, tspl, zpl
from printers.layout import Form
from printers.layout.marks import Commands, Mark, Rectangle, Tag, Words
from tests.printers.pictures import picture
from tests.printers.proof import labels
from tests.printers.proof.seeing import LANGUAGES

SPARE = 3
"""Dots around a mark in which its ink is looked for."""
ABOVE = 0.04
"""How far the printer's own font reaches above its cell, in character heights (measured)."""


def placed(name: str, device: Device) -> tuple[labels.Filled, Form, list[Mark]]:
    one = labels.filled(name, labels.harmless(name))
    form = layout.place(one.label, device=device)
    return one, form, [*form.fixed, *form.marks(one.row)]


def room(mark: Mark, form: Form) -> Rectangle:
    """Where its ink may be; a native line by the wider of both fonts."""
    left, top, width, height = layout.covered(mark, quiet=False)
    spare = SPARE + (ceil(ABOVE * mark.size) if isinstance(mark, Words) else 0)
    right, bottom = left + width + spare, top + height + spare
    return max(0, left - spare), max(0, top - spare), min(form.width, right), bottom


def layers(marks: list[Mark], form: Form) -> Iterator[list[Mark]]:
    """Yield the marks in as few drawings as keep the rooms of each drawing apart."""
    waiting = list(marks)
    while waiting:
        layer: list[Mark] = []
        for mark in waiting:
            if all(_are_apart(room(mark, form), room(one, form)) for one in layer):
                layer.append(mark)
        yield layer
        waiting = [mark for mark in waiting if not any(mark is one for one in layer)]


def _are_apart(one: Rectangle, other: Rectangle) -> bool:
    beside = one[2] <= other[0] or other[2] <= one[0]
    return beside or one[3] <= other[1] or other[3] <= one[1]


def drawn(language: str, one: labels.Filled, form: Form) -> Image.Image:
    """The fixed marks of a form alone, black or white."""
    compilers: dict[str, Callable[[], Compiled]] = {
        "pdf": lambda: pdf.Compiled(one.label, form),
        "png": lambda: png.Compiled(form),
        "svg": lambda: svg.Compiled(form),
        "tspl": lambda: tspl.Compiled(one.label, form),
        "zpl": lambda: zpl.Compiled(form),
    }
    compiled = compilers[language]()
    seen = picture(language, compiled.render({}), dpi=form.device.dpi)
    assert seen.size == (form.width, form.height)
    return seen.point(lambda level: 255 * (level < 128))


def boxes(language: str, one: labels.Filled, form: Form, marks: list[Mark]) -> list[Rectangle]:
    """The box of each mark's ink: left, top, right, bottom on the label. No ink is elsewhere."""
    only = replace(
        form,
        fixed=tuple(marks),
        fixed_elements=tuple(range(len(marks))),
        variable=(),
        variable_elements=(),
    )
    ink, found = drawn(language, one, only), []
    for mark in marks:
        left, top, right, bottom = room(mark, form)
        box = ink.crop((left, top, right, bottom)).getbbox()
        assert box is not None, (language, mark)
        found.append((left + box[0], top + box[1], left + box[2], top + box[3]))
        ink.paste(0, (left, top, right, bottom))
    assert ink.getbbox() is None, (language, "ink outside of the rooms of all marks")
    return found


def apart_max(mark: Mark, dpi: int) -> int:
    """A dot; of a line of text 2, and at 600 dpi 3, which are an eighth of a millimetre.

    Dots of a printer are set by hinted glyphs, whose tails are shorter, for one, than those that a
    PDF viewer draws.
    """
    if not isinstance(mark, Words):
        return 1
    return 3 if dpi == 600 else 2


def prove_places(name: str, dpi: int) -> None:
    """By a printer without a font of its own: all is drawn by us, everywhere."""
    one, form, marks = placed(name, Device(dpi=dpi, characters="none"))
    for layer in layers(marks, form):
        reference = boxes("png", one, form, layer)
        for language in LANGUAGES:
            found = boxes(language, one, form, layer)
            apart = [
                (language, mark, mine, theirs)
                for mark, mine, theirs in zip(layer, reference, found, strict=True)
                if any(abs(a - b) > apart_max(mark, dpi) for a, b in zip(mine, theirs, strict=True))
            ]
            assert apart == []


@pytest.mark.parametrize("name", labels.NAMES)
def test_every_mark_is_in_one_place_in_all_languages(name):
    prove_places(name, 203)


@pytest.mark.long
@pytest.mark.parametrize("dpi", [300, 600])
@pytest.mark.parametrize("name", labels.NAMES)
def test_every_mark_is_in_one_place_at_finer_resolutions(name, dpi):
    prove_places(name, dpi)


@pytest.mark.parametrize("dpi", labels.RESOLUTIONS)
@pytest.mark.parametrize("name", labels.NAMES)
def test_the_printers_own_font_stays_in_the_room_of_its_line(name, dpi):
    """And all other marks of its ZPL are where the reference has them, up to a dot."""
    one, form, marks = placed(name, Device(dpi=dpi))
    for layer in layers(marks, form):
        found = boxes("zpl", one, form, layer)
        reference = boxes("png", one, form, layer)
        for mark, theirs, mine in zip(layer, found, reference, strict=True):
            if isinstance(mark, Words) and mark.is_native:
                left, top, width, height = layout.covered(mark)
                over = 1 + ceil(ABOVE * mark.size)
                assert left - over <= theirs[0] < theirs[2] <= left + width + over, mark.text
                assert top - over <= theirs[1] < theirs[3] <= top + height + over, mark.text
            else:
                assert all(abs(a - b) <= 1 for a, b in zip(mine, theirs, strict=True)), mark


def test_a_mark_that_is_two_dots_away_would_be_noticed():
    one, form, marks = placed("unit-label", Device(dpi=203, characters="none"))
    [layer, *_] = layers(marks, form)
    inked = [mark for mark in layer if not isinstance(mark, Tag | Commands)]
    moved: list[Mark] = [replace(cast(Words, mark), x=mark.x + 2) for mark in inked]
    for language in LANGUAGES:
        before = boxes(language, one, form, layer)
        after = boxes(language, one, form, moved)
        assert [box[0] for box in after] == [box[0] + 2 for box in before]


def test_layers_hold_every_mark_once():
    for name in labels.NAMES:
        _, form, marks = placed(name, Device(dpi=203))
        assert sorted(map(id, [m for one in layers(marks, form) for m in one])) == sorted(
            map(id, marks)
        )

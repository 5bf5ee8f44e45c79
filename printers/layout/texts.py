"""Text in its room: which face draws it, in which size, on how many lines.

Most texts are plain: printable ASCII, one line, one size. These are told at once, and a label
costs no more than their width; everything else is set line by line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import ceil, floor

from printers import fonts
from printers.device import Device
from printers.errors import Unprintable
from printers.fonts import Face
from printers.label import Content, Field, fill
from printers.layout import wrapping
from printers.layout.conditions import Values, is_shown
from printers.layout.dots import turned, turned_box
from printers.layout.marks import Mark, Picture, Rectangle, Words

LINE_PITCH = 1.2
"""From line to line, in character heights: descenders and accents do not touch."""
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]")
"""Control characters, broken surrogates, and what would turn the order of reading around."""
_UNFIT_IN_LINES = re.compile(
    "\r(?!\n)|[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]"
)
_LINE_END = re.compile("\r?\n")


@dataclass(frozen=True, kw_only=True)
class _Setting:
    """How a text is set."""

    lines: tuple[str, ...]
    size: int
    face: Face
    is_native: bool

    def length(self, line: str) -> float:
        """How long a line may become in dots, by the wider of both fonts where it is native."""
        if self.is_native:
            return self.face.widest(line) * self.size
        return self.face.length(line, self.size)


@dataclass(frozen=True, kw_only=True)
class TextSpot:
    """Text in its room, in dots; ``x``, ``y`` is the room's top left once it is turned."""

    x: int
    y: int
    room: int
    """Along a line."""
    depth: int
    """Across the lines."""
    size: int
    size_min: int
    """What it may shrink to; its size where it may not."""
    align: str
    must_fit: bool
    """Whether a text that is longer than the room is refused."""
    wrap: bool
    rotation: int
    face: Face
    is_native: bool
    """Whether it may be in the printer's own font."""
    content: Content
    shown: Field | None
    device: Device
    is_plain: bool = field(init=False)
    """Whether printable ASCII is always one line, in this place and size. So is any text that
    ``resolve`` returns and ``fonts.is_native`` accepts: a language may know its place beforehand.
    """
    _sure: int = field(init=False)
    """So many characters of ASCII fit whatever they are."""

    def __post_init__(self) -> None:
        is_steady = not self.wrap and self.size_min == self.size <= self.depth
        covers_ascii, widest = _ascii_of(self.face, is_native=self.is_native)
        is_plain = is_steady and covers_ascii
        widest *= self.size
        object.__setattr__(self, "is_plain", is_plain)
        object.__setattr__(self, "_sure", floor(self.room / widest) if self.must_fit else 10**9)

    @property
    def box(self) -> Rectangle:
        """What its room covers on the label."""
        return self.x, self.y, *turned((self.room, self.depth), self.rotation)

    def check(self, values: Values) -> None:
        """Raise Unprintable if the text cannot be drawn or has no room."""
        if self.shown is None or is_shown(self.shown, values):
            self.resolve(values)

    def resolve(self, values: Values) -> str:
        """The text to draw; Unprintable if it cannot be drawn or has no room."""
        text = fill(self.content, values)
        if not self._is_easy(text):
            self._set(text)
        return text

    def marks(self, values: Values) -> tuple[Mark, ...]:
        """Its lines; nothing where it is hidden or empty."""
        if not is_shown(self.shown, values):
            return ()
        text = fill(self.content, values)
        if not self._is_easy(text):
            return tuple(self._marks(self._set(text)))
        is_native = self.is_native and self.device.characters != "none"
        setting = _Setting(lines=(text,), size=self.size, face=self.face, is_native=is_native)
        return tuple(self._marks(setting))

    def _is_easy(self, text: str) -> bool:
        """Whether the text is plain and fits: it needs no closer look."""
        if not (self.is_plain and text.isascii() and text.isprintable()):
            return False
        return len(text) <= self._sure or self._measure(text) * self.size <= self.room

    def _measure(self, text: str) -> float:
        return _width(self.face, text, is_native=self.is_native)

    def _marks(self, setting: _Setting) -> Iterator[Mark]:
        """Yield the lines where they stand on the label; shaped ones as dots."""
        for number, line in enumerate(setting.lines):
            if not line.strip():
                continue
            top = _line_top(number, setting.size)
            box = (0, top, self.room, setting.size)
            left, top, _, _ = turned_box(box, room=(self.room, self.depth), rotation=self.rotation)
            words = Words(
                x=self.x + left,
                y=self.y + top,
                room=self.room,
                size=setting.size,
                align=self.align,
                text=line,
                face=setting.face,
                is_native=setting.is_native,
                rotation=self.rotation,
            )
            yield _drawn(words) if fonts.needs_shaping(line) else words

    def _set(self, text: str) -> _Setting:
        """The text in the largest size that its room takes."""
        self._require_characters(text)
        visible = _LINE_END.sub("", text) if self.wrap else text
        is_native = self.is_native and fonts.is_native(visible, self.device.characters)
        face = self.face if is_native else self.device.book.drawing(visible, self.face)
        largest = _Setting(lines=(text,), size=self.size, face=face, is_native=is_native)
        setting = self._broken(largest, text)
        while self._width(setting) > self.room or self._height(setting) > self.depth:
            if setting.size <= self.size_min:
                raise Unprintable(self._too_large(text, setting))
            setting = self._broken(replace(largest, size=setting.size - 1), text)
        return setting

    def _broken(self, setting: _Setting, text: str) -> _Setting:
        """The text in that size on as many lines as it takes."""
        if not self.wrap:
            return setting
        lines = wrapping.wrap(text, room=self.room, measure=setting.length)
        return replace(setting, lines=tuple(lines))

    def _width(self, setting: _Setting) -> float:
        """Length of its longest line in dots; nothing where it may be any."""
        if not self.must_fit:
            return 0.0
        return max(map(setting.length, setting.lines))

    def _height(self, setting: _Setting) -> int:
        return _line_top(len(setting.lines) - 1, setting.size) + setting.size

    def _require_characters(self, text: str) -> None:
        found = (_UNFIT_IN_LINES if self.wrap else _UNFIT).search(text)
        if found:
            raise Unprintable(
                f"Text {text!r} has character U+{ord(found[0]):04X} at position "
                f"{found.start() + 1}: expected characters that can be seen, and line feeds only "
                "where the text has wrap; remove it."
            )

    def _too_large(self, text: str, setting: _Setting) -> str:
        at_size = "" if self.size_min == self.size else f" even at {setting.size} dots of height"
        width, height = ceil(self._width(setting)), self._height(setting)
        if width > self.room:
            return (
                f"Text {text!r} may become {width} dots wide{at_size}: expected {self.room} at "
                "most; shorten it, or give it a wider box or a smaller size."
            )
        lines = "1 line" if len(setting.lines) == 1 else f"{len(setting.lines)} lines"
        return (
            f"Text {text!r} takes {lines} of {height} dots together{at_size}: expected "
            f"{self.depth} at most; shorten it, or give it a higher box or a smaller size."
        )


_ASCII = "".join(map(chr, range(0x20, 0x7F)))


@lru_cache(maxsize=256)
def _ascii_of(face: Face, *, is_native: bool) -> tuple[bool, float]:
    """Whether the face has all of printable ASCII, and its widest character in heights.

    The same for every text of a face, and ninety-five measurements.
    """
    widest = max(_width(face, character, is_native=is_native) for character in _ASCII)
    return face.covers(_ASCII), widest


def _width(face: Face, text: str, *, is_native: bool) -> float:
    return face.widest(text) if is_native else face.width(text)


def _line_top(number: int, size: int) -> int:
    return round(number * LINE_PITCH * size)


def _drawn(words: Words) -> Picture:
    """A line of text as dots."""
    from printers.layout import raster  # it takes long to load, and few commands draw

    return raster.picture(words)

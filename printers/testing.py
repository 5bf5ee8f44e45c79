"""The test label of a printer: what it is set to, and how well it hits the stock.

Every dimension says something. The frame lies 1 mm inside the stock, the corner marks on its very
edge: what is cut off or crooked shows there. Rulers count millimetres from the edge. Bars of 1 to 4
dots run into one another where it prints too dark, and fade where it prints too pale. Both symbols
say TEST, which is no serial. What has no room is left out, the Code 128 first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor

from printers import layout
from printers.device import Device
from printers.errors import Unprintable
from printers.label import Barcode, Box, Drawn, Label, Line, Text

NAME = "test-label"
CONTENT = "TEST"
SIDE_MIN_MM = 8.0

_FRAME_MM = 1.0
_STROKE_MM = 0.25
_GAP_MM = 0.4
_PAD_MM = 0.25
"""Between the frame or the rulers and what is neither a symbol nor its quiet zone."""
_TICK_MM = 0.125
_FIRST_TICK_MM = 4
_RULED_INSIDE_MM = 15.0
"""Stock with a shorter side has its rulers between frame and edge."""
_NUMBERED_MM = 30.0
"""Stock with a shorter side has rulers without numbers."""
_TEXT_MM, _TEXT_MAX_MM = 1.5, 4.0
_TEXT_DOTS_MIN = 11
_TEXTS_MIN_MM = 5.0
"""Texts that have less beside the QR code stand below it."""
_LINE_PITCH = 1.25
_MODULE_MM, _MODULE_MIN_MM = 0.375, 0.16
_QR_MODULES, _QR_QUIET = 21, 4
"""Of a QR code with four letters, and the light around it (ISO/IEC 18004)."""
_CODE128_MODULES, _CODE128_QUIET = 11 * 6 + 13, 10
"""Start, four letters, check character and stop; the light before and behind (ISO/IEC 15417)."""
_CODE128_MIN_MM, _CODE128_MAX_MM = 2.5, 8.0
_BARS_MM = 2.0
_BARS_EACH = 4
_BAR_DOTS = (1, 2, 3, 4)


@dataclass(frozen=True, kw_only=True)
class _Room:
    """A rectangle on the label, in millimetres from its top left."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


def label(lines: Sequence[str], *, width_mm: float, height_mm: float, device: Device) -> Label:
    """Return the test label for that stock; ``lines`` tell of the printer, the first line first.

    Unprintable for stock with a side of less than 8 mm.
    """
    if min(width_mm, height_mm) < SIDE_MIN_MM:
        raise Unprintable(
            f"A test label of {width_mm:g} x {height_mm:g} mm: expected no side of less than "
            f"{SIDE_MIN_MM:g} mm; look at a label of a run instead."
        )
    sheet = _Sheet(width_mm, height_mm, device=device)
    elements = (
        *sheet.frame(),
        *sheet.rulers(),
        *sheet.symbols(),
        *sheet.bars(),
        *sheet.texts(lines),
    )
    return Label(name=NAME, width_mm=width_mm, height_mm=height_mm, elements=elements)


class _Sheet:
    """Divides the stock, from the edge inwards: rulers, QR code, bars, Code 128, texts."""

    def __init__(self, width_mm: float, height_mm: float, *, device: Device) -> None:
        self._width, self._height = width_mm, height_mm
        self._device = device
        self._dot = layout.MM_PER_INCH / device.dpi
        self._text = max(_TEXT_MM, _TEXT_DOTS_MIN * self._dot)
        side = min(width_mm, height_mm)
        self._is_ruled_inside = side >= _RULED_INSIDE_MM
        self._is_numbered = side >= _NUMBERED_MM
        far = _FRAME_MM + _STROKE_MM + _GAP_MM / 2 * self._is_ruled_inside
        near = far + 2 * self._is_ruled_inside
        left, top = (
            (near + 2 * self._text, near + self._text) if self._is_numbered else (near, near)
        )
        self._room = _Room(left=left, top=top, right=width_mm - far, bottom=height_mm - far)

    def frame(self) -> Iterator[Drawn]:
        """Yield the frame and the corner marks."""
        yield Box(
            x_mm=_FRAME_MM,
            y_mm=_FRAME_MM,
            width_mm=self._width - 2 * _FRAME_MM,
            height_mm=self._height - 2 * _FRAME_MM,
            thickness_mm=_STROKE_MM,
        )
        arm = min(3.0, min(self._width, self._height) / 5)
        for x in (0.0, self._width - arm):
            for y in (0.0, self._height - _STROKE_MM):
                yield Line(x_mm=x, y_mm=y, length_mm=arm, thickness_mm=_STROKE_MM)
        for x in (0.0, self._width - _STROKE_MM):
            for y in (0.0, self._height - arm):
                yield self._upright(x, y, arm, _STROKE_MM)

    def rulers(self) -> Iterator[Drawn]:
        """Yield a tick for each millimetre from the top left, along the top and the left edge."""
        thick = max(_TICK_MM, self._dot)
        for at in range(_FIRST_TICK_MM, ceil(self._width - _FRAME_MM)):
            start, length = self._tick(at)
            yield self._upright(at, start, length, thick)
            if self._is_numbered and at % 10 == 0 and at < self._width - 3:
                yield self._number(at, x=at - 2.0, y=_FRAME_MM + 2.2, align="center")
        for at in range(_FIRST_TICK_MM, ceil(self._height - _FRAME_MM)):
            start, length = self._tick(at)
            yield Line(x_mm=start, y_mm=at, length_mm=length, thickness_mm=thick)
            if self._is_numbered and at % 10 == 0 and at < self._height - 3:
                y = at - self._text / 2
                yield self._number(at, x=_FRAME_MM + 2.2, y=y, align="left")

    def _tick(self, at: int) -> tuple[float, float]:
        """Return where the tick at so many millimetres begins, and how long it is."""
        rank = 2 if at % 10 == 0 else 1 if at % 5 == 0 else 0
        if self._is_ruled_inside:
            return _FRAME_MM, (1.0, 1.5, 2.0)[rank]
        length = (0.3, 0.6, 0.9)[rank]
        return _FRAME_MM - length, length

    def _number(self, at: int, *, x: float, y: float, align: str) -> Text:
        return Text(
            x_mm=x, y_mm=y, content=(str(at),), size_mm=self._text, width_mm=4.0, align=align
        )

    def _upright(self, x: float, y: float, length: float, thickness: float) -> Line:
        return Line(x_mm=x, y_mm=y, length_mm=length, thickness_mm=thickness, direction="vertical")

    def symbols(self) -> Iterator[Drawn]:
        """Yield the QR code at the top right, and the Code 128 above the bars, if there is room."""
        if self._square is not None:
            module = self._square.width / (_QR_MODULES + 2 * _QR_QUIET)
            yield Barcode(
                x_mm=self._square.left + _QR_QUIET * module,
                y_mm=self._square.top + _QR_QUIET * module,
                symbology="qr",
                content=(CONTENT,),
                x_dimension_mm=module,
            )
        if self._linear is not None:
            module = self._linear.width / (_CODE128_MODULES + 2 * _CODE128_QUIET)
            yield Barcode(
                x_mm=self._linear.left + _CODE128_QUIET * module,
                y_mm=self._linear.top,
                symbology="code128",
                content=(CONTENT,),
                x_dimension_mm=module,
                height_mm=self._linear.height,
            )

    def bars(self) -> Iterator[Drawn]:
        """Yield groups of bars with as much light between them: upright ones, then lying ones."""
        strip, dot = self._strip, self._dot
        x = strip.left
        for wide in _BAR_DOTS:
            pitch = 2 * wide * dot
            if x + _BARS_EACH * pitch > strip.right:
                return
            for bar in range(_BARS_EACH):
                yield self._upright(x + bar * pitch, strip.top, strip.height, wide * dot)
            x += _BARS_EACH * pitch + _GAP_MM
        for wide in _BAR_DOTS:
            if x + _BARS_MM > strip.right:
                return
            for bar in range(_BARS_EACH):
                y = strip.top + 2 * bar * wide * dot
                yield Line(x_mm=x, y_mm=y, length_mm=_BARS_MM, thickness_mm=wide * dot)
            x += _BARS_MM + _GAP_MM

    def texts(self, lines: Sequence[str]) -> Iterator[Drawn]:
        """Yield as many lines as there is room for, cut where they are too long."""
        top = self._linear.top if self._linear else self._strip.top
        left, right, start = self._room.left + _PAD_MM, self._beside, self._room.top + _PAD_MM
        if self._square is not None and right - left < _TEXTS_MIN_MM:
            right, start = self._room.right, self._square.bottom
        room = _Room(left=left, top=start, right=right, bottom=top - _GAP_MM)
        size = min(_TEXT_MAX_MM, max(self._text, room.height / (_LINE_PITCH * len(lines))))
        count = max(0, floor(room.height / (_LINE_PITCH * size)))
        for number, line in enumerate(lines[:count]):
            text = self._fitting(line, room, y=room.top + number * _LINE_PITCH * size, size=size)
            if text is not None:
                yield text

    def _fitting(self, line: str, room: _Room, *, y: float, size: float) -> Text | None:
        """Return the line, smaller or cut if need be; None if not one letter has room."""
        for end in range(len(line), 0, -1):
            try:
                text = Text(
                    x_mm=room.left,
                    y_mm=y,
                    content=(line[:end],),
                    size_mm=size,
                    size_min_mm=self._text,
                    width_mm=room.width,
                )
                alone = Label(
                    name=NAME, width_mm=self._width, height_mm=self._height, elements=(text,)
                )
                layout.place(alone, device=self._device)
            except Unprintable:
                continue
            return text
        return None

    @cached_property
    def _square(self) -> _Room | None:
        """What the QR code takes with its quiet zone."""
        count = _QR_MODULES + 2 * _QR_QUIET
        module = self._module(min(self._room.width, self._room.height) / count)
        if module is None:
            return None
        side, right, top = count * module, self._room.right, self._room.top
        return _Room(left=right - side, top=top, right=right, bottom=top + side)

    @property
    def _beside(self) -> float:
        """Where what stands beside the QR code ends."""
        return self._square.left if self._square else self._room.right

    @cached_property
    def _strip(self) -> _Room:
        """What the bars take at the bottom: below the QR code if they can, else beside it."""
        left, bottom = self._room.left + _PAD_MM, self._room.bottom - _PAD_MM
        top = bottom - max(_BARS_MM, 2 * _BARS_EACH * _BAR_DOTS[-1] * self._dot)
        is_below = self._square is None or self._square.bottom <= top
        right = self._room.right if is_below else self._beside
        return _Room(left=left, top=top, right=right, bottom=bottom)

    @cached_property
    def _linear(self) -> _Room | None:
        """What the Code 128 takes above the bars: below the QR code if it can, else beside it."""
        bottom = self._strip.top - _GAP_MM
        start = self._square.bottom if self._square else self._room.top
        right, height = self._room.right, bottom - start
        if height < _CODE128_MIN_MM:
            right, height = self._beside, (bottom - self._room.top) / 3
        count = _CODE128_MODULES + 2 * _CODE128_QUIET
        module = self._module((right - self._room.left) / count)
        if height < _CODE128_MIN_MM or module is None:
            return None
        left, top = self._room.left, bottom - min(height, _CODE128_MAX_MM)
        return _Room(left=left, top=top, right=left + count * module, bottom=bottom)

    def _module(self, most_mm: float) -> float | None:
        """Return the X-dimension, in whole dots, of a symbol whose modules have that much room."""
        count = floor(min(_MODULE_MM, most_mm) / self._dot + 0.001)
        module = count * self._dot
        return module if module >= _MODULE_MIN_MM else None

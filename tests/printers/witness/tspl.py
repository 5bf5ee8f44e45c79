"""A strict reader of TSPL, written from the manual: bytes in, the labels a printer would make out.

Nobody else's renderer of TSPL can be had from a package registry, so this one is no independent
witness of the language. It shares no code with ours, refuses what the manual does not have, and
sets up the traps that a printer has: a buffer full of ink before CLS, a BITMAP that erases what it
covers, and a receiver that takes some bytes for itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

WHITE, BLACK = 255, 0
_LINE = re.compile(rb"([^\r\n]*)\r\n")
_BITMAP = re.compile(rb"BITMAP (\d+),(\d+),(\d+),(\d+),([012]),")
_RECEIVER = re.compile(rb"[\x11\x13]|\x1b!|~!")
_LENGTH = r"(\d+(?:\.\d{1,2})?) mm"


class NotTspl(AssertionError):
    """What a printer would not understand, or would understand otherwise than it was meant."""


@dataclass
class Printer:
    """One printer, with what it remembers from label to label."""

    dpi: int
    settings: dict[str, str] = field(default_factory=dict)
    size: tuple[int, int] | None = None
    buffer: Image.Image | None = None
    labels: list[Image.Image] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    """Every command without a picture's data."""

    def feed(self, data: bytes) -> None:
        """Obey all commands of whole lines."""
        taken = _RECEIVER.search(data)
        if taken:
            raise NotTspl(f"byte {taken.start()}: the receiver keeps {taken[0]!r} for itself")
        at = 0
        while at < len(data):
            picture = _BITMAP.match(data, at)
            line = _LINE.match(data, at)
            if picture:
                at = self._draw_bitmap(picture, data)
            elif line:
                self._obey(line[1].decode("ascii"))
                at = line.end()
            else:
                raise NotTspl(f"byte {at}: no end of line in {data[at : at + 40]!r}")

    def _draw_bitmap(self, command: re.Match[bytes], data: bytes) -> int:
        """Draw one picture; return where the next command begins."""
        x, y, width, height, mode = (int(number) for number in command.groups())
        end = command.end() + width * height
        if data[end : end + 2] != b"\r\n" or not width * height:
            raise NotTspl(f"BITMAP of {width} bytes x {height} does not end with its line")
        if mode:
            raise NotTspl(f"BITMAP mode {mode}: the manual does not say which bits it combines")
        dots = Image.frombytes("1", (8 * width, height), data[command.end() : end]).convert("L")
        self._require_room(x, y, *dots.size, slack=7)
        self._canvas().paste(dots, (x, y))
        self.commands.append(command[0].decode("ascii"))
        return end + 2

    def _obey(self, line: str) -> None:
        for pattern, do in _COMMANDS:
            found = re.fullmatch(pattern, line)
            if found:
                do(self, *found.groups())
                self.commands.append(line)
                return
        raise NotTspl(f"no command of the manual: {line!r}")

    def _canvas(self) -> Image.Image:
        if self.buffer is None:
            raise NotTspl("something is drawn before SIZE and CLS")
        return self.buffer

    def _require_room(self, x: int, y: int, width: int, height: int, *, slack: int = 0) -> None:
        buffer = self._canvas()
        if x + width > buffer.width + slack or y + height > buffer.height or not width * height:
            raise NotTspl(f"{width} x {height} dots at {x}, {y} of a label of {buffer.size}")

    def set_size(self, width: str, height: str) -> None:
        """SIZE m mm,n mm. Nothing is cleared by it."""
        self.size = (round(float(width) * self.dpi / 25.4), round(float(height) * self.dpi / 25.4))
        self.buffer = Image.new("L", self.size, BLACK)

    def clear(self) -> None:
        """CLS, which must come after SIZE."""
        self.buffer = Image.new("L", self._canvas().size, WHITE)

    def draw_bar(self, *numbers: str) -> None:
        """BAR x,y,width,height adds ink."""
        x, y, width, height = (int(number) for number in numbers)
        self._require_room(x, y, width, height)
        corners = (x, y, x + width - 1, y + height - 1)
        ImageDraw.Draw(self._canvas()).rectangle(corners, fill=BLACK)

    def set(self, name: str, *values: str) -> None:
        """A setting that stays until it is set again."""
        self.settings[name] = ",".join(values)

    def print(self, sets: str, copies: str) -> None:
        """PRINT m,n; the label as it lies before the reader, whatever its direction."""
        if not {"DIRECTION", "REFERENCE"} <= self.settings.keys():
            raise NotTspl("a label depends on a direction and an origin that nobody set")
        label = self._canvas().copy()
        if self.settings["DIRECTION"] == "1,0":
            label = label.transpose(Image.Transpose.ROTATE_180)
        self.labels += [label] * (int(sets) * int(copies))


def _setting(name: str) -> Callable[..., None]:
    return lambda printer, *values: printer.set(name, *values)


_COMMANDS: list[tuple[str, Callable[..., None]]] = [
    (rf"SIZE {_LENGTH},{_LENGTH}", Printer.set_size),
    (
        rf"(GAP|BLINE) (?:{_LENGTH},{_LENGTH}|(0),(0))",
        lambda p, *v: p.set("TRACKING", *filter(None, v)),
    ),
    (r"SPEED (1|1\.5|2|2\.5|3|3\.5|[4-9]|1[0-8])", _setting("SPEED")),
    (r"DENSITY ([0-9]|1[0-5])", _setting("DENSITY")),
    (r"DIRECTION ([01]),([01])", _setting("DIRECTION")),
    (r"REFERENCE (\d+),(\d+)", _setting("REFERENCE")),
    (r"SET (TEAR|PEEL|REWIND) (ON|OFF)", Printer.set),
    (r"SET (CUTTER) (OFF|BATCH|\d{1,5})", Printer.set),
    # Measures the stock, with lengths of paper and gap or by itself; nothing is drawn or cleared.
    (r"(?:GAP|BLINE|AUTO)DETECT(?: (\d+),(\d+))?", lambda p, *v: p.set("DETECT", *filter(None, v))),
    (r"CLS", Printer.clear),
    (r"BAR (\d+),(\d+),(\d+),(\d+)", Printer.draw_bar),
    (r"PRINT ([1-9]\d*),([1-9]\d*)", Printer.print),
]


def labels(document: bytes, *, dpi: int) -> list[Image.Image]:
    """The labels a new printer makes of a document."""
    printer = Printer(dpi=dpi)
    printer.feed(document)
    return printer.labels

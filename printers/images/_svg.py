"""SVG files, which may be hostile: looked through first, then drawn by a process with limits.

resvg reads any picture file that an SVG names, overflows its stack on deep nesting, and takes any
memory for masks within masks. So a file that refers to something outside itself is refused here,
and what is left can only bring down a process of its own. Text is refused too: which font draws
it would depend on the machine, and a font that is missing leaves no trace on paper.
"""

import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from xml.parsers import expat

from printers.errors import Unprintable

BYTES_MAX = 2_000_000
ELEMENTS_MAX = 20_000
DEPTH_MAX = 100
"""Elements within each other: resvg is known to draw them in the smallest of stacks."""
_TIMEOUT_S = 10.0
_WORKER = Path(__file__).with_name("_svg_worker.py")
_EMBEDDED = ("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/jpg;base64,")
_TEXT = ("text", "foreignObject")


def png_of(data: bytes, *, name: str, room: tuple[int, int]) -> bytes:
    """A PNG file of the drawing, as large as the room takes; Unprintable where it cannot be."""
    text = _read(data, name=name)
    _Reader(name).read(text)
    return _draw(text, name, room)


def _read(data: bytes, *, name: str) -> str:
    if len(data) > BYTES_MAX:
        raise Unprintable(
            f"Image {name!r} has {len(data)} bytes: expected {BYTES_MAX} at most; simplify it."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unprintable(
            f"Image {name!r} is not written in UTF-8: expected an SVG file in UTF-8; save it so."
        ) from None


class _Reader:
    """What an SVG file may not have, found while it is parsed."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._depth = 0
        self._count = 0

    def read(self, text: str) -> None:
        """Raise Unprintable if the file is not to be drawn."""
        parser = expat.ParserCreate(encoding="utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._entity
        try:
            parser.Parse(text.encode(), True)
        except expat.ExpatError as error:
            raise self._refusal(f"is no well-formed SVG: {error}", "well-formed XML") from None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        self._depth += 1
        self._count += 1
        if self._count == 1 and local != "svg":
            raise self._refusal(f"begins with the element {tag}", "svg")
        if self._count > ELEMENTS_MAX:
            raise self._refusal("has too many elements", f"{ELEMENTS_MAX} at most")
        if self._depth > DEPTH_MAX:
            raise self._refusal("has too many elements in each other", f"{DEPTH_MAX} at most")
        if local in _TEXT:
            raise self._refusal(f"has an element {local}", "text turned into paths")
        for key, value in attributes.items():
            if key.rpartition(":")[2] == "href" and local != "a":
                self._require_own(value.strip())

    def _end(self, _tag: str) -> None:
        self._depth -= 1

    def _entity(self, *_declared: object) -> None:
        raise self._refusal("declares an entity", "none")

    def _require_own(self, address: str) -> None:
        if not address.startswith(("#", *_EMBEDDED)):
            raise self._refusal(
                f"refers to {address[:60]!r}",
                "parts of its own (#…) or pictures embedded as PNG or JPEG",
            )

    def _refusal(self, what: str, expected: str) -> Unprintable:
        return Unprintable(f"Image {self._name!r} {what}: expected {expected}; save it anew.")


@lru_cache(maxsize=32)
def _draw(text: str, name: str, room: tuple[int, int]) -> bytes:
    """Let the worker draw it; the same drawing is asked for again with each printer's form."""
    command = [sys.executable, "-I", str(_WORKER), str(room[0]), str(room[1])]
    try:
        done = subprocess.run(  # noqa: S603 - our own worker; the file goes in as its input
            command, input=text.encode(), capture_output=True, timeout=_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unprintable(
            f"Image {name!r} was not drawn within {_TIMEOUT_S:g} s: expected a simpler drawing; "
            "remove filters, masks and patterns within each other."
        ) from None
    if done.returncode == 0:
        return done.stdout
    lines = (
        done.stderr.decode(errors="replace").strip().splitlines() if done.returncode == 1 else []
    )
    reason = lines[-1] if lines else "it took too much memory or time"
    raise Unprintable(
        f"Image {name!r} cannot be drawn on {room[0]} x {room[1]} dots ({reason}): expected a "
        "drawing with a size, within reason; correct or simplify it."
    )

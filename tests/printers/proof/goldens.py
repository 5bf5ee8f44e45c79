"""Golden labels: what the languages drew when somebody last looked, and what differs from it.

``make test ARGS="tests/printers/proof --update-golden"`` writes them anew. ZPL, SVG and TSPL are
compared byte for byte, with compressed dots unpacked first, since another zlib packs them
otherwise. PNG and PDF are compared as pictures: their bytes change with the libraries that write
them, and a page is what people get.
"""

import base64
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from printers import comparing
from printers.device import Device
from printers.layout.marks import Symbol
from tests.printers.pictures import picture
from tests.printers.proof import labels
from tests.printers.proof.seeing import marks

FOLDER = Path(__file__).parent / "golden"
DPI = 203
_PACKED = re.compile(rb":Z64:([A-Za-z0-9+/=]*):[0-9A-F]{4}")
_WRITTEN = ("svg", "tspl", "zpl")
"""Languages whose documents are compared byte for byte."""


def unpacked(document: bytes) -> bytes:
    """ZPL with its dots in hexadecimal."""
    return _PACKED.sub(
        lambda found: zlib.decompress(base64.b64decode(found[1])).hex().encode(), document
    )


@dataclass(frozen=True, kw_only=True)
class Goldens:
    """The golden files of this folder."""

    update: bool
    """Whether they are written anew."""
    folder: Path
    """Where pictures of differences go."""

    def require_text(self, name: str, found: str) -> None:
        """Fail where a golden text differs."""
        path = FOLDER / name
        if self.update:
            path.write_text(found, encoding="utf-8")
        kept = path.read_text(encoding="utf-8")
        assert found.splitlines() == kept.splitlines()

    def require_label(self, name: str, language: str, found: bytes) -> None:
        """Fail where a golden label differs, naming a picture that shows where."""
        path = FOLDER / f"{name}.{language}"
        if self.update:
            FOLDER.mkdir(exist_ok=True)
            path.write_bytes(found)
        kept = path.read_bytes()
        if language in _WRITTEN and unpacked(found) == unpacked(kept):
            return
        expected, got = (picture(language, one, dpi=DPI) for one in (kept, found))
        if language not in _WRITTEN and _dots(expected) == _dots(got):
            return
        pytest.fail(f"{path.name} is no longer what it was. {self._shown(path, expected, got)}")

    def _shown(self, path: Path, expected: Image.Image, got: Image.Image) -> str:
        """Draw the difference; return the sentence about it."""
        one = labels.filled(path.stem, labels.harmless(path.stem))
        symbols = [mark.box for mark in marks(one, Device(dpi=DPI)) if isinstance(mark, Symbol)]
        found = comparing.compare(expected, got, symbols=symbols, titles=("expected", "got"))
        target = self.folder / f"{path.name}.difference.png"
        found.picture.save(target)
        return f"{found.sentence} See {target}; --update-golden keeps what is drawn now."


def _dots(seen: Image.Image) -> tuple[tuple[int, int], bytes]:
    return seen.size, seen.convert("L").point(lambda level: 255 * (level > 127)).tobytes()

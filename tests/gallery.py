"""Pictures of labels in the documents, drawn from what the documents show.

`docs/gallery/NAME.png` is template NAME with its samples. A picture that stands right behind a
block of YAML is drawn from that block, so neither can be changed without the other. `make gallery`
draws all of them.
"""

import io
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from labeler.production import template_previewing
from labeler.production.site import Site
from labeler.production.template_previewing import Look
from tests import plants

ROOT = Path(__file__).parent.parent
GALLERY = ROOT / "docs/gallery"
DPI = 203
_EDGE = 1
"""Dots of grey around a label, so that white paper ends somewhere on a white page."""
_PALETTE = (0, 0, 0, 255, 255, 255, 160, 160, 160)
_BLACK, _WHITE, _GREY = range(3)
_EXAMPLE = re.compile(
    r"^```yaml\n(?P<text>(?:(?!```).*\n)+)```\n\n!\[[^\]]*\]\(gallery/(?P<name>[\w-]+)\.png\)",
    re.MULTILINE,
)


def pictures() -> dict[str, bytes]:
    """Return the PNG of each picture by its name, as the labels are now."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "config.yaml", folder)
        shutil.copytree(ROOT / "templates", Path(folder) / "templates")
        with plants.opened(Path(folder) / "config.yaml") as service:
            return dict(_drawn(service.site))


def examples() -> Iterator[tuple[str, str]]:
    """Yield the name of the picture, and the template, of each example in the documents."""
    for path in sorted((ROOT / "docs").glob("*.md")):
        for found in _EXAMPLE.finditer(path.read_text(encoding="utf-8")):
            yield found["name"], found["text"]


def _drawn(site: Site) -> Iterator[tuple[str, bytes]]:
    look = Look(language="png", dpi=DPI)
    with site.store.read() as transaction:
        for name in sorted(site.plant.folder.names()):
            document = template_previewing.preview(site, transaction, name, look=look)
            yield name, _edged(document.content)
        for name, text in examples():
            document = template_previewing.preview_text(site, transaction, text, look=look)
            yield name, _edged(document.content)


def _edged(png: bytes) -> bytes:
    """Return the picture with its edge, in as few bytes as PNG can do."""
    label = Image.open(io.BytesIO(png)).convert("1")
    size = (label.width + 2 * _EDGE, label.height + 2 * _EDGE)
    picture = Image.new("P", size, _GREY)
    picture.putpalette(_PALETTE)
    levels = label.convert("L").point(lambda level: _WHITE if level else _BLACK)
    picture.paste(levels, (_EDGE, _EDGE))
    target = io.BytesIO()
    picture.save(target, format="PNG", optimize=True, bits=2)
    return target.getvalue()


def main() -> None:
    """Write what changed, and remove what nothing shows any more."""
    GALLERY.mkdir(exist_ok=True)
    made = pictures()
    for path in GALLERY.glob("*.png"):
        if path.stem not in made:
            path.unlink()
            sys.stdout.write(f"Removed {path.relative_to(ROOT)}.\n")
    for name, content in made.items():
        path = GALLERY / f"{name}.png"
        if not path.exists() or not same(path.read_bytes(), content):
            path.write_bytes(content)
            sys.stdout.write(f"Drew {path.relative_to(ROOT)}, {len(content)} bytes.\n")


def same(one: bytes, other: bytes) -> bool:
    """Return whether two pictures show the same; their bytes may differ by how PNG packs them."""
    first, second = (Image.open(io.BytesIO(png)).convert("RGB") for png in (one, other))
    return first.size == second.size and first.tobytes() == second.tobytes()


if __name__ == "__main__":
    main()

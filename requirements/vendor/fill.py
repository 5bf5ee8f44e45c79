"""Copies what the pages need out of node_modules, each library with its licence.

Run as ``python fill.py NODE_MODULES TARGET``, by `make vendor`. It imports nothing of labeler. The
test in tests/browser/test_vendor.py runs it and compares the outcome with what is committed.
"""

import json
import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
FILES = {
    "htmx": ("htmx.org", ["dist/htmx.min.js", "LICENSE"]),
    "tabler": ("@tabler/core", ["dist/css/tabler.min.css"]),
    "tabler-icons": ("@tabler/icons", ["LICENSE"]),
    "uplot": ("uplot", ["dist/uPlot.iife.min.js", "dist/uPlot.min.css", "LICENSE"]),
    "zxing-wasm": (
        "zxing-wasm",
        ["dist/iife/reader/index.js", "dist/reader/zxing_reader.wasm", "LICENSE"],
    ),
}
"""Folder -> package, and which of its files."""
_MAP = re.compile(rb"\n?/\*# sourceMappingURL=.*?\*/\s*$")


def fill(modules: Path, target: Path) -> None:
    """Write every file anew; what a former version left behind goes."""
    shutil.rmtree(target, ignore_errors=True)
    lines = []
    for folder, (package, names) in FILES.items():
        (target / folder).mkdir(parents=True)
        for name in names:
            content = (modules / package / name).read_bytes()
            # A browser's developer tools would ask for the map, which nobody serves.
            (target / folder / Path(name).name).write_bytes(_MAP.sub(b"\n", content))
        said = json.loads((modules / package / "package.json").read_text())
        lines.append(f"{folder}: {package} {said['version']} ({said['license']})\n")
    # The package says MIT and names its holders in the style sheet, but has no file of the text.
    shutil.copyfile(HERE / "tabler-LICENSE", target / "tabler" / "LICENSE")
    # Inside the compiled file is zxing-cpp, which has the licence that this repository has, too.
    shutil.copyfile(HERE.parents[1] / "LICENSE", target / "zxing-wasm" / "LICENSE-zxing-cpp")
    sprite = _sprite(modules / "@tabler/icons/icons/outline")
    (target / "tabler-icons" / "icons.svg").write_text(sprite, encoding="utf-8")
    (target / "versions.txt").write_text("".join(lines), encoding="utf-8")


def _sprite(folder: Path) -> str:
    """Return one SVG with the icons that icons.txt lists, each a symbol by its name."""
    symbols = []
    for name in (HERE / "icons.txt").read_text().split():
        text = (folder / f"{name}.svg").read_text(encoding="utf-8")
        inner = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
        inner = inner[inner.index(">") + 1 : inner.rindex("</svg>")]
        inner = re.sub(r"\s*\n\s*", "", inner)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>\n')
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{"".join(symbols)}</svg>\n'


if __name__ == "__main__":
    fill(Path(sys.argv[1]), Path(sys.argv[2]))

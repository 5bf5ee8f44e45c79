"""How tests meet a wrong config.yaml: what it is refused with, and where in the file that is."""

from pathlib import Path

import pytest

from labeler import app
from labeler.errors import Refusal
from tests import plants


def refusal(path: Path) -> str:
    """Return the sentences config.yaml is refused with."""
    with pytest.raises(Refusal) as caught:
        app.load(path)
    assert (caught.value.kind.number, bool(caught.value.hint)) == (9004, True)
    return caught.value.sentence


def line_of(path: Path, *keys: str) -> int:
    """Return the line of a key, found as a reader would: each key below the one around it."""
    lines, at = path.read_text().splitlines(), 0
    for depth, key in enumerate(keys):
        at = next(n for n in range(at, len(lines)) if lines[n].startswith(f"{'  ' * depth}{key}:"))
    return at + 1


def changed(folder: Path, old: str, new: str) -> tuple[Path, int]:
    """Write the plant with ``old`` replaced; return its file and the line of the change."""
    path = plants.write_site(folder)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return path, text[: text.index(old)].count("\n") + 1

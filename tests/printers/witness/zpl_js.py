"""ZPL drawn by zpl-renderer-js (zebrash), an engine that shares nothing with zplkit or with us.

It ignores commands that it does not know, and has faults of its own: see the facts in its tests.
"""

import atexit
import base64
import io
import json
import os
import subprocess
from functools import cache
from pathlib import Path

from PIL import Image

from tests import npm
from tests.lacking import lacks

FOLDER = Path(__file__).parent


class NotDrawn(AssertionError):
    """What the renderer said instead of a picture."""


class Renderer:
    """One node process; a label costs it about a tenth of a second, its start a bit more."""

    def __init__(self) -> None:
        """Start it. Where node or its package is missing, the test is skipped, or fails in CI."""
        if not npm.is_installed(FOLDER):
            lacks("The npm package zpl-renderer-js is not installed: make test does it")
        modules = npm.place(FOLDER) / "node_modules"
        self._process = subprocess.Popen(
            ["node", FOLDER / "zpl_renderer.cjs"],
            env=os.environ | {"NODE_PATH": str(modules)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def draw(self, question: dict[str, object]) -> Image.Image:
        """Ask for one label."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise NotDrawn(f"the renderer has ended with {self._process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise NotDrawn(answer["error"])
        return Image.open(io.BytesIO(base64.b64decode(answer["png"]))).convert("L")

    def close(self) -> None:
        """End it: its input is over."""
        self._process.communicate()


@cache
def _renderer() -> Renderer:
    renderer = Renderer()
    atexit.register(renderer.close)
    return renderer


def render_zpl_js(zpl: bytes, width_mm: float, height_mm: float, dpmm: int) -> Image.Image:
    """The first label of the ZPL at that many dots a millimetre; 0 is black. NotDrawn if none."""
    return _renderer().draw(
        {
            "zpl": base64.b64encode(zpl).decode("ascii"),
            "widthMm": width_mm,
            "heightMm": height_mm,
            "dpmm": dpmm,
        }
    )

"""Fixtures of the commands' tests: a plant, and commands in it."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from labeler import app, cli
from tests import plants
from tests.commands.answers import Run


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a plant's config.yaml."""
    return plants.write_site(tmp_path / "site")


@pytest.fixture
def run(site: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return ``run("issue", "line-1")``: a command of that plant, at NOON."""
    monkeypatch.setitem(app.opened.__wrapped__.__kwdefaults__, "clock", plants.Clock())  # type: ignore[attr-defined]

    def command(*words: Any) -> Result:
        arguments = ["--config", str(site), *map(str, words)]
        return CliRunner().invoke(cli.cli, arguments)

    return command

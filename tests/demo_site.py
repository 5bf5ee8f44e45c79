"""A demo site as `labeler init --demo` and `labeler demo` make it, with ports that are free."""

import json
import shutil
import socket
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml
from click.testing import CliRunner

from labeler.cli import cli
from labeler.demo import filling
from labeler.demo.filling import Filled


@dataclass(frozen=True, kw_only=True)
class DemoSite:
    """A filled site, and what its filling said."""

    config: Path
    filled: Filled
    left: tuple[int, ...]
    """How many steps were left each time that its progress was told."""

    def copied(self, folder: Path) -> Path:
        """Copy it into ``folder``, to change it; return the copy's config.yaml."""
        shutil.copytree(self.config.parent, folder)
        return folder / self.config.name


def make_and_keep(folder: Path) -> None:
    """Make a demo site in ``folder``, fill it, and write down beside it what its filling said."""
    config = initialised(folder / "site")
    left: list[int] = []
    filled = filling.fill(config, progress=lambda done, total: left.append(total - done))
    said = {"filled": asdict(filled), "left": left}
    (folder / "said.json").write_text(json.dumps(said), encoding="utf-8")


def kept(folder: Path, *, copy: Path) -> DemoSite:
    """Copy the site that was made and kept in ``folder`` to ``copy``, with what it said."""
    said = json.loads((folder / "said.json").read_text(encoding="utf-8"))
    accounts = {name: (role, word) for name, (role, word) in said["filled"]["accounts"].items()}
    filled = Filled(**said["filled"] | {"accounts": accounts})
    shutil.copytree(folder / "site", copy)
    return DemoSite(config=copy / "config.yaml", filled=filled, left=tuple(said["left"]))


def initialised(folder: Path) -> Path:
    """Do as `labeler init --demo`, and give its printers free ports; return its config.yaml."""
    done = CliRunner().invoke(cli, ["init", "--demo", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    path = folder / "config.yaml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    printers = said["printers"].values()
    for printer, port in zip(printers, _free_ports(len(printers)), strict=True):
        printer["uri"] = f"tcp://127.0.0.1:{port}"
    path.write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
    return path


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]

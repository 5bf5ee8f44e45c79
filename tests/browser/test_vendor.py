"""What others wrote is in the package as their packages have it, with its licence."""

import subprocess
import sys
from pathlib import Path

from tests import npm
from tests.lacking import lacks

ROOT = Path(__file__).parents[2]
WANTED = ROOT / "requirements" / "vendor"
COMMITTED = ROOT / "labeler/web/static/vendor"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_vendor_committed_files_are_those_of_the_lock(tmp_path: Path) -> None:
    if not npm.is_installed(WANTED):
        lacks("The npm packages of the pages are not installed: make test does it")
    modules = npm.place(WANTED) / "node_modules"
    command = [sys.executable, *map(str, (WANTED / "fill.py", modules, tmp_path / "vendor"))]
    subprocess.run(command, check=True)
    made, committed = files(tmp_path / "vendor"), files(COMMITTED)
    assert sorted(made) == sorted(committed)
    assert [name for name in made if made[name] != committed[name]] == []


def test_vendor_each_library_has_its_licence_and_version() -> None:
    folders = sorted(path.name for path in COMMITTED.iterdir() if path.is_dir())
    assert [one for one in folders if not (COMMITTED / one / "LICENSE").read_text()] == []
    said = (COMMITTED / "versions.txt").read_text().splitlines()
    assert sorted(line.partition(":")[0] for line in said) == folders


def test_vendor_names_no_place_to_load_from() -> None:
    style = (COMMITTED / "tabler/tabler.min.css").read_text(encoding="utf-8")
    assert "@import" not in style
    assert "url(http" not in style.replace('"', "").replace("'", "")
    assert "sourceMappingURL" not in style

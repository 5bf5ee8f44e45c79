"""npm packages that tests need are installed if possible, and never skipped quietly in CI."""

import subprocess
from pathlib import Path

import pytest

from tests import npm
from tests.lacking import lacks
from tests.printers.witness import zpl_js
from tests.test_house import name_of, tracked


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that wants nothing, and an environment that has nothing."""
    wanted = tmp_path / "wanted"
    wanted.mkdir()
    (wanted / "package.json").write_text('{"name": "wanted", "private": true}')
    (wanted / "package-lock.json").write_text(
        '{"name": "wanted", "lockfileVersion": 3, "requires": true, "packages": {"": {}}}'
    )
    monkeypatch.setattr("sys.prefix", str(tmp_path / "venv"))
    return wanted


def test_npm_ensure_installs_once_and_again_when_the_lock_has_changed(folder: Path) -> None:
    if npm.ensure(folder) != f"Installed npm packages: {folder}":
        lacks("node or npm is not installed")
    assert npm.place(folder).parent == folder.parent / "venv" / "npm"
    assert npm.ensure(folder) == ""
    lock = folder / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    assert not npm.is_installed(folder)
    assert npm.ensure(folder) == f"Installed npm packages: {folder}"


def test_npm_packages_of_two_folders_of_one_name_are_kept_apart() -> None:
    places = [npm.place(Path("tests") / part / "witness") for part in ("printers", "browser")]
    assert [one.name for one in places] == ["printers-witness", "browser-witness"]


@pytest.mark.parametrize(
    "lock", [path for path in tracked() if path.name == "package-lock.json"], ids=name_of
)
def test_npm_lock_names_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert ("://" in text, "integrity" in text) == (False, True)


def test_npm_ensure_without_node_says_so_in_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert npm.ensure(folder) == (
        f"No node and no npm here, what needs npm packages is skipped: {folder}"
    )
    assert not npm.is_installed(folder)


def test_npm_ensure_after_a_failed_install_says_so_in_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folder: Path) -> None:
        raise subprocess.CalledProcessError(1, ["npm", "ci"])

    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(npm, "install", fail)
    assert npm.ensure(folder) == (
        "Installing npm packages failed (Command '['npm', 'ci']' returned non-zero exit status 1.)"
        f", what needs them is skipped: {folder}"
    )


@pytest.mark.parametrize(("ci", "outcome"), [("true", "Failed"), ("", "Skipped")])
def test_npm_package_that_is_missing_skips_but_fails_in_ci(
    folder: Path, monkeypatch: pytest.MonkeyPatch, ci: str, outcome: str
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(BaseException, match="zpl-renderer-js is not installed: make te") as caught:
        zpl_js.Renderer()
    assert type(caught.value).__name__ == outcome

"""npm packages that tests need: which are installed, and installing them where that is possible.

A folder names them in package.json, and package-lock.json has the hash of each and no address. They
go into this Python's environment, where `make clean` finds them. Run as ``python tests/npm.py
FOLDER``; it says in one line what it did or what it could not do.
"""

import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("package.json", "package-lock.json")
_STAMP = "installed"


def place(folder: Path) -> Path:
    """Where the packages of that folder are installed; no other folder's are."""
    return Path(sys.prefix) / "npm" / "-".join(folder.parts[-2:])


def is_installed(folder: Path) -> bool:
    """Whether what the folder's lock names is there, and node to run it."""
    stamp = place(folder) / _STAMP
    if shutil.which("node") is None or not stamp.exists():
        return False
    return stamp.read_bytes() == (folder / "package-lock.json").read_bytes()


def install(folder: Path) -> None:
    """Install exactly what the lock names, checking every hash; no package runs a script."""
    target = place(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name in _NAMES:
        shutil.copyfile(folder / name, target / name)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    command = ["npm", "ci", "--loglevel=error", *quiet]
    subprocess.run(command, cwd=target, check=True, stdout=subprocess.DEVNULL)
    shutil.copyfile(folder / "package-lock.json", target / _STAMP)


def ensure(folder: Path) -> str:
    """Install what is missing of the folder, or return the sentence that says why not."""
    if is_installed(folder):
        return ""
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    if missing:
        return f"No {' and no '.join(missing)} here, what needs npm packages is skipped: {folder}"
    try:
        install(folder)
    except subprocess.CalledProcessError as error:
        return f"Installing npm packages failed ({error}), what needs them is skipped: {folder}"
    return f"Installed npm packages: {folder}"


if __name__ == "__main__":
    sentence = ensure(Path(sys.argv[1]))
    if sentence:
        sys.stderr.write(sentence + "\n")

"""The Debian packages a list names: which are missing, and installing them where that is possible.

Run as ``python tests/debian.py LIST``; it says in one line what it did or what it could not do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

LIST = Path(__file__).with_name("debian-packages.txt")


def listed(path: Path = LIST) -> list[str]:
    """Return the package names of the file, without its comments."""
    lines = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return [line for line in lines if line]


def is_installed(package: str) -> bool:
    """Ask dpkg; elsewhere a command of that name will do."""
    if shutil.which("dpkg-query") is None:
        return shutil.which(package) is not None
    command = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout == "installed"


def install(packages: list[str]) -> None:
    """Install with apt-get, without a question and without recommended extras."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, check=True, env=quiet, stdout=subprocess.DEVNULL)


def ensure(path: Path) -> str:
    """Install what is missing of the list, or return the sentence that names it."""
    missing = [package for package in listed(path) if not is_installed(package)]
    if not missing:
        return ""
    names = " ".join(missing)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return f"Missing Debian packages, what needs them is skipped: {names}"
    try:
        install(missing)
    except subprocess.CalledProcessError as error:
        return f"Installing Debian packages failed ({error}), what needs them is skipped: {names}"
    return f"Installed Debian packages: {names}"


if __name__ == "__main__":
    sentence = ensure(Path(sys.argv[1]))
    if sentence:
        sys.stderr.write(sentence + "\n")

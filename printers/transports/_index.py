"""index.csv of a folder of documents: what was written there, when, and its SHA-256.

A row is added behind each document and synced. The last row of a name is what its file should be;
rows before it are what it was. A crash may leave a document without a row, or a part of a row,
which the next one does not touch.
"""

import csv
import hashlib
import io
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

NAME = "index.csv"
_COLUMNS = ("time", "name", "sha256", "bytes")


def add(folder: Path, *, name: str, data: bytes) -> None:
    """Add a row and sync it, or OSError."""
    row = (
        datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        name,
        hashlib.sha256(data).hexdigest(),
        len(data),
    )
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    number = os.open(folder / NAME, flags, 0o644)
    try:
        _lock(number)
        size = os.lseek(number, 0, os.SEEK_END)
        text = _text(*([_COLUMNS] if size == 0 else []), row)
        if size and os.lseek(number, -1, os.SEEK_END) >= 0 and os.read(number, 1) != b"\n":
            text = "\n" + text  # a crash cut the last row
        _write(number, text.encode())
        os.fsync(number)
    finally:
        os.close(number)


def check(folder: Path) -> list[str]:
    """Compare the folder with its index: a sentence for each document that is not as written."""
    newest: dict[str, str] = {}
    with (folder / NAME).open(encoding="utf-8") as file:
        for line in file:  # one by one, so that a row without its end takes no other with it
            row = next(csv.reader([line]), [])
            if len(row) == len(_COLUMNS) and row[0] != _COLUMNS[0]:
                newest[row[1]] = row[2]
    said = []
    for name, expected in newest.items():
        path = folder / name
        if not path.is_file():
            said.append(f"Document {name} is missing: expected a file of SHA-256 {expected}.")
            continue
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != expected:
            said.append(f"Document {name} has changed: expected SHA-256 {expected}, found {found}.")
    others = (path.name for path in folder.iterdir() if path.is_file() and path.name[0] != ".")
    return said + [
        f"Document {name} is not in {NAME}: expected only what was written here."
        for name in sorted(set(others) - newest.keys() - {NAME})
    ]


def _text(*rows: tuple[object, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _lock(number: int) -> None:
    """One writer at a time; it ends with the file. Windows appends rows of two as they come."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX)


def _write(number: int, data: bytes) -> None:
    """All of it, or none: what a full disk cut off is taken back."""
    size = os.lseek(number, 0, os.SEEK_END)
    try:
        written = os.write(number, data)
        if written != len(data):
            raise OSError(28, "No space left on device")
    except OSError:
        os.ftruncate(number, size)
        raise

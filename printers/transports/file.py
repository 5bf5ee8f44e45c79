"""file:folder/, a document a file: file:/var/labels/ or, relative, file:labels/.

A percent sign begins a code, as in any URI: file:100%25/ is the folder "100%". Every other
character is itself, ``?`` and ``#`` too, since a folder has neither a query nor a fragment.

A document appears under its name all at once or not at all: it is written beside it, synced,
renamed, and the folder synced. Writing it again replaces it, so there is never a second copy. Then
index.csv gets a row with the time, the name, the SHA-256 and the length, so that the folder can be
searched, and checked with ``check``.
"""

import contextlib
import os
import tempfile
from pathlib import Path
from urllib.parse import unquote

from printers.connection import Connection
from printers.errors import TransportError
from printers.transports import _index
from printers.transports._addresses import shown

SCHEME = "file"
REPLIES = False
DOCUMENTS = True
REWRITABLE = True


def check_uri(uri: str) -> None:
    """ValueError unless it is file: and a folder of this machine."""
    _folder(uri)


def connect(uri: str, *, timeout_s: float) -> "FolderConnection":
    """Make the folder if it is missing, or TransportError. ``timeout_s`` has no meaning here."""
    folder = _folder(uri)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TransportError(
            f"Folder {folder} for labels cannot be made: {error}; expected a folder that this "
            "user may write to; choose another one or change its rights."
        ) from error
    return FolderConnection(folder)


def check(uri: str) -> list[str]:
    """Compare the folder with its index.csv: a sentence for each document not as it was written.

    OSError if there is no index or something cannot be read.
    """
    return _index.check(_folder(uri))


class FolderConnection(Connection):
    """A folder that takes documents."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        """Put the document there under that file name, whole and durable, or TransportError."""
        _check_name(name)
        target = self._folder / name
        temporary, is_there = "", False
        try:
            number, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=self._folder)
            with os.fdopen(number, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(target)
            is_there = True
            _sync_folder(self._folder)
        except OSError as error:
            with contextlib.suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
            raise TransportError(
                f"Document {target} cannot be written: {error}; expected a folder with free space "
                "that this user may write to.",
                bytes_written=len(data) if is_there else 0,
            ) from error
        self._note(name, data)

    def _note(self, name: str, data: bytes) -> None:
        try:
            _index.add(self._folder, name=name, data=data)
        except OSError as error:
            raise TransportError(
                f"Document {self._folder / name} is written, but {_index.NAME} beside it cannot "
                f"be: {error}; expected a file with free space that this user may write to; "
                "written again, the document replaces itself.",
                bytes_written=len(data),
            ) from error

    def read(self, *, timeout_s: float) -> bytes:
        """Nothing: a folder does not answer."""
        return b""

    def close(self) -> None:
        """Nothing is open between two writes."""


def _folder(uri: str) -> Path:
    path = unquote(uri.removeprefix(SCHEME + ":"))
    if path.startswith("//"):
        host, slash, rest = path[2:].partition("/")
        path = slash + rest if host in {"", "localhost"} else ""
    if path[0:1] == "/" and path[2:3] == ":":
        path = path[1:]
    if not path or "\0" in path:
        raise ValueError(
            f"Printer address {shown(uri)!r}: expected file: and a folder of this machine, for "
            "example file:/var/labels/ or file:labels/."
        )
    return Path(path)


def _check_name(name: str) -> None:
    is_plain = name == Path(name).name and name.isprintable() and not {"/", "\\"} & set(name)
    if name and (not is_plain or name[0] == "."):
        raise ValueError(
            f"Document name {name!r}: expected a file name without a folder and without a leading "
            "dot, for example job-12.pdf."
        )
    if not name:
        raise ValueError("Document name '': expected a file name, for example job-12.pdf.")
    if name.lower() == _index.NAME:
        raise ValueError(
            f"Document name {name!r}: expected another one, for example job-12.pdf, since this "
            "is the folder's list of documents."
        )


def _sync_folder(folder: Path) -> None:
    """Make the rename durable. Windows cannot sync a folder and does not need it."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)

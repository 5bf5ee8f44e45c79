"""The high-water mark: how much was ever drawn, in a small file outside the database.

A database that was restored, or lost the end of its log, does not know what it issued since. This
file does. It is one line of fixed length below 512 bytes, so that writing it anew is one sector:

    labeler-mark 1 site=… mark=… boot=… done=… begun=… limit=… sha256=…

`done` is what is committed, `begun` what a commit that is on its way makes of it; both are written
without a sync, and outlive the death of the process. `limit` is synced before anything up to it is
committed, and outlives a power cut. So `done` <= committed <= `begun` <= `limit`.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from labeler.errors import STORE_UNAVAILABLE, Refusal

_KIND = "labeler-mark 1"
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_READ_MAX = 1024


class Damaged(Exception):
    """The file is there, and is no mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What the file says."""

    site: str
    """Identity of the record it belongs to."""
    id: str
    """Its own identity: each file of a site counts for itself."""
    boot: str
    """The boot of the machine in which it was written last."""
    done: int
    begun: int
    limit: int

    def after_loss(self, boot: str) -> int:
        """Return the most that can have been committed under this mark."""
        return self.begun if boot and boot == self.boot else self.limit


def new_id() -> str:
    """Return an identity that no other site and no other mark has."""
    return secrets.token_hex(16)


def this_boot() -> str:
    """Return what names this boot of the machine; empty where the system does not say it."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()[:36]
    except OSError:
        return ""


def write_line(mark: Mark) -> bytes:
    """Return the line of a mark."""
    text = (
        f"{_KIND} site={mark.site} mark={mark.id} boot={mark.boot or '-':36} "
        f"done={mark.done:020d} begun={mark.begun:020d} limit={mark.limit:020d}"
    )
    return f"{text} sha256={_digest(text)}\n".encode("ascii")


def read_line(line: bytes) -> Mark:
    """Return the mark that a line says; raise Damaged for any other text.

    >>> one = Mark(site="a" * 32, id="b" * 32, boot="", done=1, begun=2, limit=3)
    >>> read_line(write_line(one)) == one
    True
    """
    try:
        text, _, digest = line.decode("ascii").rstrip("\n").rpartition(" sha256=")
        if not text.startswith(_KIND) or digest != _digest(text):
            raise Damaged
        said = dict(part.partition("=")[::2] for part in text[len(_KIND) :].split())
        boot = "" if said["boot"] == "-" else said["boot"]
        counts = {name: int(said[name]) for name in ("done", "begun", "limit")}
        return Mark(site=said["site"], id=said["mark"], boot=boot, **counts)
    except (UnicodeDecodeError, KeyError, ValueError):
        raise Damaged from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class MarkFile:
    """The file on disk. Whoever uses it holds it: processes of one folder share it."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is opened."""
        self.path = path
        self._lock: int | None = None
        self._open: tuple[int, int] | None = None
        """Descriptor and inode of the file that was written last."""

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from the file."""
        self.hold()
        try:
            yield
        finally:
            self.release()

    def hold(self) -> None:
        """Wait until no other process has the file, and keep it; refuse (9002) a bad folder."""
        with self._writing():
            if self._lock is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                name = self.path.with_name(f"{self.path.name}.lock")
                self._lock = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def release(self) -> None:
        """Let others have it."""
        if self._lock is not None:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def read(self) -> Mark | None:
        """Return what the file says; None where there is none. Raise Damaged."""
        try:
            descriptor = self._descriptor()
            line = os.pread(descriptor, _READ_MAX, 0)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Damaged from error
        return read_line(line)

    def note(self, mark: Mark) -> None:
        """Write the mark over the one that is there, without a sync."""
        with self._writing():
            os.pwrite(self._descriptor(), write_line(mark), 0)

    def keep(self, mark: Mark) -> None:
        """Write the mark so that it outlives a power cut: a new file, synced, then its name."""
        fresh = self.path.with_name(f"{self.path.name}.new")
        with self._writing():
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
            try:
                os.write(descriptor, write_line(mark))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            fresh.replace(self.path)
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def close(self) -> None:
        """Let go of the files."""
        if self._open is not None:
            os.close(self._open[0])
        if self._lock is not None:
            os.close(self._lock)
        self._open = self._lock = None

    def _descriptor(self) -> int:
        """Return the open file; opened anew where another one has its name now."""
        inode = self.path.stat().st_ino
        if self._open is None or self._open[1] != inode:
            if self._open is not None:
                os.close(self._open[0])
                self._open = None
            descriptor = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
            self._open = (descriptor, os.fstat(descriptor).st_ino)
        return self._open[0]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Refusal(
                STORE_UNAVAILABLE,
                f"The high-water mark {self.path} cannot be written: {error}.",
                hint="The service needs to write in its folder; see site.mark_file.",
            ) from error

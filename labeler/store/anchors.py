"""Anchors of the audit trail: what its end was, and when, in two files outside the database.

Who may change the database may cut the trail's tail, or seal everything anew: nothing inside shows
it. These files do, as long as the same one may not change them, too. The newest end stands in
`NAME.head`, replaced every few seconds; a log, `NAME`, gets a line now and then that stays. A line:

    labeler-anchor 1 at=… seq=… hash=… lost_after=… sha256=…

Only what is committed is anchored, and only what is on the disk is called anchored.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from labeler.errors import STORE_UNAVAILABLE, Refusal

_KIND = "labeler-anchor 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What the end of the trail was once."""

    seq: int
    """Number of its last row."""
    hash: str
    """What that row was sealed with, in hexadecimal digits."""
    at: str
    """When it was written down: UTC, as `utc_text` writes it."""
    lost_after: int | None = None
    """Two people went on after a loss: what was anchored above this number before is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the files say."""

    anchors: tuple[Anchor, ...]
    """The oldest first."""
    damaged: tuple[int, ...]
    """Lines of the log, from 1, that are no anchors; 0 is the newest one's own file."""


def write_line(anchor: Anchor) -> str:
    """Return the line of an anchor."""
    lost = "-" if anchor.lost_after is None else anchor.lost_after
    text = f"{_KIND} at={anchor.at} seq={anchor.seq} hash={anchor.hash} lost_after={lost}"
    return f"{text} sha256={_digest(text)}\n"


def read_line(line: str) -> Anchor | None:
    """Return the anchor that a line says; None for any other text.

    >>> one = Anchor(seq=7, hash="ab" * 32, at="2026-11-27T12:00:00.000000Z")
    >>> read_line(write_line(one)) == one
    True
    >>> read_line(write_line(one).replace("seq=7", "seq=8"))
    """
    text, _, digest = line.rstrip("\n").rpartition(" sha256=")
    if not text.startswith(f"{_KIND} ") or digest != _digest(text):
        return None
    said = dict(part.partition("=")[::2] for part in text[len(_KIND) :].split())
    try:
        lost = None if said["lost_after"] == "-" else int(said["lost_after"])
        return Anchor(seq=int(said["seq"]), hash=said["hash"], at=said["at"], lost_after=lost)
    except (KeyError, ValueError):
        return None


def read_text(text: str) -> Said:
    """Return the anchors of a log's text. Of a last line that never ended nobody was told."""
    anchors, damaged = [], []
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        anchor = read_line(line)
        if anchor is not None and line.endswith("\n"):
            anchors.append(anchor)
        elif line.endswith("\n"):
            damaged.append(number)
    return Said(anchors=tuple(anchors), damaged=tuple(damaged))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class AnchorFiles:
    """The two files on disk; processes of one folder share them."""

    def __init__(self, path: Path) -> None:
        """Name the log; nothing is opened."""
        self.path = path
        self.head = path.with_name(f"{path.name}.head")

    def read(self) -> Said:
        """Return all anchors that can be read, and what cannot."""
        said = read_text(self._text(self.path))
        text = self._text(self.head)
        newest = read_line(text) if text else None
        anchors = said.anchors
        if newest is not None and newest not in anchors:
            anchors = (*anchors, newest)
        damaged = (0, *said.damaged) if text and newest is None else said.damaged
        return Said(anchors=anchors, damaged=damaged)

    def newest(self) -> Anchor | None:
        """Return the newest anchor that can be read; None where nothing is anchored."""
        text = self._text(self.head)
        anchor = read_line(text) if text else None
        if anchor is None:
            anchor = (self.read().anchors or (None,))[-1]
        return anchor

    def keep(self, anchor: Anchor) -> None:
        """Let an anchor be the newest, unless a newer one is there; refuse (9002) a bad disk."""
        with self._alone():
            known = self.newest()
            if known is None or known.seq < anchor.seq:
                self._replace(anchor)

    def log(self, anchor: Anchor) -> None:
        """Write an anchor down for ever, and let it be the newest; refuse (9002) a bad disk."""
        with self._alone():
            known, logged = self.newest(), read_text(self._text(self.path)).anchors
            if logged and (logged[-1].seq, logged[-1].hash) == (anchor.seq, anchor.hash):
                return  # nothing happened since
            lines = [write_line(anchor)]
            if anchor.lost_after is not None and known is not None and known not in logged:
                lines.insert(0, write_line(known))  # what is lost has to stay known
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                whole = self.path.read_bytes().rfind(b"\n") + 1
                os.ftruncate(descriptor, whole)  # a line that a power cut left half written
                os.pwrite(descriptor, "".join(lines).encode(), whole)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if known is None or known.seq < anchor.seq or anchor.lost_after is not None:
                self._replace(anchor)

    def _replace(self, anchor: Anchor) -> None:
        fresh = self.head.with_name(f"{self.head.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(write_line(anchor))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.head)
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _text(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise self._bad(error) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from the files."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = self.path.with_name(f"{self.path.name}.lock")
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(descriptor)
        except OSError as error:
            raise self._bad(error) from error

    def _bad(self, error: OSError) -> Refusal:
        return Refusal(
            STORE_UNAVAILABLE,
            f"The anchors of the audit trail, {self.path}, cannot be used: {error}.",
            hint="The service needs to write in its folder; see site.mark_file.",
        )

"""The site's key in a file beside the high-water mark: only its owner reads it.

It is no part of the record: a backup of the database does not hold it, and who restores one goes on
with the key that is there.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from labeler.errors import BAD_KEY, Refusal


class KeyFile:
    """Where the secret key lies."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is opened."""
        self.path = path

    def read_or_make(self, make: Callable[[], bytes]) -> bytes:
        """Return what the file says; where there is none, it is made first, once for all.

        Refuses (6042) a file that others may read, and a folder that cannot be used.
        """
        try:
            if not self.path.exists():
                self._write(make())
            return self._read()
        except OSError as error:
            raise self._unusable(error) from error

    def read(self) -> bytes | None:
        """Return what the file says, or None where there is none; refuses as `read_or_make`."""
        try:
            return self._read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> Refusal:
        return Refusal(
            BAD_KEY,
            f"The site's key {self.path} cannot be used: {error}.",
            hint="The service needs to read and write there; see site.key_file.",
        )

    def _read(self) -> bytes:
        with self.path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise Refusal(
                    BAD_KEY,
                    f"The site's key {self.path} may be used by others: its mode is {mode:o}.",
                    hint=f"chmod 600 {self.path}; and if somebody may have copied it, move it away "
                    "and begin with a new one.",
                )
            return file.read()

    def _write(self, pem: bytes) -> None:
        """Write a new file and sync it, then give it its name, unless another process was first."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            self._name(fresh)
        finally:
            fresh.unlink(missing_ok=True)

    def _name(self, fresh: Path) -> None:
        try:
            os.link(fresh, self.path)
        except FileExistsError:
            return
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

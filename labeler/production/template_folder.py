"""The folder that config.yaml calls templates: what its files say now, and how one is replaced."""

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from labeler import templates

_MODE = 0o644
"""Of a new file: whoever looks after the plant may read it."""


@dataclass(frozen=True)
class TemplateFolder:
    """The folder that config.yaml calls templates."""

    path: Path

    def names(self) -> list[str]:
        """Return the names of the templates."""
        return sorted(one.stem for one in self.path.glob("*.yaml"))

    def text(self, name: str) -> str:
        """Return the YAML text of a template; raises OSError, or UnicodeDecodeError."""
        return (self.path / f"{name}.yaml").read_text(encoding="utf-8")

    def file(self, name: str) -> bytes:
        """Return a file that a template shows; raises OSError."""
        with (self.path / name).open("rb") as file:
            return file.read(templates.FILE_MAX_BYTES + 1)

    def write(self, file: str, content: bytes) -> None:
        """Put a file in place of what was there, all of it or nothing; raises OSError."""
        target = self.path / file
        mode = target.stat().st_mode & 0o777 if target.exists() else _MODE
        handle, name = mkstemp(prefix=f".{file}.", dir=self.path)
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as new:
                new.write(content)
                new.flush()
                os.fsync(new.fileno())
            beside.chmod(mode)
            beside.replace(target)
        except OSError:
            beside.unlink(missing_ok=True)
            raise

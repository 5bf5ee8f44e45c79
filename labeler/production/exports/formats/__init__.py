"""How exports are written: one file in this folder is one format, and its file name is the ending.

A format's file offers `MEDIA_TYPE` and `write(heads, pages, options=)`, which yields the file's
bytes as the pages come.

>>> names()
('csv', 'ndjson', 'xlsx')
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from labeler.errors import NO_SUCH_EXPORT, Refusal
from labeler.production.exports.rows import Pages

__all__ = ["Format", "Options", "load", "names"]


@dataclass(frozen=True, kw_only=True)
class Options:
    """What else is said of a file."""

    title: str
    """The source; a workbook names its sheets so."""
    total: int
    """Rows that will come."""
    delimiter: str = ","
    """CSV: what stands between the columns."""
    bom: bool = False
    """CSV: begin with the mark by which Excel takes it for UTF-8."""


class Format(Protocol):
    """One format."""

    MEDIA_TYPE: str

    def write(self, heads: Sequence[str], pages: Pages, *, options: Options) -> Iterator[bytes]:
        """Yield the file."""


def names() -> tuple[str, ...]:
    """The endings of all formats: the folder is the registry."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@lru_cache
def load(name: str) -> Format:
    """The format of that ending; only a listed one is ever imported. Refuses (6020) another."""
    if name not in names():
        raise Refusal(
            NO_SUCH_EXPORT,
            f"There is no export as '{name}': expected one of {', '.join(names())}.",
            hint="See what there is: GET /api/v1/exports, or labeler export.",
        )
    return cast(Format, import_module(f"{__name__}.{name}"))

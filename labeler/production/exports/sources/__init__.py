"""What can be exported: one file in this folder is one source, and its file name is its name.

A source's file offers `SOURCE`, a `labeler.production.exports.rows.Source`. Files that begin with
an underscore hold what several share.

>>> "units" in names()
True
>>> load("gizmos")
Traceback (most recent call last):
labeler.errors.Refusal: There is nothing called 'gizmos' to export: expected one of audit, \
balances, events, reconciliation, units, verifications. See what there is: GET /api/v1/exports, or \
labeler export.
"""

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from labeler.errors import NO_SUCH_EXPORT, Refusal
from labeler.production.exports.rows import Source

__all__ = ["Source", "load", "names"]


def names() -> tuple[str, ...]:
    """The names of all sources: the folder is the registry."""
    found = (module.name for module in iter_modules(__path__))
    return tuple(sorted(name for name in found if not name.startswith("_")))


@lru_cache
def load(name: str) -> Source:
    """The source of that name; only a listed name is ever imported. Refuses (6020) another."""
    if name not in names():
        raise Refusal(
            NO_SUCH_EXPORT,
            f"There is nothing called '{name}' to export: expected one of {', '.join(names())}.",
            hint="See what there is: GET /api/v1/exports, or labeler export.",
        )
    source: Source = import_module(f"{__name__}.{name}").SOURCE
    return source

"""The folder is the registry: which modules a package offers, and loading only those."""

import importlib
import importlib.util
import pkgutil
from functools import cache
from types import ModuleType


def names(package: ModuleType) -> tuple[str, ...]:
    """The extensions in a package's folder, sorted. A leading underscore hides a helper."""
    return _names_in(tuple(package.__path__))


def listed(package: str) -> tuple[str, ...]:
    """The same of a package by its name, without loading it: that may take long.

    >>> "zpl" in listed("printers.languages")
    True
    """
    spec = importlib.util.find_spec(package)
    return _names_in(tuple(spec.submodule_search_locations or ()) if spec else ())


@cache
def _names_in(paths: tuple[str, ...]) -> tuple[str, ...]:
    # A program's own folders stay as they are while it runs, and a label looks up each symbology:
    # to read the folder each time took a sixth of the time of laying out.
    found = (module.name for module in pkgutil.iter_modules(paths))
    return tuple(sorted(name for name in found if not name.startswith("_")))


def load(package: ModuleType, name: str, *, what: str) -> ModuleType:
    """The module of that name, if the folder lists it; anything else is a ValueError."""
    known = names(package)
    if name not in known:
        raise ValueError(f"Unknown {what} {name!r}: expected one of {', '.join(known)}.")
    return importlib.import_module(f"{package.__name__}.{name}")

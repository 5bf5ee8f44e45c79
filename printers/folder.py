"""The folder is the registry: which modules a package offers, and loading only those."""

import importlib
import pkgutil
from types import ModuleType


def names(package: ModuleType) -> tuple[str, ...]:
    """The extensions in a package's folder, sorted. A leading underscore hides a helper."""
    found = (module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(name for name in found if not name.startswith("_")))


def load(package: ModuleType, name: str, *, what: str) -> ModuleType:
    """The module of that name, if the folder lists it; anything else is a ValueError."""
    known = names(package)
    if name not in known:
        raise ValueError(f"Unknown {what} {name!r}: expected one of {', '.join(known)}.")
    return importlib.import_module(f"{package.__name__}.{name}")

"""PURE: names of environment variables and secret files -> keys of config.yaml, and back.

Shells know neither - nor . in a variable's name, so an underscore stands for either there.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydantic_settings import SettingsError

_NAMED = ("printers", "lines", "series", "products")
"""Sections whose keys are names that the engineer chose."""


def spell(variables: Mapping[str, str], said: Mapping[str, Any], *, prefix: str) -> dict[str, str]:
    """Return the variables in lower case, but names of lines, products … as config.yaml has them.

    Shells know neither - nor . in a variable's name, so an underscore stands for either.
    """
    spelled: dict[str, str] = {}
    origins: dict[str, str] = {}
    for variable, value in variables.items():
        if not variable.lower().startswith(prefix.lower()):
            continue
        section, *rest = variable[len(prefix) :].split("__")
        keys = [section.lower(), *(key.lower() for key in rest)]
        if rest and keys[0] in _NAMED:
            keys[1] = _spell_name(rest[0], said.get(keys[0]), variable=variable)
        key = prefix.lower() + "__".join(keys)
        if key in spelled:
            raise SettingsError(f"{origins[key]} and {variable} say the same key: keep one of them")
        spelled[key], origins[key] = value, variable
    return spelled


def variable(*keys: str) -> str:
    """Return the environment variable of a key of config.yaml.

    >>> variable("series", "AC-100", "key")
    'LABELER__SERIES__AC_100__KEY'
    """
    return "__".join(["LABELER", *(re.sub(r"[^A-Z0-9]", "_", key.upper()) for key in keys)])


def secret_file(*keys: str) -> str:
    """Return the name of a key's file in LABELER_SECRETS_DIR.

    >>> secret_file("series", "AC-100", "key")
    'series__ac_100__key'
    """
    return variable(*keys).removeprefix("LABELER__").lower()


def _spell_name(given: str, names: Any, *, variable: str) -> str:
    """Return the one of ``names`` that is meant; a new name in lower case."""
    known = [str(name) for name in names] if isinstance(names, dict) else []
    if given in known:
        return given
    found = [name for name in known if _fold(name) == _fold(given)]
    if len(found) > 1:
        start = variable.partition(f"__{given}")[0]
        raise SettingsError(
            f"{variable} may mean {' or '.join(found)}: write it exactly so, or set {start} to a "
            "JSON object"
        )
    return found[0] if found else given.lower()


def _fold(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")

"""How commands reach the API. What that takes is imported when one asks, so --help is quick."""

import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeler.commands.api import Api


@contextmanager
def connect(config_file: Path) -> "Iterator[Api]":
    """Give the API of the site: of the service that holds its database, else in this process."""
    from labeler.commands import api

    with api.connected(config_file) as found:
        yield found


def quote(name: str) -> str:
    """Return ``name`` as one step of an address, whatever characters it has."""
    return urllib.parse.quote(name, safe="")

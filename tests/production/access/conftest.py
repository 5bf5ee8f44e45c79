"""Fixtures of who may do what: a plant whose clock is handed in, on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeler.production.site import Site
from tests import plants


@pytest.fixture
def clock() -> plants.Clock:
    """Return a clock that stands."""
    return plants.Clock()


@pytest.fixture
def site(tmp_path: Path, clock: plants.Clock) -> Iterator[Site]:
    """Return the plant on SQLite."""
    with plants.opened(plants.write_site(tmp_path / "site"), clock=clock) as service:
        yield service.site


@pytest.fixture
def any_site(tmp_path: Path, database_url: str, clock: plants.Clock) -> Iterator[Site]:
    """Return the plant on each kind of database."""
    path = plants.write_site(tmp_path / "site", database=database_url)
    with plants.opened(path, clock=clock) as service:
        yield service.site

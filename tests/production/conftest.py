"""Fixtures of the verbs' tests: an open site on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeler.app import Service
from labeler.production.site import Site
from tests import plants
from tests.quick_passwords import quick_passwords
from tests.quick_sql import quick_sql

__all__ = ["clock", "quick_passwords", "quick_sql", "service", "site", "sqlite_site"]


@pytest.fixture
def clock() -> plants.Clock:
    """Return the site's clock; it stands at NOON."""
    return plants.Clock()


@pytest.fixture
def service(tmp_path: Path, database_url: str, clock: plants.Clock) -> Iterator[Service]:
    """Return the plant, opened on an empty database."""
    path = plants.write_site(tmp_path / "site", database=database_url)
    with plants.opened(path, clock=clock) as opened:
        yield opened


@pytest.fixture
def site(service: Service) -> Site:
    """Return what verbs are handed."""
    return service.site


@pytest.fixture
def sqlite_site(tmp_path: Path, clock: plants.Clock) -> Iterator[Site]:
    """Return the plant on SQLite, for what no database has a say in."""
    with plants.opened(plants.write_site(tmp_path / "site"), clock=clock) as opened:
        yield opened.site

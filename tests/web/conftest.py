"""Fixtures of the web's tests: a client of the plant's application, on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from labeler.app import Service
from tests import plants
from tests.quick_passwords import quick_passwords
from tests.quick_sql import quick_sql

__all__ = ["any_client", "client", "quick_passwords", "quick_sql", "service"]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """Return the plant on SQLite."""
    with plants.opened(plants.write_site(tmp_path / "site")) as opened:
        yield opened


@pytest.fixture
def client(service: Service) -> FlaskClient:
    """Return a client of the plant."""
    return service.web.test_client()


@pytest.fixture
def any_client(tmp_path: Path, database_url: str) -> Iterator[FlaskClient]:
    """Return a client of the plant on each kind of database."""
    with plants.opened(plants.write_site(tmp_path / "site", database=database_url)) as opened:
        yield opened.web.test_client()

"""Fixtures for every test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import debian
from tests.lacking import lacks
from tests.postgres import postgres_database, postgres_server, postgres_url

__all__ = ["needs_debian", "postgres_database", "postgres_server", "postgres_url"]


@pytest.fixture
def needs_debian() -> Callable[[str], None]:
    """Return ``needs_debian("package")``: a missing package skips the test, and fails it in CI."""

    def require(package: str) -> None:
        assert package in debian.listed(), f"add {package} to {debian.LIST.name}"
        if debian.is_installed(package):
            return
        lacks(f"Debian package {package} is not installed")

    return require


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'labeler.db'}"
    return str(request.getfixturevalue("postgres_url"))

"""Fixtures for every test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import debian, demo_site, newest, once
from tests.demo_site import DemoSite
from tests.lacking import lacks
from tests.postgres import (
    empty_postgres_url,
    postgres_database,
    postgres_server,
    postgres_template,
    postgres_url,
)

__all__ = [
    "empty_postgres_url",
    "needs_debian",
    "postgres_database",
    "postgres_server",
    "postgres_template",
    "postgres_url",
]


@pytest.fixture(scope="session")
def filled_demo(tmp_path_factory: pytest.TempPathFactory) -> DemoSite:
    """Return a demo site with its month; do not change it: ``copied`` gives one to change.

    Filling takes a quarter of a minute: one worker does it, and each has a copy.
    """
    made = once.made(tmp_path_factory, "demo", demo_site.make_and_keep)
    return demo_site.kept(made, copy=tmp_path_factory.mktemp("demo") / "site")


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
    """Return the URL of a database with the newest schema and no row, of each kind in turn."""
    if request.param == "sqlite":
        newest.lay_sqlite(tmp_path / "labeler.db")
        return f"sqlite:///{tmp_path / 'labeler.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database in which there is nothing at all, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))

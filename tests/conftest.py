"""Fixtures for every test."""

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import debian, newest, once
from tests.lacking import lacks
from tests.postgres import (
    empty_postgres_url,
    postgres_database,
    postgres_server,
    postgres_shelf,
    postgres_template,
    postgres_url,
)

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import Scheduling

    from tests.demo_site import DemoSite

__all__ = [
    "empty_postgres_url",
    "needs_debian",
    "postgres_database",
    "postgres_server",
    "postgres_shelf",
    "postgres_template",
    "postgres_url",
]


# Forty examples of a property keep `make test` short; `make cover` tries a hundred.
for _name, _examples in (("thorough", 100), ("quick", 40)):
    hypothesis.settings.register_profile(
        _name, parent=hypothesis.settings(), max_examples=_examples
    )
hypothesis.settings.load_profile("quick")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "Scheduling":
    """Hand out tests in bundles."""
    from tests.bundles import Bundles

    return Bundles(config, log)


def pytest_collection(session: pytest.Session) -> None:
    """Look for no garbage while tests are collected: millions of objects come, and all stay."""
    gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave what was collected alone afterwards: going through it takes a second each time."""
    gc.freeze()
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let the process end as any: some libraries tell of what is not given back."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def filled_demo(tmp_path_factory: pytest.TempPathFactory) -> "DemoSite":
    """Return a demo site with its month; do not change it: ``copied`` gives one to change.

    Filling takes a quarter of a minute: one worker does it, and each has a copy.
    """
    from tests import demo_site

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

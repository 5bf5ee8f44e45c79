"""A plant whose only series takes its numbers from a pool, on each database in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeler.production.site import Site
from tests import plants
from tests.production.pooling import SERIES


@pytest.fixture
def path(tmp_path: Path, database_url: str) -> Path:
    """Return the plant's config.yaml."""
    return plants.write_site(tmp_path / "site", database=database_url, series=SERIES)


@pytest.fixture
def site(path: Path) -> Iterator[Site]:
    """Return the plant, open."""
    with plants.opened(path) as service:
        yield service.site

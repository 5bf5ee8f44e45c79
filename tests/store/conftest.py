"""Fixtures of the store's tests: an open store, and a little table to write into."""

from collections.abc import Iterator

import pytest

from labeler import store
from labeler.store import Store


@pytest.fixture
def record(database_url: str) -> Iterator[Store]:
    """Return an open store on an empty database."""
    with store.open_store(store.make_engine(database_url)) as opened:
        yield opened

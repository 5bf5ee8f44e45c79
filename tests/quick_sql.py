"""Statements that are compiled once for all sites of a test process.

SQLAlchemy keeps what it compiled with an engine, of which a service has one for its life, and the
tests one each: they would compile the same few statements a thousand times.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

from labeler import store

_make_engine = store.make_engine
_KEPT = 2000


class _Compiled(dict[Any, Any]):
    """What SQLAlchemy asks for a compiled statement: kept for a kind of database, not for each."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: LRUCache[Any, Any] = LRUCache(_KEPT)

    def get(self, key: Any, default: Any = None) -> Any:
        return self._kept.get(_of_kind(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._kept[_of_kind(key)] = compiled


def _of_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return (type(dialect), *rest)


_COMPILED = _Compiled()


def make_engine(*given: Any, **named: Any) -> Engine:
    """Return an engine as the service has, that finds what others compiled."""
    engine = _make_engine(*given, **named)
    engine.update_execution_options(compiled_cache=_COMPILED)
    return engine


@pytest.fixture(scope="package", autouse=True)
def quick_sql() -> Iterator[None]:
    """Let the sites of all tests of the folder that names this share what they compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "make_engine", make_engine)
        yield

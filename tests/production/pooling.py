"""What the tests of pools do: bring numbers, give them back, count them twice."""

import io
from typing import Any

import pytest
from sqlalchemy import func, select

from labeler.errors import Refusal
from labeler.production import pool_returns, pool_staging, pool_status, pools
from labeler.production.pool_lists import ImportOrder, TextList
from labeler.production.pool_returns import ReturnOrder
from labeler.production.site import Site
from labeler.store import schema

SERIES = {"controller-sn": {"pattern": "AC{imported:4}", "low_water": 2}}
POOL = {"mac-block": {"pattern": "{imported:12:hex}"}}


def listed(*numbers: int) -> bytes:
    return b"".join(b"AC%04d\n" % number for number in numbers)


def bring(site: Site, content: bytes, key: str = "a", **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "series": "controller-sn",
        "channel": "http",
        "key": key,
        "source": "list.txt",
    }
    return pools.import_numbers(
        site, ImportOrder(**{**given, **changes}), TextList(io.BytesIO(content))
    )


def macs(site: Site, *texts: str, key: str = "a") -> None:
    """Bring MAC addresses into the pool."""
    bring(site, "".join(f"{text}\n" for text in texts).encode(), key, series="mac-block")


def give_back(site: Site, key: str = "r", **which: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"series": "controller-sn", "channel": "http", "key": key}
    about: dict[str, Any] = {"reason": "order canceled", "operator": "mk"}
    return pool_returns.return_numbers(site, ReturnOrder(**{**given, **about, **which}))


def counts(site: Site) -> tuple[int, int, int]:
    """Return how many numbers wait, were allocated, were returned; as counted and as kept."""
    with site.store.read() as transaction:
        [pool] = pool_status.list_pools(site, transaction)
        table = schema.pool_number
        horizon = select(schema.pool.c.last_id).scalar_subquery()
        query = select(table.c.state, func.count()).where(table.c.id <= horizon)
        found = dict(map(tuple, transaction.execute(query.group_by(table.c.state))))
    kept = (pool["waiting"], pool["allocated"], pool["returned"])
    assert kept == tuple(found.get(s, 0) for s in ("unallocated", "allocated", "returned"))
    return kept


def findings(site: Site, content: bytes, **changes: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Refusal) as caught:
        bring(site, content, **changes)
    assert caught.value.kind.number == 3012
    return caught.value.sentence, caught.value.extra


def half_import(site: Site, numbers: range, *, key: str = "a") -> int:
    """Do what an import does before a crash; return its id."""
    given: dict[str, Any] = {
        "series": "controller-sn",
        "channel": "http",
        "key": key,
        "source": "list.txt",
    }
    about: dict[str, Any] = {"digest": "d" * 64, "count": len(numbers)}
    found = site.store.write(
        lambda transaction: pool_staging.begin(transaction, site, ImportOrder(**given), **about)
    )
    texts = tuple(f"AC{number:04d}" for number in numbers)
    chunk = pool_staging.Chunk(import_id=found, series="controller-sn", texts=texts)
    site.store.write(chunk.write)
    return found

"""How a line is tried: a plant with one series, a test run of it, and what check says."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from labeler.production import (
    blocks,
    checking,
    listing,
    runs,
)
from labeler.production.meanings import Expected
from labeler.production.site import Site
from labeler.units import RunMode
from tests import plants
from tests.plants import order, trigger
from tests.production.record import issue

TEST_FIRST = f"TEST-{plants.FIRST}"


@contextmanager
def plant(folder: Path, database_url: str, **series: Any) -> Iterator[Site]:
    """Open the plant with its series changed."""
    path = plants.write_site(
        folder / "site", database=database_url, series={"controller-sn": series}
    )
    with plants.opened(path) as service:
        yield service.site


def try_line(site: Site, *, quantity: int = 5, **changes: Any) -> tuple[str, ...]:
    """Open a test run, draw all of it, one by one and as a block, and close it."""
    found = runs.open_run(site, order(mode=RunMode.TEST, quantity=quantity, **changes))
    key = f"try-{found['id']}"
    drawn = issue(site, trigger(key, quantity=2)).serials
    wanted = {"run_id": found["id"], "quantity": quantity - 2, "key": key}
    blocks.issue_block(site, blocks.BlockOrder(**wanted))
    with site.store.read() as transaction:
        listed_units = listing.list_units(transaction, found["id"], after=0, limit=100)
    runs.close_run(site, found["id"])
    everything = tuple(unit["serial"] for unit in listed_units)
    assert everything[:2] == drawn
    return everything


def check(site: Site, text: str, **expected: Any) -> tuple[str, str]:
    """Return verdict and sentence."""
    with site.store.read() as transaction:
        found = checking.check_text(site, transaction, text, expected=Expected(**expected))
    return found["verdict"], found["sentence"]

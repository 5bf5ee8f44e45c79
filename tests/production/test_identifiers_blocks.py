"""Blocks give each of their units its identifiers, whatever happens while they are filled."""

from pathlib import Path
from typing import Any

import pytest

from labeler.production import blocks, runs
from labeler.production.blocks import BlockOrder
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production import carriers
from tests.production.carriers import FIRST, OPEN
from tests.production.pooling import POOL, counts, macs
from tests.production.record import issue, rows


def block(site: Site, quantity: int, key: str = "b1") -> dict[str, Any]:
    return blocks.issue_block(site, BlockOrder(run_id=1, quantity=quantity, key=key))


def test_a_block_gives_each_unit_its_identifiers_chunk_by_chunk(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "CHUNK", 3)
    with carriers.opened(tmp_path, database_url, identifiers=OPEN) as service:
        site = service.site
        runs.open_run(site, order())
        assert issue(site, trigger("k1")).identifiers == (FIRST,)
        found = block(site, 8)
        assert (found["state"], found["first"], found["last"]) == ("done", "AC00002", "AC00009")
        assert block(site, 8)["replayed"] is True
        recorded = carriers.recorded(site)
        assert [text for _, name, text in recorded if name != "imei"] == [
            f"02AB{number:08X}" for number in range(1, 19)
        ]
        assert len({text for _, name, text in recorded if name == "imei"}) == 9
        assert carriers.counters(site)["mac-block"] == 19


def test_a_block_takes_its_identifiers_from_pools(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "DRAWN_CHUNK", 2)
    with carriers.opened(tmp_path, database_url, series=POOL, identifiers=OPEN) as service:
        site = service.site
        macs(site, *(f"{n:012d}" for n in range(10)))
        runs.open_run(site, order(quantity=5))
        block(site, 4)
        assert counts(site) == (2, 8, 0)
        texts = [text for _, name, text in carriers.recorded(site) if name != "imei"]
        assert texts == [f"{n:012d}" for n in range(8)]


def test_a_block_that_a_crash_left_half_filled_is_filled_with_new_identifiers(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "CHUNK", 3)
    with carriers.opened(tmp_path, database_url, identifiers=OPEN) as service:
        site = service.site
        runs.open_run(site, order())
        one = BlockOrder(run_id=1, quantity=8, key="b1")
        reserved = site.store.write(lambda t: blocks._reserve(t, site, one))
        site.store.write(lambda t: blocks._fill(t, site, reserved.id))
        issue(site, trigger("k1"))
    with plants.opened(tmp_path / "config.yaml") as service:
        assert blocks.resume(service.site) == 1
        recorded = carriers.recorded(service.site)
        texts = sorted(str(text) for _, name, text in recorded if name != "imei")
        assert texts == [f"02AB{number:08X}" for number in range(1, 19)]
        assert rows(service.site, schema.unit) == 9

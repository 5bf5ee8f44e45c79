"""Identifiers drawn by many at once: lines that share series, on one database."""

import itertools
import threading
from functools import partial
from pathlib import Path
from typing import Any

from labeler.errors import Refusal
from labeler.production import blocks, issuing, runs
from labeler.production.blocks import BlockOrder
from labeler.production.booking import Reply
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production import carriers
from tests.production.record import at_once, rows
from tests.production.test_issuing_together import deadlocks

CROSSED: dict[str, Any] = {
    "series": {
        "controller-sn": {"pattern": "AC{counter:6}"},
        "other-sn": {"pattern": "B{counter:6}"},
    },
    "identifiers": {"mac_1": "mac-block", "mac_2": "mac-block", "imei": "imei-tac"},
    "products": {
        "B": {
            "name": "Another",
            "series": "other-sn",
            "template": "unit-label",
            "identifiers": {"imei": "imei-tac", "mac_1": "mac-block", "mac_2": "mac-block"},
        }
    },
    "lines": {"line-3": {"printer": "zebra-1"}},
}
"""Two products that share two series, each names them in another order."""


def check(site: Site, replies: list[Reply]) -> None:
    """Each unit has all its identifiers, no two the same, and what was told is in the record."""
    units = [unit for reply in replies for unit in reply.identifiers]
    macs = [text for unit in units for text in (unit["mac_1"], unit["mac_2"])]
    imeis = [unit["imei"] for unit in units]
    assert sorted(macs) == [f"02AB{number:08X}" for number in range(1, 2 * len(units) + 1)]
    assert all(int(unit["mac_2"], 16) == int(unit["mac_1"], 16) + 1 for unit in units)
    assert len(set(imeis)) == len(units)
    assert {text for _, _, text in carriers.recorded(site)} == {*macs, *imeis}
    counters = carriers.counters(site)
    assert (counters["mac-block"], counters["imei-tac"]) == (2 * len(units) + 1, len(units) + 1)


def test_two_lines_that_share_series_get_identifiers_of_their_own(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url, **CROSSED) as service:
        site = service.site
        runs.open_run(site, order(quantity=1000))
        runs.open_run(site, order(product="B", line="line-2", quantity=1000))
        replies: list[Reply] = []

        def client(number: int) -> None:
            for index in range(25):
                wanted = trigger(
                    f"k{number}-{index}", line=f"line-{1 + index % 2}", quantity=1 + index % 3
                )
                replies.append(issuing.issue_labels(site, wanted))

        at_once([partial(client, number) for number in range(8)])
        check(site, replies)


def test_two_processes_whose_lines_share_series_never_deadlock(
    tmp_path: Path, postgres_url: str
) -> None:
    path = carriers.write_site(tmp_path, database=postgres_url, **CROSSED)
    before = deadlocks(postgres_url)
    replies: list[Reply] = []
    with plants.together(path, 2) as services:
        sites = [service.site for service in services]
        runs.open_run(sites[0], order(quantity=1000))
        runs.open_run(sites[1], order(product="B", line="line-2", quantity=1000))
        ended = threading.Event()

        def client(number: int) -> None:
            for index in range(30):
                line = "line-1" if number % 4 == 0 else "line-2"  # process 1: both; 2: line-2
                wanted = trigger(f"k{number}-{index}", line=line)
                replies.append(issuing.issue_labels(sites[number % 2], wanted))

        def opener(site: Site) -> None:
            for product in itertools.cycle(("AC-100", "B")):
                found = runs.open_run(site, order(line="line-3", product=product))
                wanted = trigger(f"k{found['id']}", line="line-3")
                replies.append(issuing.issue_labels(site, wanted))
                runs.close_run(site, found["id"])
                if ended.is_set():
                    return

        thread = threading.Thread(target=opener, args=(sites[1],))
        thread.start()
        outcomes = at_once([partial(client, number) for number in range(10)])
        ended.set()
        thread.join()
        assert [one for one in outcomes if isinstance(one, Refusal)] == []
        assert rows(sites[0], schema.unit) == len(replies) > 10 * 30
        check(sites[0], replies)
    assert deadlocks(postgres_url) == before


def test_a_block_beside_a_line_of_another_process_shares_its_series(
    tmp_path: Path, postgres_url: str
) -> None:
    path = carriers.write_site(tmp_path, database=postgres_url, **CROSSED)
    before = deadlocks(postgres_url)
    replies: list[Reply] = []
    with plants.together(path, 2) as services:
        sites = [service.site for service in services]
        runs.open_run(sites[0], order(quantity=30_000))
        runs.open_run(sites[1], order(product="B", line="line-2", quantity=1000))

        def block() -> None:
            blocks.issue_block(sites[0], BlockOrder(run_id=1, quantity=25_000, key="b"))

        def client() -> None:
            for index in range(60):
                wanted = trigger(f"k{index}", line="line-2")
                replies.append(issuing.issue_labels(sites[1], wanted))

        outcomes = at_once([block, client])
        assert outcomes == [None, None]
        recorded = carriers.recorded(sites[0])
        macs = [text for _, name, text in recorded if name != "imei"]
        assert len(macs) == len(set(macs)) == 2 * (25_000 + 60)
    assert deadlocks(postgres_url) == before

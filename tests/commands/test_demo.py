"""labeler demo: an empty site gets a month of life; any other is refused."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from labeler import app
from labeler.cli import cli
from labeler.demo import filling, people
from labeler.demo.clock import PastClock
from labeler.errors import Refusal
from labeler.production import run_records
from labeler.production.access import signing_in
from labeler.production.access.signing_in import Claim
from labeler.production.printing import doubtful
from labeler.production.recalls import recall_lists
from labeler.production.reconciling import counting
from labeler.production.safekeeping import auditing
from labeler.production.site import Site
from labeler.units import RunState
from tests import plants


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, filling.Filled, list[int]]:
    """Return the config.yaml of a filled demo site, what was made, and its progress."""
    folder = tmp_path_factory.mktemp("demo") / "site"
    made = CliRunner().invoke(cli, ["init", "--demo", str(folder)], catch_exceptions=False)
    assert made.exit_code == 0
    path = folder / "config.yaml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    printers = said["printers"].values()
    for printer, port in zip(printers, free_ports(len(printers)), strict=True):
        printer["uri"] = f"tcp://127.0.0.1:{port}"
    path.write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
    steps: list[int] = []
    filled = filling.fill(path, progress=lambda done, total: steps.append(total - done))
    return path, filled, steps


@pytest.fixture(scope="module")
def site(demo: tuple[Path, filling.Filled, list[int]]) -> Iterator[Site]:
    with app.opened(demo[0], who="a test") as service:
        yield service.site


def test_demo_has_runs_in_every_state_of_a_life(
    demo: tuple[Path, filling.Filled, list[int]], site: Site
) -> None:
    with site.store.read() as transaction:
        found = run_records.list_runs(transaction, limit=500)
    assert {one["state"] for one in found} == {
        *("planned", "open", "closed", "reconciled", "released")
    }
    assert {one["line"] for one in found} == {"line-1", "line-2", "packing"}
    assert sum(one["issued"] for one in found) == demo[1].serials
    assert demo[1].serials > 1_500
    assert demo[2] == sorted(demo[2], reverse=True)
    assert demo[2][-1] == 0


def test_audit_trail_of_a_demo_verifies_and_is_in_the_order_of_time(
    site: Site,
) -> None:
    with site.store.read() as transaction:
        *_, verdict = auditing.verify(site, transaction)
        rows = transaction.run_sql(
            "SELECT at FROM event JOIN audit_chain ON event_id = event.id ORDER BY seq"
        )
    assert verdict["ok"]
    times = [row[0] for row in rows]
    assert times == sorted(times)
    assert datetime.fromisoformat(times[-1]) - datetime.fromisoformat(times[0]) > timedelta(days=28)


def test_demo_has_what_quality_has_to_do_with(site: Site) -> None:
    with site.store.read() as transaction:
        verdicts = dict(
            transaction.run_sql("SELECT verdict, count(*) FROM verification GROUP BY verdict")
        )
        recalls = recall_lists.list_recalls(transaction, state=None, before=None, limit=10)
        deviations = transaction.run_sql(
            "SELECT operator, approved_by FROM reconciliation WHERE approved_by IS NOT NULL"
        )
        doubts = doubtful.list_doubtful(transaction)
        states = {row[0] for row in transaction.run_sql("SELECT DISTINCT state FROM unit")}
        stopped = transaction.run_sql("SELECT count(*) FROM printer_event WHERE state = 'stopped'")
        closed = run_records.list_runs(transaction, state=RunState.CLOSED, limit=500)
        differences = {
            one["line"]: counting.count(transaction, one["id"]).difference for one in closed
        }
    assert verdicts["ok"] > 50
    assert len(verdicts) >= 4
    assert {one["state"] for one in recalls} == {"open", "closed"}
    assert deviations == [("qa-1", "qa-2")]
    assert differences["line-2"] == 1
    assert doubts
    assert {"encoded", "commissioned", "sampled", "label_scrapped", "released"} <= states | {
        "sampled" if "label_sampled" in states else ""
    }
    assert stopped[0][0] >= 3


def test_accounts_of_a_demo_sign_in_with_what_it_says(
    demo: tuple[Path, filling.Filled, list[int]], site: Site
) -> None:
    assert {name: role for name, (role, _) in demo[1].accounts.items()} == people.PEOPLE
    for name, (_, password) in demo[1].accounts.items():
        found = signing_in.prove(site, Claim(name=name, password=password, address="127.0.0.1"))
        assert not found.must_change


def test_demo_refuses_a_site_that_has_a_record(
    demo: tuple[Path, filling.Filled, list[int]], site: Site
) -> None:
    with pytest.raises(Refusal) as refused:
        filling._require_empty(site)
    assert refused.value.kind.number == 7020
    assert "Expected an empty one" in refused.value.sentence


def test_demo_refuses_a_site_that_is_held(
    demo: tuple[Path, filling.Filled, list[int]], site: Site
) -> None:
    assert site.holds_database()
    with pytest.raises(Refusal) as refused:
        filling.fill(demo[0], progress=lambda done, total: None)
    assert refused.value.kind.number == 9003


def test_demo_refuses_a_printer_that_is_not_virtual(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path / "site")
    with pytest.raises(Refusal) as refused:
        filling.fill(path, progress=lambda done, total: None)
    assert refused.value.kind.number == 7020
    assert refused.value.sentence == (
        "Printer 'zebra-1' at tcp: is no virtual one. A demo prints a month of labels. "
        "Expected emulated: true."
    )


def test_past_clock_goes_forward_only_and_stops_at_its_end() -> None:
    clock = PastClock(plants.NOON, end=plants.NOON + timedelta(hours=1))
    first = clock()
    assert clock() > first > plants.NOON
    clock.go_to(plants.NOON)
    assert clock() > first
    clock.go_to(plants.NOON + timedelta(days=1))
    assert clock() == clock() == plants.NOON + timedelta(hours=1)

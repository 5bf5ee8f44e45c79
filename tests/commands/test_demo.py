"""labeler demo: an empty site gets a month of life; any other is refused."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from labeler import app
from labeler.commands import sites
from labeler.demo import filling, people, story
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
from tests import demo_site, plants
from tests.demo_site import DemoSite
from tests.test_house import ROOT

pytestmark = pytest.mark.timeout(300)  # it may be who fills the demo


@pytest.fixture(scope="module")
def site(filled_demo: DemoSite) -> Iterator[Site]:
    with app.opened(filled_demo.config, who="a test") as service:
        yield service.site


def test_demo_has_runs_in_every_state_of_a_life(filled_demo: DemoSite, site: Site) -> None:
    with site.store.read() as transaction:
        found = run_records.list_runs(transaction, limit=500)
    assert {one["state"] for one in found} == {
        *("planned", "open", "closed", "reconciled", "released")
    }
    assert {one["line"] for one in found} == {"line-1", "line-2", "packing"}
    assert sum(one["issued"] for one in found) == filled_demo.filled.serials
    assert filled_demo.filled.serials > 1_500
    assert list(filled_demo.left) == sorted(filled_demo.left, reverse=True)
    assert filled_demo.left[-1] == 0


def test_closed_runs_of_a_demo_end_over_and_short_as_in_life(site: Site) -> None:
    with site.store.read() as transaction:
        found = run_records.list_runs(transaction, limit=500)
        scrapped = transaction.run_sql(
            "SELECT run_id, count(*) FROM unit WHERE state = 'label_scrapped' GROUP BY run_id"
        )
    over = [
        one["issued"] - one["quantity"] for one in found if one["state"] not in ("planned", "open")
    ]
    assert min(over) < -5 < 0 < max(over)
    assert over.count(0) > 2
    assert len(set(over)) > 5
    assert {one["line"] for one in found if one["overrun"]} >= {"line-1", "line-2"}
    assert all(one["issued"] <= one["quantity"] + one["overrun"] for one in found)
    assert len({count for _, count in scrapped}) > 3
    assert 1 < len(scrapped) < len(over)  # and some runs spoil no label


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


def test_accounts_of_a_demo_sign_in_with_what_it_says(filled_demo: DemoSite, site: Site) -> None:
    assert {name: role for name, (role, _) in filled_demo.filled.accounts.items()} == people.PEOPLE
    for name, (_, password) in filled_demo.filled.accounts.items():
        found = signing_in.prove(site, Claim(name=name, password=password, address="127.0.0.1"))
        assert not found.must_change


def test_demo_refuses_a_site_that_has_a_record(filled_demo: DemoSite, site: Site) -> None:
    with pytest.raises(Refusal) as refused:
        filling._require_empty(site)
    assert refused.value.kind.number == 7020
    assert "Expected an empty one" in refused.value.sentence


def test_demo_refuses_a_site_that_is_held(filled_demo: DemoSite, site: Site) -> None:
    assert site.holds_database()
    with pytest.raises(Refusal) as refused:
        filling.fill(filled_demo.config, progress=lambda done, total: None)
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


def test_shares_are_uneven_and_all_of_it() -> None:
    for turn in range(20):
        for total in (77, 83, 90, 95):
            found = story.shares(total, 18, turn=turn)
            assert (sum(found), len(found)) == (total, 18)
            assert min(found) > 1
            assert len(set(found)) > 2


def test_wheel_carries_the_plant_of_a_demo_its_templates_and_its_code() -> None:
    files = list(WheelBuilder(str(ROOT)).recurse_included_files())
    carried = {one.distribution_path for one in files}
    code = {one.relative_to(ROOT).as_posix() for one in (ROOT / "labeler/demo").glob("*.py")}
    samples = {f"labeler/samples/templates/{one.name}" for one in (ROOT / "templates").iterdir()}
    assert len(samples) > 5
    assert {"labeler/demo/config.yaml", *code, *samples} <= carried


def test_init_of_a_demo_takes_its_plant_from_the_package_and_its_templates_from_the_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "labeler"
    for one in WheelBuilder(str(ROOT)).recurse_included_files():
        if one.distribution_path.startswith(("labeler/samples/", "labeler/demo/")):
            target = tmp_path / one.distribution_path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(Path(one.path).read_bytes())
    monkeypatch.setattr(sites, "SAMPLES", package / "samples")
    monkeypatch.setattr(sites, "DEMO", package / "demo" / "config.yaml")
    config = demo_site.initialised(tmp_path / "site")
    _, _, built = app.load(config)
    assert set(built.lines) == {"line-1", "line-2", "packing"}
    for product in built.products.values():
        assert built.template(product.template).width_mm > 0

"""Health, metrics, and the printers at a glance."""

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from labeler.errors import STORE_UNAVAILABLE, Refusal
from labeler.production import health, issuing, run_steps, runs
from labeler.production.printing import overview
from labeler.production.run_records import Said
from labeler.production.site import PrinterState, Site
from tests import plants
from tests.plants import order, trigger


def issue(site: Site, quantity: int = 1) -> None:
    runs.open_run(site, order(lot="L1"))
    issuing.issue_labels(site, trigger("k1", quantity=quantity))


class Threads:
    """A spooler whose threads live or not."""

    def __init__(self, *, alive: bool) -> None:
        self.alive = alive

    def wake(self, printer: str) -> None:
        raise AssertionError(printer)


def test_health_of_a_site_that_works_finds_nothing(site: Site, clock: plants.Clock) -> None:
    site.spooler = Threads(alive=True)
    assert health.findings(site) == []
    clock.go_on(hours=1)
    assert health.findings(site) == []
    site.spooler = None


def test_health_names_everything_that_is_wrong(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Any) -> None:
        raise Refusal(STORE_UNAVAILABLE, "The disk is full.", hint="Make room.")

    site.spooler = Threads(alive=False)
    monkeypatch.setattr(site, "holds_database", lambda: False)
    monkeypatch.setattr(site.store, "write", fail)
    assert health.findings(site) == [
        "store: The disk is full.",
        "spooler: one of its threads has ended. Restart the service; see its log.",
        "store: the lock of the database was lost. Restart the service.",
    ]
    site.spooler = None


def metrics(site: Site) -> dict[str, float]:
    families = text_string_to_metric_families(health.metrics_text(site).decode())
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_metrics_say_what_the_record_says(site: Site) -> None:
    site.printer_states["zebra-1"] = PrinterState(
        state="stopped", reasons=("paused",), warnings=("media-low",)
    )
    site.printer_states["archive"] = PrinterState()
    assert metrics(site) == {
        "labeler_serials_issued_total": 0,
        "labeler_test_serials_issued_total": 0,
        "labeler_runs_open": 0,
        "labeler_runs_paused": 0,
        "labeler_runs_planned": 0,
        "labeler_labels_doubtful": 0,
        "labeler_labels_waiting zebra-1": 0,
        "labeler_labels_waiting archive": 0,
        "labeler_labels_held zebra-1": 0,
        "labeler_labels_held archive": 0,
        "labeler_printer_stopped zebra-1": 1,
        "labeler_printer_stopped archive": 0,
        "labeler_printer_state zebra-1 unknown": 0,
        "labeler_printer_state zebra-1 idle": 0,
        "labeler_printer_state zebra-1 processing": 0,
        "labeler_printer_state zebra-1 stopped": 1,
        "labeler_printer_state archive unknown": 1,
        "labeler_printer_state archive idle": 0,
        "labeler_printer_state archive processing": 0,
        "labeler_printer_state archive stopped": 0,
        "labeler_printer_reason zebra-1 paused": 1,
        "labeler_printer_reason zebra-1 media-low-warning": 1,
        "labeler_printer_labels_doubtful zebra-1": 0,
        "labeler_printer_labels_doubtful archive": 0,
        "labeler_series_fill_ratio controller-sn": 0,
        "labeler_leases_overdue": 0,
        "labeler_lease_serials_open": 0,
    }
    issue(site, 3)
    found = metrics(site)
    assert (found["labeler_serials_issued_total"], found["labeler_runs_open"]) == (3, 1)
    assert found["labeler_labels_waiting zebra-1"] == 3


def test_printers_at_a_glance(site: Site, clock: plants.Clock) -> None:
    issue(site, 2)
    site.printer_states["archive"] = PrinterState(
        state="stopped", reasons=("media-empty",), since=clock.now, sentence="No media."
    )
    media = {"width_mm": 70.0, "height_mm": 40.0, "roll_labels": None}
    with site.store.read() as transaction:
        zebra, archive = overview.printers(site, transaction)
    assert zebra == {
        "name": "zebra-1",
        "uri": "tcp://127.0.0.1:9",
        "language": "zpl",
        "dpi": 203,
        "media": media,
        "proof": "odometer",
        "emulated": False,
        "state": "unknown",
        "reasons": [],
        "sentence": "",
        "since": None,
        "pause": None,
        "labels_waiting": 2,
        "labels_held": 0,
        "labels_doubtful": 0,
        "groups": [],
        "roll": None,
    }
    assert (archive["name"], archive["proof"], archive["labels_waiting"]) == ("archive", "none", 0)
    assert (archive["state"], archive["reasons"]) == ("stopped", ["media-empty"])
    assert (archive["sentence"], archive["since"]) == ("No media.", clock.now)


def test_paused_and_planned_runs_are_counted(site: Site) -> None:
    runs.open_run(site, order())
    run_steps.pause_run(site, 1, Said(operator="mk", reason="changeover"))
    for _ in range(2):
        runs.plan_run(site, order())
    names = ("labeler_runs_open", "labeler_runs_paused", "labeler_runs_planned")
    found = metrics(site)
    assert [found[name] for name in names] == [0, 1, 2]

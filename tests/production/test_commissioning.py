"""A line commissions its units by hand, by a scan, or by the label that a machine applies."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.production import runs
from labeler.production.lifecycle import changing, history
from labeler.production.lifecycle.changing import UnitOrder
from labeler.production.printing import doubtful
from labeler.production.printing.doubtful import Decision, Finding
from labeler.production.site import Site
from labeler.units import LabelState, RunMode, UnitState
from tests import plants
from tests.plants import FIRST, order, trigger
from tests.production.checked import become
from tests.production.copying import issue_printed, reprint, settle, shown
from tests.production.living import SAID, listed
from tests.production.record import at_once, issue, serials
from tests.production.verified import told, verify

OK = f"Serial '{FIRST}' is right: it was issued by run 1 (AC-100 on line-1)"


def _site(path: Path, url: str, **line: Any) -> Any:
    made = plants.write_site(path / "site", database=url, lines={"line-1": line})
    return plants.opened(made)


@pytest.fixture
def scanned(tmp_path: Path, database_url: str) -> Iterator[Site]:
    """Return a site whose line-1 commissions by a scan."""
    with _site(tmp_path, database_url, commission="by_scan") as service:
        yield service.site


@pytest.fixture
def applied(tmp_path: Path, database_url: str) -> Iterator[Site]:
    """Return a site whose line-1 prints and applies in one."""
    with _site(tmp_path, database_url, commission="when_printed") as service:
        yield service.site


def state(site: Site, serial: str = FIRST) -> str:
    return str(shown(site, serial)["state"])


def commissioned(site: Site, serial: str = FIRST) -> list[dict[str, Any]]:
    """Return what the history of a unit says of its commissioning."""
    with site.store.read() as transaction:
        told = history.show(transaction, serial)["history"]
    return [one for one in told if one["kind"] == "unit_commissioned"]


def test_a_right_scan_commissions_the_unit_and_says_so(scanned: Site) -> None:
    issue_printed(scanned)
    assert told(scanned, line="line-1") == (
        "ok",
        f"{OK}; label 1 is verified, it was printed; its unit is commissioned.",
        {"state": "commissioned"},
    )
    assert state(scanned) == "commissioned"
    detail = {
        "operator": "mk",
        "station": "qa-1",
        "line": "line-1",
        "why": "its label was scanned, and is right",
        "from": "encoded",
        "to": "commissioned",
    }
    assert commissioned(scanned) == [
        {
            "at": plants.NOON,
            "kind": "unit_commissioned",
            "who": "mk",
            "where": "qa-1",
            "why": "its label was scanned, and is right",
            "new": "commissioned",
            "channel": "http",
            "label": None,
            "job": None,
            "copy": None,
            "detail": detail,
        }
    ]


def test_a_scan_commissions_a_unit_whose_label_comes_from_elsewhere(scanned: Site) -> None:
    runs.open_run(scanned, order())
    issue(scanned, trigger("k1", print=False))
    assert told(scanned)[:2] == (
        "ok",
        f"{OK}; its label comes from elsewhere; its unit is commissioned.",
    )
    [event] = commissioned(scanned)
    assert event["detail"]["from"] == "allocated"


def test_a_retry_and_a_second_scan_commission_nothing_again(scanned: Site) -> None:
    issue_printed(scanned)
    first = verify(scanned, key="k")
    assert verify(scanned, key="k") == {**first, "replayed": True}
    assert told(scanned)[0] == "already_verified"
    assert len(commissioned(scanned)) == 1


def test_a_unit_that_a_person_commissioned_is_ok_and_stays_so(scanned: Site) -> None:
    issue_printed(scanned)
    changing.change(
        scanned, UnitOrder(verb="commission", key="c", said=SAID["commission"]), listed(FIRST)
    )
    assert told(scanned) == (
        "ok",
        f"{OK}; label 1 is verified, it was printed; its unit is commissioned already.",
        {"state": "commissioned"},
    )
    assert len(commissioned(scanned)) == 1


@pytest.mark.parametrize(
    "was",
    [UnitState.LABEL_SAMPLED, UnitState.SAMPLED, UnitState.INACTIVE, UnitState.RELEASED],
)
def test_a_scan_of_a_unit_that_cannot_be_commissioned_says_why(
    scanned: Site, was: UnitState
) -> None:
    issue_printed(scanned)
    become(scanned, FIRST, was)
    assert told(scanned) == (
        "other_state",
        (
            f"Serial '{FIRST}' was issued by run 1 (AC-100 on line-1); its unit is {was}, and a "
            "scan commissions only one that is allocated or encoded."
        ),
        {"run": 1, "line": "line-1", "state": was.value},
    )
    assert (state(scanned), commissioned(scanned)) == (was.value, [])


@pytest.mark.parametrize("was", [UnitState.LABEL_SCRAPPED, UnitState.DESTROYED])
def test_a_unit_that_is_gone_stays_gone(scanned: Site, was: UnitState) -> None:
    issue_printed(scanned)
    become(scanned, FIRST, was)
    assert told(scanned)[0] in ("scrapped", "destroyed")
    assert (state(scanned), commissioned(scanned)) == (was.value, [])


@pytest.mark.parametrize("text", [FIRST[:-1], f"(01)04099999000005(21){FIRST}"])
def test_a_scan_that_is_not_ok_commissions_nothing(scanned: Site, text: str) -> None:
    issue_printed(scanned)
    assert told(scanned, text)[0] != "ok"
    assert (state(scanned), commissioned(scanned)) == ("encoded", [])


def test_a_copy_commissions_nothing(scanned: Site) -> None:
    issue_printed(scanned)
    reprint(scanned)
    settle(scanned)
    assert told(scanned, label=2)[0] == "copy"
    assert state(scanned) == "encoded"


def test_another_line_leaves_it_to_people(scanned: Site) -> None:
    runs.open_run(scanned, order(line="line-2"))
    issue(scanned, trigger("k1", line="line-2"))
    settle(scanned)
    assert told(scanned)[1].endswith("label 1 is verified, it was printed.")
    assert state(scanned) == "encoded"


def test_two_scans_at_once_commission_once(tmp_path: Path, postgres_url: str) -> None:
    lines = {"line-1": {"commission": "by_scan"}}
    path = plants.write_site(tmp_path / "site", database=postgres_url, lines=lines)
    with plants.together(path, 2) as services:
        sites = [service.site for service in services]
        issue_printed(sites[0], 8)
        for serial in serials(1, 8):
            found = at_once([partial(verify, one, serial) for one in sites])
            assert sorted(one["verdict"] for one in found) == ["already_verified", "ok"]
            assert len(commissioned(sites[0], serial)) == 1


def test_a_printed_label_commissions_its_unit_and_says_how_that_is_known(applied: Site) -> None:
    issue_printed(applied, 2)
    assert [state(applied, one) for one in serials(1, 2)] == ["commissioned", "commissioned"]
    why = "its label is printed, and what prints for line-1 applies it"
    [event] = commissioned(applied)
    assert (event["channel"], event["label"], event["who"], event["why"], event["detail"]) == (
        "spooler",
        1,
        "line-1",
        why,
        {"line": "line-1", "why": why, "from": "encoded", "to": "commissioned"},
    )


@pytest.mark.parametrize("rung", [LabelState.SENT, LabelState.BUFFERED, LabelState.DOUBTFUL])
def test_a_label_below_its_rung_commissions_nothing(applied: Site, rung: LabelState) -> None:
    runs.open_run(applied, order())
    issue(applied, trigger("k1"))
    settle(applied, rung)
    assert (state(applied), commissioned(applied)) == ("allocated", [])


def test_a_person_who_saw_a_doubtful_label_is_named(applied: Site) -> None:
    runs.open_run(applied, order())
    issue(applied, trigger("k1"))
    settle(applied, LabelState.DOUBTFUL)
    seen = Finding(decision=Decision.PRINTED, reason="seen", operator="ab", channel="http")
    doubtful.decide(applied, 1, seen)
    [event] = commissioned(applied)
    assert (event["who"], event["channel"], state(applied)) == ("ab", "http", "commissioned")


def _sample(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1", print=True))
    become(site, FIRST, UnitState.LABEL_SAMPLED)
    settle(site)


def _copy(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1"))
    settle(site, LabelState.DOUBTFUL)
    seen = Finding(decision=Decision.PRINTED, reason="seen", operator="ab", channel="http")
    doubtful.decide(site, 1, seen)
    become(site, FIRST, UnitState.ENCODED)
    reprint(site)
    settle(site)


@pytest.mark.parametrize(("act", "stays"), [(_sample, "label_sampled"), (_copy, "encoded")])
def test_neither_a_sample_nor_a_copy_is_commissioned_by_printing(
    applied: Site, act: Callable[[Site], None], stays: str
) -> None:
    act(applied)
    assert state(applied) == stays


def test_a_test_serial_is_not_commissioned_by_printing(applied: Site) -> None:
    runs.open_run(applied, order(mode=RunMode.TEST))
    [serial] = issue(applied, trigger("k1")).serials
    settle(applied)
    assert state(applied, serial) == "encoded"


def test_other_lines_of_the_same_printer_are_left_to_people(applied: Site) -> None:
    runs.open_run(applied, order())
    runs.open_run(applied, order(line="line-2"))
    [one] = issue(applied, trigger("k1")).serials
    [two] = issue(applied, trigger("k1", line="line-2")).serials
    settle(applied)
    assert (state(applied, one), state(applied, two)) == ("commissioned", "encoded")


def test_a_line_that_commissions_when_verified_waits_for_the_scan(
    tmp_path: Path, database_url: str
) -> None:
    line = {"commission": "when_printed", "encoded_when": "verified"}
    with _site(tmp_path, database_url, **line) as service:
        issue_printed(service.site)
        assert state(service.site) == "allocated"
        assert verify(service.site)["verdict"] == "ok"
        assert state(service.site) == "commissioned"

"""What holders of leases say became of their serials: each word is heard once, and for ever."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import Refusal
from labeler.production import (
    blocks,
    lease_applying,
    lease_reports,
    runs,
)
from labeler.production.lease_places import Places
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import NOON, order, trigger
from tests.production.leasing import (
    OWN,
    close,
    counts,
    events,
    extend,
    lease,
    lease_ten,
    shown,
    states,
    use,
    void,
)
from tests.production.record import at_once, issue, refused, rows, run, serials


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "CHUNK", 7)
    monkeypatch.setattr(lease_applying, "CHUNK", 3)


@pytest.fixture
def opened(site: Site) -> Site:
    """The plant with a run, one serial of which is on a label, and a lease of the next ten."""
    return lease_ten(site)


def test_used_serials_are_encoded_and_say_who_said_so(opened: Site, clock: plants.Clock) -> None:
    clock.go_on(minutes=5)
    found = use(opened, *OWN[:4], f"{OWN[6]}..{OWN[8]}")
    at = NOON + timedelta(minutes=5)
    report = {
        "id": 1,
        "lease": 1,
        "kind": "used",
        "state": "done",
        "channel": "http",
        "count": 7,
        "late": False,
        "open": 3,
        "operator": None,
        "reason": None,
        "expires_at": None,
        "received_at": at,
        "done_at": at,
    }
    assert found == {**report, "replayed": False}
    assert counts(opened) == (3, 7, 0)
    used = {*OWN[:4], *OWN[6:9]}
    assert {s for s, state in states(opened).items() if state == "encoded"} == used
    detail = {"lease": 1, "holder": "Miller Ltd", "report": 1, "key": "u1"}
    assert events(opened, OWN[7])[1:] == [("lease_used", "http", detail)]
    assert use(opened, *OWN[:4], *OWN[6:9]) == {**report, "replayed": True}
    assert shown(opened)["reports"] == [report]
    assert run(opened, 1)["on_lease"] == 3


def test_voided_serials_are_spent_one_by_one(opened: Site) -> None:
    assert void(opened, *OWN[5:])["open"] == 5
    assert counts(opened) == (5, 0, 5)
    assert events(opened, OWN[9])[1:] == [
        (
            "lease_voided",
            "http",
            {
                "lease": 1,
                "holder": "Miller Ltd",
                "report": 1,
                "key": "v1",
                "operator": "mk",
                "reason": "order canceled",
            },
        )
    ]
    assert issue(opened, trigger("k2")).serials == serials(12)


def test_a_report_with_a_wrong_serial_changes_nothing_and_names_each(opened: Site) -> None:
    use(opened, OWN[0])
    void(opened, OWN[1])
    lease(opened, 3, key="l2")
    before = (rows(opened, schema.event), states(opened))
    wrong = (OWN[2], serials(1)[0], OWN[0], OWN[1], OWN[2], serials(12)[0], "X\x00é", "")
    with pytest.raises(Refusal) as caught:
        use(opened, *wrong, f"{OWN[5]}..{OWN[3]}", f"{OWN[5]}..Y", f"{OWN[0]}..{OWN[3]}", key="u2")
    refusal = caught.value
    assert (refusal.kind.number, refusal.sentence, refusal.hint) == (
        3022,
        (
            f"10 of 11 lines cannot be reported as used. Nothing was changed. Line 2: Serial "
            f"'{serials(1)[0]}' is not of lease 1."
        ),
        "Correct the list and send all of it.",
    )
    said = [(one["line"], one["sentence"]) for one in refusal.extra["wrong"]["first"]]
    assert said == [
        (2, f"Serial '{serials(1)[0]}' is not of lease 1."),
        (3, f"Serial '{OWN[0]}' was reported as used already."),
        (4, f"Serial '{OWN[1]}' was voided already."),
        (5, f"Serial '{OWN[2]}' stands in the list already."),
        (6, f"Serial '{serials(12)[0]}' is not of lease 1."),
        (7, "Serial 'X\x00é' is not of lease 1."),
        (8, "Serial '' is not of lease 1."),
        (9, f"Serial '{OWN[3]}' comes before '{OWN[5]}' in the lease."),
        (10, "Serial 'Y' is not of lease 1."),
        (11, f"Serial '{OWN[0]}' stands in the list already."),
        (11, f"Serial '{OWN[1]}' stands in the list already."),
        (11, f"Serial '{OWN[2]}' stands in the list already."),
    ]
    assert (rows(opened, schema.event), states(opened)) == before
    assert refused(lambda: void(opened, OWN[0], key="v2"))[:2] == (
        3022,
        (
            f"1 of 1 lines cannot be voided. Nothing was changed. Line 1: Serial '{OWN[0]}' was "
            f"reported as used already."
        ),
    )
    assert refused(lambda: use(opened, key="u3")) == (
        1002,
        "The list names no serial.",
        "Name them as serials, or as ranges.",
    )


def test_a_key_is_one_report_for_ever(opened: Site) -> None:
    first = use(opened, *OWN[:2])
    void(opened, *OWN[2:])
    close(opened)
    assert use(opened, OWN[1], OWN[0]) == {**first, "replayed": True}
    number, sentence, hint = refused(lambda: use(opened, OWN[0]))
    assert (number, hint) == (1008, "Send the same for a retry, or a new key for a new report.")
    assert sentence == "Idempotency-Key 'u1' of lease 1 was used for another list of 2 serials."
    assert refused(lambda: void(opened, *OWN[:2], key="u1"))[1].startswith(
        "Idempotency-Key 'u1' of lease 1 was used for 'used', now for 'void operator="
    )
    assert refused(lambda: use(opened, *OWN[:2], "other"))[0] == 1008
    assert refused(lambda: void(opened, *OWN[:2], key="u1"))[0] == 1008
    assert refused(lambda: close(opened, key="u1"))[0] == 1008
    assert refused(lambda: extend(opened, NOON, key="u1"))[0] == 1008
    assert close(opened)["replayed"] is True


def test_a_report_cut_off_by_a_crash_is_done_at_the_next_start(
    opened: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    applying = lease_applying.apply
    calls: list[int] = []

    def fail_the_third(transaction: Any, at: Site, report_id: int) -> bool:
        calls.append(report_id)
        if len(calls) == 3:
            raise ZeroDivisionError
        return applying(transaction, at, report_id)

    monkeypatch.setattr(lease_applying, "apply", fail_the_third)
    assert refused(lambda: use(opened, *OWN[:8]))[0] == 9001
    assert counts(opened) == (4, 6, 0)
    assert [one["state"] for one in shown(opened)["reports"]] == ["applying"]
    assert lease_reports.resume(opened) == 1
    assert counts(opened) == (2, 8, 0)
    assert lease_reports.resume(opened) == 0
    assert use(opened, *OWN[:8])["replayed"] is True


@pytest.mark.parametrize("again", ["same", "another", "close"])
def test_a_report_cut_off_by_a_crash_is_done_by_who_comes_next(opened: Site, again: str) -> None:
    half_report(opened, OWN[:8])
    if again == "same":
        found = use(opened, *OWN[:8])
        assert (found["state"], found["count"], found["replayed"]) == ("done", 8, True)
    elif again == "another":
        assert refused(lambda: void(opened, OWN[7]))[1].endswith("was reported as used already.")
        assert void(opened, OWN[8])["open"] == 1
    else:
        assert close(opened, rest=True)["count"] == 2
    assert counts(opened)[1] == 8


def half_report(site: Site, used: tuple[str, ...], key: str = "u1", seen: int = 0) -> None:
    """Do what a report does before a crash."""
    places = Places(10)
    for serial in used:
        places.add(OWN.index(serial))
    told = f"serials={places.digest}"
    order = lease_reports.ReportOrder(lease_id=1, kind="used", key=key, detail=told)
    wanted = lease_reports._Accepted(order=order, places=places, seen=seen)
    site.store.write(lambda transaction: lease_reports._take(transaction, site, wanted))


def test_what_somebody_else_reported_meanwhile_is_refused(opened: Site) -> None:
    void(opened, *OWN[:3])
    half_report(opened, OWN[3:4], key="u2")
    assert refused(lambda: half_report(opened, OWN[2:6], key="u3")) == (
        3024,
        (
            "1 of 4 serials were reported by somebody else at the same moment, in report 1 of "
            "lease 1. Nothing was changed."
        ),
        "Send it again: then it is said which.",
    )
    half_report(opened, OWN[4:6], key="u3", seen=2)
    half_report(opened, OWN[4:6], key="u3")
    assert counts(opened) == (4, 3, 3)


def test_many_who_report_at_once_are_each_heard_once(opened: Site) -> None:
    outcomes: list[Any] = []

    def tell(number: int) -> None:
        work = use if number % 2 else void
        try:
            outcomes.append(work(opened, *OWN[number : number + 3], key=f"r{number}")["count"])
        except Refusal as refusal:
            outcomes.append(refusal.kind.number)

    threads = [threading.Thread(target=tell, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [one for one in outcomes if one == 3]
    assert done
    assert set(outcomes) <= {3, 3022, 3024}
    assert counts(opened)[0] == 10 - sum(done)


def test_processes_that_report_at_once_are_each_heard_once(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.together(path, 3) as services:
        sites = [service.site for service in services]
        runs.open_run(sites[0], order())
        made = at_once([partial(lease, site, 60) for site in sites])
        assert {one["id"] for one in made} == {1}
        own = list(states(sites[0]))
        works: list[Callable[[], Any]] = []
        for number in range(12):
            some, tell = own[number * 4 : number * 4 + 6], use if number % 2 else void
            works.append(partial(tell, sites[number % 3], *some, key=f"r{number}"))
        works += [partial(use, site, *own[54:], key="same") for site in sites]
        outcomes = at_once(works)
        same = [{**one, "replayed": True} for one in outcomes[12:]]
        assert same == [{**same[0], "state": "done", "count": 6}] * 3
        assert sorted(one["replayed"] for one in outcomes[12:]) == [False, True, True]
        assert {one.kind.number for one in outcomes[:12] if isinstance(one, Refusal)} <= {
            3022,
            3024,
        }
        done = sum(one["count"] for one in outcomes[:12] if isinstance(one, dict)) + 6
        assert counts(sites[1])[0] == 60 - done
        closed = at_once([partial(close, site, rest=True) for site in sites])
        assert {one["count"] for one in closed} == {60 - done}
        assert counts(sites[2])[0] == 0

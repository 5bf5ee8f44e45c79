"""Leases: given with a block, reported back serial by serial, and none of them forgotten."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from labeler.errors import Refusal
from labeler.production import (
    blocks,
    checking,
    lease_applying,
    lease_reports,
    leases,
    overdue,
    runs,
    verifying,
)
from labeler.production.blocks import BlockOrder, issue_block
from labeler.production.lease_places import Places
from labeler.production.lease_terms import Term
from labeler.production.leases import Wanted
from labeler.production.meanings import Expected
from labeler.production.site import Site
from labeler.store import schema, schema_leases
from tests import plants
from tests.plants import NOON, order, trigger
from tests.production.leasing import close, counts, extend, lease, shown, states, use, void
from tests.production.record import at_once, issue, refused, rows, run, serials


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "CHUNK", 7)
    monkeypatch.setattr(lease_applying, "CHUNK", 3)


@pytest.fixture
def opened(site: Site) -> Site:
    """The plant with a run, one serial of which is on a label, and a lease of the next ten."""
    runs.open_run(site, order())
    issue(site, trigger("k1"))
    lease(site, 10)
    return site


OWN = serials(2, 10)
"""The serials of the lease."""

LEASE = {
    "id": 1,
    "run": 1,
    "block": 1,
    "holder": "Miller Ltd",
    "state": "open",
    "quantity": 10,
    "open": 10,
    "used": 0,
    "voided": 0,
    "opened_at": NOON,
    "expires_at": NOON + timedelta(hours=1),
    "closed_at": None,
    "first_position": 2,
    "last_position": 11,
    "first": OWN[0],
    "last": OWN[-1],
    "overdue": False,
}


def events(site: Site, serial: str) -> list[tuple[str, str, dict[str, Any]]]:
    with site.store.read() as transaction:
        found = verifying.show_serial(transaction, serial)["events"]
    return [(one["kind"], one["channel"], one["detail"]) for one in found]


def test_a_lease_is_the_next_serials_of_the_run_in_other_hands(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1"))
    assert lease(site, 10) == {**LEASE, "replayed": False}
    assert states(site) == dict.fromkeys(OWN, "leased")
    assert shown(site) == {**LEASE, "reports": []}
    assert issue(site, trigger("k2")).serials == serials(12)
    assert (run(site, 1)["issued"], run(site, 1)["on_lease"]) == (12, 10)
    assert events(site, OWN[3]) == [
        ("leased", "http", {"key": "l1", "block": 1, "lease": 1, "holder": "Miller Ltd"})
    ]


def test_a_lease_with_a_known_key_is_the_same_lease(opened: Site) -> None:
    assert lease(opened, 10) == {**LEASE, "replayed": True}
    block = "Send the same quantity for a retry, or a new key for a new block."
    hint = "Send the same arguments for a retry, or a new key for a new lease."
    said = "Idempotency-Key 'l1' of run 1 was used with quantity=10 holder=Miller Ltd"
    assert refused(lambda: lease(opened, 10, holder="Smith")) == (
        1008,
        f"{said} expires_in_s=3600, now with quantity=10 holder=Smith expires_in_s=3600.",
        hint,
    )
    assert refused(lambda: issue_block(opened, BlockOrder(run_id=1, quantity=10, key="l1"))) == (
        1008,
        f"{said} expires_in_s=3600, now with quantity=10.",
        block,
    )
    assert refused(lambda: lease(opened, 11))[0] == 1008
    issue_block(opened, BlockOrder(run_id=1, quantity=10, key="b1"))
    assert refused(lambda: lease(opened, 10, key="b1"))[0] == 1008
    assert (rows(opened, schema_leases.lease), rows(opened, schema.unit)) == (1, 21)


def test_a_lease_that_is_over_when_it_begins_is_refused(site: Site, clock: plants.Clock) -> None:
    runs.open_run(site, order())
    term = Term(expires_at=NOON + timedelta(minutes=1))
    lease(site, 2, term=term)
    clock.go_on(minutes=1)
    assert lease(site, 2, term=term)["replayed"] is True
    assert refused(lambda: lease(site, 2, key="l2", term=term)) == (
        1002,
        "expires_at: expected a moment after 2026-11-23T12:01:00Z, got 2026-11-23T12:01:00+00:00.",
        "Say when the holder will have told what became of the serials.",
    )
    assert (rows(site, schema_leases.lease), run(site, 1)["issued"]) == (1, 2)


def test_an_unknown_lease_is_refused(site: Site) -> None:
    expected = (3020, "There is no lease 7.", "List them: GET /api/v1/leases.")
    for work in (
        lambda: shown(site, 7),
        lambda: states(site, 7),
        lambda: use(site, "A", lease_id=7),
        lambda: close(site, lease_id=7),
        lambda: extend(site, NOON, lease_id=7),
    ):
        assert refused(work) == expected


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


def test_a_lease_closes_when_all_are_accounted_for(opened: Site, clock: plants.Clock) -> None:
    use(opened, *OWN[:6])
    with pytest.raises(Refusal) as caught:
        close(opened)
    address = "/api/v1/leases/1/serials?state=leased"
    assert (caught.value.kind.number, caught.value.sentence, caught.value.hint) == (
        3023,
        "Lease 1 has 4 of 10 serials of which Miller Ltd has not said what became of them.",
        f"List them: GET {address}. Report them, or void the rest: void_rest.",
    )
    assert caught.value.extra == {"open": 4, "list": address}
    void(opened, *OWN[6:])
    clock.go_on(minutes=1)
    found = close(opened)
    assert (found["kind"], found["count"], found["open"]) == ("close", 0, 0)
    now = shown(opened)
    assert (now["state"], now["closed_at"]) == ("closed", NOON + timedelta(minutes=1))
    expected = (
        3021,
        "Lease 1 of Miller Ltd was closed at 2026-11-23 12:01:00 UTC.",
        "What became of each of its serials is known: GET /api/v1/leases/1/serials.",
    )
    for work in (
        lambda: use(opened, OWN[0], key="u2"),
        lambda: close(opened, key="c2"),
        lambda: close(opened, key="c3", rest=True),
        lambda: extend(opened, NOON + timedelta(days=1)),
    ):
        assert refused(work) == expected
    assert counts(opened) == (0, 6, 4)


def test_the_rest_of_a_lease_is_voided_by_name(opened: Site) -> None:
    use(opened, *OWN[::2])
    found = close(opened, rest=True)
    assert (found["count"], found["open"], found["operator"]) == (5, 0, "mk")
    assert close(opened, rest=True) == {**found, "replayed": True}
    assert counts(opened) == (0, 5, 5)
    assert shown(opened)["state"] == "closed"
    for serial in OWN[1::2]:
        [(kind, _, detail)] = events(opened, serial)[1:]
        assert (kind, detail["operator"], detail["reason"]) == ("lease_voided", "mk", "returned")


def test_a_lease_outlives_its_run(opened: Site) -> None:
    assert runs.close_run(opened, 1)["on_lease"] == 10
    use(opened, *OWN[:9])
    close(opened, rest=True)
    assert run(opened, 1)["on_lease"] == 0


def test_an_expired_lease_is_overdue_and_nothing_else(opened: Site, clock: plants.Clock) -> None:
    clock.go_on(hours=1)
    before = states(opened)
    assert (shown(opened)["overdue"], states(opened)) == (True, before)
    found = use(opened, OWN[0])
    assert found["late"] is True
    assert events(opened, OWN[0])[1][2]["late"] is True
    assert counts(opened) == (9, 1, 0)
    longer = extend(opened, NOON + timedelta(hours=3))
    assert (longer["kind"], longer["open"], longer["expires_at"]) == (
        "extend",
        9,
        NOON + timedelta(hours=3),
    )
    assert extend(opened, NOON + timedelta(hours=3)) == {**longer, "replayed": True}
    assert refused(lambda: extend(opened, NOON + timedelta(hours=2), key="x2")) == (
        1002,
        (
            "expires_at: expected a moment after 2026-11-23T15:00:00Z, when lease 1 expires now, "
            "got 2026-11-23T14:00:00+00:00."
        ),
        "A lease can be extended, not shortened.",
    )
    assert shown(opened)["overdue"] is False
    assert use(opened, OWN[1], key="u2")["late"] is False
    clock.go_on(hours=2)
    assert shown(opened)["overdue"] is True
    void(opened, *OWN[2:])
    assert shown(opened)["overdue"] is False
    close(opened)
    assert shown(opened)["overdue"] is False


def test_leases_are_listed_the_newest_first(opened: Site, clock: plants.Clock) -> None:
    lease(opened, 2, key="l2", holder="Smith", term=Term(expires_in_s=60))
    clock.go_on(minutes=2)
    lease(opened, 1, key="l3", holder="Smith")
    close(opened, rest=True, lease_id=3)

    def listed(limit: int = 50, before: int | None = None, **wanted: Any) -> list[int]:
        with opened.store.read() as transaction:
            asked = {"before": before, "limit": limit}
            found = leases.list_leases(opened, transaction, Wanted(**wanted), **asked)  # type: ignore[arg-type]
        return [one["id"] for one in found]

    assert listed() == [3, 2, 1]
    assert (listed(limit=1), listed(before=3)) == ([3], [2, 1])
    assert (listed(holder="Smith"), listed(state="open")) == ([3, 2], [2, 1])
    assert (listed(overdue=True), listed(run=1), listed(run=2)) == ([2], [3, 2, 1], [])
    with opened.store.read() as transaction:
        assert overdue.counts(opened, transaction) == {"overdue": 1, "open": 12}


def test_overdue_leases_are_said_once(opened: Site, clock: plants.Clock) -> None:
    watch = overdue.Watch(opened)
    with capture_logs() as logs:
        watch.look()
        clock.go_on(hours=1)
        watch.look()
        watch.look()
        extend(opened, NOON + timedelta(hours=2))
        watch.look()
        clock.go_on(hours=1)
        watch.look()
    said = [one for one in logs if one["event"] == "lease.overdue"]
    assert [(one["lease"], one["holder"], one["open"], one["log_level"]) for one in said] == [
        (1, "Miller Ltd", 10, "warning")
    ] * 2


def test_a_lease_that_expires_while_the_service_runs_is_said(
    opened: Site, clock: plants.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overdue, "LOOK_S", 0.01)
    with capture_logs() as logs, overdue.Watch(opened):
        clock.go_on(hours=1)
        plants.until(lambda: any(one["event"] == "lease.overdue" for one in logs))


def test_a_check_says_to_whom_a_serial_was_given(opened: Site) -> None:
    void(opened, OWN[1])
    use(opened, OWN[2])

    def checked(serial: str, **where: Any) -> tuple[str, str]:
        with opened.store.read() as transaction:
            found = checking.check_text(opened, transaction, serial, expected=Expected(**where))
        return found["verdict"], found["sentence"]

    made = "was issued by run 1 (AC-100 on line-1)"
    assert checked(OWN[0]) == (
        "leased",
        (
            f"Serial '{OWN[0]}' {made} and given to Miller Ltd on lease 1, which has not said what "
            f"became of it."
        ),
    )
    assert checked(OWN[1], line="line-2") == (
        "voided",
        (
            f"Serial '{OWN[1]}' {made} and given to Miller Ltd on lease 1, but it is voided: no "
            f"unit has it, and nobody should meet it."
        ),
    )
    assert checked(OWN[2]) == ("issued", f"Serial '{OWN[2]}' {made}; its unit is encoded.")
    assert checked(OWN[0], line="line-2")[0] == "other_run"


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


def test_a_lease_left_half_filled_is_filled_with_leased_units(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.open_run(site, order())
    filling = blocks._fill
    calls: list[int] = []

    def fail_the_third(transaction: Any, at: Site, allocation_id: int) -> bool:
        calls.append(allocation_id)
        if len(calls) == 3:
            raise ZeroDivisionError
        return filling(transaction, at, allocation_id)

    monkeypatch.setattr(blocks, "_fill", fail_the_third)
    assert refused(lambda: lease(site, 20))[0] == 9001
    assert (shown(site)["open"], shown(site)["last"]) == (20, None)
    assert close(site, rest=True)["count"] == 20
    assert counts(site) == (0, 0, 20)
    assert lease(site, 20)["replayed"] is True
    calls[:] = [0, 0]
    assert refused(lambda: lease(site, 20, key="l2"))[0] == 9001
    assert blocks.resume(site) == 1
    assert counts(site, 2) == (20, 0, 0)


@pytest.mark.parametrize("start", [10, 1])
def test_a_lease_whose_serials_exist_is_about_what_was_issued(
    tmp_path: Path, database_url: str, start: int
) -> None:
    path = plants.write_site(
        tmp_path / "site",
        database=database_url,
        series={
            "controller-sn": {"pattern": "X{counter:4}"},
            "other": {"pattern": "Y{counter:4}"},
        },
        products={"AC-200": {"name": "Other", "series": "other", "template": "unit-label"}},
    )
    with plants.opened(path) as service:
        site = service.site
        runs.open_run(site, order(product="AC-200", line="line-2"))
        [other] = issue(site, trigger("k", line="line-2")).serials
        taken = f"X{start:04d}"
        site.store.write(  # no two series that may run can make one text: only a hand can
            lambda transaction: transaction.run_sql(
                "UPDATE unit SET serial = ? WHERE serial = ?", (taken, other)
            )
        )
        runs.open_run(site, order())
        assert refused(lambda: lease(site, 20, run_id=2))[0] == 3002
        issued = 7 if start == 10 else 0
        found = lease(site, 20, run_id=2)
        assert (found["quantity"], found["replayed"]) == (issued, False)
        assert counts(site) == (issued, 0, 0)
        assert close(site, rest=True)["count"] == issued

"""Leases: given with a block, extended, overdue, closed, and no serial of them forgotten."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from labeler.errors import Refusal
from labeler.production import (
    blocks,
    checking,
    lease_applying,
    leases,
    overdue,
    runs,
)
from labeler.production.blocks import BlockOrder, issue_block
from labeler.production.lease_terms import Term
from labeler.production.leases import Wanted
from labeler.production.meanings import Expected
from labeler.production.site import Site
from labeler.store import schema, schema_leases
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
from tests.production.record import issue, refused, rows, run, serials


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "CHUNK", 7)
    monkeypatch.setattr(lease_applying, "CHUNK", 3)


@pytest.fixture
def opened(site: Site) -> Site:
    """The plant with a run, one serial of which is on a label, and a lease of the next ten."""
    return lease_ten(site)


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
    expected = (
        3020,
        "There is no lease 7.",
        "List them: GET /api/v1/leases, or labeler lease list.",
    )
    for work in (
        lambda: shown(site, 7),
        lambda: states(site, 7),
        lambda: use(site, "A", lease_id=7),
        lambda: close(site, lease_id=7),
        lambda: extend(site, NOON, lease_id=7),
    ):
        assert refused(work) == expected


def test_a_lease_closes_when_all_are_accounted_for(opened: Site, clock: plants.Clock) -> None:
    use(opened, *OWN[:6])
    with pytest.raises(Refusal) as caught:
        close(opened)
    address = "/api/v1/leases/1/serials?state=leased"
    assert (caught.value.kind.number, caught.value.sentence, caught.value.hint) == (
        3023,
        "Lease 1 has 4 of 10 serials of which Miller Ltd has not said what became of them.",
        (
            f"List them: GET {address}, or labeler lease show 1 --state leased --out FILE. Report "
            "them, or void the rest: void_rest, --void-rest."
        ),
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
        (
            "What became of each of its serials is known: GET /api/v1/leases/1/serials, or labeler "
            "lease show 1 --out FILE."
        ),
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

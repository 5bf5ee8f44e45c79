"""The balance of a run: it adds up, or two people say why not; and nothing is made afterwards."""

from functools import partial
from typing import Any, get_args

import pytest
from sqlalchemy import delete, update

from labeler.production import blocks, issuing, runs
from labeler.production.blocks import BlockOrder
from labeler.production.lifecycle.verbs import VERBS
from labeler.production.printing import job_control
from labeler.production.printing.instructions import Instruction
from labeler.production.reconciling import counting, reconciling, records, releasing, voiding
from labeler.production.reconciling.reconciling import Deviation
from labeler.production.reconciling.terms import Balance, Kind
from labeler.production.run_records import Said
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LabelState, RunMode, UnitState
from tests.plants import order, trigger
from tests.production import living
from tests.production.copying import reprint, settle
from tests.production.living import do
from tests.production.record import refused, run, serials
from tests.production.test_run_lives import life

MK = Said(operator="mk")
QA = Said(operator="qa")
LOST = Deviation(reason="fell into the machine", approved_by="qa", difference=1)


def balance(site: Site) -> dict[str, Any]:
    """Return the balance as it is now."""
    with site.store.read() as transaction:
        return records.now(transaction, 1)


def figures(site: Site) -> tuple[Any, ...]:
    """Return its numbers, and the causes of the difference."""
    found = balance(site)
    names = ("issued", "commissioned", "sampled", "scrapped", "destroyed", "unused", "difference")
    causes = {one["cause"]: one["count"] for one in found["causes"]}
    return tuple(found[name] for name in names), causes


def listed(site: Site, kind: Kind) -> list[dict[str, Any]]:
    """Return all pages of a list, two rows each."""
    found: list[dict[str, Any]] = []
    while True:
        with site.store.read() as transaction:
            after = found[-1]["place"] if found else 0
            page = counting.list_serials(transaction, 1, kind, after=after, limit=2)
        found += page
        if len(page) < 2:
            return found


def printed(site: Site, count: int) -> None:
    """Open a run, issue so many, and let their labels be printed."""
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1", quantity=count))
    settle(site, LabelState.PRINTED)


def cancel(site: Site, job_id: int) -> None:
    """Give up labels that wait."""
    job_control.cancel(site, job_id, Instruction(reason="x", operator="mk", channel="http"))


def forge(site: Site, statement: Any) -> None:
    """Change the record behind the verbs' back."""
    with site.store.engine.begin() as connection:
        connection.execute(statement)


def made(site: Site, *, left: int = 0) -> None:
    """Close a run of three units, of which all but so many are commissioned."""
    printed(site, 3)
    do(site, "commission", *serials(1, 3 - left))
    runs.close_run(site, 1, operator="mk")


def test_each_way_of_a_unit_leads_to_one_number(site: Site) -> None:
    printed(site, 9)
    own = serials(1, 9)
    do(site, "commission", *own[:5])
    do(site, "deactivate", own[0])
    do(site, "release", own[1])
    do(site, "sample", own[2], key="s1")
    do(site, "destroy", own[3])
    do(site, "sample", own[5], key="s2")
    do(site, "scrap", own[6])
    issuing.issue_labels(site, trigger("k2"))
    cancel(site, 2)
    issuing.issue_labels(site, trigger("k3", print=False))
    do(site, "void", serials(11)[0])
    assert figures(site) == ((11, 3, 2, 1, 1, 2, 2), {"encoded": 2})
    assert [one["serial"] for one in listed(site, "encoded")] == [own[7], own[8]]
    assert [one["serial"] for one in listed(site, "unused")] == list(serials(10, 2))
    assert [one["serial"] for one in listed(site, "commissioned")] == [own[0], own[1], own[4]]
    assert (balance(site)["balanced"], balance(site)["unvoided"]) == (False, 1)


def test_units_whose_label_may_exist_or_was_made_elsewhere_are_not_unused(site: Site) -> None:
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1"))
    assert figures(site)[1] == {"waiting": 1}
    settle(site, LabelState.DOUBTFUL)
    issuing.issue_labels(site, trigger("k2"))
    settle(site, LabelState.SENT)
    issuing.issue_labels(site, trigger("k3", print=False))
    assert figures(site) == (
        (3, 0, 0, 0, 0, 0, 3),
        {"doubtful": 1, "labelled": 1, "handed_out": 1},
    )
    found = [listed(site, kind)[0]["serial"] for kind in ("doubtful", "labelled", "handed_out")]
    assert found == list(serials(1, 3))
    with site.store.read() as transaction:
        assert counting.unvoided(transaction, 1, after=0, limit=9) == {}


def test_places_without_a_unit_are_missing_and_named(site: Site) -> None:
    runs.open_run(site, order())
    blocks.issue_block(site, BlockOrder(run_id=1, quantity=7, channel="http", key="b1"))
    table = schema.unit
    gone = delete(table).where(table.c.position.in_((1, 4, 5, 7)))
    forge(site, gone)
    assert figures(site)[1] == {"handed_out": 3, "missing": 4}
    places = [(one["first"], one["last"]) for one in listed(site, "missing")]
    assert places == [(1, 1), (4, 5), (7, 7)]
    moved = update(table).where(table.c.position == 6).values(position=9)
    forge(site, moved)
    assert figures(site)[1] == {"handed_out": 2, "missing": 5, "surplus": 1}
    assert [one["place"] for one in listed(site, "surplus")] == [9]


def test_every_number_is_as_long_as_its_list(site: Site) -> None:
    printed(site, 8)
    names = [str(one) for one in UnitState]
    for place, state in enumerate((*names, *names)[:8], start=1):
        step = update(schema.unit).where(schema.unit.c.position == place).values(state=state)
        forge(site, step)
    found = balance(site)
    causes = {one["cause"]: one["count"] for one in found["causes"]}
    for kind in get_args(Kind):
        assert len(listed(site, kind)) == found.get(kind, causes.get(kind, 0)), kind


def test_run_that_adds_up_is_reconciled_and_its_unused_serials_are_voided(site: Site) -> None:
    made(site)
    assert figures(site) == ((3, 3, 0, 0, 0, 0, 0), {})
    found = reconciling.reconcile(site, 1, MK)
    assert {name: found[name] for name in ("issued", "difference", "operator", "reason")} == {
        "issued": 3,
        "difference": 0,
        "operator": "mk",
        "reason": None,
    }
    assert (run(site, 1)["state"], balance(site)["reconciled"]["digest"]) == (
        "reconciled",
        found["digest"],
    )
    assert life(site)[-1] == ("closed", "reconciled", None, "mk", None)


def test_unused_serials_are_voided_chunk_by_chunk_and_after_a_crash(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1", quantity=5))
    cancel(site, 1)
    runs.close_run(site, 1)
    monkeypatch.setattr(voiding, "CHUNK", 2)
    with site.store.read() as transaction:
        found = counting.unvoided(transaction, 1, after=0, limit=2)
    own = list(found.values())
    site.store.write(lambda one: voiding.void(one, site, run_id=1, said=MK, unit_ids=own))
    assert list(found) == [1, 2], "then the service dies"
    assert living.states(site, *serials(1, 5)) == ["voided"] * 2 + ["allocated"] * 3
    assert reconciling.reconcile(site, 1, MK)["unused"] == 5
    assert living.states(site, *serials(1, 5)) == ["voided"] * 5
    told = living.life(site, serials(5)[0])["history"][-2:]
    assert [(one["kind"], one["who"], one["why"]) for one in told] == [
        ("unit_voided", "mk", "reconciled"),
        ("run_reconciled", "mk", None),
    ]


def test_what_becomes_of_units_while_they_are_counted_is_noticed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(site)
    count, own = counting.count, serials(1, 3)
    looks: list[int] = []

    def interrupted(transaction: Transaction, run_id: int) -> Balance:
        found = count(transaction, run_id)
        looks.append(found.terms["destroyed"])
        if len(looks) == 2:  # the one that is to be signed
            do(site, "destroy", own[0])
        return found

    monkeypatch.setattr(counting, "count", interrupted)
    found = reconciling.reconcile(site, 1, MK)
    assert (looks, found["commissioned"], found["destroyed"]) == ([0, 0, 1], 2, 1)


def test_run_whose_units_never_rest_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    made(site)
    monkeypatch.setattr(counting, "has_changed", lambda *_, **__: True)
    assert refused(lambda: reconciling.reconcile(site, 1, MK)) == (
        2030,
        "Something became of units of run 1 each time while it was reconciled.",
        "Let its labels and units rest, and do it again.",
    )


def test_run_that_does_not_add_up_is_refused_with_its_numbers(site: Site) -> None:
    made(site, left=1)
    assert refused(lambda: reconciling.reconcile(site, 1, MK)) == (
        2030,
        (
            "Run 1 issued 3 serials, and 2 commissioned, 0 sampled, 0 scrapped, 0 destroyed, "
            "0 unused: 1 are not accounted for (1 encoded)."
        ),
        (
            "Say what became of them; list them: labeler run balance 1 --list encoded. Or two "
            "people reconcile it with a deviation."
        ),
    )
    assert run(site, 1)["state"] == "closed"


def test_deviation_needs_a_reason_another_person_and_the_right_difference(site: Site) -> None:
    made(site, left=1)

    def sentence(said: Said = MK, **changes: Any) -> tuple[int, str]:
        given = {"reason": "lost", "approved_by": "qa", "difference": 1, **changes}
        work = partial(reconciling.reconcile, site, 1, said, deviation=Deviation(**given))
        return refused(work)[:2]

    alone = "wants to reconcile the run with a deviation, and"
    expected = "approved it. Expected two different people."
    assert sentence(approved_by=" MK ") == (5026, f"'mk' {alone} ' MK ' {expected}")
    assert sentence(approved_by=" ") == (5026, f"'mk' {alone} ' ' {expected}")
    assert sentence(reason=" ") == (1002, "The reason is blank.")
    assert sentence(Said(operator=" ")) == (1002, "The operator is blank.")
    assert sentence(difference=2) == (
        2031,
        "The deviation of run 1 is about a difference of 2, and the difference is 1.",
    )
    do(site, "scrap", serials(3)[0])
    assert sentence(difference=0) == (
        2031,
        "The deviation of run 1 is about a difference of 0, and the difference is 0.",
    )


def test_run_with_a_deviation_keeps_its_difference_and_another_person_releases_it(
    site: Site,
) -> None:
    made(site, left=1)
    found = reconciling.reconcile(site, 1, MK, deviation=LOST)
    signed = (found["difference"], found["approved_by"], found["reason"])
    assert signed == (1, "qa", "fell into the machine")
    assert refused(lambda: releasing.release(site, 1, Said(operator="Mk ")))[:2] == (
        5026,
        "'Mk' reconciled run 1 with a deviation and wants to release it. Expected another person.",
    )
    assert releasing.release(site, 1, QA)["state"] == "released"
    assert life(site)[-2:] == [
        ("closed", "reconciled", None, "mk", "fell into the machine"),
        ("reconciled", "released", None, "qa", None),
    ]


def test_signed_balance_stays_whatever_becomes_of_its_units(site: Site) -> None:
    made(site)
    before = reconciling.reconcile(site, 1, MK)
    do(site, "destroy", serials(1)[0])
    assert figures(site) == ((3, 2, 0, 0, 1, 0, 0), {})
    with site.store.read() as transaction:
        assert records.show(transaction, 1) == before


def test_steps_of_a_run_are_taken_in_order_and_once(site: Site) -> None:
    assert refused(lambda: reconciling.reconcile(site, 1, MK))[0] == 2003
    printed(site, 1)
    do(site, "commission", serials(1)[0])
    assert refused(lambda: reconciling.reconcile(site, 1, MK))[:2] == (
        2021,
        "Run 1 is open: to reconcile it, it has to be closed.",
    )
    runs.close_run(site, 1)
    assert refused(lambda: releasing.release(site, 1, QA)) == (
        2021,
        "Run 1 is closed: to release it, it has to be reconciled.",
        "Reconcile it first: labeler run reconcile 1.",
    )
    with site.store.read() as transaction:
        assert refused(lambda: records.show(transaction, 1))[0] == 2033
    reconciling.reconcile(site, 1, MK)
    again = (2032, "Run 1 is {} already, and its balance is kept as it was.")
    assert refused(lambda: reconciling.reconcile(site, 1, MK))[:2] == (
        again[0],
        again[1].format("reconciled"),
    )
    releasing.release(site, 1, MK)  # without a deviation whoever reconciled it may
    assert refused(lambda: reconciling.reconcile(site, 1, MK))[1] == again[1].format("released")
    assert refused(lambda: releasing.release(site, 1, QA))[0] == 2021


@pytest.mark.parametrize("verb", ["commission", "receive", "sample"])
def test_unit_that_was_not_made_is_not_made_after_its_run_was_reconciled(
    site: Site, verb: str
) -> None:
    made(site, left=1)
    reconciling.reconcile(site, 1, MK, deviation=LOST)
    serial = serials(3)[0]
    assert refused(lambda: do(site, verb, serial, key="late"))[:2] == (
        2032,
        (
            f"Run 1 is reconciled, and the unit with serial '{serial}' was 'encoded' then: it "
            f"cannot become '{VERBS[verb].aim}' any more."
        ),
    )
    assert refused(lambda: reprint(site, serial=serial))[:2] == (
        2032,
        (
            f"Run 1 is reconciled, and the unit with serial '{serial}' was not made then: another "
            "label of it would be one too many."
        ),
    )
    do(site, "scrap", serial)
    assert living.states(site, serial) == ["label_scrapped"]


def test_units_that_were_made_go_on_after_their_run_was_released(site: Site) -> None:
    made(site)
    reconciling.reconcile(site, 1, MK)
    releasing.release(site, 1, QA)
    own = serials(1, 3)
    reprint(site, serial=own[0])
    settle(site, LabelState.PRINTED)
    for verb in ("move", "ship", "return", "commission"):
        do(site, verb, own[0], key=f"{verb}-2")
    do(site, "sample", own[1])
    do(site, "destroy", own[2])
    assert living.states(site, *own) == ["commissioned", "sampled", "destroyed"]


def test_serial_of_which_a_label_may_exist_is_not_voided(site: Site) -> None:
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1"))
    settle(site, LabelState.DOUBTFUL)
    serial = serials(1)[0]
    assert refused(lambda: do(site, "void", serial))[:2] == (
        3025,
        f"Label 1 of serial '{serial}' may exist, so it may be in use.",
    )


def test_test_run_is_reconciled_like_any_other(site: Site) -> None:
    runs.open_run(site, order(mode=RunMode.TEST, quantity=2))
    issuing.issue_labels(site, trigger("k1", quantity=2))
    cancel(site, 1)
    runs.close_run(site, 1)
    assert reconciling.reconcile(site, 1, MK)["unused"] == 2

"""A label is printed again: as a copy, for a reason of the list, once for each wish."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from labeler.production import filling, issuing, runs
from labeler.production.blocks import BlockOrder
from labeler.production.lease_terms import Term, Terms
from labeler.production.leases import open_lease
from labeler.production.printing import doubtful, job_control, reprinting, spool
from labeler.production.printing.doubtful import Decision, Finding
from labeler.production.printing.instructions import Instruction
from labeler.production.printing.reprinting import Which
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import LabelState, UnitState
from tests import plants
from tests.plants import order, trigger
from tests.production import carriers
from tests.production.copying import (
    copies,
    issue_printed,
    queued,
    reprint,
    settle,
    show_copies,
    shown,
    wish,
)
from tests.production.record import at_once, job, refusal, refused, rows

SERIAL = plants.FIRST


def decide(site: Site, label_id: int, decision: Decision) -> None:
    finding = Finding(decision=decision, reason="looked", operator="mk", channel="http")
    doubtful.decide(site, label_id, finding)


def cancel(site: Site, job_id: int) -> None:
    job_control.cancel(site, job_id, Instruction(reason="x", operator="mk", channel="http"))


def test_a_copy_is_queued_and_the_record_says_why_and_who(site: Site) -> None:
    issue_printed(site)
    done = reprint(site, approved_by="ab", note="torn", copies=2)
    assert done == {
        "serial": SERIAL,
        "run": 1,
        "job": 2,
        "printer": "zebra-1",
        "labels": [{"id": 2, "copy": 1}, {"id": 3, "copy": 2}],
        "replayed": False,
    }
    made = job(site, 2)
    assert (made["purpose"], made["state"], made["reason"]) == ("reprint", "pending", "damaged")
    assert made["label_count"] == 2
    assert copies(site) == [(0, "printed"), (1, "queued"), (2, "queued")]
    said = {"reason": "damaged", "operator": "mk", "approved_by": "ab", "note": "torn"}
    assert queued(site) == [{**said, "copy": 1}, {**said, "copy": 2}]
    assert [one["reason"] for one in shown(site)["labels"]] == [None, "damaged", "damaged"]


def test_a_printed_copy_leaves_its_unit_encoded_and_the_next_one_counts_on(site: Site) -> None:
    issue_printed(site)
    reprint(site)
    settle(site)
    assert reprint(site, key="c2")["labels"] == [{"id": 3, "copy": 2}]
    settle(site)
    assert copies(site) == [(0, "printed"), (1, "printed"), (2, "printed")]
    assert shown(site)["state"] == "encoded"


def test_a_retry_makes_no_second_copy(site: Site) -> None:
    issue_printed(site, 2)
    first = reprint(site)
    assert reprint(site) == {**first, "replayed": True}
    assert rows(site, schema.label) == 3
    number, sentence, hint = refused(partial(reprint, site, reason="lost"))
    assert (number, hint) == (
        1008,
        "Send the same arguments for a retry, or a new key for a new label.",
    )
    assert sentence.startswith(
        "Idempotency-Key 'c1' of line 'line-1' was used with reprint unit=1 "
    )
    assert refusal(site, trigger("c1"))[0] == 1008
    assert refused(partial(reprint, site, key="k1"))[0] == 1008


def test_two_processes_at_once_get_copies_one_and_two(tmp_path: Path, postgres_url: str) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.together(path, 2) as services:
        first, second = (service.site for service in services)
        issue_printed(first)
        works: list[Callable[[], Any]] = [
            partial(reprint, first, key="a"),
            partial(reprint, second, key="b"),
        ]
        outcomes = at_once(works)
        assert sorted(one["labels"][0]["copy"] for one in outcomes) == [1, 2]
        assert copies(first) == [(0, "printed"), (1, "queued"), (2, "queued")]


def test_two_threads_at_once_get_copies_one_and_two(site: Site) -> None:
    issue_printed(site)
    works: list[Callable[[], Any]] = [partial(reprint, site, key=key) for key in "ab"]
    outcomes = at_once(works)
    assert sorted(one["labels"][0]["copy"] for one in outcomes) == [1, 2]
    assert copies(site) == [(0, "printed"), (1, "queued"), (2, "queued")]


def test_same_key_at_once_makes_one_copy(tmp_path: Path, postgres_url: str) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.together(path, 2) as services:
        issue_printed(services[0].site)
        works: list[Callable[[], Any]] = [partial(reprint, one.site) for one in services]
        outcomes = at_once(works)
        assert sorted(one["replayed"] for one in outcomes) == [False, True]
        assert copies(services[0].site) == [(0, "printed"), (1, "queued")]


def test_label_that_surely_does_not_exist_is_no_copy(site: Site) -> None:
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1"))
    cancel(site, 1)
    assert reprint(site, copies=2)["labels"] == [{"id": 2, "copy": 0}, {"id": 3, "copy": 1}]


def test_copy_that_was_canceled_keeps_its_number(site: Site) -> None:
    issue_printed(site)
    reprint(site)
    cancel(site, 2)
    assert reprint(site, key="c2")["labels"] == [{"id": 3, "copy": 2}]


def test_doubtful_copy_printed_again_is_the_same_copy(site: Site) -> None:
    issue_printed(site)
    reprint(site)
    settle(site, LabelState.DOUBTFUL)
    decide(site, 2, Decision.PRINT_AGAIN)
    assert copies(site) == [(0, "printed"), (1, "not_printed"), (1, "queued")]
    assert job(site, 3)["reason"] == "looked"
    assert queued(site)[-1] == {
        "decision": "print_again",
        "reason": "looked",
        "operator": "mk",
        "copy": 1,
    }


def test_unit_whose_label_comes_from_elsewhere_gets_a_copy_of_it(site: Site) -> None:
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1", print=False))
    done = reprint(site)
    assert (done["printer"], done["labels"]) == ("zebra-1", [{"id": 1, "copy": 1}])


def test_label_may_name_the_unit(site: Site) -> None:
    issue_printed(site, 2)
    done = reprinting.reprint(site, Which(label_id=2), wish())
    assert (done["serial"], done["labels"]) == (shown(site, done["serial"])["serial"], [
        {"id": 3, "copy": 1}
    ])  # fmt: skip
    assert done["serial"] != SERIAL
    unknown = partial(reprinting.reprint, site, Which(label_id=9), wish())
    assert refused(unknown) == (
        5002,
        "There is no label 9.",
        "The labels of a serial: GET /api/v1/serials/SERIAL/labels, or labeler label show SERIAL.",
    )


def test_unknown_serial_is_refused(site: Site) -> None:
    assert refused(partial(reprint, site))[:2] == (
        3001,
        f"Serial '{SERIAL}' was never issued here.",
    )


@pytest.mark.parametrize("state", [LabelState.QUEUED, LabelState.HELD, LabelState.SENDING])
def test_label_that_waits_is_named(site: Site, state: LabelState) -> None:
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1"))
    site.store.write(lambda one: one.execute(update(schema.label).values(state=state.value)))
    assert refused(partial(reprint, site)) == (
        5022,
        f"Label 1 of serial '{SERIAL}' is '{state}' in job 1: it is not printed yet.",
        "Wait for it. See why it waits: labeler job show 1.",
    )


def test_doubtful_label_is_named(site: Site) -> None:
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1"))
    settle(site, LabelState.DOUBTFUL)
    assert refused(partial(reprint, site)) == (
        5023,
        f"Label 1 of serial '{SERIAL}' is doubtful: it may exist or not.",
        "Look, and say what you found: POST /api/v1/doubtful/1, or labeler doubtful resolve 1.",
    )


@pytest.mark.parametrize("state", ["label_scrapped", "destroyed", "voided"])
def test_unit_that_is_gone_gets_no_label(site: Site, state: str) -> None:
    issue_printed(site)
    gone = update(schema.unit).values(state=UnitState(state).value)
    site.store.write(lambda transaction: transaction.execute(gone))
    assert refused(partial(reprint, site)) == (
        5021,
        f"The unit with serial '{SERIAL}' is '{state}': its serial is spent.",
        "Issue a new serial, and scrap what still carries this one.",
    )


def test_serial_that_is_leased_gets_no_label_from_us(site: Site) -> None:
    runs.open_run(site, order())
    wanted = BlockOrder(run_id=1, quantity=1, key="l1")
    open_lease(site, wanted, Terms(holder="printshop", term=Term(expires_in_s=3600)))
    assert refused(partial(reprint, site)) == (
        5021,
        f"Serial '{SERIAL}' is leased, and its holder has not said what became of it.",
        "Whoever holds the lease makes its label: GET /api/v1/leases, or labeler lease list.",
    )


def test_forgotten_secret_cannot_be_printed_again(tmp_path: Path, database_url: str) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        runs.open_run(site, order())
        [serial] = issuing.issue_labels(site, trigger("k1")).serials
        cancel(site, 1)
        assert reprint(site, serial)["labels"] == [{"id": 2, "copy": 0}]
        settle(site)
        assert refused(partial(reprint, site, serial, key="c2")) == (
            5028,
            (
                f"The label of serial '{serial}' shows 'unlock', a secret that was forgotten when "
                "the label was printed."
            ),
            "Issue a new serial: nobody can print this label again.",
        )


def test_printer_may_be_named(site: Site) -> None:
    issue_printed(site)
    assert reprint(site, printer="archive")["printer"] == "archive"
    settle(site, printer="archive")
    # From then on it is the unit's printer.
    assert reprint(site, key="c2")["printer"] == "archive"
    settle(site, printer="archive")
    assert refused(partial(reprint, site, key="c3", printer="zebra-9")) == (
        5004,
        "There is no printer 'zebra-9'.",
        "Known: zebra-1, archive.",
    )


def test_printer_that_is_gone_is_not_chosen(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path / "site")
    with plants.opened(path) as service:
        issue_printed(service.site)
    changes: dict[str, Any] = {
        "printers": {"zebra-1": None},
        "lines": {"line-1": {"printer": "archive"}, "line-2": {"printer": "archive"}},
    }
    plants.write_site(tmp_path / "site", **changes)
    with plants.opened(path) as service:
        assert reprint(service.site)["printer"] == "archive"
    without = {"line-1": None, "line-2": {"printer": "archive"}}
    plants.write_site(tmp_path / "site", **{**changes, "lines": without})
    with plants.opened(path) as service:
        cancel(service.site, 2)
        site = service.site
        assert reprint(site, key="c2")["printer"] == "archive"  # that of the unit's last label


def test_line_that_is_no_more_has_no_printer(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path / "site")
    with plants.opened(path) as service:
        runs.open_run(service.site, order())
        issuing.issue_labels(service.site, trigger("k1", print=False))
    plants.write_site(tmp_path / "site", lines={"line-1": None})
    with plants.opened(path) as service:
        assert refused(partial(reprint, service.site)) == (
            5027,
            "Line 'line-1' is not in config.yaml any more, so no printer is its own.",
            "Name a printer.",
        )
        assert reprint(service.site, printer="zebra-1")["job"] == 1


def test_printer_with_other_stock_is_refused_and_nothing_is_queued(tmp_path: Path) -> None:
    printers = {"archive": {"media": {"width_mm": 30, "height_mm": 20}}}
    with plants.opened(plants.write_site(tmp_path / "site", printers=printers)) as service:
        issue_printed(service.site)
        number, sentence, hint = refused(partial(reprint, service.site, printer="archive"))
        assert (number, hint) == (4001, "Name another printer; nothing was printed.")
        assert "30 x 20 mm" in sentence
        assert rows(service.site, schema.job) == 1
        assert reprint(service.site)["labels"] == [{"id": 2, "copy": 1}]


def test_copy_says_that_it_is_one(tmp_path: Path, database_url: str) -> None:
    path = plants.write_site(tmp_path / "site", database=database_url)
    show_copies(path.parent)
    with plants.opened(path) as service:
        site = service.site
        issue_printed(site)
        reprint(site)
        with site.store.read() as transaction:
            labels = [spool.job_labels(transaction, one)[0] for one in (1, 2)]
            values = filling.values(site, transaction, labels)
        assert [(one["copy"], one["show_if {copy}"]) for one in values] == [("0", ""), ("1", "1")]


RULES: dict[str, Any] = {
    "reasons": ["torn", "lost"],
    "copies_max": 2,
    "second_person": True,
    "operators": ["mk", "ab"],
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"reason": "damaged"},
            (
                5020,
                (
                    "'damaged' is not a reason for printing a label again. Expected one of: torn, "
                    "lost."
                ),
                "Choose one of them, and say more in the note. The list is reprints.reasons.",
            ),
        ),
        (
            {"operator": "xy"},
            (
                5025,
                "'xy' may not print labels again. Expected one of: mk, ab.",
                "Ask one of them. The list is reprints.operators.",
            ),
        ),
        (
            {"approved_by": None},
            (
                5026,
                (
                    "'mk' wants to print a label again, and nobody approved it. Expected another "
                    "person."
                ),
                "Let somebody else look, and give their name: approved_by.",
            ),
        ),
        (
            {"approved_by": " MK"},
            (
                5026,
                (
                    "'mk' wants to print a label again, and ' MK' approved it. Expected another "
                    "person."
                ),
                "Let somebody else look, and give their name: approved_by.",
            ),
        ),
        (
            {"copies": 3},
            (
                5024,
                "The order goes up to copy 3 of the unit's label. Expected 2 at most.",
                "Scrap the unit, or let the engineer raise reprints.copies_max.",
            ),
        ),
    ],
)
def test_site_decides_why_and_by_whom_and_how_often(
    tmp_path: Path, changes: dict[str, Any], expected: tuple[int, str, str]
) -> None:
    with plants.opened(plants.write_site(tmp_path / "site", reprints=RULES)) as service:
        site = service.site
        issue_printed(site)
        right = {"reason": "torn", "approved_by": "ab"}
        assert refused(partial(reprint, site, **{**right, **changes})) == expected
        # A refusal takes neither the key nor a number.
        assert reprint(site, copies=2, **right)["labels"] == [
            {"id": 2, "copy": 1},
            {"id": 3, "copy": 2},
        ]
        settle(site)
        assert refused(partial(reprint, site, key="c2", **right))[0] == 5024

"""A scan proves that a label exists, whatever was known of it before."""

import pytest

from labeler.production import runs, verifying
from labeler.production.printing import scanning, spool
from labeler.production.printing.scanning import Scan
from labeler.production.site import Site
from labeler.units import LabelState
from tests.plants import FIRST, order, trigger
from tests.production.record import issue, job, refused, serials


def out(site: Site, *states: LabelState) -> None:
    """Issue as many labels, and let the spooler find these states."""
    runs.open_run(site, order())
    issue(site, trigger("k1", quantity=len(states)))
    with site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=100)
    on_the_way = [
        one for one, state in zip(labels, states, strict=True) if state != LabelState.QUEUED
    ]
    spool.claim(site, [(label, "d" * 64) for label in on_the_way], odometer=0)
    for label, state in zip(labels, states, strict=True):
        if state not in (LabelState.QUEUED, LabelState.SENDING):
            spool.settle(site, [label], state, why="a test")


def scan(site: Site, text: str, label: int | None = None) -> tuple[int, str, str]:
    found = scanning.verify(site, Scan(text=text, operator="mk", channel="http", label=label))
    return found["label"], found["was"], found["state"]


@pytest.mark.parametrize(
    "state", [LabelState.SENT, LabelState.BUFFERED, LabelState.PRINTED, LabelState.DOUBTFUL]
)
def test_a_scanned_label_is_verified_and_its_unit_encoded(site: Site, state: LabelState) -> None:
    out(site, state)
    found = scanning.verify(site, Scan(text=FIRST, operator="mk", channel="http"))
    assert found == {
        "label": 1,
        "job": 1,
        "serial": FIRST,
        "was": state.value,
        "state": "verified",
        "sentence": f"Label 1 of serial '{FIRST}' is verified; it was {state.value}.",
    }
    assert job(site, 1)["state"] == "completed"
    with site.store.read() as transaction:
        known = verifying.show_serial(transaction, FIRST)
    assert known["state"] == "encoded"
    [event] = [one for one in known["events"] if one["kind"] == "label_verified"]
    assert (event["channel"], event["detail"]) == ("http", {"scan": FIRST, "operator": "mk"})


@pytest.mark.parametrize(
    "text",
    [
        f"(01)04012345000009(21){FIRST}",
        f"]d2010401234500000921{FIRST}",
        f"https://id.gs1.org/01/04012345000009/21/{FIRST}",
        f" {FIRST.lower()} ",
    ],
)
def test_a_scan_is_read_as_everywhere(sqlite_site: Site, text: str) -> None:
    out(sqlite_site, LabelState.DOUBTFUL)
    assert scan(sqlite_site, text) == (1, "doubtful", "verified")


def test_the_same_scan_again_changes_nothing(sqlite_site: Site) -> None:
    out(sqlite_site, LabelState.PRINTED)
    assert [scan(sqlite_site, FIRST) for _ in range(2)] == [
        (1, "printed", "verified"),
        (1, "verified", "verified"),
    ]
    with sqlite_site.store.read() as transaction:
        events = verifying.show_serial(transaction, FIRST)["events"]
    assert [one["kind"] for one in events].count("label_verified") == 1


def test_a_scan_of_what_no_unit_carries_is_refused(sqlite_site: Site) -> None:
    out(sqlite_site, LabelState.DOUBTFUL)
    assert refused(lambda: scan(sqlite_site, "SN-1")) == (
        3001,
        "'SN-1' is on no unit that was issued here.",
        (
            "Scan it again; POST /api/v1/serials/check, "
            "or labeler check, says what is wrong with a text."
        ),
    )


def test_a_scan_of_a_unit_whose_label_never_left_is_refused(site: Site) -> None:
    out(site, LabelState.SENDING, LabelState.QUEUED)
    hint = (
        "One that is on its way is settled in a moment: scan it again. Else look where the "
        "scanned one comes from."
    )
    for number, state in enumerate(("sending", "queued"), start=1):
        [serial] = serials(number)
        assert refused(lambda: scan(site, serial)) == (  # noqa: B023 - called at once
            5015,
            f"No label of serial '{serial}' can be out yet: label {number} is {state}.",
            hint,
        )


def test_of_several_labels_that_may_be_out_one_has_to_be_named(site: Site) -> None:
    out(site, LabelState.DOUBTFUL, LabelState.PRINTED)
    with site.store.read() as transaction:
        other = spool.job_labels(transaction, 1)[1]

    site.store.write(lambda t: t.run_sql("UPDATE label SET unit_id = 1 WHERE id = ?", [other.id]))
    assert refused(lambda: scan(site, FIRST)) == (
        5016,
        (
            f"Serial '{FIRST}' has 2 labels that may be out, and a scan proves one of them: "
            "1 (print, doubtful), 2 (print, printed)."
        ),
        "Say which one it is by its id, as label, or decide about each.",
    )
    assert scan(site, FIRST, label=1) == (1, "doubtful", "verified")


def test_a_label_that_is_on_its_way_may_be_the_one_that_was_scanned(site: Site) -> None:
    out(site, LabelState.PRINTED, LabelState.SENDING)
    site.store.write(lambda t: t.run_sql("UPDATE label SET unit_id = 1 WHERE id = 2"))
    assert refused(lambda: scan(site, FIRST))[:2] == (
        5016,
        (
            f"Serial '{FIRST}' has 2 labels that may be out, and a scan proves one of them: "
            "1 (print, printed), 2 (print, sending)."
        ),
    )
    assert refused(lambda: scan(site, FIRST, label=2))[0] == 5015
    assert scan(site, FIRST, label=1) == (1, "printed", "verified")


def test_a_label_that_is_named_has_to_be_the_scanned_units(site: Site) -> None:
    out(site, LabelState.DOUBTFUL, LabelState.DOUBTFUL)
    first, second = serials(1, 2)
    assert refused(lambda: scan(site, first, label=2))[:2] == (
        5017,
        f"Label 2 is of serial '{second}', and the scan says '{first}'.",
    )
    assert refused(lambda: scan(site, first, label=99))[:2] == (5002, "There is no label 99.")

"""How many labels are left on a roll, and whether a run has enough."""

from functools import partial
from typing import Any

import pytest

from labeler.production import health, issuing, runs
from labeler.production.printing import forecast, overview, rolls, spool
from labeler.production.printing.rolls import Roll
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import PrinterState, Site
from labeler.units import LabelState
from printers.status import Picture, Silence
from tests.plants import NOON, order, trigger
from tests.production.record import refused


def put_in(site: Site, labels: int | None, printer: str = "zebra-1") -> dict[str, Any]:
    return rolls.put_in(site, printer, Roll(labels=labels, operator="mk", channel="http"))


def roll(site: Site) -> dict[str, Any]:
    with site.store.read() as transaction:
        return rolls.show(site, transaction, "zebra-1")


def counts(site: Site) -> tuple[int, int, bool]:
    found = roll(site)
    return found["used"], found["left"], found["estimated"]


def send(site: Site, key: str, quantity: int, **known: Any) -> list[SpooledLabel]:
    """Issue labels and mark them as being on their way."""
    issuing.issue_labels(site, trigger(key, quantity=quantity))
    with site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=quantity)
    assert spool.claim(site, [(one, "d" * 64) for one in labels], **{"odometer": None, **known})
    return labels


def told(site: Site, count: int) -> None:
    """Let the printer have told its odometer."""
    picture = Picture(status=Silence(question="~HS"), identity=None, label_count=count)
    site.printer_states["zebra-1"] = PrinterState(state="idle", picture=picture)


def test_roll_is_shown_as_it_was_put_in(site: Site) -> None:
    expected = {
        "printer": "zebra-1",
        "at": NOON,
        "labels": 1000,
        "used": 0,
        "left": 1000,
        "estimated": True,
        "operator": "mk",
    }
    assert put_in(site, 1000) == expected
    with site.store.read() as transaction:
        assert overview.printers(site, transaction)[0]["roll"] == expected
    assert 'labeler_printer_labels_left{printer="zebra-1"} 1000.0' in (
        health.metrics_text(site).decode()
    )


def test_roll_is_refused_that_nobody_counted_or_whose_printer_nobody_knows(site: Site) -> None:
    assert refused(partial(roll, site)) == (
        5031,
        "Nobody has said which roll is in printer 'zebra-1'.",
        "Say it at the next change: labeler printer roll zebra-1 --labels N --operator NAME.",
    )
    assert refused(partial(put_in, site, None)) == (
        5031,
        "How many labels are on a roll of printer 'zebra-1' is not known.",
        "Say it (labels), or write printers.zebra-1.media.roll_labels in config.yaml.",
    )
    assert refused(partial(put_in, site, 5, "zebra-9"))[0] == 5004


@pytest.mark.parametrize("state", [LabelState.SENT, LabelState.BUFFERED, LabelState.DOUBTFUL])
def test_label_counts_once_when_it_has_left_and_not_when_it_came_back(
    site: Site, state: LabelState
) -> None:
    runs.open_run(site, order())
    put_in(site, 10)
    labels = send(site, "k1", 3)
    spool.settle(site, labels[:1], LabelState.QUEUED, why="no byte left")
    assert counts(site) == (0, 10, True)
    spool.settle(site, labels[1:], state)
    assert counts(site) == (2, 8, True)
    spool.settle(site, labels[1:], LabelState.PRINTED)
    assert counts(site) == (2, 8, True)


def test_more_labels_than_were_on_the_roll_leave_none(site: Site) -> None:
    runs.open_run(site, order())
    put_in(site, 2)
    spool.settle(site, send(site, "k1", 3), LabelState.SENT)
    assert counts(site) == (3, 0, True)


def test_odometer_counts_what_others_printed_and_what_was_fed(site: Site) -> None:
    runs.open_run(site, order())
    told(site, 500)
    put_in(site, 100)
    assert counts(site) == (0, 100, False)
    labels = send(site, "k1", 2, odometer=503)  # three were fed since
    spool.settle(site, labels, LabelState.PRINTED, odometer_before=503, odometer_after=505)
    assert counts(site) == (5, 95, False)
    told(site, 507)
    assert counts(site) == (7, 93, False)
    put_in(site, 100)
    assert counts(site) == (0, 100, False)
    labels = send(site, "k2", 2, odometer=507)
    spool.settle(site, labels, LabelState.DOUBTFUL, odometer_before=507, why="one came out")
    assert counts(site) == (0, 100, False)  # the next answer says how many came out
    labels = send(site, "k3", 1, odometer=508)
    spool.settle(site, labels, LabelState.PRINTED, odometer_before=508, odometer_after=509)
    assert counts(site) == (2, 98, False)


def test_odometer_that_was_unknown_or_went_back_counts_from_there_on(site: Site) -> None:
    runs.open_run(site, order())
    put_in(site, 100)
    labels = send(site, "k1", 2, odometer=40)
    spool.settle(site, labels, LabelState.PRINTED, odometer_before=40, odometer_after=42)
    assert counts(site) == (2, 98, False)
    labels = send(site, "k2", 3, odometer=7)  # another printer stands there now
    spool.settle(site, labels, LabelState.PRINTED, odometer_before=7, odometer_after=10)
    site.label_counts.clear()
    assert counts(site) == (5, 95, False)
    labels = send(site, "k3", 1, odometer=11)
    spool.settle(site, labels, LabelState.PRINTED, odometer_before=11, odometer_after=12)
    assert counts(site) == (7, 93, False)


def test_forecast_says_what_is_needed_and_what_is_left(site: Site) -> None:
    def told_of(quantity: int) -> dict[str, Any]:
        with site.store.read() as transaction:
            return forecast.of_line(
                site, transaction, "line-1", quantity=quantity, product="AC-100"
            )

    printer: dict[str, Any] = {"printer": "zebra-1", "left": None, "estimated": None, "media": []}
    common: dict[str, Any] = {"line": "line-1", "quantity": 1200}
    nothing = {"needed": 1200, "waiting": 0, "left": None, "enough": None}
    assert told_of(1200) == {**common, **nothing, "printers": [printer], "remarks": []}
    run = runs.open_run(site, order(quantity=1240))
    assert forecast.with_remarks(site, run) == {**run, "remarks": []}
    put_in(site, 900)
    issuing.issue_labels(site, trigger("k1", quantity=40))
    printer = {"printer": "zebra-1", "left": 900, "estimated": True, "media": []}
    assert told_of(1200) == {
        **common,
        "needed": 1240,
        "waiting": 40,
        "left": 900,
        "enough": False,
        "printers": [printer],
        "remarks": ["1,240 labels needed, about 900 left on zebra-1."],
    }
    assert told_of(860)["remarks"] == []
    assert told_of(860)["enough"] is True
    with site.store.read() as transaction:
        run = runs.show(transaction, 1)
    assert forecast.with_remarks(site, run)["remarks"] == [
        "1,240 labels needed, about 900 left on zebra-1."
    ]
    closed = runs.close_run(site, 1)
    assert forecast.with_remarks(site, closed) == {**closed, "remarks": []}


def test_forecast_repeats_that_a_printer_says_its_media_is_low(site: Site) -> None:
    site.printer_states["zebra-1"] = PrinterState(state="idle", warnings=("media-low",))
    with site.store.read() as transaction:
        found = forecast.of_line(site, transaction, "line-1", quantity=5, product=None)
    assert found["remarks"] == ["Printer zebra-1 says: media-low."]

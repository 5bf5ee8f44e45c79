"""Pauses of printers: durable, with a name and a reason, and seen wherever printers are shown."""

from functools import partial
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from labeler.production import health
from labeler.production.printing import overview, pausing, spool
from labeler.production.printing.instructions import Instruction
from labeler.production.site import PrinterState, Site
from tests import plants
from tests.production.queueing import fill
from tests.production.record import refused

WISH = Instruction(reason="head is cleaned", operator="mk", channel="http")
DONE = Instruction(reason="clean", operator="jl", channel="http")
SENTENCE = "Paused by mk: head is cleaned. Go on: labeler printer resume zebra-1."


def shown(site: Site) -> dict[str, Any]:
    """Return what people see of the printer, and why."""
    with site.store.read() as transaction:
        found = overview.printer(site, transaction, "zebra-1")
    return {name: found[name] for name in ("state", "reasons", "sentence", "pause")}


def history(site: Site) -> list[tuple[Any, ...]]:
    """Return the printer's changes, the oldest first."""
    with site.store.read() as transaction:
        found = overview.history(site, transaction, "zebra-1", before=None, limit=10)
    return [(one["state"], one["reasons"], one["sentence"]) for one in reversed(found)]


def test_paused_printer_is_stopped_for_a_reason_that_has_a_name(site: Site) -> None:
    pause = {"at": plants.NOON, "reason": "head is cleaned", "operator": "mk"}
    assert pausing.pause(site, "zebra-1", WISH) == {"printer": "zebra-1", **pause}
    stopped = {"state": "stopped", "reasons": ["paused"], "sentence": SENTENCE, "pause": pause}
    assert shown(site) == stopped
    site.printer_states["zebra-1"] = PrinterState(
        state="stopped", reasons=("paused", "media-empty"), sentence="It says: paused, media-empty."
    )
    assert shown(site) == {
        **stopped,
        "reasons": ["paused", "media-empty"],
        "sentence": f"{SENTENCE} It says: paused, media-empty.",
    }
    assert health.remarks(site) == [f"printer 'zebra-1': {SENTENCE}"]
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(health.metrics_text(site).decode())
        for sample in family.samples
    }
    assert found["labeler_printer_stopped", "zebra-1"] == 1
    assert found["labeler_printer_reason", "zebra-1", "paused"] == 1


def test_paused_printer_takes_no_label_until_it_is_resumed(site: Site) -> None:
    fill(site, 2)
    with site.store.read() as transaction:
        labels = [(one, "d" * 64) for one in spool.waiting(transaction, "zebra-1", limit=2)]
    pausing.pause(site, "zebra-1", WISH)
    pausing.pause(site, "archive", WISH)
    assert spool.claim(site, labels, odometer=7) is False
    resumed = {"printer": "zebra-1", "paused_at": plants.NOON}
    assert pausing.resume(site, "zebra-1", DONE) == resumed
    assert spool.claim(site, labels, odometer=7) is True
    assert (shown(site)["state"], shown(site)["pause"]) == ("unknown", None)


def test_history_says_who_paused_a_printer_and_who_resumed_it(site: Site) -> None:
    site.printer_states["zebra-1"] = PrinterState(
        state="stopped", reasons=("media-empty",), sentence="No media."
    )
    pausing.pause(site, "zebra-1", WISH)
    pausing.resume(site, "zebra-1", DONE)
    assert history(site) == [
        ("stopped", ["paused", "media-empty"], f"{SENTENCE} No media."),
        ("stopped", ["media-empty"], "Resumed by jl: clean. No media."),
    ]


def test_pause_of_a_printer_that_is_paused_or_unknown_is_refused(site: Site) -> None:
    pausing.pause(site, "zebra-1", WISH)
    assert refused(partial(pausing.pause, site, "zebra-1", DONE)) == (
        5009,
        "Printer 'zebra-1' was paused by mk: head is cleaned.",
        "It stays so until it is resumed.",
    )
    assert refused(partial(pausing.resume, site, "archive", DONE)) == (
        5010,
        "Nobody paused printer 'archive'.",
        (
            "Look at it: GET /api/v1/printers/archive, or labeler printer status archive. "
            "What it says of itself ends at the printer."
        ),
    )
    for verb in (pausing.pause, pausing.resume):
        assert refused(partial(verb, site, "x", WISH))[:2] == (5004, "There is no printer 'x'.")

"""Why a label is there: what the record knows of each hop, and what it does not."""

from datetime import datetime
from functools import partial
from typing import Any

from labeler.production import runs
from labeler.production.printing import hops
from labeler.production.site import Site
from tests import plants
from tests.plants import NOON, order, trigger
from tests.production.record import issue, refused


def why(site: Site, serial: str, **said: Any) -> list[tuple[str, datetime | None, float | None]]:
    with site.store.read() as transaction:
        found = hops.why(transaction, serial, **said)
    return [(one.name, one.at, one.took_ms) for one in found]


def test_hops_of_a_label_that_waits_say_what_is_not_known(site: Site) -> None:
    runs.open_run(site, order())
    [serial] = issue(site, trigger("a")).serials
    assert why(site, serial) == [
        ("trigger", None, None),
        ("transaction", NOON, None),
        ("bytes", None, None),
        ("printer", None, None),
        ("proof", None, None),
        ("scan", None, None),
    ]


def test_hops_of_a_label_that_is_none_of_the_serial_are_refused(site: Site) -> None:
    runs.open_run(site, order())
    [serial] = issue(site, trigger("a")).serials
    number, sentence, _ = refused(partial(why, site, serial, label=99))
    assert (number, sentence) == (5002, f"Label 99 is none of serial '{serial}'.")


def test_hops_tell_the_key_and_channel_of_the_trigger(site: Site, clock: plants.Clock) -> None:
    runs.open_run(site, order())
    [serial] = issue(site, trigger("a")).serials
    with site.store.read() as transaction:
        first = hops.why(transaction, serial)[0]
    assert (first.facts["channel"], first.facts["key"]) == ("http", "a")
    assert clock.now == NOON

"""What the tests of units' lives do: order things of them, and read what became of them."""

from typing import Any

from labeler.production.lease_lists import Range, Serials
from labeler.production.lifecycle import changing, history
from labeler.production.lifecycle.changing import UnitOrder
from labeler.production.lifecycle.verbs import VERBS
from labeler.production.site import Site

WORDS = {
    "location": "Hall 2",
    "owner": "ACME",
    "purchase_order": "PO-1",
    "sales_order": "SO-1",
    "reason": "as planned",
}
SAID = {
    verb: {"operator": "mk", **{name: WORDS[name] for name in rule.needs}}
    for verb, rule in VERBS.items()
}
"""Verb -> what it needs, and who says it."""


def listed(*serials: str) -> Serials:
    """Return a list of serials; `A..B` is a range."""
    rows = [text for text in serials if ".." not in text]
    ranges = [text.split("..") for text in serials if ".." in text]
    return Serials(
        rows=list(enumerate(rows, start=1)),
        ranges=tuple(Range(first=first, last=last) for first, last in ranges),
    )


def do(site: Site, verb: str, *serials: str, key: str | None = None, **said: str) -> dict[str, Any]:
    """Do something with units."""
    order = UnitOrder(verb=verb, key=key or f"{verb}-1", said={**SAID[verb], **said})
    return changing.change(site, order, listed(*serials))


def life(site: Site, serial: str) -> dict[str, Any]:
    """Return a unit and its history."""
    with site.store.read() as transaction:
        return history.show(transaction, serial)


def states(site: Site, *serials: str) -> list[str]:
    """Return the states of these units."""
    return [life(site, serial)["state"] for serial in serials]

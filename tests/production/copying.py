"""Labels that were printed, and orders for copies of them."""

from typing import Any

from labeler.production import issuing, runs, verifying
from labeler.production.printing import reprinting, spool
from labeler.production.printing.reprinting import Order, Which
from labeler.production.site import Site
from labeler.units import LabelState
from tests import plants
from tests.plants import order, trigger

COPY = {"text": {"x_mm": 40, "y_mm": 3, "size_mm": 4, "text": "COPY {copy}", "show_if": "{copy}"}}
"""An element that copies have."""


def show_copies(folder: Any) -> None:
    """Let the plant's label say which copy it is."""
    plants.write_template(folder, elements=[*plants.TEMPLATE["elements"], COPY])


def issue_printed(site: Site, count: int = 1) -> tuple[str, ...]:
    """Open a run, issue units and print their labels; return the serials."""
    runs.open_run(site, order())
    found = issuing.issue_labels(site, trigger("k1", quantity=count)).serials
    settle(site)
    return found


def settle(site: Site, state: LabelState = LabelState.PRINTED, printer: str = "zebra-1") -> None:
    """Send every label that waits, and learn what became of it."""
    with site.store.read() as transaction:
        labels = spool.waiting(transaction, printer, limit=100)
    spool.claim(site, [(label, "d" * 64) for label in labels], odometer=7)
    if state is not LabelState.SENDING:
        spool.settle(site, labels, state, why="test")


def wish(key: str = "c1", **changes: Any) -> Order:
    """Return an order for one copy."""
    said = {"channel": "http", "key": key, "reason": "damaged", "operator": "mk"}
    return Order(**{**said, **changes})


def reprint(
    site: Site, serial: str = plants.FIRST, key: str = "c1", **changes: Any
) -> dict[str, Any]:
    """Print the label of a serial again."""
    return reprinting.reprint(site, Which(serial=serial), wish(key, **changes))


def copies(site: Site, serial: str = plants.FIRST) -> list[tuple[int, str]]:
    """Return of each label of a serial which copy it is, and what is known of it."""
    return [(one["copy"], one["state"]) for one in shown(site, serial)["labels"]]


def shown(site: Site, serial: str = plants.FIRST) -> dict[str, Any]:
    """Return everything known of a serial."""
    with site.store.read() as transaction:
        return verifying.show_serial(transaction, serial)


def queued(site: Site, serial: str = plants.FIRST) -> list[dict[str, Any]]:
    """Return what the record says of labels of a serial that were ordered again."""
    events = shown(site, serial)["events"]
    return [one["detail"] for one in events if one["kind"] == "reprint_queued"]

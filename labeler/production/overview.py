"""The printers at a glance."""

from typing import Any

from labeler.production import printing
from labeler.production.site import PrinterState, Site
from labeler.store import Transaction


def printers(site: Site, transaction: Transaction) -> list[dict[str, Any]]:
    """Return every printer of the plant with its state and how many labels wait for it.

    `state` is *unknown* where no spooler runs in this process.
    """
    queues = printing.queue_lengths(transaction)
    found = []
    for name, settings in site.plant.printers.items():
        state = site.printer_states.get(name, PrinterState(state="unknown"))
        found.append(
            {
                "name": name,
                "uri": settings.uri,
                "language": settings.language,
                "dpi": settings.dpi,
                "media": settings.media.model_dump(),
                "proof": "odometer" if site.plant.proves(name) else "none",
                "emulated": settings.emulated,
                "state": state.state,
                "reasons": list(state.reasons),
                "sentence": state.sentence,
                "since": state.since,
                "labels_waiting": queues.get(name, 0),
            }
        )
    return found

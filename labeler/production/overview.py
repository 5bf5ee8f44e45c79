"""The printers at a glance."""

from typing import Any

from labeler.production import printing, queues
from labeler.production.site import PrinterState, Site
from labeler.store import Transaction
from printers import transports


def printers(site: Site, transaction: Transaction) -> list[dict[str, Any]]:
    """Return every printer with its state and how many labels wait for it.

    `state` is *unknown* where no spooler runs in this process. Printers that are gone from
    config.yaml, but for which labels wait, come last.
    """
    waiting = printing.queue_lengths(transaction)
    found = []
    for name, settings in site.plant.printers.items():
        state = site.printer_states.get(name, PrinterState(state="unknown"))
        found.append(
            {
                "name": name,
                "uri": transports.shown(settings.uri),
                "language": settings.language,
                "dpi": settings.dpi,
                "media": settings.media.model_dump(),
                "proof": "odometer" if site.plant.proves(name) else "none",
                "emulated": settings.emulated,
                "state": state.state,
                "reasons": list(state.reasons),
                "sentence": state.sentence,
                "since": state.since,
                "labels_waiting": waiting.get(name, 0),
            }
        )
    return [*found, *(_gone(transaction, n, waiting[n]) for n in queues.gone(site, waiting))]


def _gone(transaction: Transaction, name: str, labels_waiting: int) -> dict[str, Any]:
    settings = ("uri", "language", "dpi", "media", "proof")
    return {
        "name": name,
        **dict.fromkeys(settings),
        "emulated": False,
        "state": "stopped",
        "reasons": ["other"],
        "sentence": queues.gone_sentence(transaction, name),
        "since": None,
        "labels_waiting": labels_waiting,
    }

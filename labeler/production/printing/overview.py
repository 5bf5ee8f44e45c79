"""The printers at a glance, and one of them as it says it is."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from labeler.production.printing import (
    doubtful,
    held,
    pausing,
    printer_facts,
    printer_history,
    queues,
    rolls,
)
from labeler.production.printing.pausing import Pause
from labeler.production.site import PrinterState, Site
from labeler.store import Transaction
from printers import transports
from printers.status import Status


def printers(site: Site, transaction: Transaction) -> list[dict[str, Any]]:
    """Return every printer with its state and how many labels wait for it.

    `state` is *unknown* where no spooler runs in this process. Printers that are gone from
    config.yaml, but for which labels wait, come last.
    """
    pauses, counts = pausing.every(transaction), _counts(transaction)
    entered = rolls.current(site, transaction)
    found = []
    for name, settings in site.plant.printers.items():
        state = pausing.seen(site.printer_states.get(name, PrinterState()), pauses.get(name))
        found.append(
            {
                "name": name,
                "uri": transports.shown(settings.uri),
                "language": settings.language,
                "dpi": settings.dpi,
                "media": settings.media.model_dump(),
                "proof": site.plant.proof(name),
                "emulated": settings.emulated,
                "state": state.state,
                "reasons": list(state.keywords),
                "sentence": state.words,
                "since": state.since,
                "pause": _pause(pauses, name),
                **_of(counts, name),
                "groups": site.plant.groups_of(name),
                "roll": entered.get(name),
            }
        )
    for name in queues.gone(site, {*counts["labels_waiting"], *counts["labels_held"]}):
        gone = {**_gone(transaction, name), "pause": _pause(pauses, name)}
        found.append({**gone, **_of(counts, name)})
    return found


def _counts(transaction: Transaction) -> dict[str, dict[str, int]]:
    """Return how many labels of each printer wait, are held, are doubtful."""
    return {
        "labels_waiting": queues.lengths(transaction),
        "labels_held": held.counts(transaction),
        "labels_doubtful": doubtful.counts(transaction),
    }


def _of(counts: Mapping[str, Mapping[str, int]], name: str) -> dict[str, int]:
    return {what: found.get(name, 0) for what, found in counts.items()}


def _pause(pauses: Mapping[str, Pause], name: str) -> dict[str, Any] | None:
    return pauses[name].shown() if name in pauses else None


def printer(site: Site, transaction: Transaction, name: str) -> dict[str, Any]:
    """Return one printer with what it says of itself; refuse (5004) an unknown one.

    `identity`, `label_count`, `label_length_dots` and `print_mode` are None until it was asked.
    """
    for row in printers(site, transaction):
        if row["name"] == name:
            return {**row, **_said(site, name)}
    raise site.plant.no_such_printer(name)


def history(
    site: Site, transaction: Transaction, name: str, *, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """Return the changes of a printer's condition, the newest first; ``before`` is an id.

    Refuses (5004) a printer that neither config.yaml nor the record knows.
    """
    found = printer_history.list_history(transaction, name, before=before, limit=limit)
    if not found and before is None and name not in site.plant.printers:
        raise site.plant.no_such_printer(name)
    return found


def _said(site: Site, name: str) -> dict[str, Any]:
    state = site.printer_states.get(name, PrinterState())
    picture = state.picture
    identity = picture.identity if picture else None
    status = picture.status if picture and isinstance(picture.status, Status) else None
    settings = site.plant.printers.get(name)
    asks = settings is not None and site.plant.asks(name)
    profile = printer_facts.profile(settings, identity) if settings and asks else None
    return {
        "heard_at": state.heard_at,
        "identity": asdict(identity) if identity else None,
        "profile": asdict(profile) if profile else None,
        "label_count": picture.label_count if picture else None,
        "label_length_dots": status.label_length_dots if status else None,
        "print_mode": status.print_mode if status else None,
    }


def _gone(transaction: Transaction, name: str) -> dict[str, Any]:
    settings = ("uri", "language", "dpi", "media", "proof")
    return {
        "name": name,
        **dict.fromkeys(settings),
        "emulated": False,
        "state": "stopped",
        "reasons": ["other"],
        "sentence": queues.gone_sentence(transaction, name),
        "since": None,
        "groups": None,
        "roll": None,
    }

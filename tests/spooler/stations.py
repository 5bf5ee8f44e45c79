"""A site with a printer, and what became of its labels."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from labeler import app
from labeler.app import Service
from labeler.production import issuing, runs, verifying
from labeler.production.site import Site
from tests import plants
from tests.plants import order, trigger, until
from tests.production.record import job

SOON = {"proof_timeout_s": 0.7}
"""For labels that never come: how long they are waited for."""


@contextmanager
def station(folder: Path, uri: str, **changes: Any) -> Iterator[Service]:
    """Open the plant whose printer zebra-1 is at ``uri``; a run is open on line-1 and line-2."""
    spooler = {"proof_timeout_s": 30, **changes.pop("spooler", {})}
    settings = {"uri": uri, **changes.pop("printer", {})}
    path = plants.write_site(folder, printers={"zebra-1": settings}, spooler=spooler, **changes)
    with plants.opened(path) as service:
        with service.site.store.read() as transaction:
            known = runs.list_runs(transaction)
        for line in () if known else ("line-1", "line-2"):
            runs.open_run(service.site, order(line=line))
        yield service


def address(printer: Any) -> str:
    """Return the URI of a virtual printer."""
    return f"tcp://127.0.0.1:{printer.port}"


def issue(site: Site, key: str = "k1", quantity: int = 1) -> tuple[str, ...]:
    """Issue labels on line-1."""
    return issuing.issue_labels(site, trigger(key, quantity=quantity)).serials


def states(site: Site, job_id: int = 1) -> list[str]:
    """Return what is known of a job's labels."""
    return [str(label["state"]) for label in job(site, job_id)["labels"]]


def until_states(site: Site, *expected: str, job_id: int = 1) -> None:
    """Wait until a job's labels are in these states."""
    until(lambda: states(site, job_id) == list(expected))


def until_stopped(site: Site, *reasons: str, printer: str = "zebra-1") -> str:
    """Wait until the printer is stopped for these reasons; return what people are told."""

    def stopped() -> bool:
        found = site.printer_states[printer]
        return (found.state, found.reasons) == ("stopped", reasons)

    until(stopped)
    return site.printer_states[printer].sentence


def printed(printer: Any) -> list[str]:
    """Return the serials on the labels a virtual printer printed, the oldest first."""
    texts = [label.decode() for label in printer.labels]
    return [text.rpartition("^FDSN ")[2].partition("^FS")[0] for text in texts]


def details(site: Site, serial: str, kind: str) -> list[dict[str, Any]]:
    """Return what the record says of a serial's events of this kind."""
    with site.store.read() as transaction:
        events = verifying.show_serial(transaction, serial)["events"]
    return [event["detail"] for event in events if event["kind"] == kind]


def strangers_labels(printer: Any, count: int) -> None:
    """Print labels of somebody else."""
    before = printer.label_count
    with socket.create_connection(("127.0.0.1", printer.port)) as stranger:
        stranger.sendall(b"^XA^FO10,10^A0N,30,30^FDnot ours^FS^XZ" * count)
    until(lambda: printer.label_count == before + count)


spooling = app.spooling

"""The spooler with a printer that keeps formats: it is sent the values of labels only."""

import hashlib
import os
import pty
import socket
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from labeler.app import Service
from labeler.production import filling, runs
from labeler.production.printing import spool
from labeler.spooler import parcels
from labeler.spooler.courier import Courier
from labeler.spooler.parcels import Parcel, Part, Shelf
from printers import languages, transports
from printers.emulator import VirtualPrinter
from printers.languages import StoredForm
from tests import plants
from tests.plants import order, until
from tests.production.record import job
from tests.spooler.stations import (
    SOON,
    address,
    details,
    issue,
    printed,
    spooling,
    states,
    station,
    until_states,
    until_stopped,
)

STORED = {"stored_formats": True}
FEW = {"labels_in_flight_max": 4}


def stored_count(printer: VirtualPrinter) -> int:
    """How often the printer was sent a format to keep."""
    return sum(what.startswith("stored format ") for _, what in printer.history)


def recalled(service: Service, job_id: int = 1) -> tuple[StoredForm, list[bytes]]:
    """The format of a job's labels, and the labels as they recall it."""
    with service.site.store.read() as transaction:
        labels = spool.job_labels(transaction, job_id)
        rows = filling.values(service.site, transaction, labels)
        run = service.site.pinned(transaction, labels[0].run_id)
    form = languages.stored(service.site.compiled(run, "zebra-1"))
    assert form is not None
    return form, [form.recall(row) for row in rows]


def test_a_job_sends_its_format_once_and_prints_whole_labels(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer), printer=STORED, spooler=FEW) as service:
        issued = issue(service.site, quantity=10)
        with spooling(service):
            until_states(service.site, *["printed"] * 10)
        assert (printed(printer), stored_count(printer)) == (list(issued), 1)
        form, labels = recalled(service)
        assert [one["digest"] for one in job(service.site, 1)["labels"]] == [
            hashlib.sha256(form.download + label).hexdigest() for label in labels
        ]
        assert details(service.site, issued[9], "label_printed") == [
            {"odometer_before": 8, "odometer_after": 10}
        ]


def test_the_next_job_sends_the_format_again(tmp_path: Path, printer: VirtualPrinter) -> None:
    with station(tmp_path, address(printer), printer=STORED, spooler=FEW) as service:
        for key in ("k1", "k2"):
            issue(service.site, key, 8)
        with spooling(service):
            until_states(service.site, *["printed"] * 8, job_id=2)
        assert (printer.label_count, stored_count(printer)) == (16, 2)


def test_a_single_label_is_sent_whole_since_its_format_would_be_longer(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer), printer=STORED) as service, spooling(service):
        issue(service.site)
        until_states(service.site, "printed")
        assert stored_count(printer) == 0
        digest = hashlib.sha256(printer.labels[0] + b"\n").hexdigest()
        assert job(service.site, 1)["labels"][0]["digest"] == digest


def test_labels_one_by_one_of_a_long_job_send_their_format_once_it_pays(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    one = {"labels_in_flight_max": 1}
    with station(tmp_path, address(printer), printer=STORED, spooler=one) as service:
        issued = issue(service.site, quantity=6)
        with spooling(service):
            until_states(service.site, *["printed"] * 6)
        assert (printed(printer), stored_count(printer)) == (list(issued), 1)


def test_labels_without_stored_formats_are_sent_whole(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer)) as service, spooling(service):
        issue(service.site, quantity=10)
        until_states(service.site, *["printed"] * 10)
        assert stored_count(printer) == 0


def test_the_format_is_sent_again_after_a_reconnect(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer), printer=STORED, spooler=FEW) as service:
        issue(service.site, quantity=12)
        courier = Courier(service.site, "zebra-1", stopping=threading.Event(), show=lambda *_: None)
        counts = []
        for parcels_sent in (2, 1):
            with transports.connect(address(printer), timeout_s=2) as connection:
                for _ in range(parcels_sent):
                    assert courier.carry(connection, may_go_on=lambda: False)
                    counts.append(stored_count(printer))
        assert (states(service.site), counts) == (["printed"] * 12, [1, 1, 2])


def test_the_format_is_sent_again_after_the_printer_was_not_ready(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    printer.media_out(after=6)
    with station(tmp_path, address(printer), printer=STORED, spooler=FEW) as service:
        issued = issue(service.site, quantity=12)
        with spooling(service):
            until_stopped(service.site, "media-empty")
            assert stored_count(printer) == 1
            printer.load_media()
            until_states(service.site, *["printed"] * 12)
        assert (printed(printer), stored_count(printer)) == (list(issued), 2)


def test_a_connection_that_drops_within_the_format_loses_no_label(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer), printer=STORED, spooler=SOON) as service:
        issued = issue(service.site, quantity=5)
        form, _ = recalled(service)
        questions = len(b"~HS") + len(b'! U1 getvar "odometer.total_label_count"\r\n')
        printer.drop_connection(after_bytes=questions + len(form.download) // 2)
        with spooling(service):
            until(lambda: not {"queued", "sending"} & set(states(service.site)))
        found = dict(zip(issued, states(service.site), strict=True))
        assert [one for one in issued if found[one] == "printed"] == printed(printer)
        assert set(found.values()) <= {"printed", "doubtful"}


def test_a_printer_switched_off_in_between_prints_no_empty_label(tmp_path: Path) -> None:
    printer = VirtualPrinter(port=0)
    printer.start()
    with station(tmp_path, address(printer), printer=STORED, spooler=FEW) as service:
        with spooling(service):
            first = issue(service.site, quantity=8)
            until_states(service.site, *["printed"] * 8)
            printer.stop()
            second = issue(service.site, "k2", 8)
            printer.start()
            until_states(service.site, *["printed"] * 8, job_id=2)
        assert (printed(printer), stored_count(printer)) == ([*first, *second], 2)
    printer.stop()


def test_without_proof_each_parcel_brings_its_format(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    """Nobody would hear that the printer was switched off."""
    settings = {**STORED, "proof": "none"}
    with station(tmp_path, address(printer), printer=settings, spooler=FEW) as service:
        issue(service.site, quantity=12)
        with spooling(service):
            until_states(service.site, *["sent"] * 12)
        until(lambda: printer.label_count == 12)
        assert stored_count(printer) == 3


def test_copies_are_expected_from_the_odometer(tmp_path: Path, printer: VirtualPrinter) -> None:
    with station(tmp_path, address(printer)) as service:
        plants.write_template(tmp_path, media={"copies": 2})
        runs.close_run(service.site, 1)
        runs.open_run(service.site, order())
        [serial, _] = issue(service.site, quantity=2)
        with spooling(service):
            until_states(service.site, "printed", "printed")
        assert printer.label_count == 4
        assert details(service.site, serial, "label_printed") == [
            {"odometer_before": 0, "odometer_after": 4}
        ]


@contextmanager
def serial_line(printer: VirtualPrinter) -> Iterator[str]:
    """Bring a virtual printer to the far end of a serial line; return the URI of its near end."""
    far, near = pty.openpty()
    tty.setraw(near)
    peer = socket.create_connection(("127.0.0.1", printer.port))

    def carry(read: Any, write: Any) -> None:
        with suppress(OSError):
            while data := read():
                write(data)

    there = threading.Thread(target=carry, args=(lambda: os.read(far, 4096), peer.sendall))
    back = threading.Thread(
        target=carry, args=(lambda: peer.recv(4096), lambda data: os.write(far, data))
    )
    there.start()
    back.start()
    try:
        yield f"serial://{os.ttyname(near)}"
    finally:
        os.close(near)  # the far end reads an error then
        there.join()
        peer.shutdown(socket.SHUT_RDWR)
        back.join()
        peer.close()
        os.close(far)


def test_a_serial_line_that_can_prove_is_sent_values_only(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with (
        serial_line(printer) as uri,
        station(tmp_path, uri) as service,
        spooling(service),
    ):
        issued = issue(service.site, quantity=10)
        until_states(service.site, *["printed"] * 10)
        assert (printed(printer), stored_count(printer)) == (list(issued), 1)


@pytest.mark.parametrize(
    ("uri", "changes", "stores"),
    [
        ("serial:///dev/ttyS9", {}, True),
        ("serial:///dev/ttyS9", {"proof": "none"}, False),
        ("serial:///dev/ttyS9", {"stored_formats": False}, False),
        ("tcp://127.0.0.1:9", {}, False),
        ("tcp://127.0.0.1:9", STORED, True),
    ],
)
def test_formats_are_stored_by_default_where_bytes_take_time_and_losses_show(
    tmp_path: Path, uri: str, changes: dict[str, Any], stores: bool
) -> None:
    with station(tmp_path, uri, printer=changes) as service:
        assert service.site.plant.stores("zebra-1") is stores


def test_a_label_is_untouched_while_no_byte_of_its_own_left(tmp_path: Path) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9") as service:
        issue(service.site, quantity=3)
        with service.site.store.read() as transaction:
            labels = spool.waiting(transaction, "zebra-1", limit=10)
    parts = [
        Part(lead=b"format", own=b"11", digest=""),
        Part(own=b"22", digest=""),
        Part(lead=b"other", own=b"33", digest=""),
    ]
    parcel = Parcel(labels=labels, parts=parts, name="test")
    assert parcel.data == b"format1122other33"
    untouched = [len(parcel.reached(count).untouched) for count in range(len(parcel.data) + 1)]
    assert untouched == [3] * 7 + [2] * 2 + [1] * 7 + [0] * 2


def test_two_forms_in_one_parcel_each_bring_their_own_format(tmp_path: Path) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9") as service:
        site = service.site
        issue(site, quantity=4)
        runs.close_run(site, 1)
        runs.open_run(site, order(lot="L77"))
        issue(site, "k2", 4)
        with site.store.read() as transaction:
            labels = spool.waiting(transaction, "zebra-1", limit=10)
            rows = filling.values(site, transaction, labels)
            found = [site.pinned(transaction, label.run_id) for label in labels]
        forms = [site.compiled(run, "zebra-1") for run in found]
        shelf = Shelf()
        parts = shelf.parts(labels, forms=forms, rows=rows)
        assert [bool(part.lead) for part in parts] == [True, *[False] * 3] * 2
        shelf.sent(Parcel(labels=labels, parts=parts, name="test"))
        again = shelf.parts(labels[4:], forms=forms[4:], rows=rows[4:])
        assert [part.lead for part in again] == [b""] * 4
        assert [part.digest for part in again] == [part.digest for part in parts[4:]]
        shelf.clear()
        assert shelf.parts(labels[4:], forms=forms[4:], rows=rows[4:])[0].lead == parts[4].lead
        assert parcels.whole(forms[0], rows[0]).own == forms[0].render(rows[0])

"""The spooler over a serial line and into a folder."""

import hashlib
import os
import pty
import tty
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from labeler.production import runs
from labeler.production.printing import queues, spool
from labeler.production.printing.instructions import Instruction
from labeler.units import LabelState
from tests import plants
from tests.plants import order, until
from tests.production.record import job
from tests.spooler.stations import (
    details,
    issue,
    spooling,
    states,
    station,
    until_states,
    until_stopped,
)

WISH = Instruction(reason="new printer", operator="mk", channel="http")


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    """Return the far end of a serial line, and the name of its near end."""
    far, near = pty.openpty()
    tty.setraw(near)
    name = os.ttyname(near)
    yield far, f"serial://{name}"
    os.close(far)
    os.close(near)


def read(far: int, count: int) -> bytes:
    """Return so many labels from the far end of a serial line."""
    found = b""
    while found.count(b"^XZ") < count:
        found += os.read(far, 65_536)
    return found


def test_label_over_a_serial_line_without_proof_is_only_sent(
    tmp_path: Path, line: tuple[int, str]
) -> None:
    far, uri = line
    with station(tmp_path, uri, printer={"proof": "none"}) as service, spooling(service):
        first, second = issue(service.site, quantity=2)
        sent = read(far, 2)
        until_states(service.site, "sent", "sent")
        assert sent.index(first.encode()) < sent.index(second.encode())
        assert details(service.site, first, "label_sent") == [{"proof": "none"}]


def test_label_for_a_serial_line_that_is_not_there_waits(tmp_path: Path) -> None:
    uri = f"serial://{tmp_path}/ttyNOTHING"
    with station(tmp_path / "site", uri, printer={"proof": "none"}) as service, spooling(service):
        issue(service.site)
        sentence = until_stopped(service.site, "connecting-to-device")
        assert sentence.startswith(f"Serial line {tmp_path}/ttyNOTHING cannot be opened: ")
        assert states(service.site) == ["queued"]


ARCHIVE = {"lines": {"line-1": {"printer": "archive"}}}


def test_labels_into_a_folder_are_printed_once_the_document_is_there(tmp_path: Path) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9", **ARCHIVE) as service, spooling(service):
        first, _, _ = issue(service.site, quantity=3)
        until_states(service.site, *["printed"] * 3)
        [path] = (tmp_path / "pdf").glob("*.pdf")
        assert path.name == "run-000001-job-00000001.pdf"
        document = pypdfium2.PdfDocument(path)
        assert len(document) == 3
        document.close()
        digests = {label["digest"] for label in job(service.site, 1)["labels"]}
        assert len(digests) == 1
        assert details(service.site, first, "label_printed") == [{"document": path.name}]


def test_labels_of_a_language_without_pages_are_a_file_each(tmp_path: Path) -> None:
    printers = {"archive": {"uri": "file:png/", "language": "png"}}
    path = plants.write_site(tmp_path, printers=printers, lines=ARCHIVE["lines"])
    with plants.opened(path) as service, spooling(service):
        runs.open_run(service.site, order())
        first, second, _ = issue(service.site, quantity=3)
        until_states(service.site, *["printed"] * 3)
        issue(service.site, "k2")
        until_states(service.site, "printed", job_id=2)
        names = [
            "run-000001-job-00000001-1.png",
            "run-000001-job-00000001-2.png",
            "run-000001-job-00000001-3.png",
            "run-000001-job-00000002-1.png",
        ]
        assert sorted(path.name for path in (tmp_path / "png").glob("*.png")) == names
        assert details(service.site, second, "label_printed") == [{"document": names[1]}]
        found = (tmp_path / "png" / names[1]).read_bytes()
        shown = service.web.test_client().get("/api/v1/jobs/1/labels.png?position=2").data
        assert found == shown != (tmp_path / "png" / names[0]).read_bytes()
        digest = job(service.site, 1)["labels"][1]["digest"]
        assert digest == hashlib.sha256(found).hexdigest()
        assert details(service.site, first, "label_printed") == [{"document": names[0]}]


def test_documents_of_jobs_come_one_by_one(tmp_path: Path) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9", **ARCHIVE) as service:
        for number in range(5):
            issue(service.site, f"k{number}", 2)
        with spooling(service):
            until_states(service.site, "printed", "printed", job_id=5)
        assert sorted(path.name for path in (tmp_path / "pdf").glob("*.pdf")) == [
            f"run-000001-job-0000000{number}.pdf" for number in range(1, 6)
        ]


def test_document_found_sending_is_written_again_in_its_place(tmp_path: Path) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9", **ARCHIVE) as service:
        issue(service.site, quantity=2)
        with service.site.store.read() as transaction:
            labels = spool.waiting(transaction, "archive", limit=10)
        spool.claim(service.site, [(label, "d" * 64) for label in labels], odometer=None)
        (tmp_path / "pdf").mkdir()
        (tmp_path / "pdf/run-000001-job-00000001.pdf").write_bytes(b"half")
        with spooling(service):
            until_states(service.site, "printed", "printed")
        [path] = (tmp_path / "pdf").glob("*.pdf")
        assert path.read_bytes().startswith(b"%PDF-")


def test_labels_of_a_job_that_come_in_two_parts_are_two_documents(tmp_path: Path) -> None:
    lines = {"line-1": {"printer": "zebra-1"}}
    with station(tmp_path, "tcp://127.0.0.1:9", lines=lines) as service:
        issued = issue(service.site, quantity=3)
        with service.site.store.read() as transaction:
            first = spool.waiting(transaction, "zebra-1", limit=1)
        spool.claim(service.site, [(label, "d" * 64) for label in first], odometer=0)
        with spooling(service):
            queues.move(service.site, "zebra-1", WISH, to="archive")
            until(lambda: states(service.site)[1:] == ["printed", "printed"])
    with station(tmp_path, "tcp://127.0.0.1:9", lines=lines) as service:
        spool.settle(service.site, first, LabelState.QUEUED)  # it never left
        with spooling(service):
            queues.move(service.site, "zebra-1", WISH, to="archive")
            until_states(service.site, "printed", "printed", "printed")
        names = ["run-000001-job-00000001-2.pdf", "run-000001-job-00000001.pdf"]
        assert sorted(path.name for path in (tmp_path / "pdf").glob("*.pdf")) == names
        assert details(service.site, issued[1], "label_printed") == [{"document": names[0]}]
        assert details(service.site, issued[0], "label_printed") == [{"document": names[1]}]


def test_label_sent_to_a_printer_whose_name_is_a_folder_now_is_doubtful(tmp_path: Path) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9") as service:
        [serial] = issue(service.site)
        with service.site.store.read() as transaction:
            labels = spool.waiting(transaction, "zebra-1", limit=1)
        spool.claim(service.site, [(label, "d" * 64) for label in labels], odometer=0)
    folder = {"language": "pdf"}
    with station(tmp_path, "file:pdf/", printer=folder) as service, spooling(service):
        until_states(service.site, "doubtful")
        assert details(service.site, serial, "label_doubtful") == [
            {"why": "the service stopped while it was on its way"}
        ]


def test_document_that_cannot_be_written_waits(tmp_path: Path) -> None:
    (tmp_path / "pdf").write_text("in the way")
    with station(tmp_path, "tcp://127.0.0.1:9", **ARCHIVE) as service, spooling(service):
        issue(service.site)
        sentence = until_stopped(service.site, "connecting-to-device", printer="archive")
        assert sentence.startswith(f"Folder {tmp_path}/pdf for labels cannot be made: ")
        assert states(service.site) == ["queued"]
        (tmp_path / "pdf").unlink()
        until_states(service.site, "printed")


def test_archive_is_written_while_the_lines_printer_is_away(tmp_path: Path) -> None:
    lines = {"line-1": {"archive": "archive"}}
    with station(tmp_path, "tcp://127.0.0.1:9", lines=lines) as service, spooling(service):
        issue(service.site)
        until_states(service.site, "printed", job_id=2)
        until(lambda: service.site.printer_states["zebra-1"].state == "stopped")
        assert states(service.site) == ["queued"]

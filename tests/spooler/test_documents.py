"""The spooler with printers that take documents and cannot be asked for an odometer."""

from pathlib import Path

import pypdfium2

from tests.printers.lpd_server import LpdServer
from tests.spooler.stations import (
    details,
    issue,
    spooling,
    states,
    station,
    until_states,
    until_stopped,
)

PDF = {"language": "pdf"}


def test_labels_of_a_job_travel_in_one_document_and_are_in_the_queue(tmp_path: Path) -> None:
    with LpdServer() as server:
        uri = f"lpd://127.0.0.1:{server.port}/labels"
        with station(tmp_path, uri, printer=PDF) as service, spooling(service):
            first, _, _ = issue(service.site, quantity=3)
            until_states(service.site, *["buffered"] * 3)
            assert details(service.site, first, "label_buffered") == [
                {"document": "run-000001-job-00000001.pdf"}
            ]
        [found] = server.documents
    document = pypdfium2.PdfDocument(found)
    assert len(document) == 3
    document.close()


def test_documents_that_left_without_an_acknowledgement_are_doubtful_and_not_sent_again(
    tmp_path: Path,
) -> None:
    with LpdServer(refuse="data file") as server:
        uri = f"lpd://127.0.0.1:{server.port}/labels"
        with station(tmp_path, uri, printer=PDF) as service, spooling(service):
            issue(service.site, quantity=2)
            until_states(service.site, "doubtful", "doubtful")
        assert len(server.control_files) == 1


def test_documents_that_surely_never_left_wait(tmp_path: Path) -> None:
    with LpdServer(refuse="job") as server:
        uri = f"lpd://127.0.0.1:{server.port}/labels"
        with station(tmp_path, uri, printer=PDF) as service:
            issue(service.site, quantity=2)
            with spooling(service):
                sentence = until_stopped(service.site, "connecting-to-device")
            assert sentence.startswith(f"Queue {uri} did not take 'run-000001-job-00000001.pdf', ")
            assert states(service.site) == ["queued", "queued"]
        assert server.documents == []


def test_the_list_of_printers_shows_no_password(tmp_path: Path) -> None:
    uri = "ipp://line1:s3cret@127.0.0.1:9/ipp/print"
    with station(tmp_path, uri, printer=PDF) as service:
        found = service.web.test_client().get("/api/v1/printers")
        shown = "ipp://line1:***@127.0.0.1:9/ipp/print"
        assert f'"uri":"{shown}"' in found.text.replace(" ", "")
        assert "s3cret" not in found.text
        with spooling(service):
            issue(service.site)
            sentence = until_stopped(service.site, "connecting-to-device")
        assert sentence.startswith(f"Printer {shown} cannot be reached: ")

"""Errands: what a person asks of a printer is done between labels, or refused in time."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import Refusal
from labeler.production.printing import errands, overview
from labeler.production.printing.errands import Wish
from labeler.production.site import Site
from labeler.spooler import errands as desks
from labeler.store.schema_printers import printer_pause
from printers.emulator import VirtualPrinter
from tests import plants
from tests.plants import NOON, until
from tests.printers.far_ends import far_stream
from tests.printers.lpd_server import LpdServer
from tests.spooler.stations import (
    address,
    details,
    issue,
    printed,
    spooling,
    station,
    until_states,
    until_stopped,
)

WISH = Wish(operator="mk", channel="http")


def refused(verb: Callable[[], object]) -> tuple[int, str]:
    """Return number and sentence of what a verb refuses."""
    with pytest.raises(Refusal) as found:
        verb()
    return found.value.kind.number, found.value.sentence


def ask_for_one(site: Site, printer: str = "zebra-1") -> dict[str, Any]:
    return errands.print_test_label(site, printer, WISH)


def in_background(verb: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=verb, daemon=True)
    thread.start()
    return thread


def history(site: Site, printer: str = "zebra-1") -> list[str]:
    """Return what the record says of the printer, the newest first."""
    with site.store.read() as transaction:
        found = overview.history(site, transaction, printer, before=None, limit=20)
    return [one["sentence"] for one in found]


def test_test_label_is_printed_when_the_odometer_says_so_and_is_on_the_record(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer)) as service, spooling(service):
        assert ask_for_one(service.site) == {
            "printer": "zebra-1",
            "state": "printed",
            "sentence": "Its odometer says so.",
            "label_count_before": 0,
            "label_count_after": 1,
        }
        [label] = printer.labels
        assert b"^FDzebra-1^FS" in label
        assert b"^FDzpl 203 dpi, 70 x 40 mm^FS" in label
        assert history(service.site)[0] == (
            "Test label, asked for by mk: printed. Its odometer says so."
        )
        until(lambda: service.site.printer_states["zebra-1"].state == "idle")


def test_test_label_comes_between_parcels_and_takes_no_proof_from_them(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    spooler = {"labels_in_flight_max": 2}
    with station(tmp_path, address(printer), spooler=spooler) as service:
        expected = issue(service.site, quantity=40)
        with spooling(service):
            until(lambda: printer.label_count > 1)
            assert ask_for_one(service.site)["state"] == "printed"
            until_states(service.site, *["printed"] * 40)
        texts = [label.decode() for label in printer.labels]
        [at] = [index for index, text in enumerate(texts) if "^FDzpl 203 dpi" in text]
        assert 2 <= at < 40
        assert at % 2 == 0
        assert tuple(one for index, one in enumerate(printed(printer)) if index != at) == expected
        before = [
            detail["odometer_before"]
            for serial in expected
            for detail in details(service.site, serial, "label_printed")
        ]
        assert before == [n - n % 2 + (n >= at) for n in range(40)]


def test_test_label_is_refused_with_the_reasons_of_a_printer_that_is_stopped(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    printer.pause()
    with station(tmp_path, address(printer)) as service, spooling(service):
        said = (5041, "Printer 'zebra-1' says: paused. Press its pause button. Nothing was sent.")
        assert refused(lambda: ask_for_one(service.site)) == said
        issue(service.site)
        until_stopped(service.site, "paused")
        assert refused(lambda: ask_for_one(service.site)) == said
        printer.resume()
        until_states(service.site, "printed")
        assert ask_for_one(service.site)["state"] == "printed"
        assert printer.label_count == 2


def test_test_label_is_refused_at_once_where_nobody_answers(tmp_path: Path) -> None:
    spooler = {"retry_delay_max_s": 600}
    with station(tmp_path, "tcp://127.0.0.1:9", spooler=spooler) as service, spooling(service):
        number, sentence = refused(lambda: ask_for_one(service.site))
        assert number == 5041
        assert sentence.startswith("Printer tcp://127.0.0.1:9 cannot be reached: ")
        assert sentence.endswith(" Nothing was sent.")
        assert refused(lambda: ask_for_one(service.site))[0] == 5041


def test_test_label_that_waits_for_labels_on_their_way_is_refused_and_never_comes(
    tmp_path: Path, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "BEGIN_TIMEOUT_S", 0.2)
    printer.media_out(after=1)
    with station(tmp_path, address(printer)) as service, spooling(service):
        issued = issue(service.site, quantity=3)
        until_stopped(service.site, "media-empty")
        assert refused(lambda: ask_for_one(service.site)) == (
            5041,
            "Printer 'zebra-1' says: media-empty. Put in a roll. Nothing was sent.",
        )
        printer.load_media()
        until_states(service.site, *["printed"] * 3)
        assert errands.check(service.site, "zebra-1") == {"printer": "zebra-1", "findings": []}
        assert printed(printer) == list(issued)


def test_second_errand_of_a_printer_is_refused(
    tmp_path: Path, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "WATCH_TIMEOUT_S", 1.0)
    printer.accept_and_never_print(True)
    found: list[dict[str, Any]] = []
    with station(tmp_path, address(printer)) as service, spooling(service):
        first = in_background(lambda: found.append(ask_for_one(service.site)))
        until(lambda: service.site.printer_states["zebra-1"].state == "processing")
        assert refused(lambda: ask_for_one(service.site)) == (
            5040,
            "Somebody else asks something of printer 'zebra-1' just now.",
        )
        first.join()
    assert found == [
        {
            "printer": "zebra-1",
            "state": "sent",
            "sentence": "It was not through with it in time: look at it.",
            "label_count_before": 0,
            "label_count_after": 0,
        }
    ]


def test_test_label_that_stops_the_printer_is_only_sent(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    printer.media_out(after=0)
    with station(tmp_path, address(printer)) as service, spooling(service):
        try:
            found = ask_for_one(service.site)
        except Refusal as refusal:
            assert refusal.extra == {"reasons": ["media-empty"]}  # noqa: PT017
        else:
            assert found["state"] == "sent"


def test_test_label_of_a_folder_is_a_document_of_its_own(tmp_path: Path) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9") as service, spooling(service):
        found = ask_for_one(service.site, "archive")
        [path] = (tmp_path / "pdf").glob("*.pdf")
        assert path.name.startswith("test-label-20261123T1200")
        assert (found["state"], found["sentence"]) == (
            "printed",
            f"Document {path.name} is written.",
        )


def test_test_label_of_a_printer_that_cannot_be_asked_is_only_sent(tmp_path: Path) -> None:
    with LpdServer() as server:
        uri = f"lpd://127.0.0.1:{server.port}/labels"
        with station(tmp_path, uri, printer={"language": "pdf"}) as service, spooling(service):
            found = ask_for_one(service.site)
            assert (found["state"], found["sentence"]) == (
                "sent",
                "It cannot be asked what became of it: look at it.",
            )
        assert len(server.documents) == 1


def test_calibration_is_done_when_the_printer_is_idle_again(
    tmp_path: Path, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "QUIET_S", 0.2)
    with station(tmp_path, address(printer)) as service, spooling(service):
        found = errands.calibrate(service.site, "zebra-1", WISH)
        assert (found["state"], found["sentence"]) == ("done", "It is idle again.")
        assert "~JC" in [name for _, name in printer.history]
        assert history(service.site)[0] == "Calibration, asked for by mk: done. It is idle again."
        issue(service.site)
        until_states(service.site, "printed")


@pytest.mark.parametrize(
    ("tracking", "command"), [("gap", "GAPDETECT"), ("mark", "BLINEDETECT"), (None, "AUTODETECT")]
)
def test_calibration_of_a_tspl_printer_looks_for_what_its_stock_has(
    tmp_path: Path, tracking: str | None, command: str
) -> None:
    with far_stream("tcp") as far:
        tspl = {"language": "tspl", "tracking": tracking}
        with station(tmp_path, far.uri, printer=tspl) as service, spooling(service):
            found = errands.calibrate(service.site, "zebra-1", WISH)
            assert (found["state"], found["sentence"]) == (
                "sent",
                "It cannot be asked what became of it: look at it.",
            )
            until(lambda: far.received() == f"{command}\r\n".encode())
            assert history(service.site)[0] == (
                "Calibration, asked for by mk: sent. It cannot be asked what became of it: look at "
                "it."
            )


def test_what_has_no_command_for_it_cannot_be_calibrated(tmp_path: Path) -> None:
    tspl = {"language": "tspl", "tracking": "continuous"}
    with station(tmp_path, "tcp://127.0.0.1:9", printer=tspl) as service, spooling(service):
        sentence = "cannot be told to measure its stock: language"
        assert refused(lambda: errands.calibrate(service.site, "zebra-1", WISH)) == (
            5042,
            f"Printer 'zebra-1' {sentence} tspl, tracking continuous, tcp://127.0.0.1:9.",
        )
        assert refused(lambda: errands.calibrate(service.site, "archive", WISH)) == (
            5042,
            f"Printer 'archive' {sentence} pdf, tracking its own, file:{tmp_path}/pdf/.",
        )


def test_check_asks_a_printer_now_and_says_what_it_says(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    spooler = {"status_interval_s": 0}
    with station(tmp_path, address(printer), spooler=spooler) as service, spooling(service):
        assert service.site.printer_states["zebra-1"].state == "unknown"
        assert errands.check(service.site, "zebra-1")["findings"] == []
        assert service.site.printer_states["zebra-1"].state == "idle"
        printer.pause()
        assert errands.check(service.site, "zebra-1")["findings"] == [
            "Printer 'zebra-1' says: paused. Press its pause button."
        ]


def test_check_of_a_folder_names_what_is_missing_changed_or_strange(tmp_path: Path) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9") as service:
        [nothing] = errands.check(service.site, "archive")["findings"]
        assert nothing.startswith("It cannot be read: ")
        with spooling(service):
            for _ in range(2):
                ask_for_one(service.site, "archive")
                service.site.clock.go_on(seconds=1)  # type: ignore[attr-defined]
        assert errands.check(service.site, "archive") == {"printer": "archive", "findings": []}
        first, second = sorted((tmp_path / "pdf").glob("*.pdf"))
        first.unlink()
        second.write_bytes(b"other")
        (tmp_path / "pdf/mine.pdf").write_bytes(b"mine")
        found = errands.check(service.site, "archive")["findings"]
        assert [one.split(":")[0] for one in found] == [
            f"Document {first.name} is missing",
            f"Document {second.name} has changed",
            "Document mine.pdf is not in index.csv",
        ]


def test_printer_that_keeps_nothing_and_says_nothing_cannot_be_checked(tmp_path: Path) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9", printer={"proof": "none"}) as service:
        number, sentence = refused(lambda: errands.check(service.site, "zebra-1"))
        assert number == 5042
        assert sentence == (
            "Printer 'zebra-1' cannot be checked: it keeps no documents here, and nobody asks it "
            "(tcp://127.0.0.1:9)."
        )


def test_errand_needs_a_spooler(tmp_path: Path) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9") as service:
        assert refused(lambda: ask_for_one(service.site)) == (
            5043,
            "No service runs here that could ask printer 'zebra-1'.",
        )


def test_paused_printer_prints_no_test_label_and_can_be_checked(
    tmp_path: Path, printer: VirtualPrinter, database_url: str
) -> None:
    uri = address(printer)
    with station(tmp_path, uri, database=database_url) as service, spooling(service):
        row = {"printer": "zebra-1", "at": NOON, "reason": "new roll", "operator": "jo"}
        service.site.store.write(lambda t: t.execute(printer_pause.insert().values(**row)))
        assert refused(lambda: ask_for_one(service.site)) == (
            5041,
            "Paused by jo: new roll. Go on: labeler printer resume zebra-1. Nothing was sent.",
        )
        assert errands.check(service.site, "zebra-1")["findings"] == []
        service.site.store.write(lambda t: t.execute(printer_pause.delete()))
        assert ask_for_one(service.site)["state"] == "printed"
        assert history(service.site)[0].startswith("Test label, asked for by mk: printed.")


def test_errand_is_refused_while_the_service_stops(tmp_path: Path, printer: VirtualPrinter) -> None:
    with station(tmp_path, address(printer)) as service, spooling(service) as spooler:
        spooler.stop()
        assert refused(lambda: ask_for_one(service.site)) == (9006, "The service is stopping.")


def test_stock_that_is_too_small_for_a_test_label_is_refused(tmp_path: Path) -> None:
    printer = {"media": {"width_mm": 5, "height_mm": 40}}
    path = plants.write_site(tmp_path, printers={"archive": printer})
    with plants.opened(path) as service:
        assert refused(lambda: ask_for_one(service.site, "archive"))[0] == 4001

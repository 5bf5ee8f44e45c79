"""What the log and the people hear of a printer that stops."""

from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from labeler.spooler import notices
from printers.emulator import VirtualPrinter
from printers.status import Status
from tests.plants import until
from tests.spooler.stations import (
    address,
    issue,
    spooling,
    station,
    until_states,
    until_stopped,
)

EMPTY = "Printer 'zebra-1' says: media-empty. Put in a roll."


def test_stop_in_the_middle_of_a_label_is_over_with_the_last_label_and_the_log_tells_of_both(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    printer.media_out(after=1)
    with station(tmp_path, address(printer)) as service, capture_logs() as logs, spooling(service):
        issue(service.site, quantity=3)
        until_stopped(service.site, "media-empty")
        printer.load_media()
        until_states(service.site, *["printed"] * 3)
        until(lambda: service.site.printer_states["zebra-1"].state == "idle", timeout_s=9)
    assert [row for row in logs if row["event"].startswith("printer.")] == [
        {
            "event": "printer.stopped",
            "log_level": "warning",
            "printer": "zebra-1",
            "reasons": ("media-empty",),
            "why": EMPTY,
        },
        {"event": "printer.goes_on", "log_level": "info", "printer": "zebra-1"},
    ]


def test_log_does_not_say_that_a_printer_goes_on_of_which_nobody_knows_any_more(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    printer.pause()
    with station(tmp_path, address(printer)) as service, capture_logs() as logs, spooling(service):
        issue(service.site)
        until_stopped(service.site, "paused")
    found = [row["event"] for row in logs if row["event"].startswith("printer.")]
    assert found == ["printer.stopped"]


def test_lost_answer_about_the_counter_does_not_make_it_a_printer_without_one(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    spooler = {"reply_timeout_s": 0.05}
    with station(tmp_path, address(printer), spooler=spooler) as service, spooling(service):
        until(lambda: service.site.printer_states["zebra-1"].state == "idle")
        printer.fault("lose-answer 1")
        issue(service.site)
        assert until_stopped(service.site, "other") == (
            "Printer 'zebra-1' did not tell its label count (odometer.total_label_count) within "
            "0.05 s; it is asked again. If it never tells, set proof: none for it in config.yaml; "
            "its labels then stay 'sent'."
        )
        until_states(service.site, "printed")


def test_what_a_printer_says_comes_with_what_to_do() -> None:
    def says(*reasons: Any, details: tuple[str, ...] = ()) -> str:
        status = Status(
            ready=False, reasons=reasons, labels_waiting=0, receiving=False, details=details
        )
        return notices.says("zebra-1", status)

    assert [
        says("media-empty"),
        says("marker-supply-empty", "cover-open"),
        says("other", details=("printhead too hot",)),
        says(),
    ] == [
        EMPTY,
        "Printer 'zebra-1' says: marker-supply-empty, cover-open. Put in a ribbon. Close its head.",
        "Printer 'zebra-1' says: other (printhead too hot).",
        "",
    ]

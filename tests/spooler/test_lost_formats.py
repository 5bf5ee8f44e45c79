"""A printer that lost labels may have lost its formats, though it was never seen to be off."""

from printers.emulator import VirtualPrinter
from tests.spooler.stations import address, issue, printed, spooling, station, until_states

QUICK = {"labels_in_flight_max": 4, "proof_timeout_s": 1.0}


def test_after_labels_that_were_lost_the_format_is_sent_again(tmp_path):
    with VirtualPrinter(port=0) as printer:
        printer.fault("after 4 labels: never-print for 0.6 s")
        stored = {"stored_formats": True}
        with station(tmp_path, address(printer), spooler=QUICK, printer=stored) as service:
            serials = issue(service.site, quantity=12)
            with spooling(service):
                until_states(service.site, *["printed"] * 4, *["doubtful"] * 4, *["printed"] * 4)
        assert printed(printer) == [*serials[:4], *serials[8:]]
        sent = [what for _, what in printer.history if what.startswith("stored format ")]
        assert len(sent) == 2

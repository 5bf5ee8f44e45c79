"""Of a label only the beginning arrived: the printer waits for its end, the spooler must not."""

import os

import pytest

from printers.emulator import VirtualPrinter
from tests.plants import until
from tests.spooler.stations import issue, printed, spooling, station, until_states, until_stopped

QUICK = {"write_timeout_s": 0.3}


@pytest.fixture
def printer(tmp_path):
    with VirtualPrinter.on_pty(link=tmp_path / "line") as printer:
        yield printer


def test_a_beginning_that_nobody_ends_is_forgotten_and_labels_go_on(tmp_path, printer):
    """As it lies there when the service was killed in the middle of a write to a serial line."""
    with station(tmp_path, printer.uri, spooler=QUICK) as service:
        line = os.open(tmp_path / "line", os.O_WRONLY | os.O_NOCTTY)
        os.write(line, b"^XA^FO10,10^A0N,30,30^FDSN AC26")
        os.close(line)
        serials = issue(service.site)
        with spooling(service):
            assert (
                until_stopped(service.site, "other") == "Printer 'zebra-1' prints labels of others."
            )
            until_states(service.site, "printed")
    assert printed(printer) == list(serials)
    assert "~JX" in [what for _, what in printer.history]


def test_a_label_of_somebody_else_that_ends_is_left_alone(tmp_path, printer):
    with station(tmp_path, printer.uri) as service:
        line = os.open(tmp_path / "line", os.O_WRONLY | os.O_NOCTTY)
        os.write(line, b"^XA^FO10,10^A0N,30,30^FDnot")
        issue(service.site)
        with spooling(service):
            until_stopped(service.site, "other")
            os.write(line, b" ours^FS^XZ")
            os.close(line)
            until_states(service.site, "printed")
    until(lambda: printer.label_count == 2)
    assert "~JX" not in [what for _, what in printer.history]

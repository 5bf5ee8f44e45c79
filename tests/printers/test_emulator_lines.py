"""Faults of the line alone, over TCP and over a serial line, and what each line is like."""

import contextlib
import itertools
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.emulator import VirtualPrinter, faults
from printers.emulator.answers import Profile
from printers.emulator.machine import Machine
from printers.emulator.press import Press
from printers.emulator.receiver import Ending, Receiver
from printers.emulator.tray import Tray
from printers.emulator.wires import Wire
from printers.errors import TransportError
from printers.languages import zpl
from tests.printers.emulated import (
    READY,
    ask,
    came_out,
    connect,
    count,
    happened,
    label,
    labels,
    make,
    send,
    wait_until,
)


@pytest.fixture(params=["tcp", "pty"])
def line(request):
    return request.param


@pytest.fixture
def printer(line):
    with make(line) as running:
        yield running


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [
        ("disconnect", []),
        ("after 2 labels: disconnect", ["label 1", "label 2"]),
        ("in label 1: disconnect", []),
        ("in label 3: disconnect", ["label 1", "label 2"]),
    ],
)
def test_before_in_or_after_a_label_the_connection_breaks_and_the_rest_is_lost(
    printer, fault, arrived
):
    printer.pause()
    with connect(printer) as connection:
        printer.fault(fault)
        try_to_send(connection, labels(1, 2, 3, 4))
        wait_until(lambda: "connection dropped" in happened(printer))
        with pytest.raises(TransportError):
            connection.read(timeout_s=2)
    printer.resume()
    with connect(printer) as connection:
        send(connection, label(5))
        wait_until(lambda: came_out(printer) == [*arrived, "label 5"])


def test_the_connection_breaks_when_half_a_label_has_arrived(printer):
    printer.fault("in label 2: disconnect")
    with connect(printer) as connection:
        send(connection, label(1) + label(2)[:20])
        wait_until(lambda: "connection dropped" in happened(printer))
    wait_until(lambda: came_out(printer) == ["label 1"])


def test_a_stored_format_is_no_label_on_the_line(printer):
    printer.fault("in label 1: disconnect")
    with connect(printer) as connection:
        send(connection, b"^XA^DFR:A.ZPL^FS^FO9,9^FN1^FS^XZ")
        wait_until(lambda: ask(connection) == READY)
        try_to_send(connection, label(1))
        wait_until(lambda: "connection dropped" in happened(printer))


def test_a_half_open_tcp_connection_is_dead_and_the_next_one_works():
    with VirtualPrinter(port=0) as printer:
        with connect(printer) as dead:
            printer.fault("after 1 label: half-open")
            send(dead, labels(1, 2))
            wait_until(lambda: "connection abandoned" in happened(printer))
            send(dead, label(3))
            assert zpl.ask_status(dead, timeout_s=0.05) is None
        with connect(printer) as connection:
            send(connection, label(4))
            wait_until(lambda: came_out(printer) == ["label 1", "label 4"])


def test_bytes_written_into_a_cut_connection_arrive_late_when_it_heals():
    with VirtualPrinter(port=0) as printer, connect(printer) as connection:
        printer.fault("half-open for 0.2 s")
        send(connection, labels(1, 2))
        assert zpl.ask_status(connection, timeout_s=0.02) is None
        assert printer.pieces == ()
        wait_until(lambda: came_out(printer) == ["label 1", "label 2"])


def test_what_is_sent_into_a_cut_serial_cable_is_lost():
    with make("pty") as printer, connect(printer) as connection:
        printer.fault("after 1 label: half-open")
        send(connection, labels(1, 2))
        wait_until(lambda: "the line is cut" in happened(printer))
        assert zpl.ask_status(connection, timeout_s=0.05) is None
        printer.mend_line()
        wait_until(lambda: "what was on the line is lost" in happened(printer))
        assert (ask(connection), count(connection)) == (READY, 1)
        send(connection, label(3))
        wait_until(lambda: came_out(printer) == ["label 1", "label 3"])


def test_a_cut_serial_cable_heals_by_itself():
    with make("pty") as printer, connect(printer) as connection:
        printer.fault("half-open for 0.05 s")
        wait_until(lambda: "what was on the line is lost" in happened(printer))
        assert ask(connection) == READY


@pytest.mark.parametrize("fault", ["after 1 label: xoff", "in label 2: xoff"])
def test_after_xoff_nothing_is_taken_and_nothing_is_lost(printer, fault):
    printer.fault(fault)
    with connect(printer) as connection:
        send(connection, labels(1, 2))
        wait_until(lambda: "takes no more bytes" in happened(printer))
        assert not is_heard(connection)
        wait_until(lambda: came_out(printer) == ["label 1"])
        printer.mend_line()
        wait_until(lambda: came_out(printer) == ["label 1", "label 2"])


def test_xoff_is_over_by_itself(printer):
    printer.fault("xoff for 0.05 s")
    with connect(printer) as connection:
        send(connection, label(1))
        wait_until(lambda: printer.label_count == 1)


def test_xoff_stalls_the_sender_on_a_serial_line():
    with make("pty") as printer, connect(printer) as connection:
        assert ask(connection) == READY
        printer.fault("xoff")
        time.sleep(0.05)  # XOFF is a byte on its way
        with pytest.raises(TransportError) as stalled:
            connection.write(label(1), name="test", timeout_s=0.1)
        assert stalled.value.bytes_written == 0
        printer.mend_line()
        send(connection, label(2))
        wait_until(lambda: came_out(printer) == ["label 2"])


def test_a_full_buffer_says_xoff_on_a_serial_line_and_loses_nothing():
    with make("pty", buffer_bytes=1000) as printer, connect(printer) as connection:
        printer.pause()
        with pytest.raises(TransportError) as stalled:
            connection.write(label(0) * 3000, name="test", timeout_s=0.2)
        whole_labels = stalled.value.bytes_written // len(label(0))
        assert printer.state.is_full
        printer.resume()
        wait_until(lambda: printer.label_count == whole_labels)


def test_one_bit_of_a_label_arrives_wrong(printer):
    printer.fault("after 1 label: data-noise")
    with connect(printer) as connection:
        printer.pause()
        send(connection, labels(1, 2, 3))
        wait_until(lambda: printer.state.formats + printer.state.remaining == 3)
        printer.resume()
        wait_until(lambda: printer.label_count == 3)
    apart = [bits_apart(one, label(number)) for number, one in enumerate(printer.labels, start=1)]
    assert apart == [0, 1, 0]


def test_bytes_take_the_time_of_the_baud_rate(line):
    with make(line, baud=9600) as printer, connect(printer) as connection:
        start = time.monotonic()
        send(connection, labels(1, 2, 3))
        wait_until(lambda: printer.label_count == 3)
        assert time.monotonic() - start >= len(labels(1, 2, 3)) * 10 / 9600
        assert ask(connection) == READY


def test_a_hung_up_serial_line_comes_back_under_its_link(tmp_path):
    link = tmp_path / "printer"
    with make("pty", link=link) as printer:
        assert printer.uri == f"serial://{link}?baudrate=9600&flow=xonxoff"
        with connect(printer) as connection:
            printer.drop_connection()
            with pytest.raises(TransportError):
                connection.read(timeout_s=2)
        wait_until(lambda: "connection dropped" in happened(printer))
        with connect(printer) as connection:
            assert ask(connection) == READY
    assert not link.is_symlink()


def test_a_link_replaces_no_file(tmp_path):
    (tmp_path / "printer").write_text("precious")
    with pytest.raises(OSError, match="is no link: expected a free name"):
        make("pty", link=tmp_path / "printer").start()
    assert (tmp_path / "printer").read_text() == "precious"


def test_programs_may_come_and_go_on_a_serial_line():
    with make("pty") as printer:
        with connect(printer) as connection:
            send(connection, label(1))
            wait_until(lambda: came_out(printer) == ["label 1"])
        with connect(printer) as connection:
            send(connection, label(2))
            wait_until(lambda: came_out(printer) == ["label 1", "label 2"])
        with pytest.raises(TypeError, match="has no port: use its uri"):
            _ = printer.port


def test_switched_off_and_on_a_serial_line_works_again():
    printer = make("pty")
    with printer, connect(printer) as connection:
        send(connection, label(1))
        wait_until(lambda: came_out(printer) == ["label 1"])
    with printer, connect(printer) as connection:
        send(connection, label(2))
        wait_until(lambda: came_out(printer) == ["label 1", "label 2"])


class Pieces(Wire):
    """A line on which bytes come in pieces of our choice."""

    is_cable = False

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self._ready, peer = socket.socketpair()
        peer.close()
        self.said = b""

    def fileno(self) -> int:
        return self._ready.fileno()

    def read(self, limit: int) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""

    def write(self, data: bytes) -> None:
        self.said += data

    def hold(self) -> None:
        pass

    def release(self) -> None:
        pass

    def close(self) -> None:
        self._ready.close()


STREAM = (
    b"^XA^DFR:A.ZPL^FS^FO9,9^FN1^FS^XZ\r\n~HI" + labels(1) + b"^XA^XFR:A.ZPL^FS^FN1^FDx^FS^XZ~HI"
    b"^XA^FDgone~JA^FS^XZ" + labels(3, 4, 5)
)
ANSWER = b"\x02labeler virtual printer,V1.0,8,8176KB\x03\r\n"


def outcome(script: list[str], pieces: list[bytes]) -> tuple[Ending, int, bytes]:
    """Return how it ended, how many formats wait to be printed, and what was said."""
    tray = Tray(folder=None, book=None, pieces_kept=9, picture_dpi=None)
    press = Press(tray, label_time_s=0, buffer_bytes=9999, counts_torn=False, note=lambda _: None)
    machine = Machine(press, profile=Profile(), seed=0, note=lambda _: None)
    receiver = Receiver(machine, baud=None)
    for text in script:
        machine.add(faults.parse(text))
    wire = Pieces(pieces)
    try:
        ending = receiver.serve(wire)
    finally:
        wire.close()
        receiver.close()
    return ending, press.state.formats, wire.said


@given(st.lists(st.integers(0, len(STREAM))))
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ([], (Ending.GONE, 3, ANSWER * 2)),
        (["in label 2: disconnect"], (Ending.DROPPED, 2, ANSWER)),
        (["after 2 labels: disconnect"], (Ending.DROPPED, 3, ANSWER)),
        (["in label 4: half-open"], (Ending.ABANDONED, 1, ANSWER * 2)),
        (["noise", "after 3 labels: half-open"], None),
    ],
)
def test_the_same_happens_however_the_reads_cut(script, expected, cuts):
    edges = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[left:right] for left, right in itertools.pairwise(edges) if left < right]
    found = outcome(script, pieces)
    assert found == (expected or outcome(script, [STREAM]))


def is_heard(connection):
    """Whether somebody answers; a serial line that stands after XOFF takes not even a question."""
    try:
        return zpl.ask_status(connection, timeout_s=0.05) is not None
    except TransportError:
        return False


def try_to_send(connection, data):
    with contextlib.suppress(TransportError):  # The printer was quicker.
        send(connection, data)


def bits_apart(one, other):
    assert len(one) == len(other)
    return sum((a ^ b).bit_count() for a, b in zip(one, other, strict=True))

import itertools
import socket
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import transports
from printers.device import Device
from printers.emulator import VirtualPrinter
from printers.emulator.parser import Command, Format, Parser, Setting
from printers.errors import TransportError
from printers.languages import zpl
from printers.status import Status
from printers.transports._addresses import Address
from printers.transports._raw import RawConnection
from printers.transports._stream import open_stream
from tests.printers.pictures import DPI, UNIT, UNIT_VALUES

READY = Status(
    ready=True,
    reasons=(),
    labels_waiting=0,
    receiving=False,
    label_length_dots=320,
    print_mode="tear",
)
STREAM = (
    b'junk^XA^FO1,1^FDone^FS^XZ\r\n~HS! U1 getvar "odometer.total_label_count"\r\n'
    b"^XA^FDtwo~HQES^FS^XZ~JA^xa^FDthree^FS^xz"
    b"^XA^FDnever~JA^FS^XZ^XA^FDnor this~JXfour^FS^XZ^XA^DFR:A.ZPL^FS^FN1^FS^XZ~JR"
)
EVENTS = [
    Format(data=b"^XA^FO1,1^FDone^FS^XZ"),
    Command(name="~HS"),
    Setting(line='getvar "odometer.total_label_count"'),
    Command(name="~HQES"),
    Format(data=b"^XA^FDtwo^FS^XZ"),
    Command(name="~JA"),
    Format(data=b"^xa^FDthree^FS^xz"),
    Command(name="~JA"),
    Command(name="~JX"),
    Format(data=b"^XA^DFR:A.ZPL^FS^FN1^FS^XZ"),
    Command(name="~JR"),
]


@pytest.fixture
def printer():
    with VirtualPrinter(port=0) as running:
        yield running


def connect(printer):
    return transports.connect(f"tcp://127.0.0.1:{printer.port}", timeout_s=2)


def connect_from_elsewhere(printer):
    """As another machine does; on this one a printer has one owner."""
    uri = f"tcp://127.0.0.1:{printer.port}"
    limits = {"user_timeout_ms": "20000"}
    address = Address(uri=uri, host="127.0.0.1", port=printer.port, parameters=limits)
    return RawConnection(uri, open_stream(address, timeout_s=2, is_claimed=False))


def send(connection, data):
    connection.write(data, name="test", timeout_s=2)


def label(number):
    return f"^XA^FO10,10^FDlabel {number}^FS^XZ".encode()


def ask(connection):
    status = zpl.ask_status(connection, timeout_s=2)
    assert status is not None
    return status


def what_happened(printer):
    return [what for _, what in printer.history]


def wait_until(condition):
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.002)
    assert condition()


def test_the_parser_finds_formats_commands_and_settings():
    assert Parser().feed(STREAM) == EVENTS


def test_the_parser_finds_the_same_byte_by_byte():
    parser = Parser()
    assert [event for byte in STREAM for event in parser.feed(bytes([byte]))] == EVENTS


@given(st.lists(st.integers(0, len(STREAM))))
def test_the_parser_finds_the_same_however_the_reads_cut(cuts):
    parser = Parser()
    edges = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[left:right] for left, right in itertools.pairwise(edges)]
    assert [event for piece in pieces for event in parser.feed(piece)] == EVENTS


def test_it_prints_what_a_language_makes(printer):
    document = zpl.compile(UNIT, device=Device(dpi=DPI)).render(UNIT_VALUES)
    with connect(printer) as connection:
        send(connection, document)
        wait_until(lambda: printer.label_count == 1)
        assert printer.labels == (document.strip(),)
        assert ask(connection) == READY
        assert zpl.ask_label_count(connection, timeout_s=2) == 1


def test_it_prints_a_document_sent_byte_by_byte(printer):
    with connect(printer) as connection:
        for byte in label(1) + label(2):
            send(connection, bytes([byte]))
        wait_until(lambda: printer.labels == (label(1), label(2)))


def test_it_answers_who_it_is_and_what_is_wrong(printer):
    printer.pause()
    printer.media_out()
    with connect(printer) as connection:
        send(connection, b"~HI")
        assert connection.read(timeout_s=2) == b"\x02labeler virtual printer,V1.0,8,8176KB\x03\r\n"
        send(connection, b"~HQES")
        assert connection.read(timeout_s=2) == (
            b"\x02\r\n  PRINTER STATUS\r\n"
            b"   ERRORS:         1 00000000 00010001\r\n"
            b"   WARNINGS:       0 00000000 00000000\r\n\x03"
        )
        send(connection, b'! U1 getvar "no.such.thing"\r\n')
        assert connection.read(timeout_s=2) == b'"?"'


def test_copies_are_printed_and_counted_one_by_one(printer):
    with connect(printer) as connection:
        send(connection, b"^XA^FDx^FS^PQ3^XZ^XA^DFR:A.ZPL^FS^XZ")
        wait_until(lambda: printer.label_count == 3)
        assert printer.labels == (b"^XA^FDx^FS^PQ3^XZ",) * 3


def test_out_of_media_it_stops_says_so_and_goes_on_with_a_new_roll(printer):
    printer.media_out(after=2)
    with connect(printer) as connection:
        send(connection, b"".join(label(number) for number in range(5)))
        wait_until(lambda: printer.label_count == 2)
        wait_until(lambda: ask(connection).labels_waiting == 3)
        assert ask(connection) == replace(
            READY, ready=False, reasons=("media-empty",), labels_waiting=3, receiving=False
        )
        printer.load_media()
        wait_until(lambda: printer.label_count == 5)
        assert ask(connection) == READY


def test_paused_it_receives_and_prints_nothing_until_resumed(printer):
    printer.pause()
    with connect(printer) as connection:
        send(connection, label(1) + b"^XA^FDhalf")
        wait_until(lambda: ask(connection).receiving)
        assert ask(connection) == replace(
            READY, ready=False, reasons=("paused",), labels_waiting=1, receiving=True
        )
        assert printer.label_count == 0
        printer.resume()
        send(connection, b"^FS^XZ")
        wait_until(lambda: printer.labels == (label(1), b"^XA^FDhalf^FS^XZ"))


def test_clearing_forgets_the_buffer_and_the_rest_of_the_batch(printer):
    printer.pause()
    with connect(printer) as connection:
        send(connection, b"^XA^FDx^FS^PQ100^XZ" + label(2) + b"~JA")
        wait_until(lambda: ask(connection).labels_waiting == 0)
        printer.resume()
        send(connection, label(3))
        wait_until(lambda: printer.labels == (label(3),))


def test_silent_it_prints_and_answers_nothing(printer):
    printer.silent(True)
    with connect(printer) as connection:
        send(connection, label(1))
        assert zpl.ask_status(connection, timeout_s=0.1) is None
        assert zpl.ask_label_count(connection, timeout_s=0.1) is None
        assert printer.label_count == 1
        printer.silent(False)
        assert zpl.ask_label_count(connection, timeout_s=2) == 1


def test_it_drops_the_connection_after_so_many_bytes_and_serves_the_next(printer):
    printer.drop_connection(after_bytes=len(label(1)) + 5)
    with connect(printer) as connection:
        send(connection, label(1) + label(2))
        wait_until(lambda: "client gone" in what_happened(printer))
        assert "connection dropped" in what_happened(printer)
        with pytest.raises(TransportError) as gone:
            send(connection, label(3))
        assert gone.value.bytes_written == 0
    with connect(printer) as connection:
        send(connection, label(4))
        wait_until(lambda: printer.labels == (label(1), label(4)))


def test_it_drops_an_idle_connection_at_once(printer):
    with connect(printer) as connection:
        send(connection, label(1))
        wait_until(lambda: printer.label_count == 1)
        printer.drop_connection()
        with pytest.raises(TransportError):
            connection.read(timeout_s=2)


def test_it_can_look_ready_and_lose_everything(printer):
    printer.accept_and_never_print(True)
    with connect(printer) as connection:
        send(connection, label(1))
        assert ask(connection) == READY
        assert zpl.ask_label_count(connection, timeout_s=2) == 0
        printer.accept_and_never_print(False)
        send(connection, label(2))
        wait_until(lambda: printer.labels == (label(2),))


def test_a_full_buffer_stops_the_reading_and_loses_nothing():
    with VirtualPrinter(port=0, buffer_bytes=1000) as printer:
        printer.pause()
        with connect(printer) as connection:
            with pytest.raises(TransportError) as stalled:
                connection.write(label(0) * 300_000, name="test", timeout_s=0.2)
            whole_labels = stalled.value.bytes_written // len(label(0))
            assert printer.label_count == 0
            printer.resume()
            wait_until(lambda: printer.label_count == whole_labels)


def test_others_connect_and_wait_for_their_turn(printer):
    with connect(printer) as first:
        send(first, label(1))
        wait_until(lambda: printer.label_count == 1)
        with connect_from_elsewhere(printer) as second:
            send(second, label(2))
            assert zpl.ask_status(second, timeout_s=0.1) is None
            assert printer.label_count == 1
            first.close()
            wait_until(lambda: printer.labels == (label(1), label(2)))


def test_a_label_takes_its_time():
    with VirtualPrinter(port=0, label_time_s=0.05) as printer, connect(printer) as connection:
        start = time.monotonic()
        send(connection, b"".join(label(number) for number in range(4)))
        status = ask(connection)
        assert 3 <= status.labels_waiting <= 4
        wait_until(lambda: printer.label_count == 4)
        assert 0.15 < time.monotonic() - start < 2


def test_kept_labels_and_the_odometer_survive_a_restart(tmp_path):
    for start in (1, 3):
        with VirtualPrinter(port=0, folder=tmp_path) as printer, connect(printer) as connection:
            assert printer.label_count == start - 1
            send(connection, label(start) + label(start + 1))
            wait_until(lambda: len(printer.labels) == 2)
            assert printer.label_count == start + 1
    kept = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert kept == {f"label-{number:06d}.zpl": label(number) for number in (1, 2, 3, 4)}


def test_switched_off_and_on_it_listens_at_the_same_port_and_its_buffer_is_empty():
    printer = VirtualPrinter(port=0)
    printer.start()
    printer.pause()
    with connect(printer) as connection:
        send(connection, label(1))
        wait_until(lambda: ask(connection).labels_waiting == 1)
        port = printer.port
        printer.stop()
        with pytest.raises(TransportError):
            connection.read(timeout_s=2)
    with pytest.raises(TransportError):
        connect(printer)
    printer.resume()
    with printer, connect(printer) as connection:
        assert printer.port == port
        assert ask(connection) == READY


def test_a_second_printer_on_a_used_port_says_so(printer):
    with pytest.raises(OSError, match="cannot listen") as refused:
        VirtualPrinter(port=printer.port).start()
    assert refused.value.strerror == (
        f"The virtual printer cannot listen at 127.0.0.1:{printer.port} (Address already in use): "
        "expected a free port; stop what uses it, or choose another (0 takes any free one)."
    )


def test_idle_it_burns_no_cpu(printer):
    with connect(printer) as connection:
        send(connection, b"^XA^FDhalf")
        before = time.process_time()
        time.sleep(0.3)
        assert time.process_time() - before < 0.05


def test_it_keeps_up_with_thousands_of_labels_a_second(printer):
    document = label(1) * 20_000
    start = time.monotonic()
    with connect(printer) as connection:
        connection.write(document, name="test", timeout_s=20)
        wait_until(lambda: printer.label_count == 20_000)
    assert 20_000 / (time.monotonic() - start) > 2_000


def test_history_tells_what_happened_and_when(printer):
    before = time.time()
    with connect(printer) as connection:
        send(connection, label(1))
        wait_until(lambda: printer.label_count == 1)
        send(connection, b"~JA")
    wait_until(lambda: "client gone" in what_happened(printer))
    assert what_happened(printer) == [
        "client connected", "printed label 1", "~JA", "client gone",
    ]  # fmt: skip
    assert all(before <= when <= time.time() for when, _ in printer.history)


def test_a_client_that_resets_the_connection_does_not_stop_the_printer(printer):
    with socket.create_connection(("127.0.0.1", printer.port)) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.sendall(b"~HS" * 100)
    with connect(printer) as connection:
        send(connection, label(1))
        wait_until(lambda: printer.label_count == 1)

"""Every fault of the paper and of the answers alone, over TCP and over a serial line."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.emulator import Fault, Profile, faults
from printers.errors import TransportError
from printers.languages import zpl
from printers.status import Reason
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

STORED = b"^XA^DFR:A.ZPL^FS^FO9,9^FN1^FS^XZ"
RECALL = b"^XA^XFR:A.ZPL^FS^FN1^FDlabel 7^FS^XZ"
REASONS: dict[str, tuple[Reason, int, str, str]] = {
    "media-out": ("media-empty", 0x1, "media.status", "out"),
    "ribbon-out": ("marker-supply-empty", 0x2, "device.pause", "off"),
    "head-open": ("cover-open", 0x4, "head.latch", "open"),
    "pause": ("paused", 0x10000, "device.pause", "on"),
}


@pytest.fixture(params=["tcp", "pty"])
def line(request):
    return request.param


@pytest.fixture
def printer(line):
    with make(line) as running:
        yield running


@pytest.fixture
def connection(printer):
    with connect(printer) as opened:
        yield opened


def put_right(printer, kind):
    {
        "media-out": printer.load_media,
        "ribbon-out": printer.load_ribbon,
        "head-open": printer.close_head,
        "pause": printer.resume,
    }[kind]()


@pytest.mark.parametrize("kind", REASONS)
def test_after_two_labels_it_stops_says_why_and_goes_on_once_put_right(printer, connection, kind):
    reason, bit, variable, value = REASONS[kind]
    printer.fault(f"after 2 labels: {kind}")
    send(connection, labels(1, 2, 3, 4))
    wait_until(lambda: ask(connection).labels_waiting == 2)
    assert ask(connection) == replace(READY, ready=False, reasons=(reason,), labels_waiting=2)
    assert came_out(printer) == ["label 1", "label 2"]
    send(connection, b"~HQES")
    assert b"1 00000000 %08X" % bit in read(connection, until=b"\x03")
    send(connection, f'! U1 getvar "{variable}"\r\n'.encode())
    assert read(connection, until=b'"', count=2) == f'"{value}"'.encode()
    put_right(printer, kind)
    wait_until(lambda: printer.label_count == 4)
    assert ask(connection) == READY


@pytest.mark.parametrize("kind", ["media-out", "ribbon-out", "head-open"])
def test_a_torn_label_comes_out_once_more_whole_and_counts_once(printer, connection, kind):
    printer.fault(f"in label 2: {kind}")
    send(connection, b"^XA^JZY^XZ" + labels(2, 3))
    wait_until(lambda: len(printer.pieces) == 2)
    assert ask(connection).reasons == (REASONS[kind][0],)
    assert (came_out(printer), count(connection)) == (["label", "torn 2"], 1)
    put_right(printer, kind)
    wait_until(lambda: printer.label_count == 3)
    assert came_out(printer) == ["label", "torn 2", "label 2", "label 3"]


def test_with_jzn_a_torn_label_is_not_printed_again(printer, connection):
    printer.fault("in label 1: media-out for 0.05 s")
    send(connection, label(1).replace(b"^XA", b"^XA^JZN") + label(2))
    wait_until(lambda: printer.label_count == 1)
    assert came_out(printer) == ["torn 1", "label 2"]


def test_an_odometer_may_count_torn_labels(line):
    with make(line, profile=Profile(counts_torn=True)) as printer, connect(printer) as connection:
        printer.fault("in label 1: media-out for 0.05 s")
        send(connection, label(1))
        wait_until(lambda: printer.labels)
        assert count(connection) == 2


def test_some_printers_say_nothing_while_somebody_must_come_to_them(line):
    quiet = Profile(answers_when_blocked=False)
    with make(line, profile=quiet) as printer, connect(printer) as connection:
        printer.pause()
        assert ask(connection).reasons == ("paused",)
        printer.resume()
        for kind in ("media-out", "ribbon-out", "head-open"):
            printer.fault(kind)
            assert zpl.ask_status(connection, timeout_s=0.05) is None
            put_right(printer, kind)
            assert ask(connection) == READY


def test_it_looks_ready_and_never_prints_until_that_is_over(printer, connection):
    printer.fault("after 1 label: never-print for 0.2 s")
    send(connection, labels(1, 2))
    wait_until(lambda: ask(connection) == READY)
    assert count(connection) == 1
    wait_until(lambda: "prints formats again" in happened(printer))
    send(connection, label(3))
    wait_until(lambda: came_out(printer) == ["label 1", "label 3"])


def test_it_prints_slowly(printer, connection):
    printer.fault("slow 0.05")
    start = time.monotonic()
    send(connection, labels(1, 2, 3))
    wait_until(lambda: printer.label_count == 3)
    assert time.monotonic() - start >= 0.15


def test_a_label_comes_out_twice_and_counts_twice(printer, connection):
    printer.fault("after 1 label: print-twice")
    send(connection, labels(1, 2, 3))
    wait_until(lambda: printer.label_count == 4)
    assert came_out(printer) == ["label 1", "label 2", "label 2", "label 3"]


def test_the_feed_button_moves_the_odometer(printer, connection):
    printer.fault("after 1 label: feed 2")
    send(connection, labels(1, 2))
    wait_until(lambda: printer.label_count == 4)
    assert count(connection) == 4
    assert came_out(printer) == ["label 1", "blank", "blank", "label 2"]
    assert printer.labels == (label(1), label(2))


def test_a_power_cycle_forgets_all_but_the_odometer(printer):
    with connect(printer) as connection:
        printer.fault("after 1 label: power-cycle for 0.05 s")
        send(connection, STORED + labels(1, 2, 3))
        wait_until(lambda: "power on" in happened(printer))
    with again(printer) as connection:
        assert (ask(connection), count(connection)) == (READY, 1)
        send(connection, RECALL)
        wait_until(lambda: printer.label_count == 2)
    assert came_out(printer) == ["label 1", "label"]


def test_a_power_cycle_in_mid_label_leaves_a_torn_piece(printer):
    with connect(printer) as connection:
        printer.fault("in label 2: power-cycle")
        send(connection, labels(1, 2, 3))
        wait_until(lambda: "power on" in happened(printer))
    with again(printer) as connection:
        assert (ask(connection), count(connection)) == (READY, 1)
    assert came_out(printer) == ["label 1", "torn 2"]


@pytest.mark.parametrize("command", [b"~JR", b'! U1 do "device.reset" ""\r\n'])
def test_a_program_can_switch_it_off_and_on(printer, command):
    with connect(printer) as connection:
        printer.pause()
        send(connection, label(1) + command)
        wait_until(lambda: "power on" in happened(printer))
    with again(printer) as connection:
        assert (ask(connection), count(connection)) == (READY, 0)


def test_switched_off_it_takes_nothing(line):
    with make(line) as printer:
        printer.power_cycle(off_s=30)
        wait_until(lambda: not printer.is_on)
        if line == "tcp":
            wait_until(lambda: is_unreachable(printer))
            return
        with connect(printer) as connection:
            send(connection, label(1))
            assert zpl.ask_status(connection, timeout_s=0.05) is None


def test_silent_it_prints_and_answers_nothing_until_that_is_over(printer, connection):
    printer.fault("silent for 0.2 s")
    send(connection, label(1))
    wait_until(lambda: printer.label_count == 1)
    assert zpl.ask_status(connection, timeout_s=0.02) is None
    wait_until(lambda: "answers again" in happened(printer))
    assert count(connection) == 1


def test_an_answer_of_the_odometer_gets_lost(printer, connection):
    printer.fault("lose-answer 2")
    assert [count(connection, timeout_s=0.05) for _ in range(2)] == [None, None]
    assert ask(connection) == READY
    assert count(connection) == 0


def test_one_bit_of_an_answer_is_wrong(printer, connection):
    printer.fault("noise")
    send(connection, b"~HI")
    wrong = read(connection, until=b"", count=1)
    time.sleep(0.02)
    wrong += connection.read(timeout_s=0)
    send(connection, b"~HI")
    assert bits_apart(wrong, b"\x02labeler virtual printer,V1.0,8,8176KB\x03\r\n") == 1
    assert read(connection, until=b"\r\n") == b"\x02labeler virtual printer,V1.0,8,8176KB\x03\r\n"


def test_faults_wait_for_their_moment_and_are_counted_from_when_it_was_told(printer, connection):
    send(connection, label(1))
    wait_until(lambda: printer.label_count == 1)
    printer.fault("after 2 labels: pause")
    printer.fault(Fault(kind="feed", after=4))
    send(connection, labels(2, 3, 4))
    wait_until(lambda: printer.state.stops == {"pause"})
    assert came_out(printer) == ["label 1", "label 2", "label 3"]
    assert [str(fault) for fault in printer.waiting_faults] == ["after 4 labels: feed"]


@pytest.mark.parametrize("text", ["after 1 label: pause", "in label 2: head-open for 0.5 s"])
def test_a_fault_reads_as_it_is_written(text):
    assert str(faults.parse(text)) == text


@given(st.integers(0, 1000), st.integers(1, 200))
def test_every_planned_fault_reads_as_it_is_written(seed, number):
    planned = faults.plan(seed, labels=number)
    assert [faults.parse(str(fault)) for fault in planned] == list(planned)
    assert planned == faults.plan(seed, labels=number)
    assert all(fault.after < number for fault in planned)


def test_seeds_plan_every_kind_of_fault():
    planned = {fault.kind for seed in range(20) for fault in faults.plan(seed, labels=100)}
    assert planned == set(faults.KINDS)


NOT_UNDERSTOOD = (
    "Fault '{}' is not understood: expected '[after N labels:|in label N:] KIND [NUMBER] "
    "[for SECONDS s]', for example 'after 3 labels: media-out for 0.5 s'."
)
BETWEEN = "Fault '{}' comes between labels only: expected 'after 2 labels: pause'."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("media out", NOT_UNDERSTOOD),
        ("in label 0: media-out", NOT_UNDERSTOOD),
        ("in label 3: pause", BETWEEN),
        ("feed for 2 s", "Fault '{}' is over at once: expected no 'for 2 s'."),
        ("pause 3", "Fault '{}' takes no number: expected none, got 3."),
    ],
)
def test_what_is_no_fault_is_refused(text, sentence):
    with pytest.raises(ValueError, match="^Fault '") as refused:
        faults.parse(text)
    assert str(refused.value) == sentence.format(text)


def again(printer):
    """Connect once the printer is back."""
    wait_until(lambda: printer.is_on and not is_unreachable(printer))
    return connect(printer)


def is_unreachable(printer):
    try:
        connect(printer).close()
    except TransportError:
        return True
    return False


def read(connection, *, until, count=1):
    """Read until something has come so many times."""
    found, deadline = b"", time.monotonic() + 2
    while (not found or found.count(until) < count) and time.monotonic() < deadline:
        found += connection.read(timeout_s=0.5)
    return found


def bits_apart(one, other):
    assert len(one) == len(other)
    return sum((a ^ b).bit_count() for a, b in zip(one, other, strict=True))

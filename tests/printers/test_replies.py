from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.errors import TransportError
from printers.languages import zpl
from printers.replies import parse_status
from printers.replies.variables import parse_count
from printers.status import Status
from tests.printers.answers import READY, Printer

READY_STATUS = Status(
    ready=True,
    reasons=(),
    labels_waiting=0,
    receiving=False,
    label_length_dots=1245,
    print_mode="tear",
)


def _fields(reply: bytes, frame: int) -> list[str]:
    return reply.decode().split("\r\n")[frame].strip("\x02\x03").split(",")


def answer(**changes: str) -> bytes:
    """READY with fields changed by their letters in the manual (d is label length, and so on)."""
    first = dict(
        zip(
            "abcdefghijkl",
            ["030", "0", "0", "1245", "000", "0", "0", "0", "000", "0", "0", "0"],
            strict=True,
        )
    )
    second = dict(
        zip(
            "mnopqrstuvw",
            ["000", "0", "0", "0", "0", "2", "4", "0", "00000000", "1", "000"],
            strict=True,
        )
    )
    for letter, value in changes.items():
        (first if letter in first else second)[letter] = value
    frames = [",".join(first.values()), ",".join(second.values()), "1234,0"]
    return "".join(f"\x02{frame}\x03\r\n" for frame in frames).encode()


def test_the_manuals_example_is_ready():
    assert parse_status(READY) == READY_STATUS == parse_status(answer())


@pytest.mark.parametrize(
    ("field", "reason", "details"),
    [
        ("b", "media-empty", ()),
        ("c", "paused", ()),
        ("f", "spool-area-full", ()),
        ("g", "other", ("diagnostic mode is on",)),
        ("j", "other", ("its configuration was lost",)),
        ("k", "other", ("the printhead is too cold",)),
        ("l", "other", ("the printhead is too hot",)),
        ("o", "cover-open", ()),
        ("p", "marker-supply-empty", ()),
        ("t", "output-area-full", ()),
    ],
)
def test_every_flag_is_a_reason_and_not_ready(field, reason, details):
    assert parse_status(answer(**{field: "1"})) == replace(
        READY_STATUS, ready=False, reasons=(reason,), details=details
    )


def test_several_reasons_are_all_told_once():
    assert parse_status(answer(b="1", o="1", k="1", l="1")) == replace(
        READY_STATUS,
        ready=False,
        reasons=("media-empty", "other", "cover-open"),
        details=("the printhead is too cold", "the printhead is too hot"),
    )


def test_labels_waiting_are_formats_in_the_buffer_and_labels_of_the_batch():
    assert parse_status(answer(e="003", u="00000014", h="1")) == replace(
        READY_STATUS, labels_waiting=17, receiving=True
    )


@pytest.mark.parametrize(
    "found",
    [
        READY.removesuffix(b"\r\n"),
        READY.replace(b"\r\n", b""),
        b"rest of something\x03\r\n" + READY,
        b'"123"' + READY + b"\x00\xff\x02\x02",
        READY.replace(b"\x03\r\n", b'\x03\r\n"?"\r\n'),
        answer(b="1") + READY,
        READY.replace(b",", b" , "),
    ],
)
def test_harmless_differences_are_understood(found):
    assert parse_status(found) == READY_STATUS


def test_a_print_mode_of_letters_is_a_print_mode():
    assert parse_status(answer(r="K")) == replace(READY_STATUS, print_mode="kiosk")
    assert parse_status(answer(r="Z9")) == replace(READY_STATUS, print_mode=None)


@pytest.mark.parametrize(
    "found",
    [
        b"",
        b"OK",
        READY[:-4],
        READY[:60],
        READY[40:],
        answer(b="2"),
        answer(b="x"),
        answer(b=""),
        answer(e="xyz"),
        answer(u="-0000001"),
        answer(u="٣"),
        READY.replace(b"\x02", b""),
        READY.replace(b",0,0,0\x03", b",0,0\x03", 1),
        READY.replace(b"\x021234", b"\x02ZD621,V84.20.18Z,8,8176KB\x03\x021234"),
        READY + answer(b="yes"),
        b"\x00\xff" * 500,
    ],
)
def test_what_is_not_whole_and_sound_is_no_status(found):
    assert parse_status(found) is None


@given(st.binary() | st.lists(st.sampled_from(list(READY)), max_size=120).map(bytes))
def test_garbage_never_raises_and_is_never_ready(garbage):
    assert parse_status(garbage) is None
    parse_count(garbage)


@given(st.integers(0, len(READY) - 1), st.integers(0, 255))
def test_one_wrong_byte_never_makes_a_blocked_printer_ready(at, byte):
    blocked = bytearray(answer(b="1", c="1"))
    blocked[at] = byte
    found = parse_status(bytes(blocked))
    assert found is None or not found.ready


@pytest.mark.parametrize(
    ("found", "count"),
    [
        (b'"123"', 123),
        (b'"0"\r\n', 0),
        (b'"1" "2"', 2),
        (b'"?"', None),
        (b'"12', None),
        (b"123", None),
        (b'"-1"', None),
        (b'"1.5"', None),
        (b'"' + b"9" * 40 + b'"', None),
        (b"", None),
        (b'"\xd9\xa3"', None),
    ],
)
def test_the_odometer_is_a_number_between_quotes_or_nothing(found, count):
    assert parse_count(found) == count


def test_ask_status_puts_the_pieces_together():
    printer = Printer(READY[:10], READY[10:70], READY[70:])
    assert zpl.ask_status(printer, timeout_s=1) == READY_STATUS
    assert printer.written == [b"~HS"]


def test_ask_status_throws_a_late_answer_away_before_it_asks():
    printer = Printer(answer(b="1"), before=READY)
    assert zpl.ask_status(printer, timeout_s=1) == parse_status(answer(b="1"))


@pytest.mark.parametrize("pieces", [(), (READY[:50],), (b"garbage",), (b'"?"',)])
def test_silence_and_garbage_are_no_answer(pieces):
    assert zpl.ask_status(Printer(*pieces), timeout_s=0.02) is None
    assert zpl.ask_label_count(Printer(*pieces), timeout_s=0.02) is None


def test_ask_label_count_asks_the_documented_variable():
    printer = Printer(b'"12', b'3"')
    assert zpl.ask_label_count(printer, timeout_s=1) == 123
    assert printer.written == [b'! U1 getvar "odometer.total_label_count"\r\n']


def test_a_connection_that_is_gone_is_an_error_and_not_silence():
    class Gone(Printer):
        def read(self, *, timeout_s: float) -> bytes:
            raise TransportError("The printer is gone.")

    with pytest.raises(TransportError):
        zpl.ask_status(Gone(), timeout_s=1)

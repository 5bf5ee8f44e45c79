import time
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.errors import TransportError
from printers.languages import zpl
from printers.replies import parse_label_count, parse_status
from printers.status import Status

READY = (
    b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n"
    b"\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n"
    b"\x021234,0\x03\r\n"
)
"""The example of the manual, ~HS "Host Status Return", with nothing the matter."""

READY_STATUS = Status(ready=True, reasons=(), labels_waiting=0, receiving=False)


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


class Printer:
    """A connection that answers what it was told to, in pieces."""

    def __init__(self, *pieces: bytes, before: bytes = b"") -> None:
        self.pieces = list(pieces)
        self.before = [before] if before else []
        self.written: list[bytes] = []

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        self.written.append(data)

    def read(self, *, timeout_s: float) -> bytes:
        queue = self.pieces if self.written else self.before
        if not queue:
            time.sleep(timeout_s)
        return queue.pop(0) if queue else b""

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass


def test_the_manuals_example_is_ready():
    assert parse_status(READY) == READY_STATUS == parse_status(answer())


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("b", "media-empty"),
        ("c", "paused"),
        ("f", "spool-area-full"),
        ("g", "other"),
        ("j", "other"),
        ("k", "other"),
        ("l", "other"),
        ("o", "cover-open"),
        ("p", "marker-supply-empty"),
        ("t", "output-area-full"),
    ],
)
def test_every_flag_is_a_reason_and_not_ready(field, reason):
    assert parse_status(answer(**{field: "1"})) == Status(
        ready=False, reasons=(reason,), labels_waiting=0, receiving=False
    )


def test_several_reasons_are_all_told_once():
    assert parse_status(answer(b="1", o="1", k="1", l="1")) == Status(
        ready=False,
        reasons=("media-empty", "other", "cover-open"),
        labels_waiting=0,
        receiving=False,
    )


def test_labels_waiting_are_formats_in_the_buffer_and_labels_of_the_batch():
    assert parse_status(answer(e="003", u="00000014", h="1")) == Status(
        ready=True, reasons=(), labels_waiting=17, receiving=True
    )


@pytest.mark.parametrize(
    "found",
    [
        READY.removesuffix(b"\r\n"),
        READY.replace(b"\r\n", b""),
        b"rest of something\x03\r\n" + READY,
        answer(r="K"),
    ],
)
def test_harmless_differences_are_understood(found):
    assert parse_status(found) == READY_STATUS


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
        b"\x00\xff" * 500,
    ],
)
def test_what_is_not_whole_and_sound_is_no_status(found):
    assert parse_status(found) is None


@given(st.binary() | st.lists(st.sampled_from(list(READY)), max_size=120).map(bytes))
def test_garbage_never_raises_and_is_never_ready(garbage):
    assert parse_status(garbage) is None
    parse_label_count(garbage)


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
    assert parse_label_count(found) == count


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

"""All that a printer says of itself: every field of ~HS, ~HQES, ~HI, counters, and one picture."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import replies, transports
from printers.emulator import VirtualPrinter
from printers.emulator.answers import Profile
from printers.errors import GivenUp
from printers.replies import host_status, identity, troubles, variables
from printers.replies.host_status import SerialLine
from printers.replies.troubles import Troubles
from printers.status import Identity, Picture, Silence, Status
from tests.printers.answers import IDENTITY, NO_TROUBLE, READY, Talker
from tests.printers.answers import troubles as said

COUNT = variables.question(variables.LABELS)
VALID = variables.question(variables.RFID_VALID)
VOID = variables.question(variables.RFID_VOID)
WHOLE = {b"~HS": READY, b"~HQES": NO_TROUBLE, b"~HI": IDENTITY, COUNT: b'"57"'}
READY_STATUS = Status(
    ready=True,
    reasons=(),
    labels_waiting=0,
    receiving=False,
    label_length_dots=1245,
    print_mode="tear",
)
CUTTER = Identity(
    model="ZD621-300dpi", firmware="V93.21.05Z", dpi=300, memory_kib=8176, options=("CUTTER",)
)


def ask(answers):
    return replies.ask(Talker(answers), timeout_s=0.05)


def line(**changes):
    usual = {"baud": 9600, "data_bits": 8, "stop_bits": 1, "parity": "none"}
    return SerialLine(**{**usual, "handshake": "xon_xoff", **changes})


def test_every_field_of_host_status_has_its_name():
    found = host_status.parse(
        b"\x02030,0,1,1245,003,0,0,1,000,0,0,0\x03\r\n"
        b"\x02129,0,1,0,1,1,4,1,00000014,1,007\x03\r\n\x021234,0\x03"
    )
    assert found is not None
    assert found.serial_line == line()
    assert asdict(replace(found, serial_line=None)) == {
        "serial_line": None,
        "paper_out": False,
        "paused": True,
        "label_length_dots": 1245,
        "formats_waiting": 3,
        "buffer_full": False,
        "diagnostic": False,
        "receiving": True,
        "memory_lost": False,
        "too_cold": False,
        "too_hot": False,
        "function_settings": 129,
        "head_open": True,
        "ribbon_out": False,
        "thermal_transfer": True,
        "print_mode": "peel",
        "width_mode": "4",
        "label_to_take": True,
        "labels_remaining": 14,
        "graphics_stored": 7,
        "password": "1234",
        "static_ram": False,
    }
    assert "1234" not in repr(found)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (
            "030",
            SerialLine(baud=9600, data_bits=8, stop_bits=1, parity="none", handshake="xon_xoff"),
        ),
        ("247", SerialLine(baud=19_200, data_bits=7, stop_bits=1, parity="even", handshake="dtr")),
        (
            "035",
            SerialLine(baud=1200, data_bits=7, stop_bits=2, parity="odd", handshake="xon_xoff"),
        ),
        (
            "283",
            SerialLine(baud=14_400, data_bits=8, stop_bits=1, parity="none", handshake="xon_xoff"),
        ),
        ("284", None),
        ("999", None),
        ("abc", None),
        ("", None),
    ],
)
def test_the_serial_line_is_read_from_its_nine_bits(field, expected):
    found = host_status.parse(READY.replace(b"\x02030", b"\x02" + field.encode()))
    assert found is not None
    assert found.serial_line == expected


def test_a_field_that_decides_nothing_may_be_nonsense():
    found = host_status.parse(
        b"\x02x,0,0,long,000,0,0,0,?,0,0,0\x03\x02?,?,0,0,?,?,?,0,0,?,?\x03\x02?,?\x03"
    )
    assert found is not None
    assert host_status.status(found) == replace(
        READY_STATUS, label_length_dots=None, print_mode=None
    )


@pytest.mark.parametrize(
    ("errors", "reasons", "details"),
    [
        ("1 00000000 00000001", ("media-empty",), ()),
        ("1 00000000 00000002", ("marker-supply-empty",), ()),
        ("1 00000000 00000004", ("cover-open",), ()),
        ("1 00000000 00000008", ("other",), ("cutter fault",)),
        ("1 00000000 00000010", ("other",), ("the printhead is too hot",)),
        ("1 00000000 00000020", ("other",), ("the motor is too hot",)),
        ("1 00000000 00000200", ("other",), ("the printhead's thermistor is open",)),
        ("1 00000000 0000F000", ("media-jam", "other"), ("the presenter does not run",)),
        ("1 00000000 00010000", ("paused",), ()),
        ("1 00000000 00000005", ("media-empty", "cover-open"), ()),
        ("1 00000000 00100000", ("other",), ("error 0x100000, which no manual tells of",)),
        (
            "1 80000000 00000000",
            ("other",),
            ("error 0x8000000000000000, which no manual tells of",),
        ),
        ("1 00000000 00000000", ("other",), ("it has an error",)),
        ("0 00000000 00000001", ("media-empty",), ()),
        ("0 00000000 00000000", (), ()),
    ],
)
def test_error_bits_are_reasons_and_unknown_ones_are_errors_with_their_number(
    errors, reasons, details
):
    assert troubles.parse(said(errors)) == Troubles(errors=reasons, warnings=(), details=details)


@pytest.mark.parametrize(
    ("warnings", "reasons", "details"),
    [
        ("1 00000000 00000001", ("other",), ("media must be calibrated",)),
        ("1 00000000 00000002", ("other",), ("clean the printhead",)),
        ("1 00000000 00000004", ("other",), ("replace the printhead",)),
        ("1 00000000 00000008", ("media-low",), ()),
        ("1 00000000 00000010", (), ()),
        ("1 00000000 00000FF8", ("media-low",), ()),
        ("1 00000000 00001000", ("other",), ("warning 0x1000, which no manual tells of",)),
        ("1 00000000 00000000", ("other",), ("it has a warning",)),
    ],
)
def test_warning_bits_are_warnings_and_keep_nothing_from_printing(warnings, reasons, details):
    found = troubles.parse(said(warnings=warnings))
    assert found == Troubles(errors=(), warnings=reasons, details=details)


@pytest.mark.parametrize(
    "found",
    [
        b"",
        NO_TROUBLE[:-1],
        NO_TROUBLE[1:],
        said("1 00000000 0000000"),
        said("1 00000000 000000011"),
        said("2 00000000 00000000"),
        said("1 00000000 0000000G"),
        said("0 00000000 00000000\r\n ERRORS: 1 00000000 00000001"),
        NO_TROUBLE.replace(b"WARNINGS", b"WARNING"),
        NO_TROUBLE.replace(b"ERRORS", b"\xffRRORS"),
        READY,
        IDENTITY,
    ],
)
def test_what_is_no_whole_error_status_is_none(found):
    assert troubles.parse(found) is None


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (IDENTITY, CUTTER),
        (
            b"\x02ZT230-200dpi,V72.20.01Z,8,4096KB\x03",
            Identity(
                model="ZT230-200dpi", firmware="V72.20.01Z", dpi=203, memory_kib=4096, options=()
            ),
        ),
        (
            b"\x02ZTC ZD420-203dpi ZPL,V93.20.15Z,8,4194304\x03\r\n",
            Identity(
                model="ZTC ZD420-203dpi ZPL",
                firmware="V93.20.15Z",
                dpi=203,
                memory_kib=None,
                options=(),
            ),
        ),
        (
            b"\x02ZT410-600dpi,V53.17.14Z,600,49152KB,NONE\x03",
            Identity(
                model="ZT410-600dpi", firmware="V53.17.14Z", dpi=600, memory_kib=49_152, options=()
            ),
        ),
        (READY + IDENTITY + NO_TROUBLE, CUTTER),
        (IDENTITY.replace(b",12,", b",13,"), None),
        (IDENTITY.replace(b",12,", b",,"), None),
        (IDENTITY.replace(b"V93.21.05Z", b""), None),
        (IDENTITY.replace(b"ZD", b"\xd9\xa3"), None),
        (IDENTITY[:-3], None),
        (READY, None),
        (NO_TROUBLE, None),
        (b"", None),
    ],
)
def test_identity_is_what_a_printer_says_it_is_or_nothing(found, expected):
    assert identity.parse(found) == expected


PARSERS = (host_status.parse, troubles.parse, identity.parse, variables.parse_count)
PIECES = st.sampled_from([READY, NO_TROUBLE, IDENTITY, b'"57"', b'"?"', b"\x02", b"\x03", b","])


@given(st.lists(st.binary(max_size=30) | PIECES, max_size=12).map(b"".join))
def test_no_stream_of_bytes_makes_a_parser_fail(stream):
    for parse in PARSERS:
        parse(stream)


@given(st.integers(0, len(NO_TROUBLE) - 1), st.integers(0, 255))
def test_one_wrong_byte_never_makes_an_error_vanish(at, byte):
    wrong = bytearray(said("1 00000000 00000005"))
    wrong[at % len(wrong)] = byte
    found = troubles.parse(bytes(wrong))
    assert found is None or found.errors


def test_a_picture_has_all_that_the_printer_says():
    assert ask(WHOLE) == Picture(status=READY_STATUS, identity=CUTTER, label_count=57)


def test_a_picture_of_an_old_printer_has_what_it_knows():
    old = {b"~HS": READY, COUNT: b'"?"'}
    assert ask(old) == Picture(status=READY_STATUS, identity=None, label_count=None)


def test_either_answer_alone_keeps_a_printer_from_being_ready():
    head = READY.replace(b"\x02000,0,0", b"\x02000,0,1")
    bits = said("1 00000000 00000009", "1 00000000 00000008")
    blocked = replace(READY_STATUS, ready=False, reasons=("cover-open",))
    assert ask({**WHOLE, b"~HS": head}).status == blocked
    assert ask({**WHOLE, b"~HQES": bits}).status == replace(
        READY_STATUS,
        ready=False,
        reasons=("media-empty", "other"),
        warnings=("media-low",),
        details=("cutter fault",),
    )


def test_silence_is_silence_whatever_else_is_answered():
    assert ask({}) == Picture(status=Silence(question="~HS"), identity=None, label_count=None)
    assert ask({**WHOLE, b"~HS": b"garbage"}).status == Silence(question="~HS")
    named = {b"~HQES": said("1 00000000 00000001")}
    assert ask(named).status == Silence(question="~HS", reasons=("media-empty",))


@given(st.lists(st.binary(max_size=8) | PIECES, min_size=4, max_size=4))
def test_no_answers_but_whole_ones_make_a_printer_ready(answers):
    questions = (b"~HS", b"~HQES", b"~HI", COUNT)
    talker = Talker(dict(zip(questions, answers, strict=True)))
    found = replies.ask(talker, timeout_s=0.001).status
    assert isinstance(found, Silence) or (answers[0] == READY and found.labels_waiting == 0)


def test_an_asking_is_given_up_at_once():
    with pytest.raises(GivenUp):
        replies.ask(Talker(WHOLE), timeout_s=60, give_up=lambda: True)
    quiet = Talker({})
    with pytest.raises(GivenUp):
        replies.ask(quiet, timeout_s=60, give_up=lambda: bool(quiet.written))
    assert quiet.written == [b"~HS"]


def test_the_odometer_is_waited_for_so_that_no_late_answer_is_taken_for_the_next_one():
    talker = Talker(WHOLE)
    found = replies.ask(talker, timeout_s=1, give_up=lambda: COUNT in talker.written)
    assert found.label_count == 57


def test_rfid_tags_are_counted_where_the_printer_counts_them():
    def count(answers):
        return replies.ask_rfid_counts(Talker(answers), timeout_s=0.02)

    assert count({VALID: b'"40"', VOID: b'"2"'}) == (40, 2)
    assert count({VALID: b'"?"'}) is None
    assert count({VALID: b'"40"'}) is None


def test_the_virtual_printer_gives_a_whole_picture():
    with VirtualPrinter(port=0, profile=Profile(dpi=300)) as printer:
        printer.media_low(True)
        printer.open_head()
        uri = f"tcp://127.0.0.1:{printer.port}"
        with transports.connect(uri, timeout_s=2) as connection:
            found = replies.ask(connection, timeout_s=2)
    assert found == Picture(
        status=replace(
            READY_STATUS,
            ready=False,
            reasons=("cover-open",),
            warnings=("media-low",),
            label_length_dots=320,
        ),
        identity=Identity(
            model="labeler virtual printer",
            firmware="V1.0",
            dpi=300,
            memory_kib=8176,
            options=(),
        ),
        label_count=0,
    )

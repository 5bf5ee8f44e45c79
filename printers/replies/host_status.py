"""~HS, "Host Status Return" of the ZPL II manual: three frames with all their fields.

Fields that say whether the printer prints must make sense, or the whole answer is none. Of the
others one that makes no sense is None, since a printer must not stand still for it.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from printers.replies import frames
from printers.status import PrintMode, Reason, Status

_SHAPE = (12, 11, 2)
"""Fields of the three frames."""

_NUMBER = re.compile(rb"[0-9]{1,9}")

_MODES: dict[bytes, PrintMode] = {
    b"0": "rewind", b"1": "peel", b"2": "tear", b"3": "cutter", b"4": "applicator",
    b"5": "delayed-cut", b"K": "kiosk",
}  # fmt: skip

_BAUD = {
    0: 110, 1: 300, 2: 600, 3: 1200, 4: 2400, 5: 4800, 6: 9600, 7: 19_200, 8: 28_800, 9: 38_400,
    10: 57_600, 11: 14_400,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SerialLine:
    """How its serial port is set (field a)."""

    baud: int
    data_bits: Literal[7, 8]
    stop_bits: Literal[1, 2]
    parity: Literal["none", "odd", "even"]
    handshake: Literal["xon_xoff", "dtr"]


@dataclass(frozen=True, kw_only=True)
class HostStatus:
    """One answer to ~HS. The letters are those of the manual's table."""

    serial_line: SerialLine | None
    """a"""
    paper_out: bool
    """b"""
    paused: bool
    """c"""
    label_length_dots: int | None
    """d"""
    formats_waiting: int
    """e: whole formats in the receive buffer."""
    buffer_full: bool
    """f"""
    diagnostic: bool
    """g: it prints what it receives as hexadecimal numbers."""
    receiving: bool
    """h: a format has begun to arrive and has not ended."""
    memory_lost: bool
    """j: its configuration was lost."""
    too_cold: bool
    """k"""
    too_hot: bool
    """l"""
    function_settings: int | None
    """m: media, sensor profile and communication diagnostics, as bits."""
    head_open: bool
    """o"""
    ribbon_out: bool
    """p"""
    thermal_transfer: bool | None
    """q: it prints with a ribbon."""
    print_mode: PrintMode | None
    """r"""
    width_mode: str
    """s, as it came."""
    label_to_take: bool
    """t: a label waits to be peeled off."""
    labels_remaining: int
    """u: labels of the batch being printed that are not out yet."""
    graphics_stored: int | None
    """w"""
    password: str = field(repr=False)
    """x: of the printer's own menu; in no log."""
    static_ram: bool | None
    """y"""


def parse(answer: bytes) -> HostStatus | None:
    r"""The last whole answer to ~HS; None if there is none that makes sense.

    >>> found = parse(b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n"
    ...               b"\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n")
    >>> found.label_length_dots, found.print_mode, found.serial_line.baud
    (1245, 'tear', 9600)
    >>> parse(b"\x02030,1,0\x03\r\n") is None
    True
    """
    parts = [[one.strip() for one in frame.split(b",")] for frame in frames.find(answer)]
    for start in range(len(parts) - len(_SHAPE), -1, -1):
        three = parts[start : start + len(_SHAPE)]
        if tuple(map(len, three)) == _SHAPE:
            return _read(*three)
    return None


def status(found: HostStatus) -> Status:
    """What the answer means for who wants to print."""
    named = _named(found)
    reasons = tuple(dict.fromkeys(reason for reason, _ in named))
    return Status(
        ready=not reasons,
        reasons=reasons,
        labels_waiting=found.formats_waiting + found.labels_remaining,
        receiving=found.receiving,
        details=tuple(words for reason, words in named if reason == "other"),
        label_length_dots=found.label_length_dots,
        print_mode=found.print_mode,
    )


def _named(found: HostStatus) -> list[tuple[Reason, str]]:
    """The flags that keep it from printing, in the order of the manual.

    Diagnostic mode, lost memory, and a head too cold or too hot have no keyword in RFC 8011; a
    label that waits to be peeled off is a full output area.
    """
    flags: list[tuple[bool, Reason, str]] = [
        (found.paper_out, "media-empty", ""),
        (found.paused, "paused", ""),
        (found.buffer_full, "spool-area-full", ""),
        (found.diagnostic, "other", "diagnostic mode is on"),
        (found.memory_lost, "other", "its configuration was lost"),
        (found.too_cold, "other", "the printhead is too cold"),
        (found.too_hot, "other", "the printhead is too hot"),
        (found.head_open, "cover-open", ""),
        (found.ribbon_out, "marker-supply-empty", ""),
        (found.label_to_take, "output-area-full", ""),
    ]
    return [(reason, words) for is_set, reason, words in flags if is_set]


def _read(first: list[bytes], second: list[bytes], third: list[bytes]) -> HostStatus | None:
    deciding = {"b": 1, "c": 2, "f": 5, "g": 6, "h": 7, "j": 9, "k": 10, "l": 11}
    flags = {letter: _flag(first[place]) for letter, place in deciding.items()}
    flags |= {letter: _flag(second[place]) for letter, place in {"o": 2, "p": 3, "t": 7}.items()}
    sure = {letter: is_set for letter, is_set in flags.items() if is_set is not None}
    waiting, remaining = _number(first[4]), _number(second[8])
    if len(sure) < len(flags) or waiting is None or remaining is None:
        return None
    return HostStatus(
        serial_line=_serial_line(first[0]),
        paper_out=sure["b"],
        paused=sure["c"],
        label_length_dots=_number(first[3]),
        formats_waiting=waiting,
        buffer_full=sure["f"],
        diagnostic=sure["g"],
        receiving=sure["h"],
        memory_lost=sure["j"],
        too_cold=sure["k"],
        too_hot=sure["l"],
        function_settings=_number(second[0]),
        head_open=sure["o"],
        ribbon_out=sure["p"],
        thermal_transfer=_flag(second[4]),
        print_mode=_MODES.get(second[5]),
        width_mode=second[6].decode("latin-1"),
        label_to_take=sure["t"],
        labels_remaining=remaining,
        graphics_stored=_number(second[10]),
        password=third[0].decode("latin-1"),
        static_ram=_flag(third[1]),
    )


def _flag(found: bytes) -> bool | None:
    return {b"0": False, b"1": True}.get(found)


def _number(found: bytes) -> int | None:
    return int(found) if _NUMBER.fullmatch(found) else None


def _serial_line(found: bytes) -> SerialLine | None:
    """The nine bits of field a: a8 a2 a1 a0 baud, a7 handshake, a6 a5 parity, a4 stop, a3 data."""
    bits = _number(found)
    if bits is None or bits >= 1 << 9:
        return None
    baud = _BAUD.get((bits >> 8) << 3 | bits & 0b111)
    if baud is None:
        return None
    parity: Literal["none", "odd", "even"] = "even" if bits & 1 << 6 else "odd"
    return SerialLine(
        baud=baud,
        data_bits=8 if bits & 1 << 3 else 7,
        stop_bits=1 if bits & 1 << 4 else 2,
        parity=parity if bits & 1 << 5 else "none",
        handshake="dtr" if bits & 1 << 7 else "xon_xoff",
    )

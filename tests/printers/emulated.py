"""Virtual printers on both kinds of line, and short ways to talk to them."""

import time
from collections.abc import Callable
from typing import Any

from printers import transports
from printers.connection import Connection
from printers.emulator import VirtualPrinter
from printers.languages import zpl
from printers.status import Status

READY = Status(
    ready=True,
    reasons=(),
    labels_waiting=0,
    receiving=False,
    label_length_dots=320,
    print_mode="tear",
)
ODOMETER = b'! U1 getvar "odometer.total_label_count"\r\n'


def make(line: str, **options: Any) -> VirtualPrinter:
    """Return a virtual printer, off, at a free TCP port or on a pseudo terminal."""
    return VirtualPrinter.on_pty(**options) if line == "pty" else VirtualPrinter(port=0, **options)


def connect(printer: VirtualPrinter) -> Connection:
    """Open its line as the service would."""
    return transports.connect(printer.uri, timeout_s=2)


def send(connection: Connection, data: bytes) -> None:
    """Write all of it."""
    connection.write(data, name="test", timeout_s=2)


def label(number: int) -> bytes:
    """Return the format of one label."""
    return f"^XA^FO10,10^FDlabel {number}^FS^XZ".encode()


def labels(*numbers: int) -> bytes:
    """Return the formats of several labels."""
    return b"".join(label(number) for number in numbers)


def ask(connection: Connection) -> Status:
    """Return what ~HS says; fail where it says nothing."""
    status = zpl.ask_status(connection, timeout_s=2)
    assert status is not None
    return status


def count(connection: Connection, *, timeout_s: float = 2) -> int | None:
    """Return what the odometer says."""
    return zpl.ask_label_count(connection, timeout_s=timeout_s)


def came_out(printer: VirtualPrinter) -> list[str]:
    """Return what came out, such as "label 1", "torn 2" and "blank"."""
    found = []
    for piece in printer.pieces:
        number = piece.texts[0].removeprefix("label ") if piece.texts else ""
        found.append(f"{piece.what} {number}".strip())
    return found


def happened(printer: VirtualPrinter) -> list[str]:
    """Return what it noted, without the times."""
    return [what for _, what in printer.history]


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until it is so, for seconds at most."""
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.002)
    assert condition()

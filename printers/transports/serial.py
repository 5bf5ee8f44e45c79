"""serial:///dev/ttyUSB0?baudrate=9600&... and serial://COM3?..., a printer on a serial line.

Parameters: baudrate (9600), bytesize 7|8 (8), parity N|E|O (N), stopbits 1|2 (1),
flow none|xonxoff|rtscts|dsrdtr (none). pyserial opens and configures the line. On POSIX the bytes
go out by our own loop: pyserial's write loses the count when it times out, and spins on a full
buffer without a timeout; the count is what tells "surely nothing left us" from "doubtful".
"""

import os
import select
import time
from urllib.parse import parse_qsl, unquote

import serial  # pyserial

from printers.connection import Connection
from printers.errors import TransportError

SCHEME = "serial"
REPLIES = True
REWRITABLE = False

_DEFAULTS = {"baudrate": "9600", "bytesize": "8", "parity": "N", "stopbits": "1", "flow": "none"}
_CHOICES = {
    "bytesize": ("7", "8"),
    "parity": ("N", "E", "O"),
    "stopbits": ("1", "2"),
    "flow": ("none", "xonxoff", "rtscts", "dsrdtr"),
}
_BAUDRATE_MAX = 4_000_000
_READ_BYTES = 65_536


def check_uri(uri: str) -> None:
    """ValueError unless it names a device and only known parameters. Opens nothing."""
    _parse(uri)


def connect(uri: str, *, timeout_s: float) -> "SerialConnection":
    """Open the line for this process alone, or TransportError."""
    device, options = _parse(uri)
    try:
        port = serial.Serial(
            device,
            baudrate=int(options["baudrate"]),
            bytesize=int(options["bytesize"]),
            parity=options["parity"],
            stopbits=int(options["stopbits"]),
            xonxoff=options["flow"] == "xonxoff",
            rtscts=options["flow"] == "rtscts",
            dsrdtr=options["flow"] == "dsrdtr",
            timeout=0,
            write_timeout=timeout_s,
            exclusive=True,
        )
    except (OSError, ValueError) as error:
        raise TransportError(
            f"Serial line {device} cannot be opened: {error}; expected a line that this user may "
            "use and nobody else does; check the cable, the name and the rights."
        ) from error
    return SerialConnection(uri, port)


class SerialConnection(Connection):
    """An open serial line."""

    def __init__(self, uri: str, port: serial.Serial) -> None:
        self._uri = uri
        self._port = port

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        """Hand all of data to the driver, or TransportError with bytes_written."""
        if os.name == "nt":
            self._write_windows(data, name, timeout_s)
        else:
            self._write_posix(data, name, timeout_s)

    def _write_posix(self, data: bytes, name: str, timeout_s: float) -> None:
        number = self._port.fileno()
        deadline = time.monotonic() + timeout_s
        view = memoryview(data)
        sent = 0
        while sent < len(data):
            try:
                sent += os.write(number, view[sent:])
            except BlockingIOError:
                left_s = deadline - time.monotonic()
                if left_s <= 0:
                    raise self._stalled(name, sent, len(data), timeout_s) from None
                select.select([], [number], [], left_s)
            except OSError as error:
                raise self._gone(f"{sent} bytes of {name!r}", error, sent) from error

    def _write_windows(self, data: bytes, name: str, timeout_s: float) -> None:
        """Write by pyserial; after a timeout the count is unknown, so all may have left."""
        self._port.write_timeout = timeout_s
        try:
            self._port.write(data)
        except serial.SerialTimeoutException:
            raise self._stalled(name, len(data), len(data), timeout_s) from None
        except OSError as error:
            raise self._gone(f"up to {len(data)} bytes of {name!r}", error, len(data)) from error

    def read(self, *, timeout_s: float) -> bytes:
        """What has arrived; b"" when nothing came in time; TransportError if the line is gone."""
        try:
            if os.name == "nt":
                self._port.timeout = timeout_s
                return bytes(self._port.read(max(1, self._port.in_waiting)))
            number = self._port.fileno()
            readable, _, _ = select.select([number], [], [], max(0.0, timeout_s))
            if not readable:
                return b""
            arrived = os.read(number, _READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise self._gone("an answer was expected", error, 0) from error
        if not arrived:
            raise self._gone("an answer was expected", OSError("the line has ended"), 0)
        return arrived

    def close(self) -> None:
        """Give the line back."""
        self._port.close()

    def _stalled(self, name: str, sent: int, size: int, timeout_s: float) -> TransportError:
        return TransportError(
            f"Printer {self._uri} took {sent} of {size} bytes of {name!r}: expected all within "
            f"{timeout_s:g} s; see whether it is paused, out of media or set to another flow "
            "control.",
            bytes_written=sent,
        )

    def _gone(self, what: str, error: OSError, sent: int) -> TransportError:
        return TransportError(
            f"Serial line {self._uri} is gone ({what}): {error}; expected a connected device; "
            "check the cable and open it again.",
            bytes_written=sent,
        )


def _parse(uri: str) -> tuple[str, dict[str, str]]:
    head, _, query = uri.partition("?")
    device = unquote(head.removeprefix(SCHEME + ":").removeprefix("//"))
    if not device.strip("/") or not (device.startswith("/") or device.upper().startswith("COM")):
        raise ValueError(
            f"Printer address {uri!r}: expected serial:// and a device, for example "
            "serial:///dev/ttyUSB0?baudrate=9600 or serial://COM3?baudrate=9600."
        )
    options = dict(_DEFAULTS)
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key not in _DEFAULTS:
            raise ValueError(
                f"Printer address {uri!r} has the parameter {key!r}: expected only "
                f"{', '.join(_DEFAULTS)}; remove it."
            )
        options[key] = value
    _check_options(uri, options)
    return device, options


def _check_options(uri: str, options: dict[str, str]) -> None:
    baudrate = options["baudrate"]
    if not (baudrate.isascii() and baudrate.isdigit() and 1 <= int(baudrate) <= _BAUDRATE_MAX):
        raise ValueError(
            f"Printer address {uri!r} has baudrate={baudrate}: expected a whole number from 1 to "
            f"{_BAUDRATE_MAX}, as set in the printer, for example 9600."
        )
    for key, allowed in _CHOICES.items():
        if options[key] not in allowed:
            raise ValueError(
                f"Printer address {uri!r} has {key}={options[key]}: expected one of "
                f"{', '.join(allowed)}, as set in the printer."
            )
    if options["flow"] == "dsrdtr" and os.name != "nt":
        raise ValueError(
            f"Printer address {uri!r} has flow=dsrdtr, which this operating system ignores and "
            "would lose labels with: expected none, xonxoff or rtscts; set the printer to "
            "XON/XOFF, or use rtscts with a cable that joins the printer's DTR to CTS."
        )

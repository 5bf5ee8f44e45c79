"""serial:///dev/ttyUSB0?baudrate=9600&... and serial://COM3?..., a printer on a serial line.

Parameters: baudrate (9600), bytesize 7|8 (8), parity N|E|O (N), stopbits 1|2 (1),
flow none|xonxoff|rtscts|dsrdtr (none). pyserial opens and configures the line. On POSIX the bytes
go out by our own loop: pyserial's write loses the count when it times out, and spins on a full
buffer without a timeout.
"""

import os
import time
from urllib.parse import unquote

import serial  # pyserial

from printers.connection import Connection
from printers.errors import TransportError
from printers.transports import _addresses, _device, _lines

SCHEME = "serial"
REPLIES = True
DOCUMENTS = False
REWRITABLE = False

_FORM = _addresses.Form(
    scheme=SCHEME,
    expected="serial:// and a device",
    example="serial:///dev/ttyUSB0?baudrate=9600 or serial://COM3?baudrate=9600",
    parameters=_lines.PARAMETERS,
)


def check_uri(uri: str) -> None:
    """ValueError unless it names a device and only known parameters. Opens nothing."""
    _parse(uri)


def connect(uri: str, *, timeout_s: float) -> "SerialConnection":
    """Open the line for this process alone, or TransportError."""
    device, line = _parse(uri)
    try:
        port = serial.Serial(
            device,
            baudrate=line.baudrate,
            bytesize=line.bytesize,
            parity=line.parity,
            stopbits=line.stopbits,
            xonxoff=line.flow == "xonxoff",
            rtscts=line.flow == "rtscts",
            dsrdtr=line.flow == "dsrdtr",
            timeout=0,
            write_timeout=timeout_s,
            exclusive=True,
        )
    except (OSError, ValueError) as error:
        raise TransportError(
            f"Serial line {device} cannot be opened: {_why(error)}; expected a line that this user "
            "may use and nobody else does; check the cable, the name and the rights."
        ) from error
    return SerialConnection(uri, port, line=line)


def _why(error: Exception) -> str:
    """Return what the system says; pyserial names the port and the number twice around it."""
    cause = error.__context__
    is_wrapped = isinstance(cause, OSError) and "could not open port" in str(error)
    return str(cause.strerror) if is_wrapped and isinstance(cause, OSError) else str(error)


class SerialConnection(Connection):
    """An open serial line."""

    def __init__(self, uri: str, port: serial.Serial, *, line: _lines.Line) -> None:
        self._uri = uri
        self._port = port
        self._pace = _lines.Pace(line)

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        """Hand all of data to the driver, or TransportError with bytes_written."""
        since = time.monotonic()
        if os.name == "nt":
            self._write_windows(data, name, timeout_s)
        else:
            number = self._port.fileno()
            _device.write(number, data, uri=self._uri, name=name, timeout_s=timeout_s)
        self._pace.handed_over(len(data), since=since)

    def _write_windows(self, data: bytes, name: str, timeout_s: float) -> None:
        """Write by pyserial; after a timeout the count is unknown, so all may have left."""
        self._port.write_timeout = timeout_s
        size = len(data)
        try:
            self._port.write(data)
        except serial.SerialTimeoutException:
            raise _device.stalled(
                self._uri, size, name=name, size=size, timeout_s=timeout_s
            ) from None
        except OSError as error:
            what = f"up to {size} bytes of {name!r}"
            raise _device.gone(self._uri, what, why=str(error), sent=size) from error

    def read(self, *, timeout_s: float) -> bytes:
        """What has arrived; b"" when nothing came in time; TransportError if the line is gone."""
        if os.name != "nt":
            number = self._port.fileno()
            return _device.read(number, uri=self._uri, timeout_s=timeout_s, ends=True)
        try:
            self._port.timeout = timeout_s
            return bytes(self._port.read(max(1, self._port.in_waiting)))
        except OSError as error:
            raise _device.gone(self._uri, "an answer was expected", why=str(error)) from error

    def unsent_s(self) -> float:
        """Return the seconds until the driver can have sent all of it, at the earliest."""
        return self._pace.unsent_s()

    def close(self) -> None:
        """Give the line back. The driver may wait up to 30 s for bytes that it still holds."""
        self._port.close()


def _parse(uri: str) -> tuple[str, _lines.Line]:
    head, _, query = uri.partition("?")
    device = unquote(head.removeprefix(SCHEME + ":").removeprefix("//"))
    if not device.strip("/") or not (device.startswith("/") or device.upper().startswith("COM")):
        raise ValueError(
            f"Printer address {_addresses.shown(uri)!r}: expected {_FORM.expected}, for example "
            f"{_FORM.example}."
        )
    line = _lines.line(_addresses.parameters(uri, query, form=_FORM))
    if line.flow == "dsrdtr" and os.name != "nt":
        raise ValueError(
            f"Printer address {uri!r} has flow=dsrdtr, which this operating system ignores and "
            "would lose labels with: expected none, xonxoff or rtscts; set the printer to "
            "XON/XOFF, as in serial:///dev/ttyUSB0?flow=xonxoff, or use rtscts with a cable that "
            "joins the printer's DTR to CTS."
        )
    return device, line

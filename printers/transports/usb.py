"""usb:///dev/usb/lp0, a USB printer by the device file that Linux makes of it (usblp).

The file is opened without blocking. Written is what the driver took, some KB at a time; a printer
that is paused takes no more. usblp lets one program in; the lock holds elsewhere, too.
"""

import os
import sys
from urllib.parse import unquote

from printers.connection import Connection
from printers.errors import TransportError
from printers.transports import _addresses, _device

SCHEME = "usb"
REPLIES = True
DOCUMENTS = False
REWRITABLE = False


def check_uri(uri: str) -> None:
    """ValueError unless it names a device file. Opens nothing."""
    _path(uri)


def connect(uri: str, *, timeout_s: float) -> "UsbConnection":
    """Open the device for this process alone, or TransportError. It opens at once or not."""
    path = _path(uri)
    number = -1
    try:
        number = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        _lock(number)
    except OSError as error:
        if number >= 0:
            os.close(number)
        raise TransportError(
            f"USB printer {path} cannot be opened: {error}; expected a device file that this user "
            "may use and nobody else does; check the cable, the name, the rights (group lp) and "
            "whether another program prints there."
        ) from error
    return UsbConnection(uri, number)


class UsbConnection(Connection):
    """An open device file."""

    def __init__(self, uri: str, number: int) -> None:
        self._uri = uri
        self._number = number

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        """Hand all of data to the driver, or TransportError with bytes_written."""
        _device.write(self._number, data, uri=self._uri, name=name, timeout_s=timeout_s)

    def read(self, *, timeout_s: float) -> bytes:
        """What has arrived; b"" when nothing came in time; TransportError if it was unplugged."""
        return _device.read(self._number, uri=self._uri, timeout_s=timeout_s, ends=False)

    def close(self) -> None:
        """Give the device back."""
        if self._number >= 0:
            os.close(self._number)
            self._number = -1


def _lock(number: int) -> None:
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _path(uri: str) -> str:
    path = unquote(uri.removeprefix(SCHEME + ":"))
    path = path.removeprefix("//") if path.startswith("///") else path
    if not path.startswith("/") or path.startswith("//") or not path.strip("/") or "\0" in path:
        raise ValueError(
            f"Printer address {_addresses.shown(uri)!r}: expected usb:// and a device file, for "
            "example usb:///dev/usb/lp0."
        )
    if os.name == "nt":
        raise ValueError(
            f"Printer address {_addresses.shown(uri)!r}: expected Linux, since Windows has no "
            "device files for USB printers; use its network port or a serial line, for example "
            "tcp://10.0.0.7:9100 or serial://COM3."
        )
    return path

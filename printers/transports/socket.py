"""socket://host:port, a serial port in the network: a terminal server in its raw mode.

As tcp:, but there is no usual port, so it has to be said. The line's parameters are set in the
terminal server; where they should be set from here, it is rfc2217:. "Acknowledged" means the
server's memory here, not the printer's: a server keeps seconds of a slow line.
"""

from printers.connection import Connection
from printers.transports import _addresses, _raw, _stream

SCHEME = "socket"
REPLIES = True
DOCUMENTS = False
REWRITABLE = False

_FORM = _addresses.Form(
    scheme=SCHEME,
    expected="socket://host:port with a port from 1 to 65535",
    example="socket://10.0.0.8:4001",
    parameters=_stream.PARAMETERS,
)


def check_uri(uri: str) -> None:
    """ValueError unless it is socket://host:port."""
    _addresses.parse(uri, form=_FORM)


def connect(uri: str, *, timeout_s: float) -> Connection:
    """Connect, or TransportError within the time."""
    address = _addresses.parse(uri, form=_FORM)
    return _raw.RawConnection(address.uri, _stream.open_stream(address, timeout_s=timeout_s))

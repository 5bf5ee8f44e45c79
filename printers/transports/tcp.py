"""tcp://host:port, the raw port of network printers (9100 unless given).

``user_timeout_ms`` (20000) is how long the printer may leave bytes without an acknowledgement, or
its buffer full, before the connection counts as lost: see _stream.py.
"""

from printers.connection import Connection
from printers.transports import _addresses, _raw, _stream

SCHEME = "tcp"
REPLIES = True
DOCUMENTS = False
REWRITABLE = False

_FORM = _addresses.Form(
    scheme=SCHEME,
    expected="tcp://host:port with a port from 1 to 65535",
    example="tcp://10.0.0.7:9100",
    port=9100,
    parameters=_stream.PARAMETERS,
)


def check_uri(uri: str) -> None:
    """ValueError unless it is tcp://host or tcp://host:port."""
    _addresses.parse(uri, form=_FORM)


def connect(uri: str, *, timeout_s: float) -> Connection:
    """Connect, or TransportError within the time."""
    address = _addresses.parse(uri, form=_FORM)
    return _raw.RawConnection(address.uri, _stream.open_stream(address, timeout_s=timeout_s))

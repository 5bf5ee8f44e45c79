"""ipps://host/ipp/print, the Internet Printing Protocol over TLS (RFC 7472); else as ipp:.

The printer's certificate has to be signed by somebody this machine knows, for the host's name.
``ca`` names a PEM file with the one who signed it, or with the printer's own certificate.
"""

from printers.transports import _addresses, _ipp_client

SCHEME = "ipps"
REPLIES = False
DOCUMENTS = True
REWRITABLE = False
JOBS = True

_FORM = _ipp_client.form(SCHEME)


def check_uri(uri: str) -> None:
    """ValueError unless it is ipps://host/path."""
    _addresses.parse(uri, form=_FORM)


def connect(uri: str, *, timeout_s: float) -> _ipp_client.IppConnection:
    """See that somebody is there, or TransportError within the time."""
    return _ipp_client.connect(_addresses.parse(uri, form=_FORM), timeout_s=timeout_s)

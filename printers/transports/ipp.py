"""ipp://host/printers/queue, the Internet Printing Protocol (RFC 8011), port 631 unless given.

For documents, such as PDF on an office printer or a queue of CUPS. Each write is one job
(Print-Job): it returns once the printer has accepted the whole document, and ``await_job`` asks
what became of it. *completed* is the printer's word that the sheets lie in its tray; a CUPS queue
says it when it has passed the job on. See docs/decisions/0026-ipp.md.

Parameters: format (by the document's name), media (the printer's own choice), scaling (none: a
scaled bar code is another bar code), user_name (labeler). A user and password in front of the host
are told by HTTP Basic or Digest, as the printer asks. ipps: is the same over TLS.
"""

from printers.transports import _addresses, _ipp_client

SCHEME = "ipp"
REPLIES = False
DOCUMENTS = True
REWRITABLE = False
JOBS = True

_FORM = _ipp_client.form(SCHEME)


def check_uri(uri: str) -> None:
    """ValueError unless it is ipp://host/path."""
    _addresses.parse(uri, form=_FORM)


def connect(uri: str, *, timeout_s: float) -> _ipp_client.IppConnection:
    """See that somebody is there, or TransportError within the time."""
    return _ipp_client.connect(_addresses.parse(uri, form=_FORM), timeout_s=timeout_s)

"""One printer's connection: opened when there is work, kept for a while when there is no more.

Most printers serve one client at a time, so it is not kept for ever, and is given back whenever it
is not known to be in order. Lines, USB and queues for documents are opened anew each time.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from labeler.production.site import Site
from printers import transports
from printers.errors import TransportError
from printers.transports import Connection

_KEPT = ("tcp", "socket")


class Keeper:
    """Opens, keeps and closes; its caller owns the thread."""

    def __init__(self, site: Site, printer: str) -> None:
        """Open nothing yet."""
        self._settings = site.plant.spooler
        self._uri = site.plant.printers[printer].uri
        is_kept = self._uri.partition(":")[0] in _KEPT
        self._keep_s = self._settings.keep_connection_s if is_kept else 0.0
        self._connection: Connection | None = None
        self._until_s = 0.0
        self.was_kept = False
        """Whether what was lent last had been kept: it may be broken and not know it yet."""

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """Lend a connection: the kept one, or a new one if the other end has closed that.

        It is kept again where all went well, else closed. TransportError if nobody can be reached.
        """
        connection = self._take()
        went_well = False
        try:
            yield connection
            went_well = True
        finally:
            if went_well:
                self._rest()
            else:
                self.close()

    def _take(self) -> Connection:
        if self._connection is not None and not self._is_standing(self._connection):
            self.close()
        self.was_kept = self._connection is not None
        if self._connection is None:
            timeout_s = self._settings.connect_timeout_s
            self._connection = transports.connect(self._uri, timeout_s=timeout_s)
        return self._connection

    def _rest(self) -> None:
        self._until_s = time.monotonic() + self._keep_s
        self.close_if_over()

    def close_if_over(self) -> None:
        """Close it if it has been kept long enough."""
        if time.monotonic() >= self._until_s:
            self.close()

    def close(self) -> None:
        """Give it back. Closing twice is fine."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _is_standing(self, connection: Connection) -> bool:
        """Return whether the other end has not hung up; what it said meanwhile answers nothing."""
        try:
            connection.read(timeout_s=0)
        except TransportError:
            return False
        return True

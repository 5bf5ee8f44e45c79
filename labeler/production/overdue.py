"""Leases whose holder should have told by now: counted for monitoring, said once in the log."""

import threading
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import structlog

from labeler.errors import Refusal
from labeler.production.site import Site
from labeler.store import Transaction

LOOK_S = 5.0
"""How often a running service looks for leases that have expired."""

END_S = 2.0
"""How long the end waits for a look; a database that hangs is not waited for."""

log = structlog.get_logger(__name__)


def counts(site: Site, transaction: Transaction) -> dict[str, int]:
    """Return how many leases are overdue, and how many serials are out on leases."""
    [row] = transaction.run_sql(
        "SELECT count(CASE WHEN expires_at <= ? THEN 1 END), coalesce(sum(open), 0) FROM lease "
        "WHERE state = 'open' AND open > 0",
        (transaction.time(site.clock()),),
    )
    return {"overdue": row[0], "open": row[1]}


class Watch:
    """Looks now and then which leases have expired; use it with ``with``."""

    def __init__(self, site: Site) -> None:
        """Prepare to look; what was said is said once."""
        self._site = site
        self._said: set[tuple[int, Any]] = set()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="overdue", daemon=True)

    def look(self) -> None:
        """Warn of the leases that have expired since; of an extended one again."""
        with self._site.store.read() as transaction:
            rows = transaction.run_sql(
                "SELECT id, holder, open, expires_at FROM lease WHERE state = 'open' "
                "AND expires_at <= ? AND open > 0 ORDER BY expires_at, id",
                (transaction.time(self._site.clock()),),
            )
        found = {(row[0], row[3]): row for row in rows}
        for key in found.keys() - self._said:
            number, holder, count, at = found[key]
            shown = at.isoformat() if isinstance(at, datetime) else at
            log.warning("lease.overdue", lease=number, holder=holder, open=count, expired_at=shown)
        self._said = set(found)

    def __enter__(self) -> Self:
        """Look at once, and then go on looking."""
        self.look()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop looking."""
        self._end.set()
        self._thread.join(END_S)

    def _run(self) -> None:
        while not self._end.wait(LOOK_S):
            try:
                self.look()
            except Refusal as refusal:  # the database is away; /readyz says so
                log.info("lease.not_looked", why=refusal.sentence)

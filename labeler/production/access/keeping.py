"""The thread that keeps API keys in memory fresh and writes down when they were used last."""

from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

import structlog
from sqlalchemy import bindparam, update

from labeler.errors import Refusal
from labeler.production.site import Site
from labeler.store import Transaction, schema_access, takes_many

FRESH_S: Final = 2.0
"""Between two looks at what other processes changed: so no trigger has to look."""
NOTE_EVERY: Final = 30
"""Looks between two notes of last use: one a minute."""
END_S: Final = 5.0

log = structlog.get_logger(__name__)


def note_used(site: Site) -> int:
    """Write down which keys were used since the last time; return how many."""
    used = site.access.keys.take_used()
    if not used:
        return 0
    table = schema_access.api_key

    def note(transaction: Transaction) -> None:
        statement = update(table).where(table.c.id == bindparam("key"))
        statement = statement.values(last_used_at=bindparam("at"))
        for key, at in sorted(used.items()):
            transaction.execute(statement, {"key": key, "at": at})

    site.store.write(note)
    return len(used)


class Keeper:
    """Looks after the keys while a service runs; use it with ``with``."""

    def __init__(self, site: Site) -> None:
        """Name the site; nothing runs yet."""
        self._site = site
        self._end = Event()
        self._thread = Thread(target=self._run, name="api keys", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End, and write down the last uses."""
        self._end.set()
        self._thread.join(END_S)
        self._note()

    def _run(self) -> None:
        site, looks = self._site, 0
        while not self._end.wait(FRESH_S):
            looks += 1
            if looks % NOTE_EVERY == 0:
                self._note()
            if takes_many(site.store.engine):
                try:
                    site.access.keys.load(site.store, now=site.clock())
                except Refusal as refusal:
                    log.warning("access.keys_not_read", why=refusal.sentence)

    def _note(self) -> None:
        try:
            note_used(self._site)
        except Refusal as refusal:
            log.warning("access.use_not_noted", why=refusal.sentence)

"""Anchor the audit trail outside the database: every few seconds while it grows, and on request."""

import threading
from types import TracebackType
from typing import Any, Self

import structlog

from labeler.errors import NOT_SUPPORTED, Refusal
from labeler.production.site import Site
from labeler.store import Anchor, AnchorFiles, chain
from labeler.store.times import utc_text

KEEP_S = 5.0
"""How often the newest end is written down."""
LOG_EVERY = 720
"""Each so-manieth time it is written into the log, too, where it stays: once an hour."""
END_S = 10.0

log = structlog.get_logger(__name__)


def files(site: Site) -> AnchorFiles | None:
    """Return where the site anchors; None without a mark file, as in some tests."""
    guard = site.store.guard
    return None if guard is None else guard.anchors


def is_locked(site: Site) -> bool:
    """Return whether the record is not the one that was anchored, or may not be."""
    guard = site.store.guard
    return guard is not None and guard.lock is not None


def keep_head(site: Site) -> bool:
    """Write down the end of the trail as this process committed it last; return whether it moved.

    Nothing is written while the site is locked: what was anchored is what the lock is about.
    """
    where, head = files(site), site.store.head
    if where is None or head is None or is_locked(site):
        return False
    newest = where.newest()
    if newest is not None and newest.seq >= head.seq:
        return False
    where.keep(_anchor(site, head))
    return True


def log_head(site: Site, *, lost_after: int | None = None) -> Anchor | None:
    """Write the end of the trail into the log, where it stays; None while nothing happened."""
    where = files(site)
    if where is None:
        return None
    with site.store.read() as transaction:
        head = chain.head(transaction)
    if head == chain.START:
        return None
    anchor = _anchor(site, head, lost_after=lost_after)
    where.log(anchor)
    return anchor


def anchor_now(site: Site) -> dict[str, Any]:
    """Anchor the trail as it is; return {seq, hash, at, file}.

    Refuses a locked site (9010): what was anchored before must not be forgotten; and a site
    without a mark file (9008).
    """
    where, guard = files(site), site.store.guard
    if where is None or guard is None:
        hint = "Open the site with its config.yaml."
        raise Refusal(NOT_SUPPORTED, "This record is not anchored anywhere.", hint=hint)
    if guard.lock is not None:
        raise guard.lock.refusal()
    anchor = log_head(site)
    if anchor is None:
        return {"seq": 0, "hash": chain.START.hash.hex(), "at": None, "file": str(where.path)}
    return {"seq": anchor.seq, "hash": anchor.hash, "at": anchor.at, "file": str(where.path)}


def _anchor(site: Site, head: chain.Head, *, lost_after: int | None = None) -> Anchor:
    at = utc_text(site.clock())
    return Anchor(seq=head.seq, hash=head.hash.hex(), at=at, lost_after=lost_after)


class Keeper:
    """Anchors in a thread of its own: no trigger waits for it. Use it with ``with``."""

    def __init__(self, site: Site) -> None:
        """Anchor the trail of ``site``."""
        self._site = site
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="anchors", daemon=True)

    def __enter__(self) -> Self:
        """Begin; what is the end at the start is written down to stay."""
        try:
            if not is_locked(self._site):
                log_head(self._site)
        except Refusal as refusal:
            log.warning("audit.not_anchored", why=refusal.sentence)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write down the end as we committed it, to stay: a database that hangs is not asked."""
        self._end.set()
        self._thread.join(END_S)
        where, head = files(self._site), self._site.store.head
        if where is not None and head is not None and not is_locked(self._site):
            where.log(_anchor(self._site, head))

    def _run(self) -> None:
        moved = 0
        while not self._end.wait(KEEP_S):
            try:
                if not keep_head(self._site):
                    continue
                moved += 1
                if moved % LOG_EVERY == 0:
                    log_head(self._site)
            except Refusal as refusal:
                log.warning("audit.not_anchored", why=refusal.sentence)

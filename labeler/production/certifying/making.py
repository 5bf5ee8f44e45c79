"""Make the certificate of a run: one PDF that the site's key seals, and an event that says so."""

import hashlib

from labeler.certificates import keys, sealing, statement
from labeler.production import events
from labeler.production.certifying import facts, site_key
from labeler.production.certifying.facts import Facts
from labeler.production.events import Cause
from labeler.production.reconciling.terms import TERMS
from labeler.production.showing import Document
from labeler.production.site import Site


def make(
    site: Site, run_id: int, *, operator: str | None = None, channel: str = "http"
) -> Document:
    """Return the certificate of a run that is closed, reconciled or released.

    It is read from one snapshot; the record keeps its digest, and ``operator``, who wanted it.
    Refuses an unknown run (2003), one in
    another state (6040), a balance that is not as it was signed (6043), and a key that cannot be
    used (6042).
    """
    from labeler.production.certifying import drawing  # takes long to load, and few draw one

    key = site_key.secret(site)
    with site.store.read() as transaction:
        found = facts.read(site, transaction, run_id)
    line = statement.write(said(found), key=key)
    content = sealing.seal(drawing.draw(found, line, key=key.public), line, key=key)
    told = {
        **({} if operator is None else {"operator": operator}),
        "digest": hashlib.sha256(content).hexdigest(),
        "key": key.public.fingerprint,
        "state": found.run["state"],
    }
    _record(site, found, Cause(channel=channel, detail=told))
    name = f"run-{run_id:06d}-certificate.pdf"
    return Document(content=content, media_type="application/pdf", name=name)


def require(site: Site, run_id: int) -> None:
    """Refuse (2003, 6040) what `make` refuses of a run; make and record nothing."""
    with site.store.read() as transaction:
        facts.read(site, transaction, run_id)


def said(found: Facts) -> dict[str, str]:
    """Return what the statement says of a run."""
    figures, run = found.figures, found.run
    numbers = {name: str(figures[name]) for name in ("issued", *TERMS, "difference")}
    return {
        "site": found.site,
        "run": str(run["id"]),
        "state": run["state"],
        "mode": run["mode"],
        "product": run["product"],
        "lot": run["lot"] or "",
        "at": f"{found.at:%Y-%m-%dT%H:%M:%SZ}",
        **numbers,
        "first": found.first,
        "last": found.last,
        "digest": _short(found.digest),
        "head": "" if found.head is None else _short(found.head[1]),
    }


def _short(digest: str) -> str:
    return keys.write(bytes.fromhex(digest)[: statement.DIGEST_BYTES])


def _record(site: Site, found: Facts, cause: Cause) -> None:
    run_id = found.run["id"]
    site.store.write(
        lambda transaction: events.record(
            transaction, "certificate_made", at=found.at, cause=cause, run_id=run_id
        )
    )

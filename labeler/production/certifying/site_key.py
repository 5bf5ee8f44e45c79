"""The key with which the site signs, made when it is used first; the trail tells of each."""

from typing import Any

from labeler.certificates import keys
from labeler.certificates.errors import CertificateError
from labeler.certificates.keys import SecretKey
from labeler.errors import BAD_KEY, Refusal
from labeler.production import events
from labeler.production.events import Cause
from labeler.production.site import Site
from labeler.store import Transaction

NAME = "site_key"
"""Name in site_setting: the fingerprint of the key that the trail knows of."""


def secret(site: Site) -> SecretKey:
    """Return the site's key; refuse (6042) a file that is none, or that others may read.

    A key that the trail does not know is told there, as `site_key_made`, or as `site_key_found`
    where somebody else laid it there.
    """
    fresh: list[bytes] = []

    def make() -> bytes:
        fresh.append(keys.make_pem())
        return fresh[0]

    pem = site.key_file.read_or_make(make)
    try:
        key = keys.read_secret(pem)
    except CertificateError as error:
        raise Refusal(
            BAD_KEY,
            f"The site's key {site.key_file.path} cannot be used: {error}.",
            hint="Put the right file back; or move it away, and a new key is made.",
        ) from error
    _tell(site, key.public.fingerprint, kind=f"site_key_{'made' if pem in fresh else 'found'}")
    return key


def show(site: Site) -> dict[str, Any]:
    """Return the public key, for those who check certificates; refuses as `secret` does."""
    public = secret(site).public
    return {"fingerprint": public.fingerprint, "pem": public.pem}


def _tell(site: Site, fingerprint: str, *, kind: str) -> None:
    """Record a key, if it is another than the trail knows of."""
    with site.store.read() as transaction:
        if _known(transaction) == fingerprint:
            return

    def note(transaction: Transaction) -> None:
        old = _known(transaction)
        # Of two processes that see the same new key only the first one changes the row.
        is_new = transaction.run_sql(
            "INSERT INTO site_setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE "
            "SET value = excluded.value WHERE site_setting.value <> excluded.value RETURNING name",
            (NAME, fingerprint),
        )
        if is_new:
            cause = Cause(channel="http", detail={"old": old, "new": fingerprint})
            events.record(transaction, kind, at=site.clock(), cause=cause)

    site.store.write(note)


def _known(transaction: Transaction) -> str | None:
    rows = transaction.run_sql("SELECT value FROM site_setting WHERE name = ?", (NAME,))
    return str(rows[0][0]) if rows else None

"""Changes that no verb makes, and the audit trail tells: config.yaml, the schema, backups."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import BaseModel

from labeler.errors import Refusal
from labeler.production import events
from labeler.production.events import CONFIG, Cause
from labeler.production.safekeeping import anchoring
from labeler.production.site import Site
from labeler.store import Transaction, migrate

NAME, SCHEMA = "config_digests", "schema_told"
"""Names in site_setting: a JSON object, key of config.yaml -> digest of what it said; the schema
that the trail knows of."""
_SECRET = ("key", "url", "uri", "password")
"""Last words of keys that may hold a secret: what they say is not even digested.

An address may hold a password: who has its digest, and all of it but that, could try them all.
"""
_KEEP_SQL = (
    "INSERT INTO site_setting (name, value) VALUES (?, ?) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)

log = structlog.get_logger(__name__)


def note_start(site: Site, settings: BaseModel) -> None:
    """Record what changed since the service ran last: config.yaml, and the database's schema.

    Of config.yaml the trail keeps the digest before and after, and which keys changed; never what
    they say. A database that does not answer is told at the next start: the printers do not wait.
    """
    digests = dict(_digests(settings.model_dump(mode="json")))
    newest = migrate.newest()

    def note(transaction: Transaction) -> None:
        known = _setting(transaction, NAME)
        before = None if known is None else dict(json.loads(known))
        if before != digests:
            _record(transaction, site, "config_loaded", _compared(before, digests))
            transaction.run_sql(_KEEP_SQL, (NAME, json.dumps(digests)))
        schema = _setting(transaction, SCHEMA)
        if schema != newest:
            _record(transaction, site, "database_upgraded", {"old": schema, "new": newest})
            transaction.run_sql(_KEEP_SQL, (SCHEMA, newest))

    try:
        site.store.write(note)
    except Refusal as refusal:
        log.warning("audit.start_not_noted", why=refusal.sentence)


def _record(transaction: Transaction, site: Site, kind: str, detail: dict[str, Any]) -> None:
    cause = Cause(channel=CONFIG, detail=detail)
    events.record(transaction, kind, at=site.clock(), cause=cause)


def _compared(before: Mapping[str, str] | None, after: Mapping[str, str]) -> dict[str, Any]:
    old = before or {}
    changed = sorted(name for name in {*old, *after} if old.get(name) != after.get(name))
    keys = {} if before is None else {"keys": changed}
    return {"old": None if before is None else _digest(before), "new": _digest(after), **keys}


def _digests(part: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield each key of config.yaml, as series.NAME.pattern, with the digest of what it says."""
    if isinstance(part, dict) and part:
        for key, value in part.items():
            yield from _digests(value, f"{name}.{key}" if name else str(key))
    elif name.rpartition(".")[2] in _SECRET:
        yield name, "secret" if part is not None else "none"
    else:
        yield name, _digest(part)


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _setting(transaction: Transaction, name: str) -> str | None:
    rows = transaction.run_sql("SELECT value FROM site_setting WHERE name = ?", (name,))
    return str(rows[0][0]) if rows else None


@dataclass(frozen=True, kw_only=True)
class Backup:
    """A backup that begins, whatever makes it."""

    file: str
    """Where it lies, in the words of whoever made it."""
    operator: str | None = None
    channel: str = "http"


def note_backup(site: Site, backup: Backup) -> dict[str, Any]:
    """Record that a backup begins, and anchor the trail; return {file, at, seq, hash}.

    Before, not after it: so the backup has all that is anchored now, and who puts it back at once
    loses nothing. A site that is locked anchors nothing, and records it all the same.
    """
    said = {"file": backup.file}
    who = {} if backup.operator is None else {"operator": backup.operator}
    now = site.clock()

    def note(transaction: Transaction) -> None:
        cause = Cause(channel=backup.channel, detail={**said, **who})
        events.record(transaction, "backup_begun", at=now, cause=cause)

    site.store.write(note)
    anchor = None if anchoring.is_locked(site) else anchoring.log_head(site)
    return {
        "file": backup.file,
        "at": now,
        "seq": None if anchor is None else anchor.seq,
        "hash": None if anchor is None else anchor.hash,
    }

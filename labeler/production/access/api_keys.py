"""API keys: how a line, an MES or another program proves who it is."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert, select, update

from labeler.errors import BAD_VALUE, NO_SUCH_API_KEY, Refusal
from labeler.production.access import account_rows
from labeler.production.access.account_rows import By
from labeler.production.access.key_ring import KnownKey
from labeler.production.site import Site
from labeler.roles import Permission
from labeler.store import Transaction, schema_access

PREFIX: Final = "lab"
"""What a key begins with, so that people and scanners for leaked secrets know one."""

_TABLE = schema_access.api_key


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """A key that is wanted."""

    name: str
    permissions: Sequence[str]
    lines: Sequence[str] | None = None
    """The lines it is for; None: all."""


def make(site: Site, wish: NewKey, *, by: By) -> dict[str, Any]:
    """Make a key; its reply holds the key itself, which stands nowhere else.

    Refuses unknown permissions or none (1002), and unknown lines (2001).
    """
    _require_known(site, wish)
    public_id = site.random_bytes(6).hex()
    secret = site.random_bytes(32).hex()
    now = site.clock()
    scopes = sorted(set(wish.permissions))
    lines = None if wish.lines is None else sorted(set(wish.lines))
    row = {
        "public_id": public_id, "name": wish.name, "secret_hash": _hash(secret),
        "permissions": json.dumps(scopes), "lines": None if lines is None else json.dumps(lines),
        "created_at": now, "created_by": by.name,
    }  # fmt: skip

    def work(transaction: Transaction) -> dict[str, Any]:
        transaction.execute(insert(_TABLE).values(**row))
        detail = {"api_key": f"{wish.name} ({public_id})", "to": scopes, "lines": lines}
        account_rows.record(transaction, "api_key_made", at=now, by=by, detail=detail)
        return _show(transaction, public_id)

    made = site.store.write(work)
    site.access.keys.forget()
    return {**made, "key": f"{PREFIX}_{public_id}_{secret}"}


def revoke(site: Site, public_id: str, *, by: By) -> dict[str, Any]:
    """End a key for ever; twice is no error. Refuses (7013) an unknown one."""

    def work(transaction: Transaction) -> dict[str, Any]:
        found, now = _show(transaction, public_id), site.clock()
        if found["revoked_at"] is None:
            values = {"revoked_at": now, "revoked_by": by.name}
            where = _TABLE.c.public_id == public_id
            transaction.execute(update(_TABLE).where(where).values(**values))
            detail = {"api_key": f"{found['name']} ({public_id})"}
            account_rows.record(transaction, "api_key_revoked", at=now, by=by, detail=detail)
        return _show(transaction, public_id)

    done = site.store.write(work, locks=True)
    site.access.keys.forget()
    return done


def check(site: Site, text: str) -> KnownKey | None:
    """Return which key ``text`` is, and note that it was used; None if it is none.

    It asks the database nothing, and computes two hashes: triggers come this way.
    """
    prefix, _, rest = text.partition("_")
    public_id, _, secret = rest.partition("_")
    if prefix != PREFIX or not secret:
        return None
    now = site.clock()
    found = site.access.keys.find(site.store, public_id, now=now)
    if found is None or not hmac.compare_digest(found.secret_hash, _hash(secret)):
        return None
    site.access.keys.used(found.id, now=now)
    return found


def list_keys(transaction: Transaction) -> list[dict[str, Any]]:
    """Return all keys, the newest first, revoked ones too; never a secret."""
    query = select(_TABLE).order_by(_TABLE.c.id.desc())
    return [_shown(row._mapping) for row in transaction.execute(query)]


def _show(transaction: Transaction, public_id: str) -> dict[str, Any]:
    query = select(_TABLE).where(_TABLE.c.public_id == public_id).with_for_update()
    row = transaction.execute(query).one_or_none()
    if row is None:
        raise Refusal(
            NO_SUCH_API_KEY, f"There is no API key '{public_id}'.", hint="See labeler key list."
        )
    return _shown(row._mapping)


def _shown(row: Any) -> dict[str, Any]:
    return {
        "id": row["public_id"],
        "name": row["name"],
        "permissions": json.loads(row["permissions"]),
        "lines": None if row["lines"] is None else json.loads(row["lines"]),
        **{name: row[name] for name in ("created_at", "created_by", "last_used_at")},
        **{name: row[name] for name in ("revoked_at", "revoked_by")},
    }


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _require_known(site: Site, wish: NewKey) -> None:
    known = [one.value for one in Permission]
    unknown = [one for one in wish.permissions if one not in known]
    if unknown or not wish.permissions:
        what = f"'{unknown[0]}' is no permission" if unknown else "No permission is named"
        raise Refusal(
            BAD_VALUE, f"{what}: expected some of {', '.join(known)}.", hint="See docs/access.md."
        )
    if wish.lines is not None and not wish.lines:
        raise Refusal(
            BAD_VALUE, "A key for no line is of no use.", hint="Leave lines out: for all of them."
        )
    for line in wish.lines or ():
        site.plant.line(line)

"""Releases of label templates: which version may go onto labels, who said so, and when.

A template's file is a *draft*. A *version* is a content that was pinned or released, for ever the
same; a *release* is somebody's word about a version, and the newest one counts. So going back to
an earlier content is one more release of that version, not a copy under another number.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from labeler.errors import NO_SUCH_TEMPLATE, NO_SUCH_VERSION, RELEASED_ALREADY, Refusal
from labeler.production import events, pinning, template_drafts, template_linting
from labeler.production.events import Cause
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.store.schema_templates import template_release
from labeler.templates import LabelTemplate

_VERSION = schema.template_version


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Who releases, and what they say about it."""

    by: str
    """A person's name, or the channel where nobody gave one."""
    channel: str
    comment: str | None = None
    is_implicit: bool = False
    """Whether a run that opened released it, and nobody said so."""


def release(site: Site, name: str, statement: Statement) -> dict[str, Any]:
    """Release the draft as it is now; return its version.

    Refuses an unknown template (4002), one with errors (4005), and one whose newest release, made
    by somebody, is the same (4004).
    """
    draft = template_drafts.require(site, name)
    template = template_linting.require_sound(site, draft)
    return site.store.write(
        lambda transaction: _release(transaction, site, template, statement), locks=True
    )


def _release(
    transaction: Transaction, site: Site, template: LabelTemplate, statement: Statement
) -> dict[str, Any]:
    transaction.keep_others_waiting()  # two may release at once, or a run may open
    now = site.clock()
    version_id = pinning.pin_template(transaction, template, now=now)
    known = newest(transaction, template.name)
    if known is not None and known.template_version_id == version_id and not known.implicit:
        raise Refusal(
            RELEASED_ALREADY,
            f"Template '{template.name}' as it is now was released as version {known.version} by "
            f"{known.released_by} at {known.released_at:%Y-%m-%d %H:%M:%S} UTC.",
            hint="Nothing needs releasing.",
        )
    record(transaction, template.name, version_id, statement=statement, at=now)
    version = transaction.execute(
        select(_VERSION.c.version).where(_VERSION.c.id == version_id)
    ).scalar_one()
    return show_version(transaction, template.name, version)


def record(
    transaction: Transaction,
    name: str,
    version_id: int,
    *,
    statement: Statement,
    at: datetime,
) -> int:
    """Write the next release of a template; return its id.

    The caller keeps others waiting; the database refuses a second one of the same number.
    """
    table = template_release
    last = transaction.execute(
        select(func.max(table.c.number)).where(table.c.template == name)
    ).scalar()
    values = {
        "template": name,
        "number": (last or 0) + 1,
        "template_version_id": version_id,
        "released_at": at,
        "released_by": statement.by,
        "channel": statement.channel,
        "comment": statement.comment,
        "implicit": statement.is_implicit,
    }
    _note(transaction, name, version_id, statement=statement, at=at)
    statement_ = insert(table).values(**values).returning(table.c.id)
    return int(transaction.execute(statement_).scalar_one())


def _note(
    transaction: Transaction, name: str, version_id: int, *, statement: Statement, at: datetime
) -> None:
    """Let the audit trail say which version was released in place of which."""
    before, version = newest(transaction, name), _VERSION.c.version
    new = transaction.execute(select(version).where(_VERSION.c.id == version_id)).scalar_one()
    said = {"template": name, "old": None if before is None else before.version, "new": new}
    who = {} if statement.is_implicit else {"operator": statement.by}
    why = {} if statement.comment is None else {"reason": statement.comment}
    cause = Cause(channel=statement.channel, detail={**said, **who, **why})
    events.record(transaction, "template_released", at=at, cause=cause)


def newest(transaction: Transaction, name: str) -> Row[Any] | None:
    """Return the newest release of a template with its version, or None."""
    query = _select().where(template_release.c.template == name)
    return transaction.execute(
        query.order_by(template_release.c.number.desc()).limit(1)
    ).one_or_none()


def newest_of_all(transaction: Transaction) -> dict[str, Row[Any]]:
    """Return the newest release of each template that has one."""
    table = template_release
    last = (
        select(table.c.template, func.max(table.c.number).label("number"))
        .group_by(table.c.template)
        .subquery()
    )
    on = (table.c.template == last.c.template) & (table.c.number == last.c.number)
    return {row.template: row for row in transaction.execute(_select().join(last, on))}


def _select() -> Any:
    version = _VERSION
    return select(template_release, version.c.version, version.c.digest, version.c.content).join(
        version, version.c.id == template_release.c.template_version_id
    )


def list_versions(transaction: Transaction, name: str) -> list[dict[str, Any]]:
    """Return the versions of a template, the newest first; without their content."""
    rows = transaction.execute(
        select(_VERSION).where(_VERSION.c.template == name).order_by(_VERSION.c.version.desc())
    ).all()
    known = newest(transaction, name)
    releases = _releases(transaction, name)
    return [
        _version(row, releases.get(row.id, []), is_newest=known is not None
                 and known.template_version_id == row.id)
        for row in rows
    ]  # fmt: skip


def _releases(transaction: Transaction, name: str) -> dict[int, list[dict[str, Any]]]:
    """Return the releases of each version, the oldest first."""
    table = template_release
    names = ("number", "released_at", "released_by", "channel", "comment", "implicit")
    query = select(table).where(table.c.template == name).order_by(table.c.number)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in transaction.execute(query):
        one = {name: row._mapping[name] for name in names}
        found.setdefault(row.template_version_id, []).append(one)
    return found


def _version(row: Row[Any], releases: list[dict[str, Any]], *, is_newest: bool) -> dict[str, Any]:
    return {
        "template": row.template,
        "version": row.version,
        "digest": row.digest,
        "state": "released" if releases else "draft",
        "is_newest_release": is_newest,
        "created_at": row.created_at,
        "releases": releases,
    }


def show_version(transaction: Transaction, name: str, version: int) -> dict[str, Any]:
    """Return one version with its content and releases; refuse (4002, 4003) an unknown one."""
    row = find_version(transaction, name, version)
    [found] = [one for one in list_versions(transaction, name) if one["version"] == version]
    return {**found, "content": row.content}


def find_version(transaction: Transaction, name: str, version: int) -> Row[Any]:
    """Return the row of a version; refuse an unknown template (4002) or version (4003)."""
    row = transaction.execute(
        select(_VERSION).where(_VERSION.c.template == name, _VERSION.c.version == version)
    ).one_or_none()
    if row is not None:
        return row
    count = transaction.execute(
        select(func.count()).where(_VERSION.c.template == name)
    ).scalar_one()
    if not count:
        raise Refusal(
            NO_SUCH_TEMPLATE,
            f"Template '{name}' has no version yet.",
            hint=f"Release it: labeler template release {name} --by NAME.",
        )
    raise Refusal(
        NO_SUCH_VERSION,
        f"Template '{name}' has versions 1 to {count}, not {version}.",
        hint=f"List them: labeler template show {name}.",
    )

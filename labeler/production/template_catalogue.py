"""The label templates: what each file says now, what was released of it, and who uses it."""

from typing import Any

from sqlalchemy import Row, func, select

from labeler.errors import Refusal
from labeler.production import template_drafts, template_linting, template_releases
from labeler.production.site import Site
from labeler.production.template_drafts import Draft
from labeler.store import Transaction, schema


def list_templates(site: Site, transaction: Transaction) -> list[dict[str, Any]]:
    """Return every template that has a file, a version, or a product."""
    releases = template_releases.newest_of_all(transaction)
    last_runs = _last_runs(transaction)
    used = {product.template for product in site.plant.products.values()}
    names = sorted({*template_drafts.names(site), *releases, *last_runs, *used})
    return [
        _summary(site, name, releases.get(name), last_run=last_runs.get(name)) for name in names
    ]


def show_template(site: Site, transaction: Transaction, name: str) -> dict[str, Any]:
    """Return a template with its draft and its versions, the newest first; refuse (4002)."""
    known = {one["name"]: one for one in list_templates(site, transaction)}
    if name not in known:
        raise template_drafts.unknown(site, name)
    draft = None if known[name]["draft_fault"] else template_drafts.find(site, name)
    return {
        **known[name],
        "content": draft.content if draft else None,
        **_read(draft, known[name]),
        "versions": template_releases.list_versions(transaction, name),
    }


def list_versions(site: Site, transaction: Transaction, name: str) -> list[dict[str, Any]]:
    """Return the versions of a template, the newest first; refuse (4002) an unknown template."""
    found = template_releases.list_versions(transaction, name)
    if not found and name not in template_drafts.names(site):
        raise template_drafts.unknown(site, name)
    return found


def _read(draft: Draft | None, row: dict[str, Any]) -> dict[str, Any]:
    if draft is None or row["draft_fault"]:
        return {"width_mm": None, "height_mm": None, "fields": []}
    template = template_linting.parsed(draft)
    return {
        "width_mm": template.width_mm,
        "height_mm": template.height_mm,
        "fields": sorted(template.sources),
    }


def _summary(
    site: Site, name: str, release: Row[Any] | None, *, last_run: Row[Any] | None
) -> dict[str, Any]:
    digest, fault = None, ""
    try:
        draft = template_drafts.find(site, name)
        if draft is not None:
            digest = template_linting.digest_of(draft)
            template_linting.parsed(draft)
    except Refusal as refusal:
        fault = refusal.sentence
    shown = ("number", "version", "digest", "released_at", "released_by", "comment", "implicit")
    products = site.plant.products.items()
    return {
        "name": name,
        "draft_digest": digest,
        "draft_fault": fault,
        "is_changed": digest is not None and (release is None or digest != release.digest),
        "newest_release": {key: release._mapping[key] for key in shown} if release else None,
        "products": [key for key, one in products if one.template == name],
        "last_run": {
            "id": last_run.id,
            "line": last_run.line,
            "opened_at": last_run.opened_at,
            "template_version": last_run.version,
        }
        if last_run
        else None,
    }


def _last_runs(transaction: Transaction) -> dict[str, Row[Any]]:
    """Return the newest run of each template that has one, tests included."""
    run, version = schema.run, schema.template_version
    newest = (
        select(func.max(run.c.id))
        .join(version, version.c.id == run.c.template_version_id)
        .group_by(version.c.template)
    )
    query = (
        select(run.c.id, run.c.line, run.c.opened_at, version.c.version, version.c.template)
        .join(version, version.c.id == run.c.template_version_id)
        .where(run.c.id.in_(newest))
    )
    return {row.template: row for row in transaction.execute(query)}

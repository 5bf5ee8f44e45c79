"""How the tests of template releases ask."""

from typing import Any

from sqlalchemy import select

from labeler.production import template_releases
from labeler.production.site import Site
from labeler.production.template_releases import Statement
from labeler.store.schema_templates import template_release

NAME = "unit-label"
REQUIRED: dict[str, Any] = {"site": {"template_release": "required"}}


def release(site: Site, by: str = "mk", comment: str | None = None) -> dict[str, Any]:
    """Release the plant's template as it is now."""
    return template_releases.release(site, NAME, Statement(by=by, comment=comment, channel="http"))


def releases(site: Site) -> list[tuple[Any, ...]]:
    """Return number, version, by whom and whether implicitly, of every release."""
    table = template_release
    query = select(table).order_by(table.c.id)
    with site.store.read() as transaction:
        return [
            (row.number, row.template_version_id, row.released_by, row.implicit)
            for row in transaction.execute(query)
        ]


def versions(site: Site) -> list[dict[str, Any]]:
    """Return the versions of the plant's template, the newest first."""
    with site.store.read() as transaction:
        return template_releases.list_versions(transaction, NAME)

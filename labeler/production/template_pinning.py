"""Which version of its label template a run pins: the draft, or the newest release."""

from datetime import datetime

from labeler.errors import NOT_RELEASED, Refusal
from labeler.production import pinning, template_releases
from labeler.production.pinning import Order
from labeler.production.site import Site
from labeler.production.template_releases import Statement
from labeler.store import Transaction
from labeler.templates import LabelTemplate
from labeler.units import RunMode


def draft_of(site: Site, order: Order) -> LabelTemplate | None:
    """Return the template as its file says now; None where the run needs a release.

    Refuses (9004) a file that is missing or wrong.
    """
    if site.plant.releases_required and order.mode is not RunMode.TEST:
        return None
    return site.plant.template(site.plant.products[order.product].template)


def pin(
    transaction: Transaction,
    site: Site,
    order: Order,
    *,
    draft: LabelTemplate | None,
    now: datetime,
) -> dict[str, int | None]:
    """Return the version and the release a run pins, as columns of it.

    A run of production that pins a draft releases it by that; a test run releases nothing. Refuses
    (2010) a template that has no release where only that will do.
    """
    name = site.plant.products[order.product].template
    newest = template_releases.newest(transaction, name)
    if draft is None:
        if newest is None:
            raise Refusal(
                NOT_RELEASED,
                f"Template '{name}' has no release, and this site prints released templates only.",
                hint=f"Look at it, then release it: labeler template release {name} --by NAME. "
                "A test run takes the draft.",
            )
        return _columns(newest.template_version_id, newest.id)
    version_id = pinning.pin_template(transaction, draft, now=now)
    if newest is not None and newest.template_version_id == version_id:
        return _columns(version_id, newest.id)
    if order.mode is RunMode.TEST:
        return _columns(version_id, None)
    said = Statement(by=order.channel, channel=order.channel, is_implicit=True)
    release_id = template_releases.record(transaction, name, version_id, statement=said, at=now)
    return _columns(version_id, release_id)


def _columns(version_id: int, release_id: int | None) -> dict[str, int | None]:
    return {"template_version_id": version_id, "template_release_id": release_id}

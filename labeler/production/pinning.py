"""What a run fixes when it opens: its order, the versions it uses, the values its labels share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from labeler.production import events, template_files, versions
from labeler.production.events import CONFIG, Cause
from labeler.production.plant import product_constants
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.templates import OPENED, LabelTemplate
from labeler.units import RunMode


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be made: one product, on one line, so many units."""

    product: str
    line: str
    quantity: int
    """Units planned; the run issues no more serials than this."""
    lot: str | None = None
    """GS1 AI (10)."""
    work_order: str | None = None
    operator: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Anything else; templates show it as {attributes.NAME}."""
    mode: RunMode = RunMode.PRODUCTION
    purchase_order: str | None = None
    """The customer's order."""
    sales_order: str | None = None
    shift: str | None = None
    """The shift for which it is planned; what a pattern shows of shifts follows from the clock."""
    expires_on: str | None = None
    """A day as ISO 8601 writes it: GS1 AI (17)."""
    best_before: str | None = None
    """A day as ISO 8601 writes it: GS1 AI (15)."""
    rework_of: int | None = None
    """The run whose units it makes good again."""
    channel: str = "http"


_COLUMNS = (
    *("product", "line", "quantity", "lot", "work_order", "operator", "purchase_order"),
    *("sales_order", "shift", "expires_on", "best_before", "rework_of"),
)


def order_of(run: Mapping[str, Any]) -> Order:
    """Return what was ordered with a run, from its columns."""
    mode = RunMode(run["mode"])
    return Order(
        **{name: run[name] for name in _COLUMNS}, attributes=dict(run["attributes"]), mode=mode
    )


def columns(order: Order) -> dict[str, Any]:
    """Return the order as columns of a run."""
    return {
        **{name: getattr(order, name) for name in _COLUMNS},
        "attributes": dict(order.attributes),
        "mode": order.mode.value,
    }


def constants(site: Site, order: Order, *, run_id: int, opened_at: datetime) -> dict[str, str]:
    """Return the values a template may show that are the same for all units of the run."""
    return {
        **product_constants(site.plant, order.product),
        "line": order.line,
        "run.id": str(run_id),
        "run.lot": order.lot or "",
        "run.work_order": order.work_order or "",
        "run.operator": order.operator or "",
        "run.quantity": str(order.quantity),
        "run.purchase_order": order.purchase_order or "",
        "run.sales_order": order.sales_order or "",
        "run.shift": order.shift or "",
        "run.expires_on": order.expires_on or "",
        "run.best_before": order.best_before or "",
        OPENED: site.local(opened_at).isoformat(timespec="seconds"),
        **{f"attributes.{name}": value for name, value in order.attributes.items()},
    }


def pin_identifiers(
    transaction: Transaction, site: Site, order: Order, *, run_id: int, now: datetime
) -> None:
    """Fix the versions of the series from which the run takes identifiers.

    Refuses what ``versions.pin`` refuses.
    """
    product = site.plant.products[order.product]
    for place, (name, key) in enumerate(product.identifiers.items(), start=1):
        series = site.plant.series[key]
        values = {
            "run_id": run_id,
            "name": name,
            "place": place,
            "series_version_id": versions.pin(transaction, series, now=now).id,
            "secret": series.secret,
        }
        transaction.execute(insert(schema.run_series).values(**values))


def pin_template(transaction: Transaction, template: LabelTemplate, *, now: datetime) -> int:
    """Return the id of the version of the template that has this content, kept now if it is new."""
    table, owner = schema.template_version, {"template": template.name}
    found = transaction.execute(
        select(table.c.id).filter_by(**owner, digest=template.digest)
    ).scalar_one_or_none()
    if found is not None:
        return int(found)
    last = transaction.execute(select(func.max(table.c.version)).filter_by(**owner)).scalar()
    values = {
        **owner,
        "digest": template.digest,
        "content": template.content,
        "created_at": now,
        "version": (last or 0) + 1,
    }
    said = {"template": template.name, "new": values["version"], "digest": template.digest}
    cause = Cause(channel=CONFIG, detail={**said, "old": last})
    events.record(transaction, "template_version", at=now, cause=cause)
    statement = insert(table).values(**values).returning(table.c.id)
    version_id = int(transaction.execute(statement).scalar_one())
    template_files.keep(transaction, version_id, template.files)
    return version_id

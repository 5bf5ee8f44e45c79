"""The Serial Numbers overview: units by what is known of them."""

from typing import Any

from flask import Blueprint, Response, request

from labeler.production.lifecycle import overview
from labeler.production.lifecycle.overview import Wanted
from labeler.units import UnitState
from labeler.web.api import site
from labeler.web.pages import asking, rendering
from labeler.web.shapes_units import UnitListQuery

blueprint = Blueprint("units", __name__)

_DAYS = ("from", "to")
_RARE = ("run", "location", "owner", "purchase_order", "sales_order", "invoice", "recall")
"""Filters that most people never need."""
_FILTERS = ("state", "product", "lot", "line", *_RARE)


@blueprint.get("/units")
def list_units() -> Response:
    """Show a page of units, the newest first unless another order is asked for."""
    given: dict[str, Any] = {k: v for k, v in request.args.items() if k not in _DAYS}
    given |= {"since": asking.midnight("from"), "before": asking.midnight("to", days=1)}
    query = asking.read(UnitListQuery, {"order": "desc"} | given)
    said = query.model_dump(exclude_none=True)
    wanted = Wanted(
        filters={name: said[name] for name in _FILTERS if name in said and name != "recall"},
        recall=query.recall,
        item_name=query.item_name,
        search=query.search,
        since=query.since,
        before=query.before,
        sort=query.sort,
        descending=query.order == "desc",
        after=query.after,
        limit=query.limit,
    )
    with site().store.read() as transaction:
        found = overview.page(site(), transaction, wanted)
    return rendering.page(
        "units.html",
        rows=found["units"],
        next=found["next"],
        query=query,
        chosen=request.args,
        has_more=any(request.args.get(one) for one in _RARE),
        is_filtered=any(request.args.get(one) for one in (*_FILTERS, *_DAYS, "search")),
        products=sorted(site().plant.products),
        lines=sorted(site().plant.lines),
        states=[one.value for one in UnitState],
    )

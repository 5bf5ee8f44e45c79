"""Ranges: what became of the serials of a run, or of a series from one to another."""

from typing import Any, get_args

from flask import Blueprint, Response, request

from labeler.errors import BAD_VALUE, Refusal
from labeler.production import runs
from labeler.production.quality import ranges, spans
from labeler.production.quality.ranges import Kind
from labeler.production.quality.spans import Span
from labeler.web.api import page, site
from labeler.web.pages import asking, rendering
from labeler.web.shapes_pages import RangePage, RangeShown

blueprint = Blueprint("ranges", __name__)

_ASKED = ("run", "series", "first", "last")


@blueprint.get("/ranges")
def show_range() -> Response:
    """Ask for a range; once it is said, count what became of its serials."""
    counts = None
    query = _query()
    if query.run is not None or query.series is not None:
        with site().store.read() as transaction:
            counts = ranges.count(transaction, _span(transaction, query))
    return rendering.page(
        "ranges.html",
        counts=counts,
        kinds=get_args(Kind),
        asked=_asked(),
        chosen=request.args,
        series=sorted(site().plant.series),
    )


@blueprint.get("/ranges/<kind>")
def list_range(kind: str) -> Response:
    """Show the serials behind a number of a range."""
    given = {name: request.args.get(name, "") for name in ("after", "limit")}
    wanted = asking.read(RangePage, given | {"kind": kind})
    query = _query()
    with site().store.read() as transaction:
        found = ranges.list_serials(
            transaction,
            _span(transaction, query),
            wanted.kind,
            after=wanted.after,
            limit=wanted.limit + 1,
        )
        product = None if query.run is None else runs.show(transaction, query.run)["product"]
    shown = page("serials", found, limit=wanted.limit, cursor="cursor")
    return rendering.page(
        "range_serials.html",
        kind=kind,
        rows=shown["serials"],
        next=shown["next"],
        asked=_asked(),
        product=product,
        run=query.run,
        series=query.series,
    )


def _query() -> RangeShown:
    return asking.read(RangeShown, _asked())


def _asked() -> dict[str, Any]:
    return {name: request.args[name] for name in _ASKED if request.args.get(name)}


def _span(transaction: Any, query: RangeShown) -> Span:
    if query.run is not None:
        return spans.of_run(transaction, query.run)
    if query.series is None or query.first is None or query.last is None:
        raise Refusal(
            BAD_VALUE,
            "The range is not whole: expected a run, or a series with its first and last serial.",
            hint="Fill in what is missing.",
        )
    return spans.of_series(site(), transaction, query.series, first=query.first, last=query.last)

"""What became of the serials of a run, or of a series from one to another."""

from typing import Any, get_args
from urllib.parse import quote, urlencode

from flask import Response

from labeler.production.quality import ranges, spans
from labeler.production.quality.ranges import Kind
from labeler.web import shapes, shapes_quality
from labeler.web.api import PROBLEMS, answer, page, site
from labeler.web.api.door import Door

blueprint = Door("ranges", __name__, tag="quality")


@blueprint.get("/runs/<int:run_id>/range", responses={200: shapes_quality.Range, **PROBLEMS})
def count_run(path: shapes.RunPath) -> Response:
    """Count what became of the units of a run; each number says where its serials are listed."""
    with site().store.read() as transaction:
        found = ranges.count(transaction, spans.of_run(transaction, path.run_id))
    return answer(found | {"serials": _links(f"/api/v1/runs/{path.run_id}/range")})


@blueprint.get(
    "/runs/<int:run_id>/range/<kind>", responses={200: shapes_quality.RangeSerials, **PROBLEMS}
)
def list_run(path: shapes_quality.RunRangePath, query: shapes_quality.RunSerialsQuery) -> Response:
    """List the serials of a run behind one of its numbers, in the order of their places."""
    with site().store.read() as transaction:
        span = spans.of_run(transaction, path.run_id)
        found = ranges.list_serials(
            transaction, span, path.kind, after=query.after, limit=query.limit + 1
        )
    return answer(page("serials", found, limit=query.limit, cursor="cursor"))


@blueprint.get("/series/<series>/range", responses={200: shapes_quality.Range, **PROBLEMS})
def count_series(
    path: shapes_quality.SeriesRangePath, query: shapes_quality.RangeQuery
) -> Response:
    """Count what became of the serials of a series from `first` to `last`, in text order."""
    given = query.model_dump()
    with site().store.read() as transaction:
        span = spans.of_series(site(), transaction, path.series, **given)
        found = ranges.count(transaction, span)
    address = f"/api/v1/series/{quote(path.series, safe='')}/range"
    return answer(found | {"serials": _links(address, **given)})


@blueprint.get(
    "/series/<series>/range/<kind>", responses={200: shapes_quality.RangeSerials, **PROBLEMS}
)
def list_series(
    path: shapes_quality.SeriesRangeKindPath, query: shapes_quality.RangeSerialsQuery
) -> Response:
    """List the serials of a range behind one of its numbers, in text order."""
    with site().store.read() as transaction:
        given = {"first": query.first, "last": query.last}
        span = spans.of_series(site(), transaction, path.series, **given)
        found = ranges.list_serials(
            transaction, span, path.kind, after=query.after, limit=query.limit + 1
        )
    return answer(page("serials", found, limit=query.limit, cursor="cursor"))


def _links(address: str, **given: Any) -> dict[str, str]:
    asked = f"?{urlencode(given)}" if given else ""
    return {kind: f"{address}/{kind}{asked}" for kind in get_args(Kind)}

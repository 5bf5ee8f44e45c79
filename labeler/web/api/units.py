"""Units: what is done with them, the Serial Numbers overview, the life of one."""

import io
from typing import Any

from flask import Response, request
from flask_openapi import MediaType, RequestBody, Schema
from pydantic import ValidationError

from labeler.errors import BAD_VALUE, Refusal
from labeler.production.lease_lists import Range, Serials
from labeler.production.lifecycle import changing, history, overview
from labeler.production.lifecycle.changing import UnitOrder
from labeler.production.lifecycle.overview import Wanted
from labeler.production.pool_lists import CsvList, TextList
from labeler.web import problems
from labeler.web import shapes_units as shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.documented import documented
from labeler.web.api.door import Door
from labeler.web.api.keys import key
from labeler.web.api.pools import DELIMITERS, LISTS, READ_AT_ONCE
from labeler.web.shapes import KeyHeader, SerialQuery

blueprint = Door("units", __name__, tag="units")

CHANGE = "units.change_units"
"""The endpoint whose body may be a list."""
_LIST_ONLY = {"column", "delimiter", "header"}
_NAMING = {"serials", "ranges", "product"}
_NO_FILTER = {"item_name", "recall", "search", "since", "before", "sort", "order", "after", "limit"}


@blueprint.get("/units", responses={200: shapes.Units, **PROBLEMS})
def list_units(query: shapes.UnitListQuery) -> Response:
    """List units by what is known of them; a page may have few rows, and still a `next`."""
    given = query.model_dump(exclude_none=True)
    wanted = Wanted(
        filters={name: value for name, value in given.items() if name not in _NO_FILTER},
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
        return answer(overview.page(site(), transaction, wanted))


@blueprint.get("/units/<path:serial>/history", responses={200: shapes.UnitLife, **PROBLEMS})
def show_history(path: shapes.UnitPath, query: SerialQuery) -> Response:
    """Show the whole life of a unit: who did what, when, where, why, through which channel."""
    with site().store.read() as transaction:
        return answer(history.show(transaction, path.serial, product=query.product))


@blueprint.post(
    "/units/<verb>", responses={201: shapes.UnitsReport, 200: shapes.UnitsReport, **PROBLEMS}
)
@documented(
    path=shapes.UnitVerbPath, header=KeyHeader, query=shapes.UnitsQuery, body=shapes.UnitsOrder
)
def change_units(verb: str) -> Response:
    """Do something with units, all of them or none: JSON, or a list of serials as text or CSV.

    201 for an order; 200 with `replayed: true` when the key was served before.
    """
    try:
        given: shapes.UnitsQuery | shapes.UnitsOrder
        if request.mimetype in LISTS:
            given = query = shapes.UnitsQuery.model_validate(request.args.to_dict())
            serials = _list(query)
        else:
            given = body = shapes.UnitsOrder.model_validate(_json())
            ranges = tuple(Range(first=one.first, last=one.last) for one in body.ranges)
            serials = Serials(rows=list(enumerate(body.serials, start=1)), ranges=ranges)
    except ValidationError as error:
        return problems.from_validation(error)
    said = given.model_dump(exclude_none=True, exclude=_LIST_ONLY | _NAMING)
    order = UnitOrder(verb=verb, key=key(), product=given.product, said=said)
    found = changing.change(site(), order, serials)
    return answer(found, 200 if found["replayed"] else 201)


def _list(query: shapes.UnitsQuery) -> Serials:
    """Return what the body lists, read as it comes."""
    body = io.BufferedReader(request.stream, READ_AT_ONCE)  # type: ignore[type-var]
    if request.mimetype == "text/plain":
        return Serials(rows=TextList(body))
    delimiter = DELIMITERS[query.delimiter]
    rows = CsvList(body, column=query.column, delimiter=delimiter, header=query.header)
    return Serials(rows=rows)


def _json() -> Any:
    if not request.get_data():
        raise Refusal(BAD_VALUE, "The body is empty.", hint="Send {...}; see /api.")
    return request.get_json()


@blueprint.amend
def _describe(door: Door) -> None:
    """Let lists be taken, too: flask-openapi knows bodies of JSON only."""
    for path in door.paths.values():
        body = path.post.requestBody if path.post else None
        if isinstance(body, RequestBody):
            for media_type in LISTS:
                body.content[media_type] = MediaType(schema=Schema(type="string"))

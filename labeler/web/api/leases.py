"""Leases: give serials away, hear what became of them, close the account."""

import io
from typing import Any

from flask import Response, request
from flask_openapi import MediaType, RequestBody, Schema
from pydantic import ValidationError

from labeler.errors import BAD_VALUE, Refusal
from labeler.production import lease_extending, lease_reports, leases
from labeler.production.blocks import BlockOrder
from labeler.production.lease_lists import Range, Serials
from labeler.production.lease_reports import ReportOrder
from labeler.production.lease_terms import Terms
from labeler.production.leases import Wanted
from labeler.production.pool_lists import CsvList, TextList
from labeler.web import problems
from labeler.web import shapes_leases as shapes
from labeler.web.api import PROBLEMS, answer, page, site
from labeler.web.api.blocks import stream
from labeler.web.api.documented import documented
from labeler.web.api.door import Door
from labeler.web.api.keys import key
from labeler.web.api.pools import DELIMITERS, LISTS, READ_AT_ONCE
from labeler.web.shapes import KeyHeader, RunPath
from labeler.web.shapes_blocks import Serials as SerialsPage

blueprint = Door("leases", __name__, tag="leases")

REPORTS = ("leases.report_used", "leases.report_void")
"""Endpoints whose body may be a list."""
_STREAMED = ("text/csv", "application/x-ndjson", "text/plain")
_REPORT = {201: shapes.LeaseReport, 200: shapes.LeaseReport, **PROBLEMS}


@blueprint.post(
    "/runs/<int:run_id>/leases", responses={201: shapes.Leased, 200: shapes.Leased, **PROBLEMS}
)
@documented(path=RunPath, header=KeyHeader, body=shapes.LeaseOrder)
def open_lease(run_id: int) -> Response:
    """Give the next serials of an open run to somebody, until a moment both agreed on.

    201 for a new lease; 200 with `replayed: true` when the key was served before.
    """
    try:
        body = shapes.LeaseOrder.model_validate(_json())
    except ValidationError as error:
        return problems.from_validation(error)
    order = BlockOrder(run_id=run_id, quantity=body.quantity, key=key())
    found = leases.open_lease(site(), order, Terms(holder=body.holder, term=body.term))
    response = answer(found, 200 if found["replayed"] else 201)
    response.headers["Location"] = f"/api/v1/leases/{found['id']}"
    return response


@blueprint.get("/leases", responses={200: shapes.Leases, **PROBLEMS})
def list_leases(query: shapes.LeaseQuery) -> Response:
    """List leases, the newest first; `overdue=true`: those whose holder should have told by now."""
    wanted = Wanted(**query.model_dump(exclude={"before", "limit"}))
    with site().store.read() as transaction:
        found = leases.list_leases(
            site(), transaction, wanted, before=query.before, limit=query.limit + 1
        )
    return answer(page("leases", found, limit=query.limit))


@blueprint.get("/leases/<int:lease_id>", responses={200: shapes.LeaseDetail, **PROBLEMS})
def show_lease(path: shapes.LeasePath) -> Response:
    """Show a lease: how many of its serials are open, used and voided, and its newest reports."""
    with site().store.read() as transaction:
        return answer(leases.show(site(), transaction, path.lease_id))


@blueprint.get("/leases/<int:lease_id>/serials", responses={200: SerialsPage, **PROBLEMS})
def list_lease_serials(path: shapes.LeasePath, query: shapes.LeaseSerialsQuery) -> Response:
    """List the serials of a lease; `state=leased`: those nobody has told of.

    A page as JSON; with `Accept: text/csv`, `application/x-ndjson` or `text/plain` (a serial a
    line) all of them behind `after`, as a stream.
    """
    wanted = request.accept_mimetypes.best_match(["application/json", *_STREAMED])
    if wanted in _STREAMED:
        found = leases.pages(site(), path.lease_id, after=query.after, state=query.state)
        with site().store.read() as transaction:
            run_id = leases.find(transaction, path.lease_id).run_id
        return stream(found, str(wanted), run_id=run_id)
    asked: dict[str, Any] = {"after": query.after, "state": query.state}
    with site().store.read() as transaction:
        rows = leases.list_units(transaction, path.lease_id, limit=query.limit + 1, **asked)
    return answer(page("serials", rows, limit=query.limit, cursor="position"))


@blueprint.post("/leases/<int:lease_id>/used", responses=_REPORT)
@documented(
    path=shapes.LeasePath, header=KeyHeader, query=shapes.ReportQuery, body=shapes.UsedOrder
)
def report_used(lease_id: int) -> Response:
    """Say which serials are on labels now, all of them or none: JSON, or a list as text or CSV.

    201 for a report; 200 with `replayed: true` when the key was served before.
    """
    return _report(lease_id, "used", shapes.UsedOrder)


@blueprint.post("/leases/<int:lease_id>/void", responses=_REPORT)
@documented(
    path=shapes.LeasePath, header=KeyHeader, query=shapes.ReportQuery, body=shapes.VoidOrder
)
def report_void(lease_id: int) -> Response:
    """Say which serials will never be used, all of them or none: JSON, or a list as text or CSV.

    201 for a report; 200 with `replayed: true` when the key was served before.
    """
    return _report(lease_id, "void", shapes.VoidOrder)


@blueprint.post("/leases/<int:lease_id>/close", responses=_REPORT)
@documented(path=shapes.LeasePath, header=KeyHeader, body=shapes.CloseOrder)
def close_lease(lease_id: int) -> Response:
    """Close a lease once every serial is accounted for; `void_rest` voids those that are not.

    201 for a report; 200 with `replayed: true` when the key was served before.
    """
    try:
        body = shapes.CloseOrder.model_validate(_json())
    except ValidationError as error:
        return problems.from_validation(error)
    order = _order(lease_id, "close", body)
    return _reported(lease_reports.close(site(), order, void_rest=body.void_rest))


@blueprint.post("/leases/<int:lease_id>/extend", responses=_REPORT)
@documented(path=shapes.LeasePath, header=KeyHeader, body=shapes.LeaseExtension)
def extend_lease(lease_id: int) -> Response:
    """Let a lease expire later.

    201 for a report; 200 with `replayed: true` when the key was served before.
    """
    try:
        body = shapes.LeaseExtension.model_validate(_json())
    except ValidationError as error:
        return problems.from_validation(error)
    return _reported(lease_extending.extend(site(), _order(lease_id, "extend", body), body.term))


def _report(
    lease_id: int, kind: str, model: type[shapes.UsedOrder] | type[shapes.VoidOrder]
) -> Response:
    try:
        query = shapes.ReportQuery.model_validate(request.args.to_dict())
        if request.mimetype in LISTS:
            said = {"operator": query.operator, "reason": query.reason}
            given = {name: value for name, value in said.items() if value is not None}
            body, serials = model.model_validate(given), _list(query)
        else:
            body = model.model_validate(_json())
            serials = _named(body)
    except ValidationError as error:
        return problems.from_validation(error)
    return _reported(lease_reports.report(site(), _order(lease_id, kind, body), serials))


def _list(query: shapes.ReportQuery) -> Serials:
    """Return what the body lists, read as it comes."""
    body = io.BufferedReader(request.stream, READ_AT_ONCE)  # type: ignore[type-var]
    if request.mimetype == "text/plain":
        return Serials(rows=TextList(body))
    delimiter = DELIMITERS[query.delimiter]
    rows = CsvList(body, column=query.column, delimiter=delimiter, header=query.header)
    return Serials(rows=rows)


def _named(body: shapes.UsedOrder | shapes.VoidOrder) -> Serials:
    ranges = tuple(Range(first=one.first, last=one.last) for one in body.ranges)
    return Serials(rows=list(enumerate(body.serials, start=1)), ranges=ranges)


def _order(lease_id: int, kind: str, body: Any) -> ReportOrder:
    return ReportOrder(
        lease_id=lease_id, kind=kind, key=key(), operator=body.operator, reason=body.reason
    )


def _reported(found: dict[str, Any]) -> Response:
    return answer(found, 200 if found["replayed"] else 201)


def _json() -> Any:
    if not request.get_data():
        raise Refusal(BAD_VALUE, "The body is empty.", hint="Send {...}; see /api.")
    return request.get_json()


@blueprint.amend
def _describe(door: Door) -> None:
    """Let lists be taken, too: flask-openapi knows bodies of JSON only."""
    for path in door.paths.values():
        body = path.post.requestBody if path.post else None
        if isinstance(body, RequestBody) and "report_" in str(path.post and path.post.operationId):
            for media_type in LISTS:
                body.content[media_type] = MediaType(schema=Schema(type="string"))

"""Serials without labels: a block of them in one step, and the serials of a run as a stream."""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flask import Response, request
from pydantic import ValidationError

from labeler.production import blocks, listing, remembering
from labeler.web import problems
from labeler.web import shapes_blocks as shapes
from labeler.web.api import PROBLEMS, answer, page, site
from labeler.web.api.documented import documented
from labeler.web.api.door import Door
from labeler.web.api.jsontext import dumps, time_text
from labeler.web.api.keys import key

blueprint = Door("blocks", __name__, tag="serials")

_CSV, _NDJSON, _TEXT = "text/csv", "application/x-ndjson", "text/plain"
_COLUMNS = ("position", "serial", "state", "allocated_at")


@blueprint.post(
    "/runs/<int:run_id>/serials", responses={201: shapes.Block, 200: shapes.Block, **PROBLEMS}
)
@documented(path=shapes.RunPath, header=shapes.KeyHeader, body=shapes.BlockOrder)
def issue_block(run_id: int) -> Response:
    """Issue a block of serials of an open run in one step, without labels.

    201 for a new block; 200 with `replayed: true` when the key was served before. Lines are served
    meanwhile.
    """
    try:
        quantity = shapes.BlockOrder.model_validate(request.get_json()).quantity
    except ValidationError as error:
        return problems.from_validation(error)
    order = blocks.BlockOrder(run_id=run_id, quantity=quantity, key=key())
    found = blocks.issue_block(site(), order)
    response = answer(found, 200 if found["replayed"] else 201)
    response.headers["Location"] = f"/api/v1/runs/{run_id}/serials"
    return response


@blueprint.get("/runs/<int:run_id>/serials", responses={200: shapes.Serials, **PROBLEMS})
def list_serials(path: shapes.RunPath, query: shapes.SerialsQuery) -> Response:
    """List the serials of a run by their place in it.

    A page as JSON; with `Accept: text/csv` or `application/x-ndjson` all of them behind `after`,
    as a stream.
    """
    wanted = request.accept_mimetypes.best_match(["application/json", _CSV, _NDJSON])
    if wanted in (_CSV, _NDJSON):
        found = listing.pages(site(), path.run_id, after=query.after)
        return stream(found, wanted, run_id=path.run_id)
    with site().store.read() as transaction:
        asked = {"after": query.after, "limit": query.limit + 1}
        rows = listing.list_units(transaction, path.run_id, **asked)
    return answer(page("serials", rows, limit=query.limit, cursor="position"))


def stream(found: Iterator[list[dict[str, Any]]], media_type: str, *, run_id: int) -> Response:
    """Return units of a run as they come, each page when the one before is sent."""
    first = next(found, [])  # refuses what does not exist before the stream begins
    every = itertools.chain([first], found)
    if media_type != _CSV:
        write = {_NDJSON: _ndjson, _TEXT: _lines}[media_type]
        return Response(write(every), mimetype=media_type)
    with site().store.read() as transaction:
        names = list(remembering.names(transaction, run_id))
    return Response(_csv(every, names), mimetype=media_type)


def _lines(found: Iterable[list[dict[str, Any]]]) -> Iterator[str]:
    for rows in found:
        yield "".join(f"{row['serial']}\n" for row in rows)


def _csv(found: Iterable[list[dict[str, Any]]], names: list[str]) -> Iterator[str]:
    """Yield the table, with a column for each of the identifiers ``names``."""
    yield ",".join([*_COLUMNS, *(f"identifiers.{name}" for name in names)]) + "\r\n"
    for rows in found:
        text = io.StringIO()
        csv.writer(text).writerows(
            [_text(row[name]) for name in _COLUMNS]
            + [row["identifiers"][name] or "" for name in names]
            for row in rows
        )
        yield text.getvalue()


def _text(value: Any) -> Any:
    return time_text(value) if isinstance(value, datetime) else value


def _ndjson(found: Iterable[list[dict[str, Any]]]) -> Iterator[str]:
    for rows in found:
        yield "".join(dumps(row) for row in rows)

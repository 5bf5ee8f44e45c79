"""Pools: import numbers from outside, see how many wait, give unused ones back."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response, request
from flask_openapi import MediaType, RequestBody, Schema
from pydantic import ValidationError

from labeler.errors import BAD_VALUE, Refusal
from labeler.production import pool_lists, pool_returns, pool_status, pools
from labeler.production.pool_lists import CsvList, ImportOrder, Numbers, TextList
from labeler.web import problems, shapes, shapes_pools
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.documented import documented
from labeler.web.api.door import Door
from labeler.web.api.keys import key

blueprint = Door("pools", __name__, tag="pools")

IMPORT = "pools.import_numbers"
"""The endpoint whose body may be a list."""
LISTS = ("text/plain", "text/csv")
"""What a list is called."""
IMPORT_MAX_BYTES = "LABELER_IMPORT_MAX_BYTES"
"""The key of a list's limit in the application's configuration."""
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
"""How a query names what stands between the columns."""
READ_AT_ONCE = 65_536
"""Bytes of a list read at once."""


@blueprint.get("/pools", responses={200: shapes_pools.Pools, **PROBLEMS})
def list_pools() -> Response:
    """List the pools: how many numbers wait, were issued, went back."""
    with site().store.read() as transaction:
        return answer({"pools": pool_status.list_pools(site(), transaction)})


@blueprint.get("/pools/<series>", responses={200: shapes_pools.PoolDetail, **PROBLEMS})
def show_pool(path: shapes_pools.PoolPath) -> Response:
    """Show a pool, its newest imports and returns, and how far an import at work is."""
    with site().store.read() as transaction:
        return answer(pool_status.show_pool(site(), transaction, path.series))


@blueprint.post(
    "/pools/<series>/imports",
    responses={201: shapes_pools.Imported, 200: shapes_pools.Imported, **PROBLEMS},
)
@documented(
    path=shapes_pools.PoolPath,
    header=shapes.KeyHeader,
    query=shapes_pools.ImportQuery,
    body=shapes_pools.RangeOrder,
)
def import_numbers(series: str) -> Response:
    """Import numbers, all of them or none: a text, one number a line; CSV; or a range as JSON.

    201 for an import; 200 with `replayed: true` when the key was served before, or for a dry run.
    """
    try:
        query = shapes_pools.ImportQuery.model_validate(request.args.to_dict())
        numbers, source = _numbers(query)
    except ValidationError as error:
        return problems.from_validation(error)
    order = ImportOrder(
        series=series,
        channel="http",
        key=key(),
        source=source,
        operator=query.operator,
        again=query.again,
        dry_run=query.dry_run,
    )
    found = pools.import_numbers(site(), order, numbers)
    return answer(found, 200 if found["replayed"] or query.dry_run else 201)


def _numbers(query: shapes_pools.ImportQuery) -> tuple[Numbers, str]:
    """Return what the body lists, read as it comes, and what it is called."""
    if request.mimetype not in LISTS:
        return _range(shapes_pools.RangeOrder.model_validate(_json()))
    stream = io.BufferedReader(request.stream, READ_AT_ONCE)  # type: ignore[type-var]
    name = query.file or "a list without a name"
    if request.mimetype == "text/plain":
        return TextList(stream), name
    delimiter = DELIMITERS[query.delimiter]
    table = CsvList(stream, column=query.column, delimiter=delimiter, header=query.header)
    return table, name


def _json() -> Any:
    if not request.content_length:
        raise Refusal(
            BAD_VALUE,
            "The body is empty.",
            hint="Send a list as text/plain or text/csv, or a range as JSON.",
        )
    return request.get_json()


def _range(order: shapes_pools.RangeOrder) -> tuple[Numbers, str]:
    if (order.mac_block is None) == (order.tac is None):
        raise Refusal(
            BAD_VALUE, "The body names no range, or two.", hint="Send either mac_block or tac."
        )
    if order.mac_block is not None:
        numbers = pool_lists.mac_list(order.mac_block, step=order.step)
    else:
        numbers = pool_lists.imei_list(str(order.tac), first=order.first, last=order.last)
    return numbers, numbers.name


@blueprint.post(
    "/pools/<series>/returns",
    responses={201: shapes_pools.Returned, 200: shapes_pools.Returned, **PROBLEMS},
)
@documented(path=shapes_pools.PoolPath, header=shapes.KeyHeader, body=shapes_pools.ReturnOrder)
def return_numbers(series: str) -> Response:
    """Return unused numbers to whom they came from; they are never issued after that.

    201 for a return; 200 with `replayed: true` when the key was served before.
    """
    try:
        body = shapes_pools.ReturnOrder.model_validate(_json())
    except ValidationError as error:
        return problems.from_validation(error)
    given = body.model_dump(exclude={"all"})
    order = pool_returns.ReturnOrder(series=series, channel="http", key=key(), **given)
    found = pool_returns.return_numbers(site(), order)
    return answer(found, 200 if found["replayed"] else 201)


@blueprint.get(
    "/pools/<series>/returns/<int:return_id>/numbers.txt",
    responses={200: {"content": {"text/plain": {}}}, **PROBLEMS},
)
def returned_text(path: shapes_pools.ReturnPath) -> Response:
    """Return the numbers of a return, one a line."""
    return _export(path, (f"{number}\n" for number in _returned(path)), "text/plain")


@blueprint.get(
    "/pools/<series>/returns/<int:return_id>/numbers.csv",
    responses={200: {"content": {"text/csv": {}}}, **PROBLEMS},
)
def returned_csv(path: shapes_pools.ReturnPath) -> Response:
    """Return the numbers of a return as CSV, with the header `number`."""
    return _export(path, _csv_lines(_returned(path)), "text/csv")


def _returned(path: shapes_pools.ReturnPath) -> Iterator[str]:
    with site().store.read() as transaction:
        pool_returns.show(transaction, path.series, path.return_id)
    return pool_returns.export(site(), path.return_id)


def _csv_lines(numbers: Iterable[str]) -> Iterator[str]:
    yield "number\r\n"
    for number in numbers:
        line = io.StringIO()
        csv.writer(line).writerow([number])
        yield line.getvalue()


def _export(path: shapes_pools.ReturnPath, lines: Iterator[str], media_type: str) -> Response:
    response = Response(_joined(lines), mimetype=media_type)
    ending = "csv" if media_type == "text/csv" else "txt"
    name = f"{path.series}-return-{path.return_id}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Yield many lines at once: each piece costs a write to the socket."""
    pieces: list[str] = []
    for line in lines:
        pieces.append(line)
        if len(pieces) == 1000:
            yield "".join(pieces)
            pieces = []
    yield "".join(pieces)


@blueprint.amend
def _describe(door: Door) -> None:
    """Let lists be taken, too: flask-openapi knows bodies of JSON only."""
    for path in door.paths.values():
        if path.post and path.post.operationId and "import" in path.post.operationId:
            body = path.post.requestBody
            if isinstance(body, RequestBody):
                for media_type in LISTS:
                    body.content[media_type] = MediaType(schema=Schema(type="string"))

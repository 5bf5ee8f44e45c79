"""Errors as problem documents (RFC 9457): number, sentence, hint; never a stack trace."""

from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, redirect, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from labeler import errors, findings
from labeler.errors import Refusal
from labeler.web import (
    shapes,
    shapes_access,
    shapes_audit,
    shapes_blocks,
    shapes_engineer,
    shapes_errands,
    shapes_exports,
    shapes_jobs,
    shapes_leases,
    shapes_line,
    shapes_pages,
    shapes_pools,
    shapes_printers,
    shapes_quality,
    shapes_recalls,
    shapes_reconciliation,
    shapes_reprints,
    shapes_runs,
    shapes_scans,
    shapes_series,
    shapes_sheets,
    shapes_sites,
    shapes_templates,
    shapes_units,
)
from labeler.web.api.jsontext import dumps
from labeler.web.pages import places, refusals

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

_SHAPES = (
    *(shapes, shapes_blocks, shapes_series, shapes_pools, shapes_leases, shapes_templates),
    *(shapes_sheets, shapes_printers, shapes_jobs, shapes_errands, shapes_reprints, shapes_scans),
    *(shapes_runs, shapes_quality, shapes_reconciliation, shapes_sites, shapes_units),
    *(shapes_recalls, shapes_exports, shapes_audit, shapes_access),
    *(shapes_pages, shapes_line, shapes_engineer),
)
"""Where the shapes of requests stand."""

FINDINGS_MAX = 20
"""Findings that a document lists; a body of keys nobody knows has thousands."""

LOOK = "Look at /api for its shape."
BUG = Refusal(
    errors.INTERNAL,
    "The service failed while it worked on this request.",
    hint="Retry with the same Idempotency-Key; see the service's log.",
)
"""All that anybody hears of a bug of ours."""

_BY_STATUS = {
    400: (errors.BAD_REQUEST, "The request cannot be read.", LOOK),
    404: (errors.NO_SUCH_ADDRESS, "There is nothing at {path}.", "Look at /api."),
    405: (errors.WRONG_METHOD, "{method} is not allowed at {path}.", "Look at /api."),
    415: (errors.NOT_JSON, "The body is {type}.", "Send Content-Type: application/json."),
    416: (errors.NO_SUCH_RANGE, "{path} is shorter than that.", "Ask without a Range."),
}


def document(refusal: Refusal, **extra: Any) -> str:
    """Return the text of a problem document; `type` is an address that explains the number."""
    kind = refusal.kind
    return dumps(
        {
            "type": f"/api/v1/errors/{kind.number}",
            "title": kind.title,
            "status": kind.status,
            "detail": refusal.sentence,
            "number": kind.number,
            "hint": refusal.hint,
            **refusal.extra,
            **extra,
        }
    )


def from_refusal(refusal: Refusal, **extra: Any) -> Response:
    """Return the problem document of a refusal; who looks at pages gets a page."""
    kind = refusal.kind
    if refusals.is_for_people():
        return refusals.refused(refusal)
    response = Response(document(refusal, **extra), status=kind.status, content_type=MEDIA_TYPE)
    if kind.status == 503:
        response.headers["Retry-After"] = "1"
    if kind.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if kind.status == 429:
        response.headers["Retry-After"] = str(refusal.extra["retry_after_s"])
    return response


def from_validation(error: ValidationError) -> Response:
    """Return one problem document for all findings in a body, path or query."""
    return from_refusal(refusal_of(error))


def refusal_of(error: ValidationError) -> Refusal:
    """Return one refusal (1002) for all findings in a body, path or query."""
    model = next(vars(one)[error.title] for one in _SHAPES if error.title in vars(one))
    found = error.errors(include_url=False, include_context=False)
    read = [findings.read(item, model, whole="body") for item in found[:FINDINGS_MAX]]
    sentence = read[0].sentence
    if len(found) > 1:
        sentence += f" And {len(found) - 1} more."
    shown = [{"where": one.where, "expected": one.expected, "got": one.got} for one in read]
    hint = "Look at /api for the shape."
    return Refusal(errors.BAD_VALUE, sentence, hint=hint, extra={"findings": shown})


def too_large(limit: int | None) -> Refusal:
    """Return the refusal of a body of more than ``limit`` bytes."""
    sentence = f"The body is larger than {limit} bytes."
    return Refusal(errors.TOO_LARGE, sentence, hint="Send less at once.")


def from_status(status: int) -> Response:
    """Return the problem document of an HTTP status that came without one."""
    return from_refusal(_refusal(status, HTTPStatus(status).phrase))


def _from_http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()  # type: ignore[return-value]
    if status == 405 and request.method == "GET" and refusals.is_for_people():
        return redirect(places.nearest(request.path), 303)  # type: ignore[return-value]
    response = from_refusal(_refusal(status, error.name))
    for name, value in error.get_headers():
        if name in _KEPT:
            response.headers[name] = value
    return response


_KEPT = {"Allow", "Content-Range", "Retry-After"}
"""Headers of an HTTPException that say more than its number does."""


def _refusal(status: int, name: str) -> Refusal:
    """Return what we say for an HTTP status.

    One without a number of its own leaves as the plain 400 or 500, which it is a case of (RFC
    9110, section 15): a document must not say another status than its response.
    """
    if status == 413:
        return too_large(request.max_content_length)
    if status not in _BY_STATUS and status >= 500:
        return BUG
    otherwise = (errors.BAD_REQUEST, f"The request is refused: {name}.", LOOK)
    kind, sentence, hint = _BY_STATUS.get(status, otherwise)
    text = sentence.format(
        path=request.path,
        method=request.method,
        type=request.mimetype or "of no stated type",
    )
    return Refusal(kind, text, hint=hint)


def _from_bug(error: Exception) -> Response:
    log.error("request.failed", path=request.path, exc_info=error)
    return from_refusal(BUG)


def register(app: Flask) -> None:
    """Let every error of ``app`` leave as a problem document."""
    app.register_error_handler(Refusal, from_refusal)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _from_bug)

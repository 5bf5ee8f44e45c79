"""Errors as problem documents (RFC 9457): number, sentence, hint; never a stack trace."""

from typing import Any

import structlog
from flask import Flask, Response, json, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from labeler import errors
from labeler.errors import Refusal

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

_BY_STATUS = {
    400: (errors.BAD_REQUEST, "The request cannot be read.", "Look at /api for its shape."),
    404: (errors.NO_SUCH_ADDRESS, "There is nothing at {path}.", "Look at /api."),
    405: (errors.WRONG_METHOD, "{method} is not allowed at {path}.", "Look at /api."),
    413: (errors.TOO_LARGE, "The body is larger than {limit} bytes.", "Send less at once."),
    415: (errors.NOT_JSON, "The body is {type}.", "Send Content-Type: application/json."),
}


def problem(kind: errors.Kind, sentence: str, *, hint: str, **extra: Any) -> Response:
    """Return a problem document; `type` is an address that explains the number."""
    document = {
        "type": f"/api/v1/errors/{kind.number}",
        "title": kind.title,
        "status": kind.status,
        "detail": sentence,
        "number": kind.number,
        "hint": hint,
        **extra,
    }
    return Response(json.dumps(document), status=kind.status, content_type=MEDIA_TYPE)


def from_refusal(refusal: Refusal) -> Response:
    """Return the problem document of a refusal."""
    response = problem(refusal.kind, refusal.sentence, hint=refusal.hint)
    if refusal.kind.status == 503:
        response.headers["Retry-After"] = "1"
    return response


def from_validation(error: ValidationError) -> Response:
    """Return one problem document for all findings in a body, path or query."""
    findings = [
        {
            "where": ".".join(str(key) for key in item["loc"]) or "body",
            "expected": item["msg"].removeprefix("Value error, "),
            "got": _short(item["input"]),
        }
        for item in error.errors(include_url=False, include_context=False)
    ]
    first = findings[0]
    sentence = f"{first['where']}: {first['expected']}, got {first['got']}."
    if len(findings) > 1:
        sentence += f" And {len(findings) - 1} more."
    return problem(
        errors.BAD_VALUE, sentence, hint="Look at /api for the shape.", findings=findings
    )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:97]}..."


def _from_http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()  # type: ignore[return-value]
    kind, sentence, hint = _BY_STATUS.get(
        status, (errors.BAD_REQUEST if status < 500 else errors.INTERNAL, str(error.name), "")
    )
    text = sentence.format(
        path=request.path,
        method=request.method,
        limit=request.max_content_length,
        type=request.mimetype or "of no stated type",
    )
    response = problem(kind, text, hint=hint)
    response.status_code = status
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _from_bug(error: Exception) -> Response:
    log.error("request.failed", path=request.path, exc_info=error)
    return problem(
        errors.INTERNAL,
        "The service failed while it worked on this request.",
        hint="Retry with the same Idempotency-Key; see the service's log.",
    )


def register(app: Flask) -> None:
    """Let every error of ``app`` leave as a problem document."""
    app.register_error_handler(Refusal, from_refusal)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _from_bug)

"""The JSON interface under /api/v1: thin doors, one file per subject."""

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app
from flask.json.provider import JSONProvider
from flask_openapi import Response as OpenApiResponse
from pydantic import BaseModel
from typing_extensions import override

from labeler.errors import BAD_REQUEST, Refusal
from labeler.production.site import Site
from labeler.web import shapes
from labeler.web.api.jsontext import NotJson, dumps, loads

Documented = type[BaseModel] | OpenApiResponse | dict[str, Any] | None
"""What flask-openapi takes as the description of a reply."""

_PROBLEM = {
    "description": "Refused: a problem document says why, with its number (RFC 9457).",
    "content": {"application/problem+json": {"schema": shapes.Problem.model_json_schema()}},
}
PROBLEMS: dict[str | int | HTTPStatus, Documented] = {
    "4XX": _PROBLEM,
    "422": _PROBLEM,
    "5XX": _PROBLEM,
}
"""Documented on every operation."""

_SITE = "labeler.site"


class Json(JSONProvider):
    """Times as ISO 8601 in UTC; nothing else that JSON does not know."""

    @override
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Return ``obj`` as JSON text."""
        del kwargs
        return dumps(obj)

    @override
    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Return what JSON text says; refuse (1001), saying where, what is none."""
        del kwargs
        try:
            return loads(s)
        except NotJson as error:
            sentence = f"The body is no JSON: {error}."
            raise Refusal(BAD_REQUEST, sentence, hint="Look at /api for its shape.") from error


def attach(app: Flask, site: Site) -> None:
    """Hand the running service to the doors of ``app``."""
    app.extensions[_SITE] = site


def site() -> Site:
    """Return the running service."""
    found: Site = current_app.extensions[_SITE]
    return found


def answer(content: Any, status: int = 200) -> Response:
    """Return ``content`` as JSON."""
    return Response(dumps(content), status=status, mimetype="application/json")


def page(
    name: str, found: list[dict[str, Any]], *, limit: int, cursor: str = "id"
) -> dict[str, Any]:
    """Return ``limit`` rows as ``name``, and where the next page begins; null at the end.

    ``cursor`` is the column by which pages go on. ``found`` has one row more where there is more:
    nobody counts, and no page is slower than the first.
    """
    rows = found[:limit]
    return {name: rows, "next": rows[-1][cursor] if len(found) > limit else None}

"""The Flask application: the API, its description, the pages."""

from functools import cache

from flask import Flask, Response, current_app, redirect, request
from flask_openapi import Info

from labeler import __version__, errors
from labeler.production.site import Site
from labeler.web import access, api, problems, trigger_log, who
from labeler.web.api import (
    accounts,
    api_keys,
    audit,
    blocks,
    certificates,
    errands,
    events,
    exports,
    jobs,
    labels,
    leases,
    pools,
    printers,
    ranges,
    recalls,
    reconciliation,
    reprints,
    runs,
    scans,
    sent,
    serials,
    series,
    service,
    session,
    sheets,
    sites,
    templates,
    units,
    verifications,
)
from labeler.web.api.door import Described
from labeler.web.newsroom import Newsroom
from labeler.web.pages import joining, refusals
from labeler.web.streams import Streams

_DESCRIPTION = (
    "Serial numbers and labels for production lines. A trigger with an Idempotency-Key gets one "
    "answer for ever: retry it as often as you like. Errors are problem documents (RFC 9457); "
    "their number never changes its meaning. Programs send Authorization: Bearer with an API key, "
    "people sign in (POST /api/v1/session)."
)

_DOORS = (
    runs,
    labels,
    blocks,
    leases,
    serials,
    units,
    sent,
    reprints,
    series,
    templates,
    pools,
    printers,
    jobs,
    scans,
    sheets,
    events,
    errands,
    verifications,
    ranges,
    recalls,
    exports,
    reconciliation,
    certificates,
    sites,
    audit,
    session,
    accounts,
    api_keys,
    service,
)

_TAKING_LISTS = frozenset({pools.IMPORT, *leases.REPORTS, units.CHANGE})
"""Endpoints whose body may be a list."""


def make_app(site: Site, *, body_max_bytes: int, import_max_bytes: int, streams_max: int) -> Flask:
    """Return the application whose doors lead to ``site``.

    A list of numbers for a pool or of a lease is streamed, and has a limit of its own. Of streams
    of events there are ``streams_max`` at most.
    """
    app = _addresses().twin()
    app.json = api.Json(app)
    app.config["MAX_CONTENT_LENGTH"] = body_max_bytes
    app.config[pools.IMPORT_MAX_BYTES] = import_max_bytes
    api.attach(app, site)
    app.extensions[events.STREAMS] = Streams(streams_max)
    app.extensions[events.NEWSROOM] = Newsroom(site)
    return app


@cache
def _addresses() -> Described:
    """Return the application of no site yet: its addresses are the same whatever they lead to."""
    app = Described(
        "labeler.web",
        info=Info(title="labeler", version=__version__, description=_DESCRIPTION),
        doc_prefix="/api/docs",
        doc_url="/openapi.json",
        validation_error_callback=problems.from_validation,
        static_folder=None,
    )
    # Without this the page would ask a validator on the internet.
    app.config["SWAGGER_CONFIG"] = {"validatorUrl": None}
    problems.register(app)
    for door in _DOORS:
        app.add_door(door.blueprint)
    joining.join(app)
    for address in ("/api", "/api/"):
        app.add_url_rule(address, f"page {address}", lambda: redirect("/api/docs/swagger"))
    app.add_url_rule("/openapi.json", "openapi_json", view_func=lambda: api.answer(app.api_doc))
    trigger_log.register(app)
    access.register(app)
    app.before_request(_require_json)
    who.register(app)
    app.after_request(_plain_headers)
    app.after_request(_no_bare_error)  # before the headers: they run from last to first
    return app


def _require_json() -> None:
    """Refuse a body that is no JSON before a door looks at it."""
    if request.method != "POST" or request.blueprint in joining.BLUEPRINTS:
        return
    if request.content_length is None and "Transfer-Encoding" not in request.headers:
        return
    if request.content_length == 0:
        return
    if request.endpoint in _TAKING_LISTS and request.mimetype in pools.LISTS:
        request.max_content_length = current_app.config[pools.IMPORT_MAX_BYTES]
        return
    if request.endpoint == verifications.VERIFY and request.mimetype in verifications.PHOTOS:
        request.max_content_length = verifications.PHOTO_MAX_BYTES
        return
    if not request.is_json:
        raise errors.Refusal(
            errors.NOT_JSON,
            f"The body is {request.mimetype or 'of no stated type'}.",
            hint="Send Content-Type: application/json.",
        )
    if not isinstance(request.get_json(), dict):  # flask-openapi would read JSON inside a string
        raise errors.Refusal(
            errors.BAD_VALUE, "The body is no JSON object.", hint="Send {...}; see /api."
        )


def _no_bare_error(response: Response) -> Response:
    """Let no error leave without a document, such as Flask's own 412 for a file of the page."""
    if response.status_code >= 400 and not response.is_json and not refusals.is_for_people():
        response.close()
        return problems.from_status(response.status_code)
    return response


def _plain_headers(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

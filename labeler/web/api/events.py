"""The stream of what happens: printers, labels, doubtful labels, jobs."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import takewhile

from flask import Response, current_app, request

from labeler.production import streaming
from labeler.production.access import sessions
from labeler.production.site import Site
from labeler.web import access, streams
from labeler.web import shapes_printers as shapes
from labeler.web.api import PROBLEMS, site
from labeler.web.api.door import Door

blueprint = Door("events", __name__, tag="service")

STREAMS, NEWSROOM = "labeler.streams", "labeler.newsroom"
"""Where the application keeps its Streams and its Newsroom."""


@blueprint.get("/events", responses={200: {"content": {"text/event-stream": {}}}, **PROBLEMS})
def stream_events(header: shapes.EventsHeader, query: shapes.EventsQuery) -> Response:
    """Send what happens as it happens, as server-sent events (`EventSource` in a browser)."""
    wish = streaming.Wish(
        topics=frozenset(query.topics.split(",")), printer=query.printer, run=query.run
    )
    since = header.last_event_id or query.after
    place = current_app.extensions[STREAMS].take()
    with ExitStack() as on_refusal:
        on_refusal.callback(place.give_back)
        with site().store.read() as transaction:
            first = streaming.begin(site(), transaction, wish, since=since)
        on_refusal.pop_all()
    if request.method == "HEAD":  # nobody reads on
        place.give_back()
    outlet = request.environ.get(streams.OUTLET)
    room = current_app.extensions[NEWSROOM]
    pieces = _allowed(site(), streams.lines(room, wish, first=first, outlet=outlet))
    response = Response(_held(place, pieces), content_type="text/event-stream; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would keep it until it has enough
    response.call_on_close(place.give_back)
    return response


def _allowed(of: Site, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Return the pieces, which end with the session of whoever listens."""
    token = access.session_token() if access.principal().kind == "account" else None
    if token is None:
        return pieces
    return takewhile(lambda _: sessions.glimpse(of, token) is not None, pieces)


def _held(place: streams.Place, pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    finally:
        place.give_back()

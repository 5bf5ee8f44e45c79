"""The stream of what happens: printers, labels, doubtful labels, jobs."""

from contextlib import ExitStack

from flask import Response, current_app, request

from labeler.production import streaming
from labeler.web import access, streams
from labeler.web import shapes_printers as shapes
from labeler.web.api import PROBLEMS, site
from labeler.web.api.door import Door
from labeler.web.streams import Listener

blueprint = Door("events", __name__, tag="service")

STREAMS, NEWSROOM = "labeler.streams", "labeler.newsroom"
"""Where the application keeps its Streams and its Newsroom."""
_TYPE = "text/event-stream; charset=utf-8"


@blueprint.get("/events", responses={200: {"content": {"text/event-stream": {}}}, **PROBLEMS})
def stream_events(header: shapes.EventsHeader, query: shapes.EventsQuery) -> Response:
    """Send what happens as it happens, as server-sent events (`EventSource` in a browser)."""
    wish = streaming.Wish(
        topics=frozenset(query.topics.split(",")),
        printer=query.printer,
        run=query.run,
        is_brief=query.brief is not None,
    )
    since = header.last_event_id or query.after
    place = current_app.extensions[STREAMS].take()
    with ExitStack() as on_refusal:
        on_refusal.callback(place.give_back)
        with site().store.read() as transaction:
            first = streaming.begin(site(), transaction, wish, since=since)
        on_refusal.pop_all()
    listener = Listener(
        current_app.extensions[NEWSROOM],
        wish,
        first=first,
        may_go_on=access.still_holds(),
        place=place,
    )
    return _told(listener)


def _told(listener: Listener) -> Response:
    """Return an answer that goes on; the server takes it over, where it is one that can."""
    outlet: streams.Outlet | None = request.environ.get(streams.OUTLET)
    if request.method == "HEAD":  # nobody reads on
        listener.close()
        response = Response(content_type=_TYPE)
    elif outlet is None:
        response = Response(streams.alone(listener), content_type=_TYPE)
        response.call_on_close(listener.close)
    else:
        outlet.keep(listener)
        response = Response([listener.greeting()], content_type=_TYPE)
        response.automatically_set_content_length = False
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would keep it until it has enough
    return response

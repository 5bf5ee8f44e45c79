"""The audit trail: who did what, when, and why; and whether each row is as it was written."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from flask import Blueprint, Response, request, stream_with_context

from labeler.production.safekeeping import auditing
from labeler.web.api import site
from labeler.web.pages import asking, rendering
from labeler.web.shapes_audit import AuditQuery

blueprint = Blueprint("audit", __name__)

LINES = "application/x-ndjson"
"""What a page's script asks for that shows how far a check is."""
_DAYS = ("from", "to")


@blueprint.get("/audit")
def list_audit() -> Response:
    """Show a page of the trail, the newest row first."""
    given: dict[str, Any] = {k: v for k, v in request.args.items() if k not in _DAYS}
    given |= {"since": asking.midnight("from"), "before": asking.midnight("to", days=1)}
    said = asking.read(AuditQuery, given).model_dump()
    wish = auditing.Wish(is_descending=said.pop("order") == "desc", **said)
    with site().store.read() as transaction:
        found = auditing.page(site(), transaction, wish)
        head = auditing.show_head(site(), transaction)
    return rendering.page(
        "audit.html",
        rows=found["audit"],
        next=found["next"],
        head=head,
        chosen=request.args,
        is_filtered=any(
            request.args.get(one) for one in ("kind", "who", "channel", "run", "serial", *_DAYS)
        ),
    )


@blueprint.post("/audit/verify")
def verify_audit() -> Response:
    """Check every row and every anchor, now; one at a time (9007).

    A script gets NDJSON: lines {rows, of}, at last {html}. Without one there is a page at the end.
    """
    opened, stack = site(), ExitStack()
    stack.enter_context(auditing.one_check(opened))

    def told() -> Iterator[dict[str, Any]]:
        with stack, opened.store.read() as transaction:
            yield from auditing.verify(opened, transaction)

    if LINES not in request.headers.get("Accept", ""):
        verdict = list(told())[-1]
        return rendering.page("audit_verdict.html", verdict=verdict)

    def lines() -> Iterator[str]:
        for one in told():
            if "ok" in one:
                yield (
                    json.dumps({"html": rendering.markup("parts/verdict.html", verdict=one)}) + "\n"
                )
            else:
                yield json.dumps(one) + "\n"

    response = Response(stream_with_context(lines()), mimetype=LINES)
    response.call_on_close(stack.close)  # nobody may have asked for a single line
    return response

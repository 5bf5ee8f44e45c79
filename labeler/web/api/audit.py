"""The audit trail: its rows, its end, its anchors, and a check of all of it."""

import json
from collections.abc import Iterator
from contextlib import ExitStack

from flask import Response

from labeler.production.safekeeping import anchoring, auditing
from labeler.web import shapes_audit as shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.door import Door

blueprint = Door("audit", __name__, tag="quality")


@blueprint.get("/audit", responses={200: shapes.Audit, **PROBLEMS})
def list_audit(query: shapes.AuditQuery) -> Response:
    """List the audit trail: who did what, when, to what, from what to what, and why."""
    given = query.model_dump()
    wish = auditing.Wish(is_descending=given.pop("order") == "desc", **given)
    with site().store.read() as transaction:
        return answer(auditing.page(site(), transaction, wish))


@blueprint.get("/audit/head", responses={200: shapes.AuditHead, **PROBLEMS})
def show_audit_head() -> Response:
    """Show the end of the audit trail, and what was anchored of it last."""
    with site().store.read() as transaction:
        return answer(auditing.show_head(site(), transaction))


@blueprint.post("/audit/anchor", responses={200: shapes.AnchoredNow, **PROBLEMS})
def anchor_audit() -> Response:
    """Write the end of the audit trail down outside the database, now and to stay."""
    return answer(anchoring.anchor_now(site()))


@blueprint.post("/audit/verify", responses={200: shapes.AuditVerdict, **PROBLEMS})
def verify_audit(body: shapes.AuditCheck) -> Response:
    """Check every row of the audit trail and every anchor; the first that is wrong is named.

    One at a time (9007). The answer is NDJSON: lines that say how far it is, and at last the
    verdict.
    """
    others = auditing.read_anchors(body.anchors)
    opened, stack = site(), ExitStack()
    stack.enter_context(auditing.one_check(opened))

    def lines() -> Iterator[bytes]:
        with stack, opened.store.read() as transaction:
            for line in auditing.verify(opened, transaction, others):
                yield f"{json.dumps(line, ensure_ascii=False)}\n".encode()

    response = Response(lines(), mimetype="application/x-ndjson")
    response.call_on_close(stack.close)  # nobody may have asked for a single line
    return response

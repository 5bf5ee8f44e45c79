"""Doubtful labels: all that wait for somebody to look, and what was found."""

from flask import Blueprint, Response, request, url_for

from labeler.production.printing import doubtful
from labeler.production.printing.doubtful import Decision, Finding
from labeler.web import shapes_engineer as shapes
from labeler.web.api import page, site
from labeler.web.pages import asking, notices, persons, rendering
from labeler.web.texts import gettext, later

blueprint = Blueprint("doubtful", __name__)

CHOICES = {
    Decision.PRINTED: later("It is there"),
    Decision.PRINT_AGAIN: later("Not there: print it again"),
    Decision.SCRAP: later("Give it up"),
}
"""What somebody may have found, as the page asks for it."""
DECIDED = {
    Decision.PRINTED: later("Label %(label)s is there."),
    Decision.PRINT_AGAIN: later("Label %(label)s is printed again, with the same serial."),
    Decision.SCRAP: later("Label %(label)s is given up."),
}
"""What is said once that is entered; the page of a line says the same."""


@blueprint.get("/doubtful")
def list_doubtful() -> Response:
    """Show a page of doubtful labels, the oldest first, of one printer or of all."""
    query = asking.read(shapes.DoubtfulListQuery, request.args)
    wanted = None if query.printer is None else (query.printer,)
    with site().store.read() as transaction:
        rows = doubtful.list_doubtful(
            transaction, after=query.after, limit=query.limit + 1, printers=wanted
        )
        counts = doubtful.counts(transaction)
    found = page("doubtful", rows, limit=query.limit)
    return rendering.page(
        "doubtful.html",
        rows=found["doubtful"],
        next=found["next"],
        count=sum(n for name, n in counts.items() if wanted is None or name in wanted),
        chosen=request.args,
        is_filtered=query.printer is not None,
        printers=sorted({*site().plant.printers, *counts}),
        choices=[(one.value, gettext(text)) for one, text in CHOICES.items()],
    )


@blueprint.post("/doubtful")
def decide_doubtful() -> Response:
    """Record what somebody found who looked for a doubtful label."""
    form = asking.read(shapes.DoubtForm, request.form)
    finding = Finding(
        decision=form.decision,
        reason=form.reason,
        operator=persons.doer(),
        channel=persons.CHANNEL,
    )
    doubtful.decide(site(), form.label, finding)
    notices.tell(gettext(DECIDED[form.decision]) % {"label": form.label})
    return asking.back(url_for("pages.doubtful.list_doubtful"))

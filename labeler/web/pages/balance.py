"""What QA does on the page of a run: sign its balance, release it, take its certificate."""

from flask import Blueprint, Response, redirect, request, url_for

from labeler.production import run_hours, runs
from labeler.production.certifying import making
from labeler.production.reconciling import counting, reconciling, releasing
from labeler.production.reconciling.reconciling import Deviation
from labeler.production.reconciling.terms import CAUSES
from labeler.production.run_records import Said
from labeler.roles import Permission
from labeler.web.api import page, site
from labeler.web.api.documents import drawn
from labeler.web.pages import asking, charts, notices, persons, rendering
from labeler.web.shapes_pages import BalanceShown, DeviationForm, ReasonForm
from labeler.web.shapes_reconciliation import BalanceQuery
from labeler.web.texts import gettext

blueprint = Blueprint("balance", __name__)


@blueprint.get("/runs/<int:run_id>/balance/<kind>")
def list_serials(run_id: int, kind: str) -> Response:
    """Show the serials behind a number of the balance."""
    wanted = asking.read(BalanceShown, {"kind": kind}).kind
    query = asking.read(BalanceQuery, request.args)
    with site().store.read() as transaction:
        run = runs.show(transaction, run_id)
        after = counting.place(query.after)
        rows = counting.list_serials(
            transaction, run_id, wanted, after=after, limit=query.limit + 1
        )
    found = page("serials", rows, limit=query.limit, cursor="place")
    return rendering.page(
        "balance_serials.html",
        run=run,
        kind=kind,
        rows=found["serials"],
        next=found["next"],
        cause=kind if kind in CAUSES else None,
    )


@blueprint.get("/runs/<int:run_id>/hours")
def show_hours(run_id: int) -> Response:
    """Show how many serials a run issued in each hour."""
    with site().store.read() as transaction:
        found = charts.drawn(run_hours.hours(site(), transaction, run_id))
    return rendering.page("run_hours.html", run_id=run_id, **found)


@blueprint.post("/runs/<int:run_id>/reconcile")
def reconcile_run(run_id: int) -> Response:
    """Sign the balance of a closed run; one that does not add up needs a second person."""
    who, deviation = persons.doer(), None
    if "difference" in request.form:
        names = DeviationForm.model_fields
        said = asking.read(DeviationForm, {k: v for k, v in request.form.items() if k in names})
        second = persons.second(Permission.QUALITY)
        deviation = Deviation(reason=said.reason, approved_by=second, difference=said.difference)
    reconciling.reconcile(
        site(), run_id, Said(operator=who, channel=persons.CHANNEL), deviation=deviation
    )
    notices.tell(gettext("The balance is signed."))
    return _back(run_id)


@blueprint.post("/runs/<int:run_id>/release")
def release_run(run_id: int) -> Response:
    """Release a reconciled run."""
    said = asking.read(ReasonForm, {"reason": request.form.get("reason", "")})
    releasing.release(
        site(), run_id, Said(operator=persons.doer(), reason=said.reason, channel=persons.CHANNEL)
    )
    notices.tell(gettext("The run is released."))
    return _back(run_id)


@blueprint.post("/runs/<int:run_id>/certificate")
def make_certificate(run_id: int) -> Response:
    """Make the certificate of a run, and send it as a file."""
    made = making.make(site(), run_id, operator=persons.doer(), channel=persons.CHANNEL)
    response = drawn(made)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


def _back(run_id: int) -> Response:
    return redirect(url_for("pages.runs.show_run", run_id=run_id), 303)  # type: ignore[return-value]

"""Production runs: which there are, and one of them with its counters, steps and balance."""

from flask import Blueprint, Response, request

from labeler.production import run_edits, run_hours, run_records, runs
from labeler.production.printing import forecast
from labeler.production.reconciling import records
from labeler.units import UNPINNED, RunMode, RunState
from labeler.web.api import page, site
from labeler.web.pages import asking, charts, rendering
from labeler.web.shapes_runs import RunQuery

blueprint = Blueprint("runs", __name__)


@blueprint.get("/runs")
def list_runs() -> Response:
    """Show a page of runs, the newest first."""
    query = asking.read(RunQuery, request.args)
    with site().store.read() as transaction:
        wanted = query.model_dump() | {"limit": query.limit + 1}
        found = page("runs", runs.list_runs(transaction, **wanted), limit=query.limit)
    return rendering.page(
        "runs.html",
        rows=found["runs"],
        next=found["next"],
        chosen=request.args,
        is_filtered=any(request.args.get(one) for one in ("line", "state", "mode", "work_order")),
        lines=sorted(site().plant.lines),
        states=[one.value for one in RunState],
        modes=[one.value for one in RunMode],
    )


@blueprint.get("/runs/<int:run_id>")
def show_run(run_id: int) -> Response:
    """Show one run; of one that has been open, whether it adds up."""
    with site().store.read() as transaction:
        run = run_records.with_life(transaction, runs.show(transaction, run_id))
        run["edits"] = run_edits.edits(transaction, run_id)
        is_begun = run["state"] not in UNPINNED
        balance = records.now(transaction, run_id, memory=site().balances) if is_begun else None
        chart = run_hours.hours(site(), transaction, run_id) if is_begun else None
    return rendering.page(
        "run.html",
        run=forecast.with_remarks(site(), run),
        balance=balance,
        chart=chart and charts.drawn(chart),
        item=site().plant.products.get(run["product"]),
    )

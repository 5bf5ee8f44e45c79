"""Production runs."""

from typing import Any

from flask import Response
from flask_openapi import RequestBody

from labeler.production import changeover, run_edits, run_records, run_steps, runs
from labeler.production.pinning import Order
from labeler.production.printing import forecast
from labeler.production.run_records import Said
from labeler.web import shapes, shapes_printers, shapes_runs
from labeler.web.api import PROBLEMS, answer, page, site
from labeler.web.api.door import Door

blueprint = Door("runs", __name__, tag="runs")


@blueprint.post("/runs", responses={201: shapes_runs.OpenedRun, **PROBLEMS})
def open_run(body: shapes_runs.RunOrder) -> Response:
    """Open a run on a line, or plan one. A line has one open run at a time, and many planned."""
    order = Order(**body.model_dump(exclude={"state"}))
    begin = runs.plan_run if body.state == "planned" else runs.open_run
    found = forecast.with_remarks(site(), begin(site(), order))
    response = answer(found, 201)
    response.headers["Location"] = f"/api/v1/runs/{found['id']}"
    return response


@blueprint.get("/runs", responses={200: shapes_runs.Runs, **PROBLEMS})
def list_runs(query: shapes_runs.RunQuery) -> Response:
    """List runs, the newest first."""
    with site().store.read() as transaction:
        wanted = query.model_dump() | {"limit": query.limit + 1}
        found = runs.list_runs(transaction, **wanted)
    return answer(page("runs", found, limit=query.limit))


@blueprint.post("/runs/open", responses={200: shapes_runs.OpenedRun, **PROBLEMS})
def open_work_order(body: shapes_runs.WorkOrderStart) -> Response:
    """Open the run that was planned first for a work order."""
    said = Said(operator=body.operator)
    found = runs.open_work_order(site(), body.work_order, said, line=body.line)
    return answer(forecast.with_remarks(site(), found))


@blueprint.get("/runs/<int:run_id>", responses={200: shapes_runs.ShownRun, **PROBLEMS})
def show_run(path: shapes.RunPath) -> Response:
    """Show one run: its steps, and whether its labels may run short."""
    with site().store.read() as transaction:
        found = run_records.with_life(transaction, runs.show(transaction, path.run_id))
        found["edits"] = run_edits.edits(transaction, path.run_id)
    return answer(forecast.with_remarks(site(), found))


@blueprint.patch("/runs/<int:run_id>", responses={200: shapes.Run, **PROBLEMS})
def edit_run(path: shapes.RunPath, body: shapes_runs.RunEdit) -> Response:
    """Change the order of a planned run. What is left out stays; null takes a value away."""
    changes = body.model_dump(exclude_unset=True, exclude={"operator", "reason"})
    return answer(run_edits.edit_run(site(), path.run_id, _said(body), changes=changes))


@blueprint.get("/lines/<line>/forecast", responses={200: shapes_printers.Forecast, **PROBLEMS})
def show_forecast(path: shapes.LinePath, query: shapes_printers.ForecastQuery) -> Response:
    """Say whether a line's printers have labels enough for so many units."""
    with site().store.read() as transaction:
        return answer(
            forecast.of_line(
                site(), transaction, path.line, quantity=query.quantity, product=query.product
            )
        )


@blueprint.post("/runs/<int:run_id>/open", responses={200: shapes_runs.OpenedRun, **PROBLEMS})
def open_planned(path: shapes.RunPath, body: shapes_runs.RunStart) -> Response:
    """Open a planned run: its versions are pinned now. The body may be left out."""
    found = runs.open_planned(site(), path.run_id, _said(body))
    return answer(forecast.with_remarks(site(), found))


@blueprint.post("/lines/<line>/changeover", responses={200: shapes_runs.ChangedOver, **PROBLEMS})
def change_over(path: shapes.LinePath, body: shapes_runs.Changeover) -> Response:
    """Let a line leave its run and go on with another; both, or neither."""
    found = changeover.change_over(site(), path.line, _said(body), to=body.run, leave=body.leave)
    return answer({**found, "run": forecast.with_remarks(site(), found["run"])})


@blueprint.post("/runs/<int:run_id>/pause", responses={200: shapes.Run, **PROBLEMS})
def pause_run(path: shapes.RunPath, body: shapes.Reasoned) -> Response:
    """Let a run issue nothing until it is resumed. Its line is free meanwhile."""
    return answer(run_steps.pause_run(site(), path.run_id, _said(body)))


@blueprint.post("/runs/<int:run_id>/resume", responses={200: shapes_runs.OpenedRun, **PROBLEMS})
def resume_run(path: shapes.RunPath, body: shapes_runs.RunStart) -> Response:
    """Let a paused run go on, once its line is free. The body may be left out."""
    found = run_steps.resume_run(site(), path.run_id, _said(body))
    return answer(forecast.with_remarks(site(), found))


@blueprint.post("/runs/<int:run_id>/withdraw", responses={200: shapes.Run, **PROBLEMS})
def withdraw_run(path: shapes.RunPath, body: shapes.Reasoned) -> Response:
    """Cancel a planned run."""
    return answer(run_steps.withdraw_run(site(), path.run_id, _said(body)))


@blueprint.post("/runs/<int:run_id>/overrun", responses={200: shapes.Run, **PROBLEMS})
def overrun_run(path: shapes.RunPath, body: shapes_runs.RunOverrun) -> Response:
    """Let a run issue so many units more than were planned."""
    return answer(run_steps.overrun_run(site(), path.run_id, _said(body), units=body.units))


@blueprint.post("/runs/<int:run_id>/close", responses={200: shapes.Run, **PROBLEMS})
def close_run(path: shapes.RunPath, body: shapes_runs.RunStart) -> Response:
    """Close a run; nothing more is issued from it. Its labels in the spool are still printed.

    The body may be left out.
    """
    return answer(runs.close_run(site(), path.run_id, **body.model_dump()))


def _said(body: Any) -> Said:
    return Said(operator=body.operator, reason=body.reason)


@blueprint.amend
def _describe(door: Door) -> None:
    """Let no body be required of which each key has a default."""
    for address in ("open", "resume", "close"):
        post = door.paths[f"/api/v1/runs/{{run_id}}/{address}"].post
        if post and isinstance(post.requestBody, RequestBody):
            post.requestBody.required = False

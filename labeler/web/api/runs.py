"""Production runs."""

from flask import Response
from flask_openapi import APIBlueprint

from labeler.production import runs
from labeler.production.pinning import Order
from labeler.production.printing import forecast
from labeler.web import shapes, shapes_printers
from labeler.web.api import PROBLEMS, answer, page, site

blueprint = APIBlueprint("runs", __name__, url_prefix="/api/v1", abp_tags=[{"name": "runs"}])


@blueprint.post("/runs", responses={201: shapes.OpenedRun, **PROBLEMS})
def open_run(body: shapes.RunOrder) -> Response:
    """Open a run on a line. A line has one open run at a time."""
    order = Order(**body.model_dump())
    found = forecast.with_remarks(site(), runs.open_run(site(), order))
    response = answer(found, 201)
    response.headers["Location"] = f"/api/v1/runs/{found['id']}"
    return response


@blueprint.get("/runs", responses={200: shapes.Runs, **PROBLEMS})
def list_runs(query: shapes.RunQuery) -> Response:
    """List runs, the newest first."""
    with site().store.read() as transaction:
        wanted = query.model_dump() | {"limit": query.limit + 1}
        found = runs.list_runs(transaction, **wanted)
    return answer(page("runs", found, limit=query.limit))


@blueprint.get("/runs/<int:run_id>", responses={200: shapes.OpenedRun, **PROBLEMS})
def show_run(path: shapes.RunPath) -> Response:
    """Show one run, and whether its labels may run short."""
    with site().store.read() as transaction:
        found = runs.show(transaction, path.run_id)
    return answer(forecast.with_remarks(site(), found))


@blueprint.get("/lines/<line>/forecast", responses={200: shapes_printers.Forecast, **PROBLEMS})
def show_forecast(path: shapes.LinePath, query: shapes_printers.ForecastQuery) -> Response:
    """Say whether a line's printers have labels enough for so many units."""
    with site().store.read() as transaction:
        return answer(
            forecast.of_line(
                site(), transaction, path.line, quantity=query.quantity, product=query.product
            )
        )


@blueprint.post("/runs/<int:run_id>/close", responses={200: shapes.Run, **PROBLEMS})
def close_run(path: shapes.RunPath) -> Response:
    """Close a run; nothing more is issued from it. Its labels in the spool are still printed."""
    return answer(runs.close_run(site(), path.run_id))

"""Production runs."""

from flask import Response
from flask_openapi import APIBlueprint

from labeler.production import runs
from labeler.production.pinning import Order
from labeler.web import shapes
from labeler.web.api import PROBLEMS, answer, page, site

blueprint = APIBlueprint("runs", __name__, url_prefix="/api/v1", abp_tags=[{"name": "runs"}])


@blueprint.post("/runs", responses={201: shapes.Run, **PROBLEMS})
def open_run(body: shapes.RunOrder) -> Response:
    """Open a run on a line. A line has one open run at a time."""
    order = Order(**body.model_dump())
    found = runs.open_run(site(), order)
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


@blueprint.get("/runs/<int:run_id>", responses={200: shapes.Run, **PROBLEMS})
def show_run(path: shapes.RunPath) -> Response:
    """Show one run."""
    with site().store.read() as transaction:
        return answer(runs.show(transaction, path.run_id))


@blueprint.post("/runs/<int:run_id>/close", responses={200: shapes.Run, **PROBLEMS})
def close_run(path: shapes.RunPath) -> Response:
    """Close a run; nothing more is issued from it. Its labels in the spool are still printed."""
    return answer(runs.close_run(site(), path.run_id))

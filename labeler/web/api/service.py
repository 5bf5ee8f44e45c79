"""Printers, health, metrics, and what the numbers of refusals mean."""

from flask import Response
from flask_openapi import APIBlueprint

from labeler import errors
from labeler.errors import NO_SUCH_ADDRESS, Refusal
from labeler.production import health
from labeler.production.printing import overview, queues, rolls
from labeler.web import shapes, shapes_printers
from labeler.web.api import PROBLEMS, answer, page, site

blueprint = APIBlueprint("service", __name__, abp_tags=[{"name": "service"}])


@blueprint.get("/api/v1/printers", responses={200: shapes.Printers, **PROBLEMS})
def list_printers() -> Response:
    """List the printers: state, reasons, and how many labels wait."""
    with site().store.read() as transaction:
        return answer({"printers": overview.printers(site(), transaction)})


@blueprint.get("/api/v1/printers/<printer>", responses={200: shapes_printers.Printer, **PROBLEMS})
def show_printer(path: shapes.PrinterPath) -> Response:
    """Show one printer: its state and why, what it says it is, and what waits for it."""
    with site().store.read() as transaction:
        return answer(overview.printer(site(), transaction, path.printer))


@blueprint.get(
    "/api/v1/printers/<printer>/history", responses={200: shapes_printers.History, **PROBLEMS}
)
def printer_history(path: shapes.PrinterPath, query: shapes_printers.HistoryQuery) -> Response:
    """List the changes of a printer's condition, the newest first."""
    with site().store.read() as transaction:
        found = overview.history(
            site(), transaction, path.printer, before=query.before, limit=query.limit + 1
        )
    return answer(page("changes", found, limit=query.limit))


@blueprint.get("/api/v1/printers/<printer>/roll", responses={200: shapes_printers.Roll, **PROBLEMS})
def show_roll(path: shapes.PrinterPath) -> Response:
    """Show the roll in a printer: how many labels it had, and how many are left."""
    with site().store.read() as transaction:
        return answer(rolls.show(site(), transaction, path.printer))


@blueprint.post(
    "/api/v1/printers/<printer>/roll", responses={201: shapes_printers.Roll, **PROBLEMS}
)
def put_in_roll(path: shapes.PrinterPath, body: shapes_printers.RollChange) -> Response:
    """Say that a roll was put into a printer, and how many labels are on it."""
    roll = rolls.Roll(**dict(body), channel="http")
    return answer(rolls.put_in(site(), path.printer, roll), 201)


@blueprint.post("/api/v1/printers/<printer>/move", responses={200: shapes.Moved, **PROBLEMS})
def move_labels(path: shapes.PrinterPath, body: shapes.LabelsMove) -> Response:
    """Let another printer print what waits for this one, which config.yaml may not know."""
    given = dict(body)
    to = given.pop("to")
    instruction = queues.Instruction(**given, channel="http")
    return answer(queues.move(site(), path.printer, instruction, to=to))


@blueprint.get("/api/v1/errors/<int:number>", responses={200: shapes.Kind, **PROBLEMS})
def explain_error(path: shapes.ErrorPath) -> Response:
    """Say what a refusal's number means; problem documents point here."""
    for kind in errors.KINDS:
        if kind.number == path.number:
            return answer({"number": kind.number, "title": kind.title, "status": kind.status})
    raise Refusal(
        NO_SUCH_ADDRESS, f"No refusal has number {path.number}.", hint="GET /api/v1/errors."
    )


@blueprint.get("/api/v1/errors", responses={200: shapes.Kinds, **PROBLEMS})
def list_errors() -> Response:
    """List the numbers of all refusals."""
    rows = [{"number": k.number, "title": k.title, "status": k.status} for k in errors.KINDS]
    return answer({"errors": rows})


@blueprint.get("/healthz", responses={200: shapes.Alive, **PROBLEMS})
def healthz() -> Response:
    """Say that the process lives."""
    return answer({"status": "ok"})


@blueprint.get("/readyz", responses={200: shapes.Ready, 503: shapes.Ready, **PROBLEMS})
def readyz() -> Response:
    """Say whether a trigger would be served: the store can be written, the spooler lives."""
    findings = health.findings(site())
    status = {"status": "not ready" if findings else "ready", "findings": findings}
    return answer(status, 503 if findings else 200)


@blueprint.get("/metrics", responses={200: {"content": {"text/plain": {}}}, **PROBLEMS})
def metrics() -> Response:
    """Return metrics in the text format of Prometheus."""
    return Response(health.metrics_text(site()), content_type=health.METRICS_MEDIA_TYPE)

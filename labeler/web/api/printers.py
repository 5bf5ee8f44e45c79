"""Printers: how they are, what they said, and what people do with their queues."""

from flask import Response

from labeler.production.printing import overview, pausing, queues, rolls
from labeler.production.printing.instructions import Instruction
from labeler.web import shapes, shapes_jobs, shapes_printers
from labeler.web.api import PROBLEMS, answer, page, site
from labeler.web.api.door import Door

blueprint = Door("printers", __name__, tag="printers")


@blueprint.get("/printers", responses={200: shapes.Printers, **PROBLEMS})
def list_printers() -> Response:
    """List the printers: state, reasons, and how many labels wait."""
    with site().store.read() as transaction:
        return answer({"printers": overview.printers(site(), transaction)})


@blueprint.get("/printers/<printer>", responses={200: shapes_printers.Printer, **PROBLEMS})
def show_printer(path: shapes.PrinterPath) -> Response:
    """Show one printer: its state and why, what it says it is, and what waits for it."""
    with site().store.read() as transaction:
        return answer(overview.printer(site(), transaction, path.printer))


@blueprint.get("/printers/<printer>/history", responses={200: shapes_printers.History, **PROBLEMS})
def printer_history(path: shapes.PrinterPath, query: shapes_printers.HistoryQuery) -> Response:
    """List the changes of a printer's condition, the newest first."""
    with site().store.read() as transaction:
        found = overview.history(
            site(), transaction, path.printer, before=query.before, limit=query.limit + 1
        )
    return answer(page("changes", found, limit=query.limit))


@blueprint.post("/printers/<printer>/move", responses={200: shapes.Moved, **PROBLEMS})
def move_labels(path: shapes.PrinterPath, body: shapes.LabelsMove) -> Response:
    """Let another printer print what waits for this one, which config.yaml may not know."""
    instruction = Instruction(reason=body.reason, operator=body.operator, channel="http")
    return answer(queues.move(site(), path.printer, instruction, to=body.to))


@blueprint.get("/printers/<printer>/roll", responses={200: shapes_printers.Roll, **PROBLEMS})
def show_roll(path: shapes.PrinterPath) -> Response:
    """Show the roll in a printer: how many labels it had, and how many are left."""
    with site().store.read() as transaction:
        return answer(rolls.show(site(), transaction, path.printer))


@blueprint.post("/printers/<printer>/roll", responses={201: shapes_printers.Roll, **PROBLEMS})
def put_in_roll(path: shapes.PrinterPath, body: shapes_printers.RollChange) -> Response:
    """Say that a roll was put into a printer, and how many labels are on it."""
    roll = rolls.Roll(**dict(body), channel="http")
    return answer(rolls.put_in(site(), path.printer, roll), 201)


@blueprint.post("/printers/<printer>/pause", responses={200: shapes_jobs.Paused, **PROBLEMS})
def pause_printer(path: shapes.PrinterPath, body: shapes.Reasoned) -> Response:
    """Send a printer nothing more until it is resumed, also after a restart."""
    instruction = Instruction(**dict(body), channel="http")
    return answer(pausing.pause(site(), path.printer, instruction))


@blueprint.post("/printers/<printer>/resume", responses={200: shapes_jobs.Resumed, **PROBLEMS})
def resume_printer(path: shapes.PrinterPath, body: shapes.Reasoned) -> Response:
    """Let a paused printer print again."""
    instruction = Instruction(**dict(body), channel="http")
    return answer(pausing.resume(site(), path.printer, instruction))

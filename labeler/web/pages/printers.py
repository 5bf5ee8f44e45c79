"""Printers: how each is, what waits for it, what it said, and what people ask of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for

from labeler.errors import NO_SUCH_PRINTER, Refusal
from labeler.production.printing import (
    console,
    errands,
    overview,
    pausing,
    printer_queue,
    queues,
    rolls,
)
from labeler.production.printing.console import Commands
from labeler.production.printing.console_rules import LANGUAGES
from labeler.production.printing.errands import Wish
from labeler.production.printing.instructions import Instruction
from labeler.web import shapes_engineer as shapes
from labeler.web.api import site
from labeler.web.api.documents import drawn
from labeler.web.pages import asking, draft_looks, notices, persons, rendering
from labeler.web.texts import gettext, ngettext

blueprint = Blueprint("printers", __name__)

_HISTORY = 50
"""Changes of a printer's condition that its page shows."""
_JOBS = 100
"""Jobs of a queue that its page shows."""


@blueprint.get("/printers")
def list_printers() -> Response:
    """Show every printer: its state and why, and how many labels wait for it."""
    with site().store.read() as transaction:
        rows = overview.printers(site(), transaction)
    return rendering.page("printers.html", rows=rows)


@blueprint.get("/printers/<printer>")
def show_printer(printer: str) -> Response:
    """Show one printer with its queue, its history, and its roll."""
    return _page(printer, Said())


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the console of a printer shows: the commands, and what became of them."""

    text: str = ""
    found: Mapping[str, Any] | None = None
    refusal: Refusal | None = None


def _page(printer: str, said: Said) -> Response:
    with site().store.read() as transaction:
        row = overview.printer(site(), transaction, printer)
        history = overview.history(site(), transaction, printer, before=None, limit=_HISTORY)
        found = printer_queue.waiting(transaction, printer, limit=_JOBS)
    return rendering.page(
        "printer.html",
        200 if said.refusal is None else said.refusal.kind.status,
        said=said,
        takes_commands=_takes_commands(printer),
        row=row,
        history=history,
        queue=found,
        is_known=printer in site().plant.printers,
        others=sorted(one for one in site().plant.printers if one != printer),
    )


@blueprint.get("/printers/<printer>/test-label")
def draw_test_label(printer: str) -> Response:
    """Draw the printer's test label; nothing is printed."""
    return drawn(errands.preview_test_label(site(), printer, language="png"))


@blueprint.post("/printers/<printer>/job")
def change_job(printer: str) -> Response:
    """Hold, release, cancel or move a job, or let it go first."""
    form = asking.read(shapes.JobForm, request.form)
    wish = printer_queue.Wish(verb=form.verb, job=form.job, to=form.to)
    printer_queue.change(site(), wish, _instruction(form.reason))
    notices.tell(gettext("Done: job %(job)s.") % {"job": form.job})
    return _to(printer)


@blueprint.post("/printers/<printer>/move")
def move_queue(printer: str) -> Response:
    """Let another printer print all that waits for this one."""
    form = asking.read(shapes.MoveForm, request.form)
    found = queues.move(site(), printer, _instruction(form.reason), to=form.to)
    count = found["moved"]
    said = ngettext("%(num)s label goes to %(to)s.", "%(num)s labels go to %(to)s.", count)
    notices.tell(said % {"num": count, "to": form.to})
    if found["doubtful"]:
        notices.tell(gettext("Some were on their way already, and are doubtful."), tone="warn")
    return _to(printer)


@blueprint.post("/printers/<printer>/console")
def send_to_console(printer: str) -> Response:
    """Send commands in the printer's own language, and show what it says to them."""
    form = asking.read(shapes.ConsoleForm, request.form)
    commands = Commands(text=form.text, prints=form.print, is_sure=form.sure)
    try:
        found = console.send(site(), printer, commands, wish=_wish())
    except Refusal as refusal:
        if refusal.kind == NO_SUCH_PRINTER:
            raise
        return _page(printer, Said(text=form.text, refusal=refusal))
    return _page(printer, Said(text=form.text, found=found))


def _takes_commands(printer: str) -> bool:
    settings = site().plant.printers.get(printer)
    return settings is not None and settings.language in LANGUAGES


@blueprint.post("/printers/<printer>/pause")
def pause_printer(printer: str) -> Response:
    """Send a printer nothing more, or let it print again."""
    form = asking.read(shapes.PauseForm, request.form)
    if form.verb == "pause":
        pausing.pause(site(), printer, _instruction(form.reason))
        notices.tell(gettext("The printer gets nothing more until it is resumed."))
    else:
        pausing.resume(site(), printer, _instruction(form.reason))
        notices.tell(gettext("The printer goes on."))
    return _to(printer)


@blueprint.post("/printers/<printer>/test")
def print_test_label(printer: str) -> Response:
    """Print the printer's test label between two labels of production."""
    draft_looks.tell_outcome(errands.print_test_label(site(), printer, _wish()))
    return _to(printer)


@blueprint.post("/printers/<printer>/calibrate")
def calibrate(printer: str) -> Response:
    """Let a printer measure its stock, which feeds labels."""
    draft_looks.tell_outcome(errands.calibrate(site(), printer, _wish()))
    return _to(printer)


@blueprint.post("/printers/<printer>/check")
def check_printer(printer: str) -> Response:
    """Ask a printer how it is, now; or compare a folder of documents with its list."""
    found = errands.check(site(), printer)["findings"]
    for sentence in found:
        notices.tell(sentence, tone="warn")
    if not found:
        notices.tell(gettext("All is as it should be."))
    return _to(printer)


@blueprint.post("/printers/<printer>/roll")
def put_in_roll(printer: str) -> Response:
    """Say that a roll was put in, and how many labels are on it."""
    form = asking.read(shapes.RollForm, request.form)
    roll = rolls.Roll(labels=form.labels, operator=persons.doer(), channel=persons.CHANNEL)
    rolls.put_in(site(), printer, roll)
    notices.tell(gettext("The roll is entered."))
    return _to(printer)


def _wish() -> Wish:
    return Wish(operator=persons.doer(), channel=persons.CHANNEL)


def _instruction(reason: str) -> Instruction:
    return Instruction(reason=reason, operator=persons.doer(), channel=persons.CHANNEL)


def _to(printer: str) -> Response:
    return asking.back(url_for("pages.printers.show_printer", printer=printer))

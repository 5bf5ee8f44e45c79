"""What is done on the page of a line: print, scan, runs, labels again, doubtful ones, rolls.

Each is a form that also works without a script: then the page comes again and says what became of
it. With one, htmx gets the sentence alone. Whoever is signed in did it.
"""

from flask import Blueprint, Response, redirect, request, url_for

from labeler.errors import NO_SUCH_PRINTER, NO_SUCH_SERIAL, RUN_STEP, Refusal
from labeler.production import issuing, run_records, run_steps, runs
from labeler.production.access import second_person
from labeler.production.access.signing_in import Claim
from labeler.production.booking import Trigger
from labeler.production.printing import doubtful, pausing, reprinting, rolls, scanning
from labeler.production.printing.doubtful import Finding
from labeler.production.printing.instructions import Instruction
from labeler.production.printing.rolls import Roll
from labeler.production.printing.scanning import Scan
from labeler.production.run_records import Said
from labeler.roles import Permission
from labeler.units import RunState
from labeler.web import access
from labeler.web import shapes_line as shapes
from labeler.web.api import site
from labeler.web.pages import asking, line_change, notices, rendering
from labeler.web.pages.doubtful import DECIDED
from labeler.web.pages.persons import CHANNEL, doer
from labeler.web.texts import gettext

blueprint = Blueprint("line_acts", __name__, url_prefix="/lines/<line>")

_SEEN = "seen at the line"
"""What the record says why a doubtful label was decided, or a printer resumed, on this page."""


@blueprint.post("/print")
def print_label(line: str) -> Response:
    """Issue one serial and print its label; the same press again prints nothing more."""
    press = asking.read(shapes.LinePress, request.form)
    reply = issuing.issue_labels(site(), Trigger(channel=CHANNEL, line=line, key=press.key))
    serial = reply.serials[0]
    if reply.replayed:
        return _told(line, gettext("%(serial)s was printed by this press already.") % _of(serial))
    return _told(line, gettext("%(serial)s is on its way to the printer.") % _of(serial))


@blueprint.post("/scan")
def take_scan(line: str) -> Response:
    """Open the run whose order or number was scanned, or else verify the label that was."""
    form = asking.read(shapes.LineScan, request.form)
    text = form.scan.strip()
    run = line_change.meant(line, text)
    if run is not None:
        access.require(Permission.PRINT)
        return _chosen(line, run, asked=form.asked)
    try:
        done = scanning.verify(site(), Scan(text=text, operator=doer(), channel=CHANNEL))
    except Refusal as refusal:
        if refusal.kind != NO_SUCH_SERIAL:
            raise
        raise Refusal(
            NO_SUCH_SERIAL,
            f"'{text}' is neither a planned order or paused run of line '{line}', nor on a unit "
            "that was issued here.",
            hint="Scan it again, or choose the order on the page.",
        ) from refusal
    if done["was"] == "doubtful":
        return _told(line, gettext("%(serial)s is there: it is doubtful no more.") % done)
    if done["was"] == "verified":
        return _told(line, gettext("%(serial)s was verified before.") % done)
    return _told(line, gettext("%(serial)s is verified.") % done)


@blueprint.post("/start")
def start_run(line: str) -> Response:
    """Open a planned run, or let a paused one go on."""
    return _go_on(line, asking.read(shapes.LineRun, request.form).run)


@blueprint.post("/change")
def change_over(line: str) -> Response:
    """Leave the open run and go on with another, in one step."""
    wish = asking.read(shapes.LineChange, request.form)
    return _told(line, line_change.change(line, wish, said=_said()))


@blueprint.post("/pause")
def pause_run(line: str) -> Response:
    """Let the line's run issue nothing until it is resumed."""
    wish = asking.read(shapes.LineRun, request.form)
    _require_of_line(line, wish.run)
    run_steps.pause_run(site(), wish.run, _said(wish.reason))
    return _told(line, gettext("Run %(run)s is paused.") % {"run": wish.run})


@blueprint.post("/close")
def close_run(line: str) -> Response:
    """Close the line's run: nothing more is issued from it."""
    wish = asking.read(shapes.LineRun, request.form)
    _require_of_line(line, wish.run)
    runs.close_run(site(), wish.run, channel=CHANNEL, operator=doer(), reason=wish.reason)
    return _told(line, gettext("Run %(run)s is closed.") % {"run": wish.run})


@blueprint.post("/reprint")
def reprint(line: str) -> Response:
    """Print the label of a serial again, as a copy."""
    wish = asking.read(shapes.LineReprint, request.form)
    approved_by = None
    if wish.approver is not None:
        claim = Claim(
            name=wish.approver, password=wish.password or "", address=request.remote_addr or ""
        )
        approved_by = second_person.check(site(), claim, first=doer(), permission=Permission.PRINT)
    order = reprinting.Order(
        channel=CHANNEL,
        key=wish.key,
        reason=wish.reason,
        operator=doer(),
        approved_by=approved_by,
        note=wish.note,
    )
    unit = scanning.unit_of(site(), wish.serial.strip())
    which = reprinting.Which(serial=unit.serial, product=unit.product)
    done = reprinting.reprint(site(), which, order)
    return _told(line, gettext("%(serial)s is printed again on %(printer)s.") % done)


@blueprint.post("/doubtful/<int:label_id>")
def decide_doubtful(line: str, label_id: int) -> Response:
    """Record what somebody found who looked for a doubtful label."""
    decision = asking.read(shapes.LineDecision, request.form).decision
    finding = Finding(decision=decision, reason=_SEEN, operator=doer(), channel=CHANNEL)
    doubtful.decide(site(), label_id, finding)
    return _told(line, gettext(DECIDED[decision]) % {"label": label_id})


@blueprint.post("/roll")
def put_in_roll(line: str) -> Response:
    """Say that a roll was put into a printer of the line."""
    wish = asking.read(shapes.LineRoll, request.form)
    _require_printer(line, wish.printer)
    roll = Roll(labels=wish.labels, operator=doer(), channel=CHANNEL)
    done = rolls.put_in(site(), wish.printer, roll)
    said = gettext("A roll of %(labels)s labels is in %(printer)s.")
    return _told(line, said % {"labels": done["labels"], "printer": wish.printer})


@blueprint.post("/printers/resume")
def resume_printer(line: str) -> Response:
    """Let a printer of the line print again that somebody paused from here."""
    printer = asking.read(shapes.LinePrinter, request.form).printer
    _require_printer(line, printer)
    instruction = Instruction(reason=_SEEN, operator=doer(), channel=CHANNEL)
    pausing.resume(site(), printer, instruction)
    return _told(line, gettext("%(printer)s prints again.") % {"printer": printer})


def _of(serial: str) -> dict[str, str]:
    return {"serial": serial}


def _said(reason: str | None = None) -> Said:
    return Said(operator=doer(), reason=reason, channel=CHANNEL)


def _told(line: str, sentence: str) -> Response:
    """Say what became of it: as a part of the page, or on the page that comes next."""
    if rendering.is_part():
        return rendering.page("parts/said.html", sentence=sentence)
    notices.tell(sentence)
    return asking.back(url_for("pages.line.show_line", line=line))


def _chosen(line: str, run_id: int, *, asked: int | None) -> Response:
    """Go on with a run whose order was scanned; ask before the open one is left unfinished."""
    opened = line_change.opened(line)
    if opened is None:
        return _go_on(line, run_id)
    if opened["remaining"] and asked != run_id:
        if rendering.is_part():
            question = line_change.question(line, run_id)
            return rendering.page("parts/line_question.html", question=question)
        there = url_for("pages.line.show_line", line=line, next=run_id)
        return redirect(there, 303)  # type: ignore[return-value]
    wish = shapes.LineChange(run=run_id, left=opened["id"])
    return _told(line, line_change.change(line, wish, said=_said()))


def _go_on(line: str, run_id: int) -> Response:
    """Open a planned run, or resume a paused one."""
    state = _require_of_line(line, run_id)
    if state == RunState.PAUSED:
        run_steps.resume_run(site(), run_id, _said())
        return _told(line, gettext("Run %(run)s goes on.") % {"run": run_id})
    runs.open_planned(site(), run_id, _said())
    return _told(line, gettext("Run %(run)s is open.") % {"run": run_id})


def _require_of_line(line: str, run_id: int) -> str:
    """Return the state of a run of this line; refuse (2021) one of another."""
    with site().store.read() as transaction:
        run = run_records.show(transaction, run_id)
    if run["line"] != line:
        raise Refusal(
            RUN_STEP,
            f"Run {run_id} is of line '{run['line']}', and this page is of '{line}'.",
            hint="Go to the page of its line.",
        )
    return str(run["state"])


def _require_printer(line: str, printer: str) -> None:
    """Refuse (5004) a printer that is not one of this line's."""
    own = site().plant.line(line).printer
    if own is None or printer not in site().plant.members(own):
        raise Refusal(
            NO_SUCH_PRINTER,
            f"Printer '{printer}' is not one of line '{line}'.",
            hint="Go to the page of its line.",
        )

"""What people ask of a printer now: a test label, a calibration, a check."""

from flask import Response

from labeler.production.printing import console, errands
from labeler.production.printing.console import Commands
from labeler.production.printing.errands import Wish
from labeler.web import shapes, shapes_errands
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.documents import DRAWN, drawn
from labeler.web.api.door import Door

blueprint = Door("errands", __name__, tag="service", prefix="/api/v1/printers")


@blueprint.post("/<printer>/test", responses={200: shapes_errands.Outcome, **PROBLEMS})
def print_test_label(path: shapes.PrinterPath, body: shapes_errands.Asked) -> Response:
    """Print a test label between two labels of production, and say what became of it."""
    wish = Wish(operator=body.operator, channel="http")
    return answer(errands.print_test_label(site(), path.printer, wish))


@blueprint.get("/<printer>/test.<format>", responses={200: DRAWN, **PROBLEMS})
def draw_test_label(path: shapes_errands.DrawnPath) -> Response:
    """Return the printer's test label in a format, and print nothing."""
    return drawn(errands.preview_test_label(site(), path.printer, language=path.format))


@blueprint.post("/<printer>/calibrate", responses={200: shapes_errands.Outcome, **PROBLEMS})
def calibrate(path: shapes.PrinterPath, body: shapes_errands.Asked) -> Response:
    """Let a printer measure its stock; it feeds labels."""
    wish = Wish(operator=body.operator, channel="http")
    return answer(errands.calibrate(site(), path.printer, wish))


@blueprint.post("/<printer>/console", responses={200: shapes_errands.ConsoleAnswer, **PROBLEMS})
def send_to_console(path: shapes.PrinterPath, body: shapes_errands.ConsoleText) -> Response:
    """Send commands in the printer's own language, and return what it says.

    What may print a label or erase something is refused (5050) unless `print` or `sure` says so.
    """
    commands = Commands(text=body.text, prints=body.print, is_sure=body.sure)
    wish = Wish(operator=body.operator, channel="http")
    return answer(console.send(site(), path.printer, commands, wish=wish))


@blueprint.post("/<printer>/check", responses={200: shapes_errands.Findings, **PROBLEMS})
def check(path: shapes.PrinterPath) -> Response:
    """Compare a folder of documents with its list, or ask a printer how it is, now."""
    return answer(errands.check(site(), path.printer))

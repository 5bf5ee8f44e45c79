"""The console of a printer: commands in its own language, and what it says to them, on the record.

They go as an errand between two parcels of labels. What may print a label of no record, or erase
and reset, goes only where whoever sends it says so.
"""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from labeler.errors import CONSOLE_HARM, PRINTER_CANNOT, Refusal
from labeler.production import events
from labeler.production.events import Cause
from labeler.production.printing import console_rules, errands
from labeler.production.printing.errand import Errand
from labeler.production.printing.errands import Done, Wish
from labeler.production.site import Site
from labeler.settings import PrinterSettings
from labeler.store import Transaction
from printers import transports

ASKED: Final = "console_asked"
"""Recorded before anything is sent: a service that dies while it sends leaves that in the trail."""
KIND: Final = "console_sent"
TEXT_MAX: Final = 4000
"""Characters of a text that is sent."""
ANSWER_BYTES_MAX: Final = 8192
_KEPT: Final = 1000
"""Characters of a text that its event keeps; its digest is of all of it."""
_NAMES: Final = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR"),
    *("SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB"),
    *("ESC", "FS", "GS", "RS", "US"),
)
"""Control characters by their numbers (ISO/IEC 646)."""
_SPOKEN: Final = frozenset({0x09, 0x0A})
"""Control characters that stay as they are: a tab, and the end of a line."""


@dataclass(frozen=True, kw_only=True)
class Commands:
    """What is sent, and what whoever sends it knows of it."""

    text: str
    prints: bool = False
    """It may print labels that no record has."""
    is_sure: bool = False
    """It may erase, reset or cancel what is in the printer."""


def send(site: Site, printer: str, commands: Commands, *, wish: Wish) -> dict[str, Any]:
    """Send commands to a printer; return what became of them, and what it said.

    Returns {printer, state, sentence, label_count_before, label_count_after, answer, is_cut}. It is
    sent to a paused or stopped printer, too. Refuses an unknown printer (5004), one that takes no
    commands (5042), what may print or do harm unless that was said (5050), a printer that is busy
    (5040) or cannot be reached (5041), and where no spooler runs (5043): then nothing was sent.
    """
    settings = site.plant.printer(printer)
    _refuse_deaf(printer, settings)
    _refuse_harm(settings.language, commands)
    lines = "\r\n".join(commands.text.splitlines())
    data = f"{lines}\r\n".encode()
    said = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "text": commands.text[:_KEPT],
        "prints": commands.prints,
    }
    _record_asked(site, wish, {"printer": printer, "operator": wish.operator, **said})
    errand = Errand(data=data, answer_bytes_max=ANSWER_BYTES_MAX)
    outcome = errands.asked(site, printer, errand, even_paused=True)
    more = {**said, "answer_bytes": len(outcome.answer)}
    done = Done(what="Console", kind=KIND, outcome=outcome, more=more)
    errands.write(site, printer, wish, done=done)
    return {
        "printer": printer,
        **errands.without_answer(outcome),
        "answer": shown(outcome.answer[:ANSWER_BYTES_MAX]),
        "is_cut": len(outcome.answer) > ANSWER_BYTES_MAX,
    }


def _record_asked(site: Site, wish: Wish, detail: dict[str, Any]) -> None:
    cause = Cause(channel=wish.channel, detail=detail)

    def work(transaction: Transaction) -> None:
        events.record(transaction, ASKED, at=site.clock(), cause=cause)

    site.store.write(work)


def shown(answer: bytes) -> str:
    r"""Return what a printer said as text; control characters are shown by their names.

    >>> shown(b"\x02030,0\x03\r\n")
    '<STX>030,0<ETX>\n'
    """
    text = answer.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        f"<{_NAMES[ord(one)]}>" if ord(one) < len(_NAMES) and ord(one) not in _SPOKEN else one
        for one in text
    )


def _refuse_deaf(printer: str, settings: PrinterSettings) -> None:
    if settings.language not in console_rules.LANGUAGES or transports.documents(settings.uri):
        raise Refusal(
            PRINTER_CANNOT,
            f"Printer '{printer}' takes no commands: language {settings.language}, "
            f"{transports.shown(settings.uri)}.",
            hint="Expected zpl or tspl over a line to a label printer.",
        )


def _refuse_harm(language: str, commands: Commands) -> None:
    found = console_rules.may_print(language, commands.text)
    if found and not commands.prints:
        raise Refusal(
            CONSOLE_HARM,
            f"'{found}' may print a label, and no record would have it. Nothing was sent.",
            hint="Print labels of units over their lines. If this shall print all the same, say "
            "so: --print, or its box on the page.",
        )
    harm = console_rules.harm(language, commands.text)
    if harm and not commands.is_sure:
        raise Refusal(
            CONSOLE_HARM,
            f"{'. '.join(harm)}. Nothing was sent.",
            hint="If that is meant, say so: --sure, or its box on the page.",
        )

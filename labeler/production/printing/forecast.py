"""Are there labels enough for a run? Told before it starts, and while it goes on."""

from collections.abc import Sequence
from typing import Any

from labeler.production.printing import queues, rolls
from labeler.production.site import PrinterState, Site
from labeler.store import Transaction
from labeler.units import RunState

_ENDING = frozenset({"media-low", "media-empty", "media-needed"})
"""What a printer says (RFC 8011, section 5.4.12) whose roll ends soon, or has ended."""


def of_line(
    site: Site, transaction: Transaction, line: str, *, quantity: int, product: str | None
) -> dict[str, Any]:
    """Return whether a line's printers have labels enough for so many units.

    ``product`` says how many copies each label has, by its template as it is now; None: one.
    Returns {line, quantity, needed, waiting, left, enough, printers, remarks}. `left` and `enough`
    are None where nobody has said how many labels a printer has, and where the line has no printer.
    Refuses an unknown line (2001) or
    product (2002), and a template that cannot be read (9004).
    """
    copies = 1
    if product is not None:
        template = site.plant.template(site.plant.product(product).template)
        copies = template.handling.copies or 1
    return {"line": line, "quantity": quantity, **_told(site, transaction, line, quantity * copies)}


def with_remarks(site: Site, run: dict[str, Any]) -> dict[str, Any]:
    """Return a run with `remarks`: sentences about labels that it may run short of.

    A run that is closed, and one whose line config.yaml does not know any more, has none.
    """
    if run["state"] != RunState.OPEN.value or run["line"] not in site.plant.lines:
        return {**run, "remarks": []}
    with site.store.read() as transaction:
        template = site.pinned(transaction, run["id"]).template
        labels = run["remaining"] * (template.handling.copies or 1)
        return {**run, "remarks": _told(site, transaction, run["line"], labels)["remarks"]}


def _told(site: Site, transaction: Transaction, line: str, labels: int) -> dict[str, Any]:
    name = site.plant.line(line).printer
    members = site.plant.members(name) if name is not None else ()
    lengths, entered = queues.lengths(transaction), rolls.current(site, transaction)
    waiting = sum(lengths.get(one, 0) for one in members)
    rows = [_printer(site, one, entered.get(one)) for one in members]
    known = [row["left"] for row in rows if row["left"] is not None]
    left = sum(known) if rows and len(known) == len(rows) else None
    needed = (labels if members else 0) + waiting
    return {
        "needed": needed,
        "waiting": waiting,
        "left": left,
        "enough": None if left is None else needed <= left,
        "printers": rows,
        "remarks": [*_short(rows, needed), *_ending(rows)] if labels else [],
    }


def _printer(site: Site, name: str, roll: dict[str, Any] | None) -> dict[str, Any]:
    state = site.printer_states.get(name, PrinterState())
    return {
        "printer": name,
        "left": roll and roll["left"],
        "estimated": roll and roll["estimated"],
        "media": sorted(_ENDING.intersection((*state.reasons, *state.warnings))),
    }


def _short(rows: Sequence[dict[str, Any]], needed: int) -> list[str]:
    """Return a sentence where what is known to be left does not suffice."""
    known = [row for row in rows if row["left"] is not None]
    if not known or sum(row["left"] for row in known) >= needed:
        return []
    counts = " and ".join(f"{row['left']:,} left on {row['printer']}" for row in known)
    others = [row["printer"] for row in rows if row["left"] is None]
    more = f"; nobody has said how many on {' and '.join(others)}" if others else ""
    return [f"{needed:,} label{'' if needed == 1 else 's'} needed, about {counts}{more}."]


def _ending(rows: Sequence[dict[str, Any]]) -> list[str]:
    ending = [row for row in rows if row["media"]]
    return [f"Printer {row['printer']} says: {', '.join(row['media'])}." for row in ending]

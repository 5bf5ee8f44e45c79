"""Labels left on the roll in a printer: somebody says how many it had, what comes out is counted.

Where the printer's odometer is asked, the difference counts: it sees what others print and what is
fed. Elsewhere each label counts that has left for the printer; that is an estimate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import BigInteger, Row, case, func, insert, literal, select, update

from labeler.errors import NO_ROLL, Refusal
from labeler.production import events
from labeler.production.events import Cause
from labeler.production.site import PrinterState, Site
from labeler.store import Transaction
from labeler.store.schema_printers import printer_roll


@dataclass(frozen=True, kw_only=True)
class Roll:
    """A roll that somebody puts in."""

    labels: int | None
    """How many labels are on it; None: as many as config.yaml says of this printer's rolls."""
    operator: str
    channel: str


class Labeled(Protocol):
    """A label, as far as a roll is concerned."""

    @property
    def printer(self) -> str:
        """Where it comes out."""

    @property
    def run_id(self) -> int:
        """Its run, whose template says how many copies come out."""


def put_in(site: Site, printer: str, roll: Roll) -> dict[str, Any]:
    """Record that a roll was put into a printer; return it as `show` does.

    Refuses an unknown printer (5004), and a roll of which nobody says how many labels it has
    (5031).
    """
    media = site.plant.printer(printer).media
    labels = media.roll_labels if roll.labels is None else roll.labels
    if labels is None:
        raise Refusal(
            NO_ROLL,
            f"How many labels are on a roll of printer '{printer}' is not known.",
            hint=f"Say it (labels), or write printers.{printer}.media.roll_labels in config.yaml.",
        )

    def work(transaction: Transaction) -> dict[str, Any]:
        now, before = site.clock(), current(site, transaction).get(printer)
        values = {
            "printer": printer,
            "at": now,
            "labels": labels,
            "used": 0,
            "odometer": _label_count(site, printer),
            "operator": roll.operator,
            "channel": roll.channel,
        }
        transaction.execute(insert(printer_roll).values(**values))
        old = None if before is None else before["left"]
        said = {"printer": printer, "operator": roll.operator, "old": old, "new": labels}
        cause = Cause(channel=roll.channel, detail=said)
        events.record(transaction, "printer_roll", at=now, cause=cause)
        return show(site, transaction, printer)

    return site.store.write(work)


def show(site: Site, transaction: Transaction, printer: str) -> dict[str, Any]:
    """Return the roll in a printer: {printer, at, labels, used, left, estimated, operator}.

    Refuses an unknown printer (5004), and one whose roll nobody has entered (5031).
    """
    site.plant.printer(printer)
    found = current(site, transaction).get(printer)
    if found is None:
        raise Refusal(
            NO_ROLL,
            f"Nobody has said which roll is in printer '{printer}'.",
            hint=f"Say it at the next change: labeler printer roll {printer} --labels N "
            "--operator NAME.",
        )
    return found


def current(site: Site, transaction: Transaction) -> dict[str, dict[str, Any]]:
    """Return the roll in each printer, as far as somebody has entered one."""
    newest = select(func.max(printer_roll.c.id)).group_by(printer_roll.c.printer)
    rows = transaction.execute(select(printer_roll).where(printer_roll.c.id.in_(newest)))
    return {row.printer: _shown(site, row) for row in rows}


def _shown(site: Site, row: Row[Any]) -> dict[str, Any]:
    used = row.used
    count = _label_count(site, row.printer)
    if row.odometer is not None and count is not None:
        used = max(used, count - row.odometer)  # fed since the last label of ours
    return {
        "printer": row.printer,
        "at": row.at,
        "labels": row.labels,
        "used": used,
        "left": max(0, row.labels - used),
        "estimated": row.odometer is None,
        "operator": row.operator,
    }


def count(
    transaction: Transaction, site: Site, labels: Sequence[Labeled], *, known: Mapping[str, Any]
) -> None:
    """Count labels of one printer that have left for it; ``known`` may have both odometers.

    A roll of which no odometer is known yet begins with the one before these labels, and so does
    one whose odometer went back: the printer is another.
    """
    if not labels:
        return
    roll, printer = printer_roll.c, labels[0].printer
    before, after = known.get("odometer_before"), known.get("odometer_after")
    if before is not None and after is None and "moved" in known:
        after = before + known["moved"]
    if before is not None and after is not None:
        site.label_counts[printer] = after
    if not transaction.run_sql("SELECT 1 FROM printer_roll WHERE printer = ? LIMIT 1", [printer]):
        return
    newest = select(func.max(roll.id)).where(roll.printer == printer).scalar_subquery()
    statement = update(printer_roll).where(roll.id == newest)
    if before is None or after is None:
        out = sum(
            site.pinned(transaction, one.run_id).template.handling.copies or 1 for one in labels
        )
        # With an odometer the next answer will say how many of them came out.
        used = case((roll.odometer.is_(None), roll.used + out), else_=roll.used)
        transaction.execute(statement.values(used=used))
        return
    last = literal(after, BigInteger)
    is_new = roll.odometer.is_(None) | (last - roll.odometer < roll.used)
    transaction.execute(
        statement.values(
            odometer=case((is_new, before - roll.used), else_=roll.odometer),
            used=case((is_new, roll.used + (after - before)), else_=last - roll.odometer),
        )
    )


def _label_count(site: Site, printer: str) -> int | None:
    """Return the printer's odometer as it told it last; None if it never did."""
    picture = site.printer_states.get(printer, PrinterState()).picture
    told = (site.label_counts.get(printer), picture.label_count if picture else None)
    return max((one for one in told if one is not None), default=None)

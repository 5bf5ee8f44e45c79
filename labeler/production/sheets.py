"""Labels on sheets of stock for an office printer, made from the record.

It is a document, and the record hears nothing of it: nobody knows whether it is ever printed, so no
label is queued, sent or counted as printed for it, and no unit becomes *encoded*. Secrets are
asterisks. Whoever prints it twice has each label twice, as with every copy of a document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from labeler.errors import (
    BAD_VALUE,
    NO_SUCH_LABEL,
    NO_SUCH_STOCK,
    TOO_MANY_LABELS,
    UNPRINTABLE,
    Refusal,
)
from labeler.production import filling, routing
from labeler.production.filling import FirstLabel, Labeled
from labeler.production.printing import jobs, spool
from labeler.production.showing import Document
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import UnitState
from printers import languages
from printers.errors import Unprintable
from printers.languages import Compiled

if TYPE_CHECKING:
    from printers.languages import pdf
    from printers.sheets import Sheet, Stock

LANGUAGE = "pdf"
"""The one that has sheets."""
LABELS_MAX = 5_000
"""On the sheets of one document, which is made in memory."""
_IN_THE_PLANT = (UnitState.ALLOCATED.value, UnitState.ENCODED.value)
"""Units of which somebody here may need the label: not leased, not gone."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """On which sheets labels shall lie."""

    stock: str
    """Its name."""
    start: int = 1
    """The first free cell of the first sheet, counted row by row from 1."""
    outlines: bool = False
    """Whether the cells are drawn, too."""


def stocks() -> list[dict[str, Any]]:
    """Return the kinds of sheets there are, in millimetres."""
    from printers import sheets  # takes long to load, and few commands draw a label

    return [_shown(one) for one in sheets.STOCKS.values()]


def show_stock(name: str) -> dict[str, Any]:
    """Return one kind of sheet; refuse (4007) an unknown one."""
    return _shown(_stock(name))


def job_sheet(site: Site, transaction: Transaction, job_id: int, *, wanted: Wanted) -> Document:
    """Return the labels of a job on sheets, in their order.

    Refuses an unknown job (5001) or stock (4007), a cell the sheet has not (1002), and what cannot
    be drawn or is larger than a cell (4001).
    """
    sheet = sheet_of(wanted)
    printer = str(jobs.show_job(transaction, job_id)["printer"])
    labels = spool.job_labels(transaction, job_id)
    content = _drawn(site, transaction, labels, printer=printer, sheet=sheet)
    return _document(content, name=f"job-{job_id:08d}-{wanted.stock}.pdf")


def run_sheet(site: Site, transaction: Transaction, run_id: int, *, wanted: Wanted) -> Document:
    """Return the labels of all units of a run on sheets, printed before or not.

    They look as at its line's printer, if it has one. Left out are units whose serial is leased or
    spent. Refuses an unknown run (2003), one without such a unit (5002) or with more than
    LABELS_MAX (4008), and what `job_sheet` refuses.
    """
    sheet = sheet_of(wanted)
    run = site.pinned(transaction, run_id)
    name = site.plant.line(run.line).printer
    printer = routing.shown_at(site, run.template, name) if name is not None else None
    units = _units(transaction, run_id)
    content = _drawn(site, transaction, units, printer=printer, sheet=sheet)
    return _document(content, name=f"run-{run_id:06d}-{wanted.stock}.pdf")


def sheet_of(wanted: Wanted) -> "Sheet":
    """Return how a stock is used; refuse an unknown one (4007), and a cell it has not (1002)."""
    from printers.sheets import Sheet

    stock = _stock(wanted.stock)
    try:
        return Sheet(stock=stock, start=wanted.start, outlines=wanted.outlines)
    except Unprintable as error:
        raise Refusal(BAD_VALUE, str(error), hint="Count the cells row by row, from 1.") from error


def lay(form: Compiled, rows: Sequence[Mapping[str, str]], *, sheet: "Sheet") -> bytes:
    """Return labels of a form that was compiled for LANGUAGE, on sheets; raises Unprintable."""
    compiled = cast("pdf.Compiled", form)
    return compiled.sheets(rows, stock=sheet.stock, start=sheet.start, outlines=sheet.outlines)


def _units(transaction: Transaction, run_id: int) -> list[FirstLabel]:
    unit = schema.unit
    query = (
        select(unit.c.id, unit.c.serial, unit.c.position, unit.c.allocated_at)
        .where(unit.c.run_id == run_id, unit.c.state.in_(_IN_THE_PLANT))
        .order_by(unit.c.position)
        .limit(LABELS_MAX + 1)
    )
    found = [
        FirstLabel(
            unit_id=row.id,
            run_id=run_id,
            serial=row.serial,
            number=row.position,
            allocated_at=row.allocated_at,
        )
        for row in transaction.execute(query)
    ]
    if not found:
        raise Refusal(
            NO_SUCH_LABEL,
            f"Run {run_id} has no unit whose label could lie on a sheet.",
            hint="Issue serials first; leased and spent ones are left out.",
        )
    if len(found) > LABELS_MAX:
        raise Refusal(
            TOO_MANY_LABELS,
            f"Run {run_id} has more than {LABELS_MAX} units, and so many labels are the most that "
            "one document of sheets holds.",
            hint="Ask for the sheets of its jobs.",
        )
    return found


def _drawn(
    site: Site,
    transaction: Transaction,
    labels: Sequence[Labeled],
    *,
    printer: str | None,
    sheet: "Sheet",
) -> bytes:
    """Return labels of one run on sheets."""
    run = site.pinned(transaction, labels[0].run_id)
    try:
        form = site.compiled_for(run, LANGUAGE, device=site.plant.device(printer))
        rows = filling.values(site, transaction, labels, shown=True)
        return lay(form, rows, sheet=sheet)
    except Unprintable as error:
        raise Refusal(
            UNPRINTABLE,
            str(error),
            hint="See the stocks: GET /api/v1/stocks, or labeler stock list.",
        ) from error


def _document(content: bytes, *, name: str) -> Document:
    return Document(content=content, media_type=languages.load(LANGUAGE).MEDIA_TYPE, name=name)


def _stock(name: str) -> "Stock":
    from printers import sheets

    if name not in sheets.STOCKS:
        raise Refusal(
            NO_SUCH_STOCK,
            f"There is no stock '{name}'.",
            hint=f"Known: {', '.join(sheets.STOCKS)}.",
        )
    return sheets.STOCKS[name]


def _shown(stock: "Stock") -> dict[str, Any]:
    left_mm, top_mm = stock.margins_mm or (0.0, 0.0)
    return {
        "name": stock.name,
        "width_mm": stock.width_mm,
        "height_mm": stock.height_mm,
        "columns": stock.columns,
        "rows": stock.rows,
        "count": stock.count,
        "page_width_mm": stock.page_mm[0],
        "page_height_mm": stock.page_mm[1],
        "left_mm": left_mm,
        "top_mm": top_mm,
        "column_gap_mm": stock.gap_mm[0],
        "row_gap_mm": stock.gap_mm[1],
    }

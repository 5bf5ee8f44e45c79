"""How a run certificate looks: A4, dark on white, for a folder and for a scanner."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, SimpleDocTemplate, Spacer, Table

from labeler.certificates.keys import PublicKey
from labeler.production.certifying import parts, proof, tables
from labeler.production.certifying.facts import Facts
from labeler.production.certifying.parts import INK, MARGIN, MUTED, TINT, WIDTH, style, text
from labeler.production.reconciling.terms import CAUSES, TERMS

_FRAME: Final = 6  # points that the drawing library leaves free around all of it
STEPS_MAX: Final = 60
"""Steps of a run that are listed; of more, the newest ones."""
_RUN: Final = {
    "product": "Product", "item_name": "Name", "line": "Line", "lot": "Lot",
    "quantity": "Ordered", "overrun": "Overrun", "work_order": "Work order",
    "purchase_order": "Purchase order", "sales_order": "Sales order", "shift": "Shift",
    "expires_on": "Expires on", "best_before": "Best before", "opened_at": "Opened",
    "closed_at": "Closed",
}  # fmt: skip
_COUNTS: Final = {
    "gaps": "Places skipped",
    "doubles": "Units with several labels out",
    "strangers": "Scans of serials never issued",
    "unlabelled": "Units without a label of ours",
    "unverified": "Labels nobody has verified",
}
_STATES: Final = {
    "closed": "Nobody has reconciled this run: its figures may still change.",
    "reconciled": "The figures were signed and are kept as they were. Nobody has released the run.",
    "released": "The figures were signed and are kept as they were, and the run was released.",
}


def draw(found: Facts, line: str, *, key: PublicKey) -> bytes:
    """Return the certificate as a PDF; ``line`` is the signed statement that its QR says."""
    _, pages = _build(found, line, key=key, pages=0)
    content, _ = _build(found, line, key=key, pages=pages)
    return content


def _build(found: Facts, line: str, *, key: PublicKey, pages: int) -> tuple[bytes, int]:
    """Return the PDF, and how many pages it has; each says of how many, once they are counted."""
    file = io.BytesIO()
    title = f"Run {found.run['id']} of {found.site}: certificate"
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN - _FRAME,
        rightMargin=MARGIN - _FRAME,
        topMargin=12 * mm,
        bottomMargin=13 * mm,
        title=title,
        author=found.site,
        creator=f"labeler {found.version}",
        invariant=1,  # what it says of time stands on it
    )
    story = [
        *_head(found),
        _about(found),
        *_section("Balance"),
        *_balance(found),
        *_deviation(found),
        *_section("Serials and labels"),
        _serials(found),
        *_printers(found),
        *_section("People"),
        _people(found),
        Spacer(0, 3 * mm),
        proof.block(found, line, key=key),
    ]
    foot = partial(
        _foot,
        left=title,
        right=f"Made {tables.moment(found.at, found.zone)} by labeler {found.version}",
        pages=pages,
    )
    document.build(story, onFirstPage=foot, onLaterPages=partial(_later, foot=foot, found=found))
    return file.getvalue(), document.page


def _head(found: Facts) -> list[Flowable]:
    run = found.run
    color = {"released": parts.GOOD, "closed": parts.WARNING}.get(run["state"], INK)
    left: list[Flowable] = [
        text(f"RUN CERTIFICATE  ·  {found.site}", style(8.5, bold=True, color=MUTED)),
        text(f"Run {run['id']}", style(25, bold=True)),
        Spacer(0, 1.5 * mm),
        text(_STATES[run["state"]], style(9, color=MUTED)),
    ]
    if run["mode"] == "test":
        warning = style(9, bold=True, color=parts.WARNING)
        left.append(text("TEST RUN: its serials name no product.", warning))
    right = parts.State(run["state"], color=color)
    table = Table([[left, right]], colWidths=[WIDTH - 62 * mm, 62 * mm])
    table.setStyle(
        [("VALIGN", (0, 0), (-1, -1), "TOP"), ("ALIGN", (1, 0), (1, 0), "RIGHT"), *tables.BARE]
    )
    return [table, Spacer(0, 4 * mm)]


def _about(found: Facts) -> Flowable:
    """Return what was ordered, and beside it what its label looks like."""
    run = found.run
    said = {title: run[name] for name, title in _RUN.items() if run[name] not in (None, "", 0)}
    rows = {
        title: tables.moment(value, found.zone) if isinstance(value, datetime) else value
        for title, value in said.items()
    }
    rows |= {"Rework of": f"run {run['rework_of']}"} if run["rework_of"] else {}
    rows |= {str(name): value for name, value in run["attributes"].items()}
    rows["Series"] = f"{run['series']}, version {run['series_version']}"
    state = "released" if run["template_state"] == "released" else "draft"
    rows["Label template"] = f"{run['template']}, version {run['template_version']} ({state})"
    rows |= {} if tables.is_utc(found.at, found.zone) else {"Time zone": str(found.zone)}
    picture: list[Flowable] = []
    if found.picture is not None:
        picture = [parts.Picture(found.picture, width=70 * mm, height=62 * mm), Spacer(0, 1 * mm)]
    else:
        why = "The label cannot be drawn any more." if found.first else "No label: it has no unit."
        picture = [text(why, style(8, color=MUTED))]
    digest = f"The first unit's label. Template {run['template_digest'][:16]}…"
    picture.append(text(digest, style(7, color=MUTED)))
    table = Table(
        [[tables.pairs(rows, width=WIDTH - 78 * mm), picture]], colWidths=[WIDTH - 72 * mm, 72 * mm]
    )
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *tables.BARE])
    return table


def _balance(found: Facts) -> list[Flowable]:
    """Return the sum as one line, and beneath it why it is not even."""
    figures = found.figures
    signs = ["", "=", "+", "+", "+", "+", "+"]
    names = ["issued", *TERMS, "difference"]
    numbers: list[Any] = []
    titles: list[Any] = []
    for sign, name in zip(signs, names, strict=True):
        wrong = name == "difference" and figures[name] != 0
        color = parts.WARNING if wrong else INK
        numbers += [text(sign, style(12, color=MUTED, align=1))] if sign else []
        titles += [""] if sign else []
        shown = f"{figures[name]:,}".replace(",", "\u202f")
        numbers.append(text(shown, style(_size(figures), bold=True, color=color, align=1)))
        titles.append(text(name, style(7.5, color=color if wrong else MUTED, align=1)))
    sign_width = 5 * mm
    width = (WIDTH - 6 * sign_width) / 7
    widths = [width, *[sign_width, width] * 6]
    table = Table([numbers, titles], colWidths=widths)
    table.setStyle([
        ("BACKGROUND", (0, 0), (-1, -1), TINT),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *tables.BARE,
        ("TOPPADDING", (0, 0), (-1, 0), 7),
        ("BOTTOMPADDING", (0, 1), (-1, 1), 7),
    ])  # fmt: skip
    causes = [
        [
            text(f"{count:,}", style(9, bold=True)),
            text(cause.replace("_", " "), style(9)),
            text(CAUSES[cause], style(9)),
        ]
        for cause, count in figures["causes"].items()
    ]
    if not causes:
        return [table]
    listed = Table(causes, colWidths=[18 * mm, 26 * mm, WIDTH - 44 * mm])
    listed.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)])
    return [table, Spacer(0, 2 * mm), listed]


def _size(figures: Mapping[str, Any]) -> float:
    return 15 if figures["issued"] < 1_000_000 else 11


def _deviation(found: Facts) -> list[Flowable]:
    signed = found.signed
    if signed is None or signed["approved_by"] is None:
        return []
    said = [
        text("DEVIATION", style(8, bold=True, color=parts.WARNING)),
        text(signed["reason"], style(10)),
        text(
            f"Signed by {signed['operator']} and approved by {signed['approved_by']}, "
            f"{tables.moment(signed['at'], found.zone)}.",
            style(8.5, color=MUTED),
        ),
    ]
    table = Table([[said]], colWidths=[WIDTH])
    table.setStyle([
        ("LINEBEFORE", (0, 0), (0, -1), 2.5, parts.WARNING),
        ("LEFTPADDING", (0, 0), (-1, -1), 9),
    ])  # fmt: skip
    return [Spacer(0, 3 * mm), table]


def _serials(found: Facts) -> Flowable:
    rows: dict[str, Any] = {
        "First serial": found.first or "none",
        "Last serial": found.last or "none",
    }
    counts = {title: _count(found.counts[name]) for name, title in _COUNTS.items()}
    half = WIDTH / 2
    table = Table(
        [[tables.pairs(rows, width=half - 6 * mm), tables.counted(counts, width=half)]],
        colWidths=[half, half],
    )
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *tables.BARE])
    return table


def _count(value: int | None) -> str:
    return "not counted" if value is None else f"{value:,}"


def _printers(found: Facts) -> list[Flowable]:
    if not found.printers:
        return []
    names = ("printer", "labels", "printed", "copies", "doubtful")
    rows = [[one[name] for name in names] for one in found.printers]
    widths = [WIDTH - 4 * 26 * mm, *[26 * mm] * 4]
    return [
        Spacer(0, 3 * mm),
        tables.table(("Printer", *names[1:]), rows, widths=widths, numbers=4),
    ]


def _people(found: Facts) -> Flowable:
    steps = found.run["steps"]
    rows = [
        [
            tables.moment(one["at"], found.zone),
            one["to"] if one["units"] is None else f"{one['units']} more",
            one["operator"] or "not said",
            one["reason"] or "",
            one["channel"],
        ]
        for one in steps[-STEPS_MAX:]
    ]
    signed = found.signed
    if signed is not None and signed["approved_by"] is not None:
        at = tables.moment(signed["at"], found.zone)
        row = [at, "deviation", signed["approved_by"], "approved it", ""]
        place = next((n + 1 for n, one in enumerate(rows) if one[1] == "reconciled"), len(rows))
        rows.insert(place, row)
    titles = ("When", "Step", "Who", "Why", "Channel")
    when = (41 if tables.is_utc(found.at, found.zone) else 63) * mm
    widths = [when, 21 * mm, 28 * mm, WIDTH - when - 65 * mm, 16 * mm]
    return tables.table(titles, rows, widths=widths)


def _section(title: str) -> list[Flowable]:
    return [Spacer(0, 3.5 * mm), text(title, style(10.5, bold=True)), Spacer(0, 1 * mm)]


def _foot(
    canvas: Canvas, document: SimpleDocTemplate, *, left: str, right: str, pages: int
) -> None:
    parts.load_fonts()
    canvas.setFont("certificate", 7.5)
    canvas.setFillColor(MUTED)
    canvas.drawString(MARGIN, 9 * mm, parts.writable(left))
    canvas.drawRightString(A4[0] - MARGIN, 9 * mm, f"{right}  ·  page {document.page} of {pages}")


def _later(
    canvas: Canvas,
    document: SimpleDocTemplate,
    *,
    foot: Callable[[Canvas, SimpleDocTemplate], None],
    found: Facts,
) -> None:
    """Say on each further page whose it is: pages are copied and filed one by one."""
    foot(canvas, document)
    run = found.run
    test = "  ·  TEST RUN" if run["mode"] == "test" else ""
    said = f"RUN CERTIFICATE  ·  {found.site}  ·  RUN {run['id']}  ·  {run['state'].upper()}{test}"
    canvas.setFont("certificate-bold", 8.5)
    canvas.drawString(MARGIN, A4[1] - 10 * mm, parts.writable(said, bold=True))

"""The block that proves a certificate: its QR, and beside it how anybody checks it."""

import json
from typing import Final

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from labeler.certificates import keys
from labeler.certificates.keys import PublicKey
from labeler.production.certifying import parts, tables
from labeler.production.certifying.facts import Facts
from labeler.production.certifying.parts import INK, MUTED, WIDTH, style, text

_SIZE: Final = 43 * mm
_LACKING: Final = (
    "\\uXXXX stands for a character that the fonts of this paper lack: XXXX is its number in "
    "Unicode."
)


def block(found: Facts, line: str, *, key: PublicKey) -> Flowable:
    """Return the QR with its text: one row of one table, so that no page parts them.

    The text names the run and its sum: where there are many steps, it has a page of its own.
    """
    head = "none" if found.head is None else f"{found.head[0]:,} events, {found.head[1]}"
    run, figures, mono = found.run, found.figures, style(7.5, mono=True)
    said: list[Flowable] = [
        text("How to check it", style(10.5, bold=True)),
        Spacer(0, 1 * mm),
        text(
            f"The code says the figures of run {run['id']} ({run['state']}, {figures['issued']:,} "
            f"issued, difference {figures['difference']:,}), signed with the site's key. Scan it "
            "and compare, or check this file or a photo of the code, without a network:",
            style(8.5),
        ),
        text("labeler certificate verify FILE --key FINGERPRINT", mono),
        Spacer(0, 1.5 * mm),
    ]
    for title, value in (
        ("Fingerprint of the site's key", keys.spaced(key.fingerprint)),
        ("SHA-256 of the figures", found.digest),
        ("Audit trail up to here", head),
    ):
        said += [text(title, style(7, color=MUTED)), text(value, mono)]
    if _is_lacking(found):
        said += [Spacer(0, 1 * mm), text(_LACKING, style(7, color=MUTED))]
    table = Table(
        [[parts.Qr(line, size=_SIZE), said]], colWidths=[_SIZE + 3 * mm, WIDTH - _SIZE - 3 * mm]
    )
    table.setStyle([
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *tables.BARE,
        ("LINEABOVE", (0, 0), (-1, 0), 0.8, INK),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
    ])  # fmt: skip
    return table


def _is_lacking(found: Facts) -> bool:
    """Return whether something that stands on the certificate cannot be drawn as it is."""
    given = [found.site, found.run, found.signed, found.printers, found.first, found.last]
    told = json.dumps(given, ensure_ascii=False, default=str)
    return any(parts.writable(told, bold=bold) != told for bold in (False, True))

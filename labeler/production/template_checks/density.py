"""Symbols too fine for the print head, or for common scanners."""

from collections.abc import Iterator

from labeler.production.template_checks._findings import Finding, number
from labeler.production.template_checks._subject import Subject
from labeler.production.template_checks._texts import symbology_of
from labeler.production.template_checks.x_dimension import module_of

NAME = "density"
SCANNED_FROM_MM = 0.19
"""The finest module that common hand-held scanners read (7.5 mil). Ours, of no standard."""
_TOLERANCE_MM = 0.002


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each symbol with modules of one dot, or of less than 0.19 mm."""
    for view, at in subject.each():
        module, symbology = module_of(at), symbology_of(at)
        if module is None or symbology is None:
            continue
        size = number(view.mm(module), digits=3)
        coarser = f"Write x_dimension_mm: {number(view.mm(2), digits=3)} or more."
        if module == 1:
            what = "bars" if symbology.LINEAR else "squares"
            yield view.finding(
                at,
                f"The modules of the {symbology.TITLE} symbol are 1 dot wide ({size} mm at "
                f"{view.device.dpi} dpi): most heads cannot hold such {what}.",
                severity="warning",
                advice=coarser,
            ).of(f"{view.device.dpi} dpi")
        elif view.mm(module) < SCANNED_FROM_MM - _TOLERANCE_MM:
            yield view.finding(
                at,
                f"The modules of the {symbology.TITLE} symbol are {size} mm wide, and common "
                f"scanners want {SCANNED_FROM_MM:g} mm.",
                severity="warning",
                advice=f"Write x_dimension_mm: {SCANNED_FROM_MM:g} or more, or see that every "
                "scanner reads it.",
            ).of(f"{view.device.dpi} dpi")

"""Data that a symbology cannot carry: the widest, and every character that a unit may have.

It is an error also where an order may say it: nobody sees it before the first order of a shift,
and then the line waits. `samples:` bounds what orders say.
"""

from collections.abc import Iterator
from dataclasses import replace

from labeler.production.template_checks._findings import Finding, Severity
from labeler.production.template_checks._subject import Case, Placed, Subject, View
from labeler.production.template_checks._texts import data_fault, symbology_of
from printers.errors import Unprintable
from printers.label import Barcode, Field, fill
from printers.layout.spots import SymbolSpot

NAME = "data"


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each symbol that refuses what it may have to carry."""
    for view, at in subject.each():
        why = data_fault(at)
        if why is not None:
            yield _finding(subject, view, at, why)
    for cases in subject.characters.values():
        yield from _by_character(subject, cases)


def _finding(subject: Subject, view: View, at: Placed, why: str) -> Finding:
    shown = {one.source for one in subject.template.pieces[at.place].expressions}
    made_up = shown & view.case.made_up
    if made_up:
        names = ", ".join(f"'{{{one}}}'" for one in sorted(made_up))
        return view.finding(
            at,
            f"Nobody can tell whether its data can be carried, since nothing says what {names} "
            f"may be: {why}",
            severity="note",
            advice=f"Write samples: {{{min(made_up)}: …}} into the template.",
        )
    severity: Severity = "warning" if view.case.origin == "test" else "error"
    found = view.finding(
        at,
        why,
        severity="error",
        advice=_advice(view.case),
    )
    return replace(found, severity=severity)


def _advice(case: Case) -> str:
    if case.product is None:
        return "Correct the sample, or choose a symbology that carries it."
    if case.origin == "test":
        return "Choose a symbology that carries it, or do without test runs of the product."
    if case.origin == "run":
        return "Choose a symbology that carries it, or bound it: samples: {run.lot: L2611}."
    return "Choose a symbology that carries it, or another alphabet for the series."


def _by_character(subject: Subject, cases: tuple[Case, ...]) -> Iterator[Finding]:
    """Yield the first text of each series that a symbol refuses, if its widest did not."""
    views = [view for view in subject.views if view.case.origin == "unit"][:1]
    for case in cases:
        for view in views:
            at = next(iter(_refused(view, case)), None)
            if at is not None:
                yield _finding(subject, replace(view, case=case), at, str(at.refusal))


def _refused(view: View, case: Case) -> Iterator[Placed]:
    """Yield the symbols that refuse the values of a case."""
    elements = dict(zip(case.places, case.label.elements, strict=True))
    for at in view.placed:
        element, symbology = elements.get(at.place), symbology_of(at)
        if symbology is None or not isinstance(element, Barcode):
            continue
        if not isinstance(at.spot, SymbolSpot) or not _has_field(element):
            continue
        text = fill(element.content, case.values)
        try:
            symbology.validate(text, at.spot.options)
        except Unprintable as error:
            yield replace(at, text=text, refusal=str(error))


def _has_field(element: Barcode) -> bool:
    return any(isinstance(part, Field) for part in element.content)

"""Labels of test runs: they say TEST in a place that must be free when all is at its widest."""

from collections.abc import Iterator
from dataclasses import replace

from labeler.production.template_checks import overlap
from labeler.production.template_checks._findings import Finding
from labeler.production.template_checks._subject import Subject

NAME = "test_run"


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each product whose test runs would be refused."""
    known = _troubled(subject)
    for product, station, why in subject.marks_refused:
        if product in known:
            continue
        yield Finding(
            severity="warning",
            sentence=f"A test run of product '{product}' would be refused: {why}",
            advice="Leave a place free, or do without test runs of the product.",
            stations=(station,),
            about=product,
        )


def _troubled(subject: Subject) -> set[str | None]:
    """Return the products of whose labels other checks tell why nobody can print them."""
    found = {view.case.product for view, at in subject.each() if at.refusal is not None}
    for view in subject.views:
        if view.case.origin == "test" and any(overlap.check(replace(subject, views=(view,)))):
            found.add(view.case.product)
    return found

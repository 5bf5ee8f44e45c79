"""Labels of test runs: they say TEST in a place that must be free when all is at its widest."""

from collections.abc import Iterator

from labeler.production.template_checks._findings import Finding
from labeler.production.template_checks._subject import Subject

NAME = "test_run"


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each product whose test runs would be refused."""
    for product, station, why in subject.marks_refused:
        yield Finding(
            severity="warning",
            sentence=f"A test run of product '{product}' would be refused: {why}",
            advice="Leave a place free, or do without test runs of the product.",
            stations=(station,),
            about=product,
        )

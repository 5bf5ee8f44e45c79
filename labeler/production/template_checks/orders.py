"""What an order must say, and what nobody says how long it may become.

A run that lacks what its label needs is refused when it opens, before the first unit.
"""

from collections.abc import Iterator

from labeler.production.template_checks._findings import Finding
from labeler.production.template_checks._subject import Subject

NAME = "orders"


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a note for runs that leave all empty, and for each placeholder without a sample."""
    for product, why in subject.open_empty.items():
        of = f" of product '{product}'" if product else ""
        yield Finding(
            severity="note",
            sentence=f"A run{of} without lot, work order, operator and attributes is refused: "
            f"{why}",
            advice="Open runs with what it needs, or hide the element with show_if.",
            about=str(product),
        )
    seen: set[str] = set()
    for view, at in subject.each():
        shown = {one.source for one in subject.template.pieces[at.place].expressions}
        sources = shown & view.case.made_up
        for source in sorted(sources - seen):
            seen.add(source)
            yield view.finding(
                at,
                f"Nothing says what '{{{source}}}' may become, so its room cannot be judged.",
                severity="note",
                advice=f"Write samples: {{{source}: …}} with the longest text there is.",
            ).of(source)

"""Labels that cannot be made at all, for another reason than their values or their room.

An element that no value could mend, such as HRI over the label's edge; a run that lacks what the
label shows; a finished design on a printer of another language.
"""

from collections.abc import Iterator

from labeler.production.template_checks import media
from labeler.production.template_checks._findings import Finding
from labeler.production.template_checks._subject import Placed, Subject, View
from labeler.production.template_checks._texts import (
    character_fault,
    data_fault,
    need,
    symbol_need,
)

NAME = "unprintable"


def check(subject: Subject) -> Iterator[Finding]:
    """Yield what is refused, and what no other check explains."""
    refused = [(view, at) for view, at in subject.each() if at.refusal is not None]
    for view, at in refused:
        if not _is_explained(view, at):
            yield view.finding(
                at,
                str(at.refusal),
                severity="error",
                advice="Correct the element.",
            )
    elsewhere = {view.case.product for view, _ in refused if view.case.origin == "unit"}
    for trial in subject.trials:
        if trial.refusal is None or trial.product in elsewhere:
            continue
        is_error = not media.is_printable(subject, trial.product)
        advice = f"Correct the template, or do not make it on line '{trial.line}'."
        yield Finding(
            severity="error" if is_error else "warning",
            sentence=f"{trial.where}: {trial.refusal}" if trial.line else trial.refusal,
            advice="Correct the template." if is_error else advice,
            about=trial.refusal,
        )


def _is_explained(view: View, at: Placed) -> bool:
    """Return whether clipping, data or glyphs tell why."""
    if character_fault(view, at) or data_fault(at) or symbol_need(view, at):
        return True
    room = need(view, at)
    return room is not None and (room.width > room.room or room.height > room.depth)

"""What stands on labels: the values of units with which their forms are filled."""

from labeler.production import identifying, remembering
from labeler.production.printing import SpooledLabel
from labeler.production.site import Site
from labeler.store import Transaction


def values(
    site: Site, transaction: Transaction, labels: list[SpooledLabel], *, shown: bool = False
) -> list[dict[str, str]]:
    """Return the unit values with which each label's form is filled.

    A secret is for the label itself. What is ``shown`` to somebody, or kept in an archive, has
    asterisks in its place; so has a label printed after the secret was forgotten.
    """
    runs = [site.pinned(transaction, label.run_id) for label in labels]
    wanted = [label.unit_id for label, run in zip(labels, runs, strict=True) if run.identifiers]
    known = remembering.texts_of(transaction, wanted)
    found = []
    for label, run in zip(labels, runs, strict=True):
        fill = run.label_form.filler(site.local(label.allocated_at))
        texts = known.get(label.unit_id, {})
        if shown or label.purpose == "archive":
            texts = identifying.masked(run, texts)
        found.append(fill(label.serial, label.number, more=run.more(label.serial, texts)))
    return found

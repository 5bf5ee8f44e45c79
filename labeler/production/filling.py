"""What stands on labels: the values of units with which their forms are filled."""

from collections.abc import Mapping

from labeler.production import identifying, remembering
from labeler.production.pinned import PinnedRun
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
        fill = run.template.filler(site.local(label.allocated_at))
        masked = shown or label.purpose == "archive"
        texts = _on_label(run, known.get(label.unit_id, {}), masked=masked)
        found.append(fill(label.serial, label.number, identifiers=texts))
    return found


def _on_label(run: PinnedRun, texts: Mapping[str, str | None], *, masked: bool) -> dict[str, str]:
    shown = {}
    for name, source in run.identifiers.items():
        text = None if masked and source.role == "secret" else texts[name]
        shown[name] = identifying.asterisks(source) if text is None else text
    return identifying.on_label(shown)

"""Show what was or would be printed, in any language we draw."""

from collections.abc import Iterable
from dataclasses import dataclass

from labeler.errors import NO_SUCH_LABEL, UNPRINTABLE, Refusal
from labeler.production import filling
from labeler.production.printing import jobs, spool
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.units import counted
from printers import languages
from printers.errors import Unprintable

FORMATS = languages.names()
"""What labels can be shown in: every language there is."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """Labels as a file."""

    content: bytes
    media_type: str
    name: str
    comparison: str = ""
    """What differs between two drawings in it, in a sentence."""


def media_types(formats: Iterable[str] = FORMATS) -> list[str]:
    """Return the media types of formats; this loads what draws them."""
    return [languages.load(one).MEDIA_TYPE for one in formats]


def job_document(
    site: Site, transaction: Transaction, job_id: int, *, language: str, position: int | None = None
) -> Document:
    """Return the labels of a job in ``language``, drawn from what its run pinned.

    ``position`` picks one label, from 1; without it, a language whose documents hold one label
    gives the first. Refuses an unknown job (5001) or position (5002), and a label this language
    cannot draw (4001).
    """
    spoken = languages.load(language)
    if position is None and spoken.LABELS_PER_DOCUMENT_MAX == 1:
        position = 1
    labels = spool.job_labels(transaction, job_id)
    name = f"job-{job_id:08d}{spoken.SUFFIX}"
    if position is not None:
        if position > len(labels):
            raise Refusal(
                NO_SUCH_LABEL,
                f"Job {job_id} has {counted(len(labels), 'label')}, not {position}.",
                hint="Count from 1.",
            )
        labels = [labels[position - 1]]
        name = f"job-{job_id:08d}-{position}{spoken.SUFFIX}"
    printer = str(jobs.show_job(transaction, job_id)["printer"])
    run = site.pinned(transaction, labels[0].run_id)
    try:
        form = site.compiled(run, printer, language=language)
        content = form.document(filling.values(site, transaction, labels, shown=True))
    except Unprintable as error:
        raise Refusal(UNPRINTABLE, str(error), hint="Try another language.") from error
    return Document(content=content, media_type=spoken.MEDIA_TYPE, name=name)

"""Show a label again as it was sent, and say plainly whether these are the same bytes.

What a label is made of is pinned: the unit's row, the run's constants, the template's version. The
label's row says in which language, for how many dpi and by which program it was drawn, and the
SHA-256 of the bytes it travelled in. So it can be drawn again and compared, years later.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Row, select

from labeler import __version__
from labeler.errors import NO_SUCH_LABEL, NOT_SENT, UNPRINTABLE, Refusal
from labeler.production import filling, runs, verifying
from labeler.production.pinned import PinnedRun
from labeler.production.printing import spool
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.showing import Document
from labeler.production.site import Site
from labeler.store import Transaction, schema
from printers import languages
from printers.device import Device
from printers.errors import Unprintable
from printers.languages import Compiled

Same = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, kw_only=True)
class _Sending:
    """A label and how it was sent."""

    label: SpooledLabel
    row: Row[Any]
    language: str
    dpi: int
    is_recorded: bool
    """False: language and dpi are those its printer has now."""


def labels_of_serial(
    transaction: Transaction, serial: str, *, product: str | None = None
) -> list[dict[str, Any]]:
    """Return every label a serial ever had, the oldest first.

    Refuses a serial that was never issued (3001), and one of several products (3009).
    """
    return verifying.labels_of(transaction, serial, product=product)


def show_label(site: Site, transaction: Transaction, label_id: int) -> dict[str, Any]:
    """Return what is known of a label, and whether it can be drawn again as it was sent.

    Refuses (5002) an unknown label.
    """
    label, row = _find(transaction, label_id)
    same, sentence = _compared(site, transaction, label, row)
    run = runs.show(transaction, label.run_id)
    pinned = ("template", "template_version", "template_digest", "template_state")
    sent = ("sent_at", "settled_at", "digest", "language", "dpi", "program_version")
    return {
        "id": label.id,
        "serial": label.serial,
        "run": label.run_id,
        "job": label.job_id,
        "position": label.position,
        "purpose": label.purpose,
        "reason": _reason(transaction, label.job_id),
        "copy": label.copy,
        "printer": label.printer,
        "state": label.state.value,
        **{name: row._mapping[name] for name in sent},
        **{name: run[name] for name in pinned},
        "same_as_sent": same,
        "sentence": sentence,
    }


def document(site: Site, transaction: Transaction, label_id: int, *, language: str) -> Document:
    """Return a label in ``language``, at the resolution it was sent with; secrets are asterisks.

    Refuses an unknown label (5002), one whose printer is gone and of which nobody recorded how it
    was sent (4006), and what the language cannot draw (4001).
    """
    label, row = _find(transaction, label_id)
    sending = _sending(site, label, row)
    spoken = languages.load(language)
    try:
        form = site.compiled_for(
            site.pinned(transaction, label.run_id), language, device=_device(site, sending)
        )
        content = form.document(filling.values(site, transaction, [label], shown=True))
    except Unprintable as error:
        raise Refusal(UNPRINTABLE, str(error), hint="Try another language.") from error
    name = f"label-{label.id:08d}{spoken.SUFFIX}"
    return Document(content=content, media_type=spoken.MEDIA_TYPE, name=name)


def _find(transaction: Transaction, label_id: int) -> tuple[SpooledLabel, Row[Any]]:
    query = select(schema.label).where(schema.label.c.id == label_id)
    row = transaction.execute(query).one_or_none()
    if row is None:
        raise Refusal(
            NO_SUCH_LABEL,
            f"There is no label {label_id}.",
            hint="The labels of a serial: GET /api/v1/serials/SERIAL/labels, "
            "or labeler label show SERIAL.",
        )
    return spool.job_labels(transaction, row.job_id)[row.position - 1], row


def _reason(transaction: Transaction, job_id: int) -> str | None:
    """Return why the labels of a job were printed again; None of others."""
    query = select(schema.job.c.reason).where(schema.job.c.id == job_id)
    found: str | None = transaction.execute(query).scalar_one()
    return found


def _sending(site: Site, label: SpooledLabel, row: Row[Any]) -> _Sending:
    if row.language is not None:
        return _Sending(label=label, row=row, language=row.language, dpi=row.dpi, is_recorded=True)
    printer = site.plant.printers.get(label.printer)
    if printer is None:
        raise Refusal(
            NOT_SENT,
            f"It is not recorded how label {label.id} was sent to printer '{label.printer}', and "
            "config.yaml does not know that printer any more.",
            hint="Name the printer in config.yaml again to see the label as it would draw it.",
        )
    return _Sending(
        label=label, row=row, language=printer.language, dpi=printer.dpi, is_recorded=False
    )


def _device(site: Site, sending: _Sending) -> Device:
    """Return the printer as it is now, at the resolution the label was sent with."""
    if sending.label.printer in site.plant.printers:
        return replace(site.plant.device(sending.label.printer), dpi=sending.dpi)
    return Device(dpi=sending.dpi, book=site.plant.book)


def _compared(
    site: Site, transaction: Transaction, label: SpooledLabel, row: Row[Any]
) -> tuple[Same, str]:
    """Return whether the label drawn again has the bytes that were sent, and a sentence."""
    run = site.pinned(transaction, label.run_id)
    if row.sent_at is None:
        return "unknown", "It was not sent yet, so there is nothing to compare."
    if row.digest is None:
        return "unknown", _why_no_digest(run, label)
    try:
        sending = _sending(site, label, row)
    except Refusal as refusal:
        return "unknown", refusal.sentence
    try:
        form = site.compiled_for(run, sending.language, device=_device(site, sending))
        drawn = _drawn(site, transaction, form, label=label, row=row)
    except Unprintable as error:
        return "no", f"It cannot be drawn again: {error}{_other_program(row)}"
    if row.digest in map(_digest, drawn):
        return "yes", f"Drawn again it has the same bytes as sent.{_present(site, sending)}"
    return "no", _why_not(sending)


def _drawn(
    site: Site,
    transaction: Transaction,
    form: Compiled,
    *,
    label: SpooledLabel,
    row: Row[Any],
) -> list[bytes]:
    """Return what the label may have been sent as: by itself, in a document, by a kept format."""
    travelled = _travelled_with(transaction, label, row)
    values = filling.values(site, transaction, travelled, shown=True)
    own = [one.id for one in travelled].index(label.id)
    drawn = [form.render(values[own])]
    if len(values) > 1:
        drawn.append(form.document(values))
    stored = languages.stored(form)
    if stored is not None:
        drawn.append(stored.download + stored.recall(values[own]))
    return drawn


def _travelled_with(
    transaction: Transaction, label: SpooledLabel, row: Row[Any]
) -> list[SpooledLabel]:
    """Return the labels of the job that have the digest of the same document, in order."""
    table = schema.label
    query = select(table.c.id).where(
        table.c.job_id == label.job_id,
        table.c.printer == label.printer,
        table.c.digest == row.digest,
        table.c.sent_at == row.sent_at,
    )
    same = set(transaction.execute(query).scalars())
    return [one for one in spool.job_labels(transaction, label.job_id) if one.id in same]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _why_no_digest(run: PinnedRun, label: SpooledLabel) -> str:
    if run.secrets and label.purpose != "archive":
        return (
            f"It carries a secret ({', '.join(run.secrets)}), so nothing that could betray its "
            "bytes was kept; asterisks stand for it here."
        )
    return "No digest of its bytes was recorded."


def _present(site: Site, sending: _Sending) -> str:
    """Return what has become of the printer meanwhile, as a sentence more; or nothing."""
    printer = site.plant.printers.get(sending.label.printer)
    if printer is None:
        return f" Its printer '{sending.label.printer}' is not in config.yaml any more."
    now = (printer.language, printer.dpi)
    if now == (sending.language, sending.dpi):
        return ""
    return (
        f" It was sent as {sending.language} at {sending.dpi} dpi; printer "
        f"'{sending.label.printer}' is {printer.language} at {printer.dpi} dpi now."
    )


def _why_not(sending: _Sending) -> str:
    sentence = "Drawn again it has other bytes than were sent"
    if not sending.is_recorded:
        return (
            f"{sentence}: in which language and at how many dpi it was sent is not recorded. Here "
            f"it is {sending.language} at {sending.dpi} dpi, as its printer is now."
        )
    other = _other_program(sending.row)
    if other:
        return f"{sentence}.{other}"
    return (
        f"{sentence}, though by the same version of the program: something else that labels are "
        "made of has changed, such as the speed of the printer, or site.timezone."
    )


def _other_program(row: Row[Any]) -> str:
    if row.program_version in (None, __version__):
        return ""
    return f" Version {row.program_version} of labeler drew it then, {__version__} does now."

"""Make the next parcel for a printer: what waits, rendered; what cannot be is set aside."""

from dataclasses import dataclass

import structlog

from labeler.errors import Refusal
from labeler.production import filling
from labeler.production.printing import holding, spool
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.spooler import parcels
from labeler.spooler.parcels import Parcel, Part, Shelf
from labeler.spooler.window import Window
from labeler.store import Transaction
from printers import languages, transports
from printers.errors import Unprintable
from printers.languages import Compiled

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Undrawable:
    """A job that has no form for this printer, and why."""

    job_id: int
    reason: str


class Packer:
    """Packs for one printer."""

    def __init__(self, site: Site, printer: str, *, shelf: Shelf, window: Window) -> None:
        """Recall formats that stand on the ``shelf``; take as many labels as ``window`` says."""
        self._site = site
        self._settings = site.plant.spooler
        self._printer = printer
        self._shelf = shelf
        self._window = window
        entry = site.plant.printers[printer]
        self._language = languages.load(entry.language)
        self._keeps_documents = transports.documents(entry.uri)
        self._stores = site.plant.stores(printer)
        self._packing: list[SpooledLabel] = []
        """What is being packed right now."""
        self._failure: tuple[int, str] | None = None
        """A job that broke the packing, and how; it is counted before the next try."""
        self._is_alone = False
        """Pack one job at a time: one of them breaks the packing, and nobody knows which."""

    def next_parcel(self) -> Parcel | None:
        """Render the oldest labels that wait; those that cannot be rendered leave the queue."""
        self._count_failure()
        while True:
            with self._site.store.read() as transaction:
                labels = self._oldest(transaction)
                if not labels:
                    return None
                self._packing = labels
                forms = self._forms(transaction, labels)
                is_drawable = not isinstance(forms, _Undrawable)
                rows = self._filled(transaction, labels) if is_drawable else None
            parcel = None
            if isinstance(forms, _Undrawable):
                self._refuse(forms.job_id, forms.reason, tries=1)
            else:
                parcel = self._packed(labels, forms, rows)
            self._packing = []
            if parcel is not None:
                self._is_alone = False
                return parcel

    def failed(self, error: Exception) -> None:
        """Hear that something broke; if that was while packing, count it against the job.

        What was packed may be of several jobs. Then the next try takes one job alone.
        """
        labels, self._packing = self._packing, []
        if labels and len({label.job_id for label in labels}) == 1:
            self._failure = (labels[0].job_id, repr(error))
        self._is_alone = self._is_alone or bool(labels)

    def _count_failure(self) -> None:
        if self._failure is None:
            return
        (job, why), self._failure = self._failure, None
        tries = self._settings.retry_count_max
        self._refuse(job, f"Its labels cannot be made: {why}", tries=tries)

    def _refuse(self, job: int, reason: str, *, tries: int) -> None:
        holding.refused(self._site, self._printer, job, reason=reason, tries=tries)

    def again(self, labels: list[SpooledLabel]) -> Parcel:
        """Render a document's labels again; Unprintable if they cannot be drawn any more."""
        with self._site.store.read() as transaction:
            forms = self._forms(transaction, labels)
            if isinstance(forms, _Undrawable):
                raise Unprintable(forms.reason)
            rows = filling.values(self._site, transaction, labels)
        parts = self._parts(labels, forms, rows)
        return Parcel(labels=labels, parts=parts, name=self._name(labels[0]))

    def _forms(
        self, transaction: Transaction, labels: list[SpooledLabel]
    ) -> "list[Compiled] | _Undrawable":
        """Return the labels' forms, or which job has none here any more.

        Trying again would change nothing: config.yaml, its secrets or the program have changed.
        """
        forms: dict[int, Compiled] = {}
        for label in labels:
            if label.run_id in forms:
                continue
            try:
                run = self._site.pinned(transaction, label.run_id)
                forms[label.run_id] = self._site.compiled(run, self._printer)
            except Unprintable as error:
                reason = f"Printer '{self._printer}' cannot draw them: {error}"
                return _Undrawable(job_id=label.job_id, reason=reason)
            except Refusal as refusal:
                reason = f"What run {label.run_id} pinned cannot be had: {refusal.sentence}"
                return _Undrawable(job_id=label.job_id, reason=reason)
        return [forms[label.run_id] for label in labels]

    def _packed(
        self,
        labels: list[SpooledLabel],
        forms: list[Compiled],
        rows: list[dict[str, str]] | None,
    ) -> Parcel | None:
        """Return the labels as a parcel; None if some were set aside instead."""
        try:
            if rows is not None:
                parts = self._parts(labels, forms, rows)
                return Parcel(labels=labels, parts=parts, name=self._name(labels[0]))
        except Unprintable:
            pass  # which of them it is, each is asked by itself
        if not self._set_aside(labels, forms):
            raise Unprintable("Labels that can be drawn each by itself cannot be drawn together.")
        return None

    def _filled(
        self, transaction: Transaction, labels: list[SpooledLabel]
    ) -> list[dict[str, str]] | None:
        """Return what the labels show; None if one of them cannot be filled."""
        try:
            return filling.values(self._site, transaction, labels)
        except Unprintable:
            return None

    def _oldest(self, transaction: Transaction) -> list[SpooledLabel]:
        """Return what travels next: some of a stream, or as much of one job as a document holds."""
        if self._keeps_documents:
            limit = self._language.LABELS_PER_DOCUMENT_MAX
            return spool.waiting_job(transaction, self._printer, limit=limit)
        take = spool.waiting_job if self._is_alone else spool.waiting
        return take(transaction, self._printer, limit=self._window.labels)

    def _parts(
        self, labels: list[SpooledLabel], forms: list[Compiled], rows: list[dict[str, str]]
    ) -> list[Part]:
        if self._keeps_documents:
            return [parcels.document(forms[0].document(rows))]
        if self._stores:
            return self._shelf.parts(labels, forms=forms, rows=rows)
        return [parcels.whole(form, row) for form, row in zip(forms, rows, strict=True)]

    def _name(self, first: SpooledLabel) -> str:
        """Return the document's name: of its job, or of its label where each has its own.

        A job may come in parts, some of its labels moved from another printer later than others.
        A part names its first label: under the job's name alone it would replace the one before.
        """
        job = f"run-{first.run_id:06d}-job-{first.job_id:08d}"
        alone = self._language.LABELS_PER_DOCUMENT_MAX == 1
        label = f"-{first.position}" if alone or first.position > 1 else ""
        return f"{job}{label}{self._language.SUFFIX}"

    def _set_aside(self, labels: list[SpooledLabel], forms: list[Compiled]) -> int:
        """Take labels that cannot be rendered for this printer out of the queue; return how many.

        The record says why of each.
        """
        count = 0
        for label, form in zip(labels, forms, strict=True):
            try:
                with self._site.store.read() as transaction:
                    [row] = filling.values(self._site, transaction, [label])
                form.check(row)
            except Unprintable as error:
                why = str(error)
                log.warning("label.unprintable", printer=self._printer, label=label.id, why=why)
                spool.set_aside(self._site, label, why=why)
                count += 1
        return count

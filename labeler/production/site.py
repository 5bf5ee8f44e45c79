"""What every verb is handed: the plant, the store, the clock, and whom to wake."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from labeler import serials, templates
from labeler.errors import NO_SUCH_RUN, RUN_LACKS, WRONG_KEY, Refusal
from labeler.production import numbering
from labeler.production.plant import Plant
from labeler.serials import definition as definitions
from labeler.store import Store, Transaction, schema
from printers import languages
from printers.languages import Compiled
from printers.status import Reason

CACHE_MAX = 512
"""Runs kept in memory; they can always be made again from the database."""


@dataclass(frozen=True, kw_only=True)
class PinnedRun:
    """What a run fixed when it was opened."""

    id: int
    line: str
    product: str
    series_name: str
    definition: serials.Definition
    epoch: int
    """Which of the series' counts it draws from."""
    scope: str
    """Within what its serials are unique: a product, or everything if empty."""
    permutation: serials.Permutation | None
    words: serials.WordFilter | None
    template: templates.LabelTemplate
    constants: dict[str, str]
    forms: dict[tuple[str, int], Compiled] = field(default_factory=dict, compare=False)
    """Its label, compiled for a language and a resolution in dpi."""

    @property
    def series(self) -> serials.Series:
        """The rule that makes its serials."""
        return self.definition.series

    def writer(self, occasion: serials.Occasion) -> Callable[[int], str]:
        """Return what writes its serials on an occasion; refuse (2008) what they cannot show."""
        try:
            return self.series.formatter(occasion)
        except serials.SerialError as error:
            raise Refusal(
                RUN_LACKS, str(error), hint="Nothing was issued. Correct the run or the series."
            ) from error


@dataclass(kw_only=True)
class PrinterState:
    """What is known of a printer now; the spooler writes it, doors show it."""

    state: str = "idle"
    """idle, processing or stopped (RFC 8011, section 5.4.11)."""
    reasons: tuple[Reason, ...] = ()
    """Why it is stopped."""
    since: datetime | None = None
    sentence: str = ""
    """What is wrong, for people."""


class Printing(Protocol):
    """The spooler, as verbs see it."""

    @property
    def alive(self) -> bool:
        """Whether every printer's thread runs."""

    def wake(self, printer: str) -> None:
        """Hear that a printer has work."""


@dataclass(kw_only=True)
class Site:
    """The running service, as its verbs see it."""

    plant: Plant
    store: Store
    clock: Callable[[], datetime]
    """Returns the present, aware."""
    random_bytes: Callable[[int], bytes]
    """Returns so many bytes by chance, which nobody can guess."""
    spooler: Printing | None = None
    """The spooler of this process, once it runs; a command without the service has none."""
    printer_states: dict[str, PrinterState] = field(default_factory=dict)
    holds_database: Callable[[], bool] = lambda: True
    """Whether this process still holds the database's lock."""
    _runs: dict[int, PinnedRun] = field(default_factory=dict)
    _rollbacks: int = 0

    def wake(self, printer: str) -> None:
        """Tell the spooler that ``printer`` has work."""
        if self.spooler is not None:
            self.spooler.wake(printer)

    def pinned(self, transaction: Transaction, run_id: int) -> PinnedRun:
        """Return what run ``run_id`` pinned; refuse (2003) an unknown run."""
        if self._rollbacks != self.store.rollbacks or len(self._runs) >= CACHE_MAX:
            # A run opened in a transaction that failed never was: its id becomes another run's.
            self._rollbacks = self.store.rollbacks
            self._runs = {}
        run = self._runs.get(run_id)
        if run is None:
            run = self._runs[run_id] = _load_run(self.plant, transaction, run_id)
        return run

    def compiled(self, run: PinnedRun, printer: str, *, language: str | None = None) -> Compiled:
        """Return the run's form compiled for ``printer``, or another ``language`` at its dpi."""
        settings = self.plant.printer(printer)
        key = (language or settings.language, settings.dpi)
        compiled = run.forms.get(key)
        if compiled is None:
            form = run.template.form(run.constants)
            compiled = run.forms[key] = languages.load(key[0]).compile(form, dpi=settings.dpi)
        return compiled

    def forget(self, run_id: int) -> None:
        """Forget a run that was not opened after all: its id will be another run's."""
        self._runs.pop(run_id, None)

    def local(self, moment: datetime) -> datetime:
        """Return ``moment`` in the site's time zone."""
        return moment.astimezone(self.plant.calendar.zone)

    def occasion(self, run: PinnedRun, moment: datetime) -> serials.Occasion:
        """Return what a serial of ``run`` may show at ``moment``."""
        return self.plant.calendar.occasion(moment, run=run_values(run.constants))


_RUN_VALUES = {
    "line": "line",
    "plant": "site.code",
    "product": "product.code",
    "lot": "run.lot",
    "work_order": "run.work_order",
    "number": "run.id",
}
"""What a pattern calls a value of the run -> its key among the run's constants."""


def run_values(constants: Mapping[str, str]) -> dict[str, str]:
    """Return what a pattern may show of the run with these constants."""
    shown = {name: constants.get(key, "") for name, key in _RUN_VALUES.items()}
    return shown | {key: value for key, value in constants.items() if key.startswith("attrib")}


def _load_run(plant: Plant, transaction: Transaction, run_id: int) -> PinnedRun:
    run, series, template = schema.run, schema.series_version, schema.template_version
    row = transaction.execute(
        select(
            run.c.id, run.c.line, run.c.product, run.c.constants,
            series.c.series, series.c.definition, series.c.epoch,
            template.c.template, template.c.content,
        )
        .join(series, series.c.id == run.c.series_version_id)
        .join(template, template.c.id == run.c.template_version_id)
        .where(run.c.id == run_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise Refusal(
            NO_SUCH_RUN, f"There is no run {run_id}.", hint="List them: GET /api/v1/runs."
        )
    definition = definitions.read(row.definition)
    return PinnedRun(
        id=row.id,
        line=row.line,
        product=row.product,
        series_name=row.series,
        definition=definition,
        epoch=row.epoch,
        scope=plant.scope(row.product),
        permutation=_permutation(plant, row.series, definition),
        words=numbering.word_filter(definition),
        template=templates.parse(row.content, name=row.template),
        constants=row.constants,
    )


def _permutation(
    plant: Plant, name: str, definition: serials.Definition
) -> serials.Permutation | None:
    """Return how the run's serials are permuted; refuse (3007) a key that is not the same."""
    if definition.series.kind != "permuted":
        return None
    now = plant.series.get(name)
    key = now.key if now else None
    if key is None or serials.fingerprint(key) != definition.key:
        raise Refusal(
            WRONG_KEY,
            f"The key of series '{name}' is not the one this run was opened with "
            f"(fingerprint {definition.key}).",
            hint="Give the service that key again: another one would repeat serials.",
        )
    return numbering.permutation(definition, key=key, name=name)

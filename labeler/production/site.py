"""What every verb is handed: the plant, the store, the clock, and whom to wake."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Protocol

from labeler import serials
from labeler.production import pinned
from labeler.production.access.memory import Access
from labeler.production.pinned import PinnedRun
from labeler.production.plant import Plant
from labeler.production.printing.errand import Errand, Outcome
from labeler.production.tallies import Memory
from labeler.store import KeyFile, Store, Transaction
from printers import languages
from printers.device import Device
from printers.languages import Compiled
from printers.status import Picture, Reason

CACHE_MAX = 512
"""Runs kept in memory; they can always be made again from the database."""


STATES = ("unknown", "idle", "processing", "stopped")
"""Those of RFC 8011, section 5.4.11, and that nothing is known of the printer."""


@dataclass(kw_only=True)
class PrinterState:
    """What is known of a printer now; the spooler writes it, doors show it."""

    state: str = "unknown"
    """unknown until it was heard of; then idle, processing or stopped (RFC 8011, 5.4.11)."""
    reasons: tuple[Reason, ...] = ()
    """Why it is stopped."""
    warnings: tuple[Reason, ...] = ()
    """What it complains of while it prints on."""
    since: datetime | None = None
    sentence: str = ""
    """What is wrong, for people."""
    remark: str = ""
    """What it complains of, for people."""
    picture: Picture | None = None
    """What it said of itself when it was asked last."""
    heard_at: datetime | None = None
    """When that was."""
    own: "PrinterState | None" = None
    """What it would be if nobody had paused it; None where nobody did."""
    stopped_s: float | None = None
    """time.monotonic() of when it stopped, whatever its reasons since; None while it does not."""

    @property
    def keywords(self) -> tuple[str, ...]:
        """Reasons and warnings as RFC 8011 writes them (section 5.4.12)."""
        return (*self.reasons, *(f"{warning}-warning" for warning in self.warnings))

    @property
    def words(self) -> str:
        """Everything people are told."""
        return f"{self.sentence} {self.remark}".strip()


@dataclass(kw_only=True)
class PoolProgress:
    """How far an import into a pool is."""

    lines_read: int = 0
    total: int | None = None
    """Numbers of the list, once all were read."""
    staged: int = 0


@dataclass(kw_only=True)
class ExportProgress:
    """How far an export is."""

    source: str
    form: str
    rows: int = 0
    total: int = 0


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
    key_file: KeyFile
    """Where the key lies with which the site signs."""
    access: Access = field(default_factory=Access)
    """Who may do what, as far as this process remembers it."""
    spooler: Printing | None = None
    """The spooler of this process, once it runs; a command without the service has none."""
    errand: Callable[[str, Errand], Outcome] | None = None
    """Does now what a person asks of a printer, or refuses it (5040, 5041), where it runs."""
    printer_states: dict[str, PrinterState] = field(default_factory=dict)
    label_counts: dict[str, int] = field(default_factory=dict)
    """Printer -> its odometer when it told it last."""
    turns: dict[str, int] = field(default_factory=dict)
    """Group of printers -> the place of the member whose turn it is."""
    avoided: set[str] = field(default_factory=set)
    """Printers from which waiting labels were taken away a short while ago."""
    hour_counts: dict[datetime, int] = field(default_factory=dict)
    """Beginning of an hour that is over -> the serials issued in it."""
    balances: Memory = field(default_factory=dict)
    """Run -> what its units were when somebody looked last, labels and all."""
    line_counts: Memory = field(default_factory=dict)
    """Run -> the states of its units when somebody looked last."""
    pool_progress: dict[str, PoolProgress] = field(default_factory=dict)
    """Series -> the import that this process works on."""
    exports: dict[str, ExportProgress] = field(default_factory=dict)
    """Id of an export under way -> how far it is."""
    exports_lock: Lock = field(default_factory=Lock)
    """Whoever adds to `exports` holds it."""
    when_unlocked: Callable[[], None] | None = None
    """Begins to print, where the site was locked when the service started."""
    holds_database: Callable[[], bool] = lambda: True
    """Whether this process still holds the database's lock."""
    own_remarks: Callable[[], list[str]] = list
    """What the service has to say of itself, such as that its certificate ends soon."""
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
            run = self._runs[run_id] = pinned.load(self.plant, transaction, run_id=run_id)
        return run

    def compiled(self, run: PinnedRun, printer: str, *, language: str | None = None) -> Compiled:
        """Return the run's form compiled for ``printer``, or for another ``language`` as it is."""
        settings = self.plant.printer(printer)
        device = self.plant.device(printer)
        return self.compiled_for(run, language or settings.language, device=device)

    def compiled_for(self, run: PinnedRun, language: str, *, device: Device) -> Compiled:
        """Return the run's form compiled for a language and a device, whoever has them."""
        key = (language, device)
        compiled = run.forms.get(key)
        if compiled is None:
            form = run.form(device=device)
            compiled = run.forms[key] = languages.load(language).compile(form, device=device)
        return compiled

    def forget(self, run_id: int) -> None:
        """Forget a run that was not opened after all: its id will be another run's."""
        self._runs.pop(run_id, None)

    def local(self, moment: datetime) -> datetime:
        """Return ``moment`` in the site's time zone."""
        return moment.astimezone(self.plant.calendar.zone)

    def occasion(self, run: PinnedRun, moment: datetime) -> serials.Occasion:
        """Return what a serial of ``run`` may show at ``moment``."""
        return self.plant.calendar.occasion(moment, run=pinned.run_values(run.constants))

"""The composition root: the only place that joins the parts."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog

from labeler import config, store
from labeler.errors import BAD_CONFIG, Refusal
from labeler.production import (
    blocks,
    lease_reports,
    numbering,
    overdue,
    overlapping,
    plant,
    pool_staging,
    pool_status,
    remarks,
    scopes,
    template_drafts,
    template_linting,
)
from labeler.production.access import keeping
from labeler.production.access.memory import Access
from labeler.production.lifecycle import changing
from labeler.production.printing import gone
from labeler.production.recalls import recalling
from labeler.production.safekeeping import anchoring, recording, unlocking
from labeler.production.site import Site
from labeler.production.template_folder import TemplateFolder
from labeler.settings import SeriesSettings, Settings
from labeler.spooler import Spooler
from printers.emulator import VirtualPrinter

if TYPE_CHECKING:
    from flask import Flask


LABEL_TIME_S = 0.1
"""How long the virtual printer of the demo plant takes for a label."""

log = structlog.get_logger(__name__)


def now() -> datetime:
    """Return the present. The only clock of the service."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Service:
    """An opened site: its settings, its verbs, its doors."""

    settings: Settings
    folder: Path
    site: Site

    @cached_property
    def web(self) -> "Flask":
        """Its doors, made when somebody first asks: that takes longer than to open the rest."""
        from labeler.web.application import make_app  # a command beside a service needs it not

        http = self.settings.http
        return make_app(
            self.site,
            body_max_bytes=http.body_max_kib * 1024,
            import_max_bytes=http.import_max_mib * 1024 * 1024,
            streams_max=http.streams_max,
        )


def load(path: Path) -> tuple[Settings, Path, plant.Plant]:
    """Read and check config.yaml and the templates it names; refuse (9004) what is wrong."""
    source = config.read(path)
    settings = source.settings
    folder = TemplateFolder(Path(settings.templates))
    built = plant.build(settings, folder, place=source.place)
    return settings, source.folder, built


def faulty_templates(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what is wrong with the template files that cannot be read: name -> findings."""
    folder = TemplateFolder(Path(config.read(path).settings.templates))
    found = {}
    for name in folder.names():
        try:
            template_linting.parsed(template_drafts.read(folder, name))
        except (OSError, UnicodeDecodeError) as error:
            found[name] = [template_linting.unreadable(name, error)]
        except Refusal as refusal:
            found[name] = refusal.extra["findings"]
    return found


def said_series(path: Path) -> tuple[dict[str, SeriesSettings], list[dict[str, Any]]]:
    """Return the series config.yaml says, and what is wrong with them or their words alone."""
    settings = config.read(path).settings
    _, findings = numbering.read(settings)
    patterns: dict[tuple[str, ...], str] = {
        ("series", name): one.pattern for name, one in settings.series.items()
    }
    wrong = [remarks.of_config(one, pattern=patterns.get(one.keys[:2])) for one in findings]
    return settings.series, [remarks.as_dict(one) for one in wrong]


@contextmanager
def opened(
    path: Path,
    *,
    who: str,
    address: str = "",
    shared: bool = False,
    clock: Callable[[], datetime] = now,
) -> Iterator[Service]:
    """Open the site of config.yaml ``path`` for this process alone; close it at the end.

    ``shared``: a short command beside others, which PostgreSQL allows and SQLite does not.

    Refuses a wrong configuration (9004), a database held by another process (9003) or that
    cannot be opened (9002, 9005).
    """
    settings, folder, built = load(path)
    with ExitStack() as stack:
        engine = store.make_engine(settings.database.url)
        stack.callback(engine.dispose)
        still_held: Callable[[], bool] = lambda: True  # noqa: E731
        if not (shared and store.takes_many(engine)):
            still_held = stack.enter_context(store.hold(engine, who=who, address=address))
        mark = folder / settings.site.mark_file
        record = stack.enter_context(store.open_store(engine, mark=mark))
        site = Site(
            plant=built,
            store=record,
            clock=clock,
            random_bytes=secrets.token_bytes,
            holds_database=still_held,
            key_file=store.KeyFile(folder / settings.site.key_file),
            access=Access(rules=settings.access),
        )
        with record.read() as transaction:
            scopes.check(transaction, built)
        stack.callback(anchoring.keep_head, site)
        yield Service(settings=settings, folder=folder, site=site)


@contextmanager
def spooling(service: Service) -> Iterator[Spooler]:
    """Run the printers' threads, and the virtual printers that config.yaml asks for."""
    with ExitStack() as stack:
        for name, printer in service.settings.printers.items():
            if printer.emulated:
                _emulate(stack, name, printer.uri, service.folder)
        gone.warn(service.site)
        overlapping.warn(service.site)
        resumed = blocks.resume(service.site)
        if resumed:
            log.info("blocks.resumed", blocks=resumed)
        reports = lease_reports.resume(service.site)
        if reports:
            log.info("lease_reports.resumed", reports=reports)
        orders = changing.resume(service.site)
        if orders:
            log.info("unit_orders.resumed", orders=orders)
        recalls = recalling.resume(service.site)
        if recalls:
            log.info("recalls.resumed", recalls=recalls)
        stack.enter_context(overdue.Watch(service.site))
        stack.enter_context(anchoring.Keeper(service.site))
        stack.enter_context(keeping.Keeper(service.site))
        pool_staging.sweep_all(service.site)
        pool_status.warn_of_low(service.site)
        recording.note_start(service.site, service.settings)
        spooler = Spooler(service.site)
        service.site.spooler, service.site.errand = spooler, spooler.errand
        locked = unlocking.state(service.site)
        if locked["locked"]:
            log.error("site.locked", why=locked["why"], lost=locked["lost"], hint=locked["hint"])
            # What waits in an old record may be printed long since: people decide first.
            service.site.when_unlocked = spooler.start
        else:
            spooler.start()
        try:
            yield spooler
        finally:
            if service.site.when_unlocked is None:
                spooler.stop()
            service.site.spooler = service.site.errand = service.site.when_unlocked = None


def _emulate(stack: ExitStack, name: str, uri: str, folder: Path) -> None:
    """Start the virtual printer ``name`` at ``uri``; ``stack`` stops it."""
    address = urlsplit(uri)
    kept = folder / "data" / "virtual" / name
    printer = VirtualPrinter(
        address.hostname or "127.0.0.1",
        address.port or 9100,
        folder=kept,
        label_time_s=LABEL_TIME_S,
    )
    try:
        stack.enter_context(printer)
    except OSError as error:
        raise Refusal(
            BAD_CONFIG,
            f"The virtual printer '{name}' cannot start: {str(error).rstrip('.')}.",
            hint="Free that port, choose another in printers: of config.yaml, or set "
            "emulated: false if a printer answers there.",
        ) from error
    log.info("printer.emulated", printer=name, uri=uri, folder=str(kept))

"""Fills an empty site: all steps of all lines in the order of time, each at its moment."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from labeler import app
from labeler.demo import people, presses, troubles
from labeler.demo.batches import Batch
from labeler.demo.clock import PastClock
from labeler.demo.presses import Presses
from labeler.demo.story import DAYS, LineStory, Step
from labeler.errors import NOT_EMPTY, Refusal
from labeler.production.printing import rolls
from labeler.production.printing.rolls import Roll
from labeler.production.site import Site
from labeler.store import chain

Progress = Callable[[int, int], None]
"""Is told how many steps are done, and of how many."""
_SETTLES: Final = timedelta(seconds=5)
"""So long before the present the past ends."""

PROOF_S: Final = 1.5
"""So long an odometer may stand still here."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What a demo has."""

    accounts: dict[str, tuple[str, str]]
    """Name -> role and password."""
    runs: int
    serials: int


def fill(config_file: Path, *, progress: Progress) -> Filled:
    """Give the empty site of a config.yaml a past month.

    Refuses a site that has any record (7020), one with a printer that is no virtual one (7020), and
    one whose database a service holds (9003).
    """
    now = app.now() - _SETTLES
    clock = PastClock(now - timedelta(days=DAYS + 1), end=now)
    with app.opened(config_file, who="labeler demo", clock=clock) as service:
        site = service.site
        _require_empty(site)
        _require_virtual(site)
        _hurry(site)
        with presses.running(site, service.folder) as printing:
            accounts = people.settle(site)
            _load_rolls(site)
            batches, steps = _told(site, printing, now)
            _run(steps, clock, printing, progress=progress)
        clock.go_to(now)
    serials = sum(len(one.serials) for one in batches)
    return Filled(accounts=accounts, runs=sum(1 for one in batches if one.run), serials=serials)


def _told(site: Site, printing: Presses, now: datetime) -> tuple[list[Batch], list[Step]]:
    """Return the runs of all lines, and all that happens, in the order of time."""
    told: list[list[Batch]] = []
    steps: list[Step] = []
    for number, (line, product) in enumerate(_makes(site).items()):
        story = LineStory(site=site, line=line, product=product, number=number, now=now)
        found = list(story.batches())
        told.append([batch for batch, _ in found])
        steps += [step for _, own in found for step in own]
    steps += troubles.happen(site, printing, told, now=now)
    steps.sort(key=lambda one: one.at)
    return [one for own in told for one in own], [one for one in steps if one.at < now]


def _run(steps: list[Step], clock: PastClock, printing: Presses, *, progress: Progress) -> None:
    for place, step in enumerate(steps, start=1):
        clock.go_to(step.at)
        step.act()
        printing.work()
        progress(place, len(steps))


def _makes(site: Site) -> dict[str, str]:
    """Return for each line with a printer what it makes: products whose labels it can print."""
    found: dict[str, str] = {}
    for line, settings in site.plant.lines.items():
        if settings.printer is None:
            continue
        media = site.plant.printers[site.plant.members(settings.printer)[0]].media
        size = (media.width_mm, media.height_mm)
        fitting = [
            name
            for name, product in site.plant.products.items()
            if _size(site, product.template) == size
        ]
        if fitting:
            unmade = [one for one in fitting if one not in found.values()]
            found[line] = (unmade or fitting)[0]
    return found


def _size(site: Site, template: str) -> tuple[float, float]:
    read = site.plant.template(template)
    return read.width_mm, read.height_mm


def _hurry(site: Site) -> None:
    """Wait no longer than virtual printers need for an odometer that stands still."""
    spooler = site.plant.spooler.model_copy(update={"proof_timeout_s": PROOF_S})
    site.plant = replace(site.plant, spooler=spooler)


def _load_rolls(site: Site) -> None:
    for name, printer in site.plant.printers.items():
        if printer.emulated:
            roll = Roll(labels=printer.media.roll_labels or 1500, operator="operator-1",
                        channel="http")  # fmt: skip
            rolls.put_in(site, name, roll)


def _require_empty(site: Site) -> None:
    with site.store.read() as transaction:
        events = chain.head(transaction).seq
        has_runs = bool(transaction.run_sql("SELECT 1 FROM run LIMIT 1"))
    if events or has_runs:
        raise Refusal(
            NOT_EMPTY,
            f"The site has a record of {events} events. Expected an empty one: a demo is never "
            "mixed with what happened.",
            hint="Make a site for it: labeler init --demo DIRECTORY.",
        )


def _require_virtual(site: Site) -> None:
    for name, printer in site.plant.printers.items():
        if not printer.emulated and not printer.uri.startswith("file:"):
            raise Refusal(
                NOT_EMPTY,
                f"Printer '{name}' at {printer.uri.partition(':')[0]}: is no virtual one. A demo "
                "prints a month of labels. Expected emulated: true.",
                hint="Make a site for it: labeler init --demo DIRECTORY.",
            )

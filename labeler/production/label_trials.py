"""The label of a run, tried before the run opens: with its first unit, and with later ones.

A run that opens with a label which only its first units fit is refused at a trigger, when the line
runs. So the texts are tried that its units may come to: real ones, in the order they are issued.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import zip_longest

from labeler.errors import UNPRINTABLE, Refusal
from labeler.production import counters, extremes, identifying
from labeler.production.counters import Counter
from labeler.production.extremes import Reach
from labeler.production.pinned import PinnedRun, PinnedSeries, breadth
from labeler.production.site import Site
from labeler.production.template_checks import media
from labeler.serials import Occasion, SerialError
from printers.errors import Unprintable

_HINT = "Correct the template or the order; nothing was opened."

Unit = tuple[str, Mapping[str, str]]
"""Serial and identifiers."""


def require_printable(
    site: Site, run: PinnedRun, first: Unit, *, starts: Mapping[Counter, int], quantity: int
) -> None:
    """Refuse (4001) a run whose first label cannot be printed, or a later one may not be.

    ``starts`` says where the counters of its series stand.
    """
    now = site.clock()
    try:
        for printer in _printers(site, run):
            media.require_fits(site, run.template, printer)
        _try(site, run, first, number=1, at=now)
    except Unprintable as error:
        raise Refusal(UNPRINTABLE, str(error), hint=_HINT) from error
    for unit in _later(site, run, first, starts=starts, quantity=quantity):
        try:
            _try(site, run, unit, number=quantity, at=now)
        except Unprintable as error:
            raise Refusal(
                UNPRINTABLE,
                f"The first label can be printed, a later one may become unprintable: {error}",
                hint=_HINT,
            ) from error


def _printers(site: Site, run: PinnedRun) -> list[str]:
    line = site.plant.lines[run.line]
    return [name for name in (line.printer, line.archive) if name is not None]


def _try(site: Site, run: PinnedRun, unit: Unit, *, number: int, at: datetime) -> None:
    """Raise Unprintable where a unit's label cannot be printed; archives show no secrets."""
    serial, identifiers = unit
    fill = run.label_form.filler(site.local(at))
    line = site.plant.lines[run.line]
    for printer, shown in (
        (line.printer, identifiers),
        (line.archive, identifying.masked(run, identifiers)),
    ):
        if printer is not None:
            values = fill(serial, number, more=run.more(serial, shown))
            site.compiled(run, printer).check(values)


def _later(
    site: Site, run: PinnedRun, first: Unit, *, starts: Mapping[Counter, int], quantity: int
) -> list[Unit]:
    """Return units the run may come to whose texts take most room, each series' beside others'."""
    occasion = site.occasion(run, site.clock())
    serial, identifiers = first
    own = {name: [text] for name, text in identifiers.items()}
    for supply in identifying.supplies(run, occasion):
        count = quantity * len(supply.names)
        start = starts.get(supply.counter)
        texts = _texts(supply.source, occasion, start=start, count=count)
        own |= {name: texts or own[name] for name in supply.names}
    start = starts.get(counters.of(run.serial, occasion))
    serials = _texts(run.serial, occasion, start=start, count=quantity) or [serial]
    columns = zip_longest(serials, *own.values())
    return [
        (
            one or serials[0],
            {name: text or own[name][0] for name, text in zip(own, rest, strict=True)},
        )
        for one, *rest in columns
    ]


def _texts(source: PinnedSeries, occasion: Occasion, *, start: int | None, count: int) -> list[str]:
    """Return what a series may give; nothing of a pool, since nobody chose its numbers here."""
    if source.kind == "pool":
        return []
    series = source.series
    by_chance = source.kind != "sequential"
    begin = series.counter_start if by_chance or start is None else start
    reach = Reach(
        series=series,
        write=source.writer(occasion),
        first=min(series.number.at_or_after(begin), series.counter_last),
        last=series.counter_last,
    )
    try:
        return extremes.of_run(reach, breadth, count=count, by_chance=by_chance)
    except SerialError:  # a counter at its end: who draws from it says so
        return []

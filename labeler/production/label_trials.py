"""The label of a run, tried before the run opens: with its first unit, and with later ones.

A run that opens with a label which only its first units fit is refused at a trigger, when the line
runs. So the texts are tried that its units may come to: real ones, in the order they are issued.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import zip_longest

from labeler import templates
from labeler.errors import NO_PRINTER_SUITS, UNPRINTABLE, Refusal
from labeler.production import counters, extremes, identifying, routing
from labeler.production.counters import Counter
from labeler.production.extremes import Reach
from labeler.production.pinned import PinnedRun, PinnedSeries, breadth
from labeler.production.site import Site
from labeler.serials import Occasion, SerialError
from printers.errors import Unprintable

_HINT = "Correct the template or the order; nothing was opened."

Unit = tuple[str, Mapping[str, str]]
"""Serial and identifiers."""


def require_printable(
    site: Site, run: PinnedRun, first: Unit, *, starts: Mapping[Counter, int], quantity: int
) -> None:
    """Refuse (4001) a run whose first label cannot be printed, or a later one may not be.

    ``starts`` says where the counters of its series stand. A line without a printer prints nothing.
    """
    if not site.plant.lines[run.line].printers:
        return
    now = site.clock()
    try:
        _require_suited(site, run)
        _try(site, run, first, number=1, at=now)
    except routing.NoneSuits as error:
        hint = "Name one in the group that takes it; nothing was opened."
        raise Refusal(NO_PRINTER_SUITS, str(error), hint=hint) from error
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


def _require_suited(site: Site, run: PinnedRun) -> None:
    """Raise Unprintable where the label is not for the line's printers, or for its archive."""
    line = site.plant.lines[run.line]
    for name in _printers(site, run):
        routing.require_suits(site, run.template, name)
    if line.archive is not None:  # a document has any resolution
        entry = site.plant.printers[line.archive]
        why = routing.too_large(run.template, line.archive, printer=entry)
        if why is not None:
            raise Unprintable(why)


def _printers(site: Site, run: PinnedRun) -> tuple[str, ...]:
    """Return the printers that the run's labels may come to; its archive is none of them."""
    line = site.plant.lines[run.line]
    return routing.suited(site, run.template, line.printer) if line.printer is not None else ()


def _try(site: Site, run: PinnedRun, unit: Unit, *, number: int, at: datetime) -> None:
    """Raise Unprintable where a unit's label or a copy of it cannot be printed.

    It is tried on each printer of a group: any of them may have to print it. Archives show no
    secrets, and have no copies.
    """
    serial, identifiers = unit
    fill = run.label_form.filler(site.local(at))
    line = site.plant.lines[run.line]
    copies = (0, int(templates.COPY_WIDEST)) if run.label_form.shows_copy else (0,)
    printers = _printers(site, run)
    for copy in copies if printers else ():
        values = fill(serial, number, copy=copy, more=run.more(serial, identifiers))
        for printer in printers:
            try:
                site.compiled(run, printer).check(values)
            except Unprintable as error:
                if len(printers) == 1:
                    raise
                raise Unprintable(f"Printer '{printer}' of '{line.printer}': {error}") from error
    if line.archive is not None:
        shown = identifying.masked(run, identifiers)
        values = fill(serial, number, copy=0, more=run.more(serial, shown))
        site.compiled(run, line.archive).check(values)


def _later(
    site: Site, run: PinnedRun, first: Unit, *, starts: Mapping[Counter, int], quantity: int
) -> list[Unit]:
    """Return units the run may come to whose texts take most room, each series' beside others'."""
    occasion = site.occasion(run, site.clock())
    serial, identifiers = first
    own = {name: [text] for name, text in identifiers.items()}
    for supply in identifying.supplies(run, occasion):
        start, stride = starts.get(supply.counter), len(supply.names)
        for place, name in enumerate(supply.names):
            reach = _reach(supply.source, occasion, start=start, place=place, stride=stride)
            own[name] = _texts(supply.source, reach, count=quantity) or own[name]
    start = starts.get(counters.of(run.serial, occasion))
    serials = _texts(run.serial, _reach(run.serial, occasion, start=start), count=quantity)
    serials = serials or [serial]
    columns = zip_longest(serials, *own.values())
    return [
        (
            one or serials[0],
            {name: text or own[name][0] for name, text in zip(own, rest, strict=True)},
        )
        for one, *rest in columns
    ]


def _reach(
    source: PinnedSeries,
    occasion: Occasion,
    *,
    start: int | None,
    place: int = 0,
    stride: int = 1,
) -> Reach:
    """Return the numbers that units take from a series, each the one at a place of ``stride``."""
    series = source.series
    begin = series.counter_start
    if start is not None and source.kind == "sequential":
        begin = series.number.at_or_after(start) + place * series.number.step
    return Reach(
        series=series,
        write=source.writer(occasion),
        first=min(begin, series.counter_last),
        last=series.counter_last,
        stride=stride if source.kind == "sequential" else 1,
    )


def _texts(source: PinnedSeries, reach: Reach, *, count: int) -> list[str]:
    """Return what a series may give; nothing of a pool, since nobody chose its numbers here."""
    if source.kind == "pool":
        return []
    by_chance = source.kind != "sequential"
    try:
        return extremes.of_run(reach, breadth, count=count, by_chance=by_chance)
    except SerialError:  # a counter at its end: who draws from it says so
        return []

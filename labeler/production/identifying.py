"""Draw the identifiers of units from every series their run takes them from.

A series may give several identifiers of a unit, such as its two MAC addresses: each unit then gets
as many numbers of it, one after the other. As with serials, nothing is kept here: who draws writes
where the counters stand once everything is drawn, so all of it is allocated or nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeler.errors import POOL_EMPTY, SECRET_UNPRINTED, SERIES_EXHAUSTED, Refusal
from labeler.production import counters, standing
from labeler.production.counters import Counter
from labeler.production.drawing import Drawer, Drawn
from labeler.production.pinned import PinnedRun, PinnedSeries
from labeler.serials import Occasion
from labeler.store import Transaction
from labeler.units import counted

COLUMNS = ("unit_id", "name", "text", "scope", "counter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A series that a run takes identifiers from, on the occasion of a transaction."""

    source: PinnedSeries
    names: tuple[str, ...]
    """Which identifiers of each unit it gives, in order."""
    counter: Counter
    write: Callable[[int], str]
    """Number -> text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a supply gave to some units."""

    supply: Supply
    drawn: Drawn

    def columns(self) -> dict[str, tuple[list[str], list[int]]]:
        """Return for each name the texts and numbers of it, unit by unit."""
        names, drawn = self.supply.names, self.drawn
        width = len(names)
        return {
            name: (drawn.serials[place::width], drawn.numbers[place::width])
            for place, name in enumerate(names)
        }


def supplies(run: PinnedRun, occasion: Occasion) -> tuple[Supply, ...]:
    """Return where the identifiers of a run come from; refuse (2008) what they cannot show."""
    names: dict[str, list[str]] = {}
    for name, source in run.identifiers.items():
        names.setdefault(source.name, []).append(name)
    return tuple(
        Supply(
            source=source,
            names=tuple(own),
            counter=counters.of(source, occasion),
            write=source.writer(occasion),
        )
        for own in names.values()
        for source in [run.identifiers[own[0]]]
    )


def read_counters(
    transaction: Transaction, wanted: Iterable[Supply], *, known: dict[Counter, int]
) -> None:
    """Add to the ``known`` counters where those of the supplies stand."""
    for supply in wanted:
        if supply.counter not in known:
            start = supply.source.series.counter_start
            known[supply.counter] = counters.read(transaction, supply.counter, start=start)


def draw(
    drawer: Drawer, wanted: Iterable[Supply], *, known: Mapping[Counter, int], count: int
) -> list[Given]:
    """Return the next identifiers of ``count`` units; ``known`` says where the counters stand.

    Refuses (3003) a series that is used up and (3006) a pool that has too few numbers.
    """
    given = []
    for supply in wanted:
        start, needed = known[supply.counter], count * len(supply.names)
        drawn = drawer.draw(supply.source, supply.write, start=start, count=needed)
        given.append(Given(supply=supply, drawn=drawn))
    return given


def advance(given: Iterable[Given], known: dict[Counter, int]) -> None:
    """Move the ``known`` counters past what was given."""
    known.update({one.supply.counter: one.drawn.next for one in given})


def texts(run: PinnedRun, given: Iterable[Given], *, secrets: bool) -> list[dict[str, str]]:
    """Return unit by unit name -> text, in the order in which the product names them."""
    columns = {name: own for one in given for name, (own, _) in one.columns().items()}
    shown = [name for name in run.identifiers if secrets or name not in run.secrets]
    if not shown:
        return [{} for _ in next(iter(columns.values()), ())]
    return [
        dict(zip(shown, unit, strict=True))
        for unit in zip(*(columns[name] for name in shown), strict=True)
    ]


def masked(run: PinnedRun, identifiers: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return a unit's identifiers with None for the secrets."""
    return {
        name: None if source.role == "secret" else identifiers[name]
        for name, source in run.identifiers.items()
    }


def unprinted_secret(run: PinnedRun) -> Refusal:
    """Return the refusal of units whose secret would be on no label."""
    return Refusal(
        SECRET_UNPRINTED,
        f"Units of product '{run.product}' have a secret, '{run.secrets[0]}', which only their "
        "label shows: they cannot be issued without one.",
        hint="Ask for labels (print: true): POST /api/v1/lines/LINE/labels, or labeler issue.",
    )


def rows(given: Iterable[Given], unit_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """Return the rows of the record for units with these ids."""
    found: list[tuple[Any, ...]] = []
    for one in given:
        source = one.supply.source
        scope = None if source.role == "secret" else source.scope
        for name, (own, numbers) in one.columns().items():
            found += [
                (unit_id, name, text, scope, number)
                for unit_id, text, number in zip(unit_ids, own, numbers, strict=True)
            ]
    return found


def taken_from_pools(given: Iterable[Given]) -> dict[str, list[int]]:
    """Return the places of the pools' numbers among them: series -> places."""
    return {
        one.supply.source.name: one.drawn.numbers
        for one in given
        if one.supply.source.kind == "pool"
    }


def take(drawer: Drawer, run: PinnedRun, *, occasion: Occasion, count: int) -> list[Given]:
    """Return the next identifiers of ``count`` units, and write where the counters stand then."""
    wanted = supplies(run, occasion)
    known: dict[Counter, int] = {}
    read_counters(drawer.transaction, wanted, known=known)
    given = draw(drawer, wanted, known=known, count=count)
    advance(given, known)
    for counter, number in known.items():
        counters.write(drawer.transaction, counter, number=number)
    return given


def require_enough(
    transaction: Transaction, run: PinnedRun, *, occasion: Occasion, count: int
) -> None:
    """Refuse series that have too few numbers for ``count`` units: 3003, a pool 3006."""
    wanted = supplies(run, occasion)
    known: dict[Counter, int] = {}
    read_counters(transaction, wanted, known=known)
    for supply in wanted:
        source, needed = supply.source, count * len(supply.names)
        left = _left(transaction, source, at=known[supply.counter])
        if left is not None and needed > left:
            raise _too_few(supply, left=left, needed=needed)


def require_waiting(transaction: Transaction, source: PinnedSeries, *, count: int) -> None:
    """Refuse (3006) a pool in which too few numbers wait; others are not looked at."""
    if source.kind != "pool":
        return
    waiting = standing.waiting(transaction, source.name)
    if waiting < count:
        raise Refusal(
            POOL_EMPTY,
            f"The pool of series '{source.name}' has {counted(waiting, 'number')} left, "
            f"{count} are wanted.",
            hint=f"Import more: labeler pool import {source.name} FILE.",
        )


def _left(transaction: Transaction, source: PinnedSeries, *, at: int) -> int | None:
    """Return how many numbers a series has left; None if its counter begins again meanwhile."""
    number = source.series.number
    if source.kind == "pool":
        return standing.waiting(transaction, source.name)
    if number.reset != "never":
        return None
    return max(0, source.definition.limit - (at - source.series.counter_start) // number.step)


def _too_few(supply: Supply, *, left: int, needed: int) -> Refusal:
    name, is_pool = supply.source.name, supply.source.kind == "pool"
    hint = (
        f"Import more: labeler pool import {name} FILE." if is_pool else "Give it a wider number."
    )
    return Refusal(
        POOL_EMPTY if is_pool else SERIES_EXHAUSTED,
        f"Series '{name}' has {counted(left, 'number')} left, {needed} are wanted for "
        f"{', '.join(supply.names)}.",
        hint=hint,
    )

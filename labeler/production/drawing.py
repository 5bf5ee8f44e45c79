"""Draw the next serials or identifiers of a run's series, whatever kind it is.

Nothing is kept here: who draws decides whether the label can be printed, and only then writes where
the counter stands. So a refusal consumes no number.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from labeler.errors import POOL_EMPTY, SERIES_EXHAUSTED, Refusal
from labeler.production.pinned import PinnedSeries
from labeler.production.site import Site
from labeler.serials import CounterExhausted
from labeler.store import Transaction
from labeler.units import counted

DRAWS_MAX = 200
"""Draws for one random serial. At half of all numbers taken, so many misses come once in 2^200."""


_KNOWN_SQL = {
    "serial": "SELECT serial FROM unit WHERE scope = ? AND serial {}",
    "identifier": "SELECT text FROM unit_identifier WHERE scope = ? AND text {}",
}
"""Serials are unique among serials, identifiers among identifiers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Serials nobody has yet."""

    numbers: list[int]
    """What the record keeps of each: its number, its place in the series, or its place in a
    pool."""
    serials: list[str]
    next: int
    """Where the counter stands after them."""


@dataclass(slots=True, kw_only=True)
class Drawer:
    """Draws for one transaction: what was drawn in it is not drawn again, though not written."""

    site: Site
    transaction: Transaction
    taken: set[str] = field(default_factory=set)
    """Random texts of this transaction."""
    pool_places: dict[str, int] = field(default_factory=dict)
    """Series -> the last place in its pool that was taken."""

    def draw(
        self, source: PinnedSeries, write: Callable[[int], str], *, start: int, count: int
    ) -> Drawn:
        """Return the next ``count`` serials; ``write`` makes a serial of a number.

        ``start`` is where the counter stands. Refuses (3003) a series that is used up, (3006) a
        pool that has too few numbers, and (9010) anything while the record is locked.
        """
        self.transaction.require_open()
        drawn = self._drawn(source, write, start=start, count=count)
        self.transaction.draw_steps(drawn.next - start)
        return drawn

    def _drawn(
        self, source: PinnedSeries, write: Callable[[int], str], *, start: int, count: int
    ) -> Drawn:
        if source.kind == "sequential":
            return self._count(source, write, start=start, count=count)
        if start + count > source.definition.limit:
            raise self._used_up(source, start=start)
        if source.kind == "permuted":
            return self._permute(source, write, start=start, count=count)
        if source.kind == "random":
            return self._chance(source, write, start=start, count=count)
        return self._take(source, start=start, count=count)

    def _count(
        self, source: PinnedSeries, write: Callable[[int], str], *, start: int, count: int
    ) -> Drawn:
        step = source.series.number.step
        start = source.series.number.at_or_after(start)
        try:
            if source.words is None:
                numbers: list[int] = list(range(start, start + count * step, step))
                serials = [write(number) for number in numbers]
                return Drawn(numbers=numbers, serials=serials, next=start + count * step)
            numbers = []
            serials = []
            number = start
            while len(numbers) < count:
                serial = write(number)
                if not source.has_word(number):
                    numbers.append(number)
                    serials.append(serial)
                number += step
        except CounterExhausted as error:
            hint = "Give the series a wider counter."
            raise Refusal(SERIES_EXHAUSTED, str(error), hint=hint) from error
        return Drawn(numbers=numbers, serials=serials, next=number)

    def _permute(
        self, source: PinnedSeries, write: Callable[[int], str], *, start: int, count: int
    ) -> Drawn:
        assert source.permutation is not None  # noqa: S101 a permuted series is pinned with one
        numbers: list[int] = []
        serials: list[str] = []
        place = start
        while len(numbers) < count:
            if place >= source.definition.limit:
                raise self._used_up(source, start=start)
            shown = source.permutation.apply(place)
            if not source.has_word(shown):
                numbers.append(place)
                serials.append(write(shown))
            place += 1
        return Drawn(numbers=numbers, serials=serials, next=place)

    def _chance(
        self, source: PinnedSeries, write: Callable[[int], str], *, start: int, count: int
    ) -> Drawn:
        serials: list[str] = []
        for _ in range(DRAWS_MAX):
            wanted = count - len(serials)
            if not wanted:
                break
            drawn = random_numbers(self.site, below=source.series.number.count, count=wanted)
            if source.words is not None:
                drawn = [number for number in drawn if not source.has_word(number)]
            new = self._new(source, list(dict.fromkeys(map(write, drawn))))
            self.taken.update(new)
            serials += new
        else:
            raise self._used_up(source, start=start)
        numbers = list(range(start, start + count))
        return Drawn(numbers=numbers, serials=serials, next=start + count)

    def _new(self, source: PinnedSeries, serials: list[str]) -> list[str]:
        """Return those that neither the record nor this transaction has.

        Secrets are not looked for: those of before are forgotten, and two equal ones harm nobody.
        """
        known = set(self.taken)
        if source.role != "secret":
            one_of_them, values = self.transaction.one_of(serials)
            sql = _KNOWN_SQL[source.role].format(one_of_them)
            known.update(row[0] for row in self.transaction.run_sql(sql, (source.scope, *values)))
        return [serial for serial in serials if serial not in known]

    def _take(self, source: PinnedSeries, *, start: int, count: int) -> Drawn:
        name = source.name
        rows = self.transaction.run_sql(
            "SELECT id, text FROM pool_number WHERE series = ? AND state = 'unallocated' "
            "AND id > ? AND id <= (SELECT last_id FROM pool WHERE series = ?) ORDER BY id LIMIT ?",
            (name, self.pool_places.get(name, 0), name, count),
        )
        if len(rows) < count:
            raise Refusal(
                POOL_EMPTY,
                f"The pool of series '{name}' has {counted(len(rows), 'number')} left, "
                f"{count} are wanted.",
                hint=f"Import more: labeler pool import {name} FILE.",
            )
        self.pool_places[name] = rows[-1][0]
        return Drawn(
            numbers=[row[0] for row in rows], serials=[row[1] for row in rows], next=start + count
        )

    def _used_up(self, source: PinnedSeries, *, start: int) -> Refusal:
        limit, count = source.definition.limit, source.series.number.count
        why = "so that nobody can guess one" if source.definition.unguessable else "of its numbers"
        return Refusal(
            SERIES_EXHAUSTED,
            f"Series '{source.name}' may issue {limit} of {count} {_nouns(source)}, {why}, and has "
            f"issued {start}.",
            hint="Give the series a wider number.",
        )


def _nouns(source: PinnedSeries) -> str:
    return "serials" if source.role == "serial" else "identifiers"


def random_numbers(site: Site, *, below: int, count: int) -> list[int]:
    """Return ``count`` numbers from 0 to under ``below``, each as likely as any other.

    Eight bytes more than needed: the rest of a division then favours no number by more than one
    part in 2**64.
    """
    width = (below.bit_length() + 7) // 8 + 8
    source = site.random_bytes(width * count)
    return [
        int.from_bytes(source[place : place + width], "big") % below
        for place in range(0, width * count, width)
    ]

"""What happens when: the month of a line, as steps with their moments."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple

from labeler.demo.batches import Batch
from labeler.demo.qa import Inspection
from labeler.production.pinning import Order
from labeler.production.site import Site

DAYS: Final = 30
"""How far back it begins."""
RUN_DAYS: Final = 3
"""Working days of a run."""
PER_BURST: Final = 5
"""Labels that a line asks for at once, more or less."""
OVER: Final = (0, -7, 3, -1, 0, -13, 5, -2, 0, -4)
"""By how many units runs miss what was planned, one after the other: material runs out, or what is
left on a pallet is used up. A line begins elsewhere in this row than its neighbour."""
SPOILED: Final = (1, 3, 0, 2, 1, 4, 1)
"""How many labels of a run are spoiled, one run after the other."""
FAILED: Final = (0, 1, 0, 2, 0)
"""How many units of a run fail the final test."""
PER_HOUR: Final = 4
"""Of the run that is open now."""
HOURS: Final = (6, 9, 12, 15, 18, 21)
"""When, on days that are over."""
LATELY: Final = timedelta(hours=30)
"""So far back the run that is open now began."""
SATURDAY: Final = 5
_GAP: Final = timedelta(minutes=11)
"""Between what happens on one line, and on the next."""


def shares(total: int, count: int, *, turn: int) -> list[int]:
    """Return ``total`` in ``count`` uneven parts, other ones each ``turn``.

    >>> shares(90, 18, turn=0)
    [3, 7, 5, 3, 7, 5, 3, 7, 5, 3, 7, 5, 3, 7, 5, 3, 7, 5]
    """
    weights = [5 + (place * (3 + turn % 4) + place // 3) % 5 for place in range(count)]
    reached = [total * sum(weights[:place]) // sum(weights) for place in range(count + 1)]
    return [after - before for before, after in pairwise(reached)]


class Step(NamedTuple):
    """Something that happens at a moment."""

    at: datetime
    act: Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class LineStory:
    """What a line makes."""

    site: Site
    line: str
    product: str
    number: int
    """Of the line, from 0."""
    now: datetime

    def batches(self) -> Iterator[tuple[Batch, list[Step]]]:
        """Yield each run of the month with what happens to it; the last one is open now."""
        begin = self._day(0)
        days = [begin + timedelta(days=one) for one in range(DAYS)]
        last = self._local(self.now - LATELY).date()
        days = [one for one in days if one < last and one.weekday() < SATURDAY]
        groups = [days[one : one + RUN_DAYS] for one in range(0, len(days), RUN_DAYS)]
        for place, group in enumerate(groups):
            yield self._over(place, group, left=len(groups) - place)
        yield self._open_now(len(groups))

    def _over(self, place: int, days: list[date], *, left: int) -> tuple[Batch, list[Step]]:
        """Return a run of some days that are over, and what QA did of it: the newest wait."""
        planned, turn = len(days) * len(HOURS) * PER_BURST, place + 3 * self.number
        batch = self._batch(place, days[0], planned)
        over = OVER[turn % len(OVER)]
        steps: list[Step] = [
            Step(self._at(days[0], 5, 20), batch.plan),
            Step(self._at(days[0], 5, 50), batch.open),
        ]
        moments = [self._at(day, hour, 5) for day in days for hour in HOURS]
        steps += [
            Step(at, partial(batch.issue, quantity))
            for at, quantity in zip(
                moments, shares(planned + over, len(moments), turn=turn), strict=True
            )
        ]
        if over > 0:
            steps.append(Step(self._at(days[-1], 11, 30), partial(batch.overrun, over)))
        steps.append(Step(self._at(days[0], 10, 30), partial(batch.pause, "break")))
        steps.append(Step(self._at(days[0], 10, 50), batch.resume))
        steps.append(Step(self._at(days[-1], 22, 10), batch.close))
        # One is signed by two people, and one still waits for them.
        loses_one = (self.number, place) == (0, 1) or (self.number, left) == (1, 1)
        inspection = Inspection(
            batch=batch,
            number=place,
            spoiled=SPOILED[turn % len(SPOILED)],
            failed=FAILED[turn % len(FAILED)],
            loses_one=loses_one,
        )
        morning = self._at(days[-1], 22, 40)
        steps.append(Step(morning, inspection.look))
        if left > 1:
            steps.append(Step(morning + timedelta(minutes=25), batch.reconcile))
        if left > 2:
            steps.append(Step(morning + timedelta(minutes=55), batch.release))
            steps.append(Step(morning + timedelta(minutes=75), inspection.ship))
        return batch, steps

    def _open_now(self, place: int) -> tuple[Batch, list[Step]]:
        """Return the run that is open now, and one behind it that is planned."""
        began = (self.now - LATELY).replace(minute=0, second=0, microsecond=0)
        batch = self._batch(place, self._local(began).date(), PER_HOUR * 45)
        following = self._batch(place + 1, self._local(self.now).date(), PER_HOUR * 90)
        gap = _GAP * self.number
        steps: list[Step] = [
            Step(began - timedelta(minutes=70) + gap, batch.plan),
            Step(began + gap, batch.open),
            Step(began + timedelta(hours=20) + gap, following.plan),
        ]
        for hour in range(1, int(LATELY / timedelta(hours=1)) + 1):
            at = began + timedelta(hours=hour, minutes=2) + gap
            quantity = 1 + (hour * hour + hour * self.number) % PER_BURST
            if at < self.now - timedelta(minutes=2):
                steps.append(Step(at, partial(batch.issue, quantity)))
        return batch, steps

    def _batch(self, place: int, day: date, quantity: int) -> Batch:
        number = place * 10 + self.number + 1
        return Batch(
            site=self.site,
            order=Order(
                product=self.product,
                line=self.line,
                quantity=quantity,
                lot=f"L{day:%y%m%d}{'ABCDEFGH'[self.number % 8]}",
                work_order=f"WO-{7000 + number}",
                operator=f"operator-{1 + (place + self.number) % 2}",
            ),
        )

    def _day(self, after: int) -> date:
        return self._local(self.now - timedelta(days=DAYS - after)).date()

    def _at(self, day: date, hour: int, minute: int) -> datetime:
        zone = self.site.plant.calendar.zone
        return datetime.combine(day, time(hour, minute), zone) + _GAP * self.number

    def _local(self, moment: datetime) -> datetime:
        return self.site.local(moment)

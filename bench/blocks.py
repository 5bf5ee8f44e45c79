"""Issue a million serials in one step, against the plainest way to insert the same rows.

Both sides insert into the real table, with its constraints, on an empty database of its own. The
plain side is handed what it inserts and commits once. Ours reserves, makes the serials, and commits
after each chunk, so that lines are served meanwhile.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import place
from bench.harness import Gate, Row, take_turns
from labeler import app
from labeler.production.blocks import BlockOrder, issue_block
from labeler.production.booking import UNIT_COLUMNS

QUANTITY, FEWER = 1_000_000, 200_000
"""Serials of a block; fewer in a quick run."""
TURNS = 3
RATIO = Gate(goal=0.5, floor=0.5)
COLUMNS = ", ".join(UNIT_COLUMNS)

UnitRows = Sequence[tuple[Any, ...]]
Plain = Callable[[str, UnitRows], float]
"""Inserts rows into the database of this URL; returns the seconds of that alone."""


@dataclass(kw_only=True)
class Side:
    """One kind of series on one database; each measurement on a new site."""

    folder: Path
    pattern: str
    quantity: int
    fresh: Callable[[Path], str]
    """Returns the URL of an empty database for the site in this folder."""
    plain: Plain
    count: int = 0
    rows: UnitRows = field(default_factory=list)
    """What ours issued last."""

    @contextmanager
    def site(self) -> Iterator[tuple[app.Service, str]]:
        """Give a new site with an open run, and its database."""
        self.count += 1
        own = self.folder / str(self.count)
        url = self.fresh(own)
        config = place.make_site(own, database=url, pattern=self.pattern)
        with app.opened(config, who="bench") as service:
            service.web.test_client().post("/api/v1/runs", json=place.RUN)
            yield service, url

    def ours_per_s(self) -> float:
        """Return serials per second of one block."""
        with self.site() as (service, _):
            began = time.perf_counter()
            issue_block(service.site, BlockOrder(run_id=1, quantity=self.quantity, key="b"))
            passed = time.perf_counter() - began
            with service.site.store.read() as transaction:
                self.rows = transaction.run_sql(f"SELECT {COLUMNS} FROM unit ORDER BY position")  # noqa: S608
        if len({row[1] for row in self.rows}) != self.quantity:
            raise place.BenchError("A serial is missing or double.")
        return self.quantity / passed

    def plain_per_s(self) -> float:
        """Return rows per second of inserting what ours issued."""
        if not self.rows:
            self.ours_per_s()
        with self.site() as (_, url):
            pass
        return self.quantity / self.plain(url, self.rows)


def measure(
    folder: Path, quantity: int, *, fresh: Callable[[Path], str], plain: Plain, other: str
) -> list[Row]:
    """Take turns with sequential serials, then with random ones."""
    found = []
    for name, pattern in (("sequential", place.SEQUENTIAL), ("random", place.RANDOM)):
        side = Side(
            folder=folder / name, pattern=pattern, quantity=quantity, fresh=fresh, plain=plain
        )
        turns = take_turns(side.ours_per_s, side.plain_per_s, turns=TURNS)
        found.append(turns.row(f"a block of {quantity:,}, {name}", "serials/s", other, RATIO))
    return found

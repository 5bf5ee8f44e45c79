"""Two sides taking turns, the ratio of each turn, and the gate.

Noise comes and goes in seconds; two sides measured one right after the other meet the same. So a
turn gives one ratio, the sides change who goes first, and the median of the turns counts.
"""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

RATE_SECONDS = 0.3
"""How long a side that makes things in one thread works a turn."""

Side = Callable[[], float]
"""Does its work for a moment and returns how much of it there was per second."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What a ratio has to reach."""

    goal: float
    floor: float
    """Below it the run fails: the goal, less what noise needs (docs/benchmarks.md says why)."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table."""

    name: str
    unit: str
    ours: float
    other: float
    other_name: str
    turns: tuple[float, ...]
    """The ratio of every turn, in order."""
    gate: Gate | None = None
    """None: told, not judged."""
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """The median of the turns."""
        return statistics.median(self.turns)

    @property
    def verdict(self) -> str:
        """pass; near its goal, by no more than noise; FAIL; or told where there is no gate."""
        if self.gate is None:
            return "told"
        if self.ratio >= self.gate.goal:
            return "pass"
        return "near" if self.ratio >= self.gate.floor else "FAIL"

    def as_dict(self) -> dict[str, Any]:
        """Return everything known of the row, for JSON."""
        return asdict(self) | {"ratio": self.ratio, "verdict": self.verdict}


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A group of rows that are measured together."""

    name: str
    run: Callable[[Path], list[Row]]
    """Measures in an empty folder that is removed afterwards."""
    quick: Callable[[Path], list[Row]] | None = None
    """The same on fewer things, where it takes minutes on as many as are judged."""


@dataclass(frozen=True, kw_only=True)
class Turns:
    """What two sides did, turn by turn."""

    ours: tuple[float, ...]
    other: tuple[float, ...]

    def row(self, name: str, unit: str, other_name: str, gate: Gate | None, **notes: Any) -> Row:
        """Return the line of the table."""
        return Row(
            name=name,
            unit=unit,
            ours=statistics.median(self.ours),
            other=statistics.median(self.other),
            other_name=other_name,
            turns=tuple(one / two for one, two in zip(self.ours, self.other, strict=True)),
            gate=gate,
            notes={"ours": self.ours, "other": self.other, **notes},
        )


def take_turns(ours: Side, other: Side, *, turns: int) -> Turns:
    """Measure both sides ``turns`` times, each time the other way round."""
    mine: list[float] = []
    theirs: list[float] = []
    for turn in range(turns):
        pair = [(mine, ours), (theirs, other)]
        for found, side in pair if turn % 2 == 0 else reversed(pair):
            found.append(side())
    return Turns(ours=tuple(mine), other=tuple(theirs))


def rate(make: Callable[[Any], object], given: Iterator[Any], *, chunk: int) -> float:
    """Return how many a second one thread makes, looking at the clock once a chunk."""
    count = 0
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < RATE_SECONDS:
        for one in itertools.islice(given, chunk):
            make(one)
        count += chunk
    return count / passed


def table(rows: Sequence[Row]) -> str:
    """Return the rows as text, one line each."""
    head = ("name", "ours", "other", "", "ratio", "spread", "floor", "goal", "")
    lines = [head, *[_cells(row) for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    numbers = {1, 2, 4, 6, 7}
    return "\n".join(
        "  ".join(
            text.rjust(width) if column in numbers else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    low, high = _middle_half(row.turns)
    return (
        row.name,
        _number(row.ours),
        _number(row.other),
        f"{row.unit}, {row.other_name}",
        f"{row.ratio:.2f}",
        f"{low:.2f}-{high:.2f} of {len(row.turns)}",
        f"{row.gate.floor:.2f}" if row.gate else "-",
        f"{row.gate.goal:.2f}" if row.gate else "-",
        row.verdict,
    )


def _middle_half(turns: tuple[float, ...]) -> tuple[float, float]:
    """Return between which ratios the middle half of the turns lies."""
    if len(turns) < 3:
        return min(turns), max(turns)
    low, _, high = statistics.quantiles(turns, n=4, method="inclusive")
    return low, high


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"

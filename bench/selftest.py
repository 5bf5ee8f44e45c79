"""The harness proves that it can fail: deliberately slow sides go through the real machinery."""

import contextlib
import io
import time
from collections.abc import Callable
from pathlib import Path

from bench import http_issue, place
from bench.__main__ import run as run_benchmarks
from bench.harness import Benchmark, Gate, Row, take_turns

GATE = Gate(goal=0.45, floor=0.45)

Case = tuple[str, Callable[[Path], list[Row]], int, str]


def _loop(pause_s: float) -> Callable[[], float]:
    def side() -> float:
        count, began = 0, time.perf_counter()
        while (passed := time.perf_counter() - began) < 0.05:
            time.sleep(pause_s)
            count += 1
        return count / passed

    return side


def _same(folder: Path) -> list[Row]:
    del folder
    turns = take_turns(_loop(0.001), _loop(0.001), turns=3)
    return [turns.row("same", "loops/s", "the same", GATE)]


def _slow(folder: Path) -> list[Row]:
    del folder
    turns = take_turns(_loop(0.01), _loop(0.001), turns=3)
    return [turns.row("slow", "loops/s", "a fast one", GATE)]


def _slow_over_http(folder: Path) -> list[Row]:
    with http_issue.hello(folder) as ceiling:
        slow = http_issue.Server(ceiling.port, "/slow")
        turns = take_turns(
            lambda: slow.per_s(seconds=0.3, warm_up_s=0.1),
            lambda: ceiling.per_s(seconds=0.3, warm_up_s=0.1),
            turns=1,
        )
    return [turns.row("slow over HTTP", "req/s", "hello", GATE)]


def _told(folder: Path) -> list[Row]:
    del folder
    turns = take_turns(_loop(0.01), _loop(0.001), turns=1)
    return [turns.row("slow, not judged", "loops/s", "a fast one", None)]


def _broken(folder: Path) -> list[Row]:
    raise place.BenchError(f"nothing works in {folder.name}")


CASES: list[Case] = [
    ("a side as fast as the other passes", _same, 0, " pass"),
    ("a slow side fails", _slow, 1, "Below the floor: slow."),
    ("a slow server fails", _slow_over_http, 1, "Below the floor: slow over HTTP."),
    ("a row without a gate is told", _told, 0, " told"),
    ("a benchmark that breaks fails", _broken, 1, "could not be measured: BenchError: nothing"),
]


def run() -> int:
    """Run every case; return 0 if each ended as it should."""
    wrong = 0
    for sentence, measure, wanted, said in CASES:
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
            benchmark = Benchmark(name="selftest", run=measure)
            code = run_benchmarks({"selftest": lambda made=benchmark: made})  # type: ignore[misc]
        right = code == wanted and said in output.getvalue()
        wrong += not right
        print(f"{'right' if right else 'WRONG'}: {sentence}")
        if not right:
            print(f"exit code {code}, expected {wanted}, and {said!r} in:\n{output.getvalue()}")
    return 1 if wrong else 0

"""python -m bench: run the benchmarks, print one table, fail below a floor.

Exit code 0: every ratio reaches its floor; 1: one does not, or could not be measured; 2: the
command was called wrongly.
"""

import argparse
import importlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import place
from bench.harness import Benchmark, Row, table

MODULES = {
    "http": "bench.http_issue",
    "in-process": "bench.in_process",
    "guard": "bench.guard",
    "audit": "bench.audit",
    "zpl": "bench.zpl_labels",
    "pdf": "bench.pdf_labels",
    "serials": "bench.serials",
    "blocks-sqlite": "bench.blocks_sqlite",
    "blocks-postgres": "bench.blocks_postgres",
    "blocks-http": "bench.blocks_http",
    "lookup": "bench.lookup",
    "quality": "bench.quality",
    "exports": "bench.exports",
    "spooler": "bench.spooler",
    "serial-line": "bench.serial_line",
    "first-byte": "bench.first_byte",
    "stalled": "bench.stalled",
    "with-key": "bench.with_key",
    "live-pages": "bench.live_pages",
    "pages-big": "bench.pages_big",
}
"""A module is loaded only when its benchmark runs: it may need a peer that is not there."""

Load = Callable[[], Benchmark]


def known() -> dict[str, Load]:
    """Return the benchmarks by name, in the order in which they run."""

    def loader(module: str) -> Load:
        def load() -> Benchmark:
            found: Benchmark = importlib.import_module(module).BENCHMARK
            return found

        return load

    return {name: loader(module) for name, module in MODULES.items()}


def run(benchmarks: Mapping[str, Load], *, report: Path | None = None, quick: bool = False) -> int:
    """Run the benchmarks, print the table, write the report; return the exit code."""
    rows: list[Row] = []
    failures: dict[str, str] = {}
    began = time.monotonic()
    with place.folder() as folder:
        for name, load in benchmarks.items():
            print(f"{name} …", file=sys.stderr, flush=True)
            own = folder / name
            own.mkdir()
            try:
                benchmark = load()
                measure = (quick and benchmark.quick) or benchmark.run
                rows += measure(own)
            except Exception as error:  # noqa: BLE001 one that cannot be measured fails the run
                failures[name] = f"{type(error).__name__}: {error}"
    print(table(rows))
    for name, why in failures.items():
        print(f"{name}: could not be measured: {why}")
    seconds = time.monotonic() - began
    print(f"{_machine()}, {seconds:.0f} s. Only the ratios mean something; see docs/benchmarks.md.")
    if report is not None:
        content = {
            "machine": _machine(),
            "seconds": round(seconds, 1),
            "rows": [row.as_dict() for row in rows],
            "failures": failures,
        }
        report.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    below = [row.name.strip() for row in rows if row.verdict == "FAIL"]
    if below:
        print(f"Below the floor: {', '.join(below)}.")
    return 1 if below or failures else 0


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = platform.python_version()
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {python}"


def main() -> int:
    """Read the arguments and do what they say."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("-k", metavar="NAME", default="", help="only those whose name has this")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write everything measured there")
    parser.add_argument("--quick", action="store_true", help="large ones on a fifth or less")
    parser.add_argument("--selftest", action="store_true", help="prove that a slow side fails")
    given = parser.parse_args()
    if given.selftest:
        from bench import selftest

        return selftest.run()
    wanted = {name: load for name, load in known().items() if given.k in name}
    if not wanted:
        parser.error(f"-k {given.k}: no benchmark has that in its name: {', '.join(MODULES)}")
    return run(wanted, report=given.json, quick=given.quick)


if __name__ == "__main__":
    sys.exit(main())

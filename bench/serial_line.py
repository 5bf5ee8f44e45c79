"""Labels over a serial line of 9600 baud, against the bytes that such a line can carry.

The printer is a virtual one on a pseudo terminal that takes bytes at that pace. Its line rate is
that of a bare writer who sends the same labels, all whole, and asks nothing. Judged is how full
the spooler keeps the line: the bytes of its labels a second, its questions not counted.
"""

import os
import time
from pathlib import Path

from bench import stations
from bench.harness import Benchmark, Gate, Row, take_turns
from printers.emulator import VirtualPrinter

BAUD = 9600
BYTES_PER_S = BAUD / 10
"""A start bit, eight of data, a stop bit."""
LABELS = 20
TURNS = 2
RATIO = Gate(goal=0.9, floor=0.6)


def run(folder: Path) -> list[Row]:
    """Judge whole labels, and tell how many more come out with stored formats."""
    whole = take_turns(
        lambda: _spooled(folder, stored_formats=False)[0], lambda: _bare(folder), turns=TURNS
    )
    stored = take_turns(
        lambda: _spooled(folder, stored_formats=True)[1],
        lambda: _spooled(folder, stored_formats=False)[1],
        turns=1,
    )
    return [
        whole.row("serial line, 9600 baud", "B/s", "bare writer", RATIO),
        stored.row("  stored formats", "labels/s", "whole labels", None),
    ]


def _spooled(folder: Path, *, stored_formats: bool) -> tuple[float, float]:
    """Return bytes and labels a second until the last label is proven."""
    site = folder / f"site-{time.monotonic_ns()}"
    with VirtualPrinter.on_pty(baud=BAUD) as printer:
        press = {"uri": printer.uri, "stored_formats": stored_formats}
        with stations.station(site, {"press": press}) as service:
            stations.issue(service, "press", LABELS)
            passed = stations.seconds_until(service, lambda: stations.out(service) == LABELS)
        sent = sum(len(label) + 1 for label in printer.labels)
    return sent / passed, LABELS / passed


def _bare(folder: Path) -> float:
    """Return the bytes a second of a writer that waits for nothing."""
    with VirtualPrinter.on_pty(link=folder / "bare", baud=BAUD) as printer:
        label = b"^XA^FO32,24^A0N,32,32^FDnothing but a label^FS" + b" " * 320 + b"^XZ\n"
        line = os.open(folder / "bare", os.O_RDWR | os.O_NOCTTY)
        began = time.perf_counter()
        for _ in range(LABELS):
            os.write(line, label)
        while printer.label_count < LABELS:
            time.sleep(0.005)
        passed = time.perf_counter() - began
        os.close(line)
    return LABELS * len(label) / passed


BENCHMARK = Benchmark(name="serial-line", run=run)

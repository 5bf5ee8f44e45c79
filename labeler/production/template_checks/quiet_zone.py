"""The light margin that a scanner needs around a symbol: its symbology says how many modules.

A zone that is not all there is graded 0 by ISO/IEC 15415 and 15416 wherever the symbology demands
one; many scanners read on while half of it is left. So less than half is an error.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from labeler.production.template_checks._findings import Finding, number
from labeler.production.template_checks._ink import meet, modules, quiet, within
from labeler.production.template_checks._subject import Placed, Subject, View
from labeler.production.template_checks.overlap import described, take_turns
from labeler.templates import LabelTemplate
from labeler.units import counted
from printers.layout.marks import Rectangle, Symbol

NAME = "quiet_zone"


@dataclass(frozen=True, kw_only=True)
class _Loss:
    """How much of a zone is gone on one side."""

    side: str
    wanted: int
    missing: int


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each symbol whose zone something reaches into, or the edge cuts."""
    for view, at in subject.each():
        for symbol in at.symbols:
            yield from _at_the_edge(view, at, symbol)
            yield from _beside_others(subject.template, view, at, symbol)


def _at_the_edge(view: View, at: Placed, symbol: Symbol) -> Iterator[Finding]:
    zone, dark = quiet(symbol), modules(symbol)
    left, top, right, bottom = _sides(dark)
    free = {"left": left, "top": top, "right": view.width - right, "bottom": view.height - bottom}
    losses = [
        _Loss(side=side, wanted=wanted, missing=wanted - max(0, free[side]))
        for side, wanted in _widths(zone, dark).items()
    ]
    worst = max(losses, key=lambda one: one.missing)
    if worst.missing > 0:
        what = f"the label's {worst.side} edge is too near"
        yield _finding(view, at, symbol, worst, what).of("edge")


def _beside_others(
    template: LabelTemplate, view: View, at: Placed, symbol: Symbol
) -> Iterator[Finding]:
    zone, dark = quiet(symbol), modules(symbol)
    for other in view.placed:
        if other.place == at.place or take_turns(template, (at.place, other.place)):
            continue
        for mark in other.marks:
            inside = within(mark, zone)
            if inside is None or within(mark, dark) is not None:
                continue
            worst = _intrusion(inside, zone, dark)
            if worst is not None:
                what = f"{described(other, is_first=False)} of element {other.place + 1} is there"
                yield _finding(view, at, symbol, worst, what).of(f"element {other.place}")


def _finding(view: View, at: Placed, symbol: Symbol, loss: _Loss, what: str) -> Finding:
    count = round(loss.wanted / symbol.module)
    missing, wanted = view.mm(loss.missing), view.mm(loss.wanted)
    return view.finding(
        at,
        f"The {symbol.symbology.TITLE} symbol lacks {number(missing, digits=2)} mm of its quiet "
        f"zone on the {loss.side}: {number(wanted, digits=2)} mm ({counted(count, 'module')}) must "
        f"stay light, and {what}.",
        severity="error" if 2 * loss.missing > loss.wanted else "warning",
        advice=f"Move it away by {number(missing + 0.05)} mm, or make x_dimension_mm smaller.",
        box=quiet(symbol),
    )


def _intrusion(inside: Rectangle, zone: Rectangle, dark: Rectangle) -> _Loss | None:
    """Return on which side something comes nearest; None where it is beside the corners only."""
    left, top, right, bottom = _sides(inside)
    dark_left, dark_top, dark_right, dark_bottom = _sides(dark)
    gaps = {
        "left": dark_left - right,
        "top": dark_top - bottom,
        "right": left - dark_right,
        "bottom": top - dark_bottom,
    }
    losses = [
        _Loss(side=side, wanted=wanted, missing=wanted - gaps[side])
        for side, wanted in _widths(zone, dark).items()
        if wanted and gaps[side] >= 0 and meet(inside, zone)
    ]
    return max(losses, key=lambda one: one.missing / one.wanted, default=None)


def _widths(zone: Rectangle, dark: Rectangle) -> dict[str, int]:
    """Return how wide the zone is on each side."""
    outer, inner = _sides(zone), _sides(dark)
    return {
        "left": inner[0] - outer[0],
        "top": inner[1] - outer[1],
        "right": outer[2] - inner[2],
        "bottom": outer[3] - inner[3],
    }


def _sides(box: Rectangle) -> tuple[int, int, int, int]:
    left, top, width, height = box
    return left, top, left + width, top + height

"""Ink that would fall beside the label, or has less room than it may come to need."""

from collections.abc import Iterator
from math import ceil

from labeler.production.template_checks._findings import Finding, number, quoted
from labeler.production.template_checks._ink import solids, union
from labeler.production.template_checks._subject import Placed, Subject, View
from labeler.production.template_checks._texts import (
    character_fault,
    need,
    symbol_need,
    symbology_of,
)
from printers.layout.marks import Rectangle

NAME = "clipping"
EDGE_MM = 0.5
"""What stays free towards the edges: stock shifts by as much. Ours, of no standard."""
_MOVE = "Move it, make it smaller, or give it width_mm and size_min_mm."


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each element without room, over an edge, or next to one."""
    for view, at in subject.each():
        if at.refusal is not None:
            yield from _text_without_room(view, at)
            yield from _symbol_without_room(view, at)
        else:
            yield from _at_the_edge(view, at)


def _text_without_room(view: View, at: Placed) -> Iterator[Finding]:
    room = need(view, at)
    if room is None or character_fault(view, at) is not None:
        return
    small = f" even at {number(view.mm(room.size))} mm of height" if room.shrinks else ""
    if room.width > room.room:
        width = view.mm(room.width)
        yield view.finding(
            at,
            f"Text {quoted(at.text)} may become {number(width)} mm wide{small}, and its room has "
            f"{number(view.mm(room.room))} mm: the label is refused then.",
            severity="error",
            advice=f"Give it width_mm: {ceil(width)}, a smaller size_mm or size_min_mm, or show "
            "less of it with a filter.",
        )
    elif room.height > room.depth:
        lines = f"{room.lines} line{'s' if room.lines > 1 else ''}"
        yield view.finding(
            at,
            f"Text {quoted(at.text)} takes {lines} of {number(view.mm(room.height))} mm "
            f"together{small}, and its room has {number(view.mm(room.depth))} mm: the label is "
            "refused then.",
            severity="error",
            advice=f"Give it height_mm: {ceil(view.mm(room.height))}, more width_mm, or a smaller "
            "size_mm or size_min_mm.",
        )


def _symbol_without_room(view: View, at: Placed) -> Iterator[Finding]:
    room, symbology = symbol_need(view, at), symbology_of(at)
    if room is None or symbology is None:
        return
    extent, most, way = room.columns, room.columns_max, "wide"
    if room.columns <= room.columns_max:
        extent, most, way = room.rows, room.rows_max, "high"
    yield view.finding(
        at,
        f"The {symbology.TITLE} symbol of {quoted(at.text)} becomes {number(view.mm(extent))} mm "
        f"{way}, and {number(view.mm(most))} mm are left to the label's edge: the label is refused "
        "then.",
        severity="error",
        advice="Move it, make x_dimension_mm smaller, or shorten its data.",
    )


def _at_the_edge(view: View, at: Placed) -> Iterator[Finding]:
    box = union([solid for mark in at.marks for solid in solids(mark)])
    if box is None:
        return
    over = _beyond(box, (0, 0, view.width, view.height))
    if over is not None:
        edge, dots = over
        what = f"Text {quoted(at.text)}" if at.text and not at.symbols else "The element"
        yield view.finding(
            at,
            f"{what} reaches {number(view.mm(dots))} mm over the label's {edge} edge, and is cut "
            "off there.",
            severity="error",
            advice=_MOVE,
            box=box,
        )
        return
    margin = int(view.dots(EDGE_MM))
    inside = (margin, margin, view.width - 2 * margin, view.height - 2 * margin)
    near = _beyond(box, inside)
    if near is not None:
        edge, dots = near
        yield view.finding(
            at,
            f"It ends {number(view.mm(margin - dots))} mm from the label's {edge} edge, and stock "
            f"may shift by {EDGE_MM:g} mm.",
            severity="note",
            advice=f"Keep {EDGE_MM:g} mm free, or make sure that nothing of it is needed.",
            box=box,
        )


def _beyond(box: Rectangle, limits: Rectangle) -> tuple[str, int] | None:
    """Return over which edge something reaches farthest, and how many dots; None if over none."""
    reaches = {
        "left": limits[0] - box[0],
        "top": limits[1] - box[1],
        "right": box[0] + box[2] - limits[0] - limits[2],
        "bottom": box[1] + box[3] - limits[1] - limits[3],
    }
    edge = max(reaches, key=lambda one: reaches[one])
    return (edge, reaches[edge]) if reaches[edge] > 0 else None

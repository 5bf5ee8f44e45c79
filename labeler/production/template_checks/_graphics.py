"""What it costs a printer where its own font does not draw a text."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from labeler.production.site import Site
from labeler.production.template_checks._findings import Station
from labeler.production.template_checks._subject import GraphicSize, Placed, View, place_mm
from printers import languages
from printers.errors import Unprintable
from printers.label import Text
from printers.layout.marks import Picture, Words

_SENT_TO_PRINTERS = ("zpl", "tspl")
"""Languages of printers, to which bytes take time; the others make files."""


def graphics(site: Site, views: Sequence[View]) -> Iterator[GraphicSize]:
    """Yield what each text costs that is sent to a printer as dots, by the widest values."""
    for view in views:
        if view.case.name != "widest" or view.case.origin != "unit":
            continue
        for station in view.stations:
            if station.printer is None:
                continue
            language = site.plant.printers[station.printer].language
            if language in _SENT_TO_PRINTERS:
                for at in view.placed:
                    if is_graphic(at):
                        yield from _sizes(view, station, at, language=language)


def is_graphic(at: Placed) -> bool:
    """Return whether a text is drawn on our side, and sent as dots."""
    if not isinstance(at.element, Text):
        return False
    return any(
        isinstance(mark, Picture) or (isinstance(mark, Words) and not mark.is_native)
        for mark in at.marks
    )


def _sizes(view: View, station: Station, at: Placed, *, language: str) -> Iterator[GraphicSize]:
    label = view.case.label
    others = tuple(one for one in label.elements if one is not at.element)
    try:
        whole, less = (
            len(
                languages.load(language)
                .compile(replace(label, elements=elements), device=view.device)
                .render(view.case.values)
            )
            for elements in (label.elements, others)
        )
    except Unprintable:  # another check says why
        return
    yield GraphicSize(
        station=station,
        element=at.place,
        text=at.text,
        box_mm=place_mm(view, at),
        bytes=whole - less,
        label_bytes=whole,
    )

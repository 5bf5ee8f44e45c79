"""Which series a text fits, the likeliest first, and where it is wrong as a text of each."""

from typing import Any

from labeler.production import numbering
from labeler.production.meanings import fault_of
from labeler.production.neighbours import Known
from labeler.production.site import Site
from labeler.serials import Definition


def fits_of(site: Site, text: str, *, known: Known) -> list[dict[str, Any]]:
    """Return of each series whether the text is of it, the likeliest first."""
    likely = sorted(known, key=lambda one: _unlikeliness(one[1], text))
    return [_fit(site, name, definition, text) for name, definition in likely]


def _unlikeliness(definition: Definition, text: str) -> tuple[bool, bool, int]:
    """Return what puts series in order: those first that the text fits, or fits the furthest."""
    series = definition.series
    fault = fault_of(definition, text)
    fits_length = len(text) == series.text_length
    right = len(text)
    if fault is not None and fault.position is not None:
        right = fault.position - 1
    elif not fits_length:
        places = enumerate(text, start=1)
        wrong = (at for at, character in places if character not in series.characters_at(at))
        right = next(wrong, len(text) + 1) - 1
    return fault is not None, not fits_length, -right


def _fit(site: Site, name: str, definition: Definition, text: str) -> dict[str, Any]:
    """Return whether the text is a serial of the series, and what it says or where it is wrong."""
    series = definition.series
    fault = fault_of(definition, text)
    return {
        "series": name,
        "pattern": series.pattern,
        "valid": fault is None,
        "fault": None if fault is None else str(fault),
        "position": None if fault is None else fault.position,
        "counter": series.parse(text).counter if fault is None else None,
        "place": _place(site, name, definition, text) if fault is None else None,
    }


def _place(site: Site, name: str, definition: Definition, text: str) -> int | None:
    """Return the place in a permuted series, from 0, if the key is the one it was made with."""
    now = site.plant.series.get(name)
    if now is None or now.key is None or now.definition.key != definition.key:
        return None
    permutation = numbering.permutation(definition, key=now.key, name=name)
    if permutation is None:
        return None
    return permutation.invert(definition.series.parse(text).counter)

"""What may be wrong with a label template, one check per file. The folder is the registry.

A check looks at a `Subject`: the template, the printers it goes to, and its labels as the widest
and the oddest values make them. It has a NAME, which is the `kind` of what it finds, and

    check(subject) -> Iterator[Finding]

An *error* is what refuses units, or what a scanner or a reader cannot read; a *warning* is what
somebody should know before the template is released; a *note* is what cannot be told, or costs
something. Files with a leading underscore are helpers.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol, cast

from labeler.production.template_checks._building import build
from labeler.production.template_checks._findings import SEVERITIES, Finding, Severity, Station
from labeler.production.template_checks._subject import Subject, View
from printers import folder

__all__ = [
    "SEVERITIES",
    "Check",
    "Finding",
    "Severity",
    "Station",
    "Subject",
    "View",
    "build",
    "load",
    "names",
    "run",
]


class Check(Protocol):
    """What each module of this folder offers."""

    NAME: str
    """The file's name; one word for a script."""

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield what is found; the same fault may come once for each value and printer."""


def names() -> tuple[str, ...]:
    """The checks there are."""
    return folder.names(sys.modules[__name__])


def load(name: str) -> Check:
    """The check of that name; ValueError names the known ones."""
    return cast(Check, folder.load(sys.modules[__name__], name, what="check"))


def run(subject: Subject) -> list[Finding]:
    """Return what all checks find, each fault once, element by element.

    Of a fault that several values and printers have, the worst one is told, with all its printers.
    """
    found: dict[tuple[str, int | None, str], Finding] = {}
    for name in names():
        for one in load(name).check(subject):
            key = (name, one.element, one.about)
            found[key] = _worse(found.get(key), replace(one, kind=name))
    return sorted(found.values(), key=lambda one: (one.element or 0, _rank(one), one.kind))


def _worse(known: Finding | None, one: Finding) -> Finding:
    if known is None:
        return one
    stations = tuple(dict.fromkeys((*known.stations, *one.stations)))
    worse = one if _rank(one) < _rank(known) else known
    return replace(worse, stations=stations)


def _rank(one: Finding) -> int:
    return SEVERITIES.index(one.severity)

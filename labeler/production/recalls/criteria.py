"""What a recall asks for: any combination of lot, run, time, line, printer, operator, versions.

All that is said must be so of a unit; of several values of one kind, one. Each value must be known:
a mistyped lot among right ones would leave its units where they are, and nobody would notice.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from labeler.errors import BAD_VALUE, NOTHING_TO_RECALL, Refusal
from labeler.store import Transaction


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """Which units are meant; what is left empty does not matter."""

    runs: tuple[int, ...] = ()
    lots: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    """Of the label: `NAME`, or `NAME@VERSION`."""
    series: tuple[str, ...] = ()
    """Of the serial or of an identifier: `NAME`, or `NAME@VERSION`."""
    printers: tuple[str, ...] = ()
    """A label of the unit was sent to one of these, a copy too."""
    operators: tuple[str, ...] = ()
    """Who ran the line: the run's operator or who opened, paused or resumed it; or who verified
    the unit, whatever the verdict."""
    since: datetime | None = None
    """The serial was issued then, or later."""
    before: datetime | None = None
    """The serial was issued earlier."""

    def as_text(self) -> str:
        """Return it as JSON, the same text for the same criteria."""
        said = {name: value for name, value in asdict(self).items() if value}
        for name in ("since", "before"):
            if name in said:
                said[name] = said[name].isoformat()
        return json.dumps(said, sort_keys=True, ensure_ascii=False)


def require(transaction: Transaction, wanted: Criteria) -> None:
    """Refuse (1002) criteria that say nothing or end before they begin, (6012) unknown values."""
    if not any(asdict(wanted).values()):
        raise Refusal(
            BAD_VALUE,
            "The recall says of nothing which units are meant: that would be all of them.",
            hint="Say a lot, run, line, time, printer, operator, template or series.",
        )
    if wanted.since and wanted.before and wanted.since >= wanted.before:
        raise Refusal(
            BAD_VALUE,
            f"The time begins at {wanted.since.isoformat()} and ends at "
            f"{wanted.before.isoformat()}.",
            hint="Let since be before `before`.",
        )
    for name, (what, known) in _KNOWN.items():
        for value in getattr(wanted, name):
            told = version(value) if name in _VERSIONED else (value,) * known.count("?")
            if not transaction.run_sql(f"{known} LIMIT 1", told):
                raise Refusal(
                    NOTHING_TO_RECALL,
                    f"The record knows no {what} '{value}'.",
                    hint="Correct it: of a value nobody knows, no unit would be recalled.",
                )


_RUN = "SELECT 1 FROM run WHERE"
_KNOWN = {
    "runs": ("run", f"{_RUN} id = ?"),
    "lots": ("lot", f"{_RUN} lot = ?"),
    "lines": ("run on line", f"{_RUN} line = ?"),
    "products": ("run of product", f"{_RUN} product = ?"),
    "templates": (
        "version of a template",
        "SELECT 1 FROM template_version WHERE template = ? AND version >= ? AND version <= ?",
    ),
    "series": (
        "version of a series",
        "SELECT 1 FROM series_version WHERE series = ? AND version >= ? AND version <= ?",
    ),
    "printers": ("job of printer", "SELECT 1 FROM job WHERE printer = ?"),
    "operators": (
        "operator",
        (
            "SELECT 1 FROM run WHERE operator = ? UNION ALL "
            "SELECT 1 FROM run_step WHERE operator = ? UNION ALL "
            "SELECT 1 FROM verification WHERE operator = ?"
        ),
    ),
}
"""Criterion -> what it is, and the query that finds one."""
_VERSIONED = ("templates", "series")
_ANY_VERSION = (0, 2**31 - 1)


def version(text: str) -> tuple[str, int, int]:
    """Return the name, and the first and last version that are meant.

    >>> version("unit-label@3"), version("unit-label")
    (('unit-label', 3, 3), ('unit-label', 0, 2147483647))
    """
    name, at, number = text.rpartition("@")
    if not (at and number.isascii() and number.isdecimal() and len(number) < 10):
        return (text, *_ANY_VERSION)
    return name, int(number), int(number)


def of_the_run(transaction: Transaction, wanted: Criteria) -> list[int] | None:
    """Return the runs that are all that is said of runs; None where nothing is."""
    terms: list[str] = []
    values: list[Any] = []
    plain = {
        "id": wanted.runs, "lot": wanted.lots, "line": wanted.lines, "product": wanted.products,
    }  # fmt: skip
    for name, own in plain.items():
        if own:
            terms.append(f"{name} IN ({', '.join('?' * len(own))})")
            values += own
    if wanted.templates:
        inner = "SELECT id FROM template_version WHERE template = ? AND version BETWEEN ? AND ?"
        terms.append(f"template_version_id IN ({_each(inner, wanted.templates)})")
        values += _told(wanted.templates)
    if wanted.series:
        inner = "SELECT id FROM series_version WHERE series = ? AND version BETWEEN ? AND ?"
        versions = _each(inner, wanted.series)
        carried = f"SELECT run_id FROM run_series WHERE series_version_id IN ({versions})"  # noqa: S608
        terms.append(f"(series_version_id IN ({versions}) OR id IN ({carried}))")
        values += _told(wanted.series) * 2
    if not terms:
        return None
    rows = transaction.run_sql(
        f"SELECT id FROM run WHERE {' AND '.join(terms)} ORDER BY id",  # noqa: S608 ours
        values,
    )
    return [row[0] for row in rows]


def _each(inner: str, texts: Iterable[str]) -> str:
    return " UNION ALL ".join(inner for _ in texts)


def _told(texts: Iterable[str]) -> list[Any]:
    return [one for text in texts for one in version(text)]


def run_by(transaction: Transaction, operators: tuple[str, ...]) -> list[int]:
    """Return the runs whose line one of ``operators`` ran."""
    marks = ", ".join("?" * len(operators))
    rows = transaction.run_sql(
        f"SELECT id FROM run WHERE operator IN ({marks}) UNION "  # noqa: S608 placeholders
        f"SELECT run_id FROM run_step WHERE operator IN ({marks}) "
        "AND to_state IN ('open', 'paused') ORDER BY 1",
        operators * 2,
    )
    return [row[0] for row in rows]


def seen_by(transaction: Transaction, operators: tuple[str, ...]) -> list[int]:
    """Return the runs of whose units one of ``operators`` verified any."""
    marks = ", ".join("?" * len(operators))
    rows = transaction.run_sql(
        f"SELECT DISTINCT run_id FROM verification WHERE operator IN ({marks}) "  # noqa: S608
        "AND run_id IS NOT NULL ORDER BY run_id",
        operators,
    )
    return [row[0] for row in rows]

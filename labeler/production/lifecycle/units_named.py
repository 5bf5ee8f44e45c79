"""Which units an order names: by their serials, as a list, or from one serial of a run to another.

Every line is checked before any unit is changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from labeler.errors import (
    BAD_NUMBERS,
    BAD_VALUE,
    NO_SUCH_SERIAL,
    SERIAL_OF_SEVERAL,
    TOO_MANY_UNITS,
    WRONG_UNITS,
    Refusal,
)
from labeler.production.lease_lists import LOOKED_UP_AT_ONCE, SERIAL_MAX, Range, Serials
from labeler.production.pool_lists import Row
from labeler.production.sieve import Findings
from labeler.production.site import Site

UNITS_MAX = 10_000
"""Units of one order."""


@dataclass(slots=True, kw_only=True)
class Named:
    """The units an order names, by their ids, with the line that names each."""

    rows: dict[int, Row] = field(default_factory=dict)
    """Unit -> line and serial, in the order in which they were named."""
    lines: int = 0
    wrong: Findings = field(default_factory=Findings)
    first_refusal: Refusal | None = None
    """Why the first line that is wrong is refused."""

    def refuse(self, row: Row, refusal: Refusal) -> None:
        """Note that a line is wrong."""
        self.first_refusal = self.first_refusal or refusal
        self.wrong.add(row, refusal.sentence)

    def require_right(self) -> None:
        """Refuse what is wrong: one serial as it is, a list (3026) with each line that is wrong."""
        if self.first_refusal is None:
            return
        if self.lines == 1:
            raise self.first_refusal
        shown = self.wrong.as_dict()
        first = shown["first"][0]  # type: ignore[index]
        raise Refusal(
            WRONG_UNITS,
            f"{self.wrong.count} of {len(self.rows) + self.wrong.count} units cannot be changed "
            f"so. Nothing was changed. Line {first['line']}: {first['sentence']}",
            hint="Correct the list and send all of it.",
            extra={"wrong": shown},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    id: int
    run_id: int
    position: int
    product: str


def read(site: Site, serials: Serials, *, product: str | None) -> Named:
    """Return the units that are named; refuse (3026) what is no list, (3028) too many units."""
    found = Named()
    rows = iter(serials.rows)
    try:
        while block := list(islice(rows, LOOKED_UP_AT_ONCE)):
            known = _look_up(site, [text for _, text in block], product=product)
            for row in block:
                found.lines += 1
                _take(found, row, known)
            _require_few(found)
    except Refusal as refusal:
        if refusal.kind != BAD_NUMBERS:
            raise
        said = refusal.sentence.removesuffix(" Nothing was imported.")
        raise Refusal(WRONG_UNITS, f"{said} Nothing was changed.", hint=refusal.hint) from refusal
    for wanted in serials.ranges:
        _take_range(site, found, wanted, product=product)
        _require_few(found)
    if not found.lines:
        raise Refusal(
            BAD_VALUE, "The order names no serial.", hint="Name them as serials, or as ranges."
        )
    return found


def _take(found: Named, row: Row, known: dict[str, list[_Unit]]) -> _Unit | None:
    """Add the unit of a line, and return it; or note what is wrong with the line."""
    units = known.get(row[1], [])
    refusal = _not_one(row[1], units)
    if refusal is not None:
        found.refuse(row, refusal)
        return None
    _add(found, row, units[0].id)
    return units[0]


def _add(found: Named, row: Row, unit_id: int) -> None:
    if unit_id in found.rows:
        sentence = f"Serial '{row[1]}' stands in the list already."
        found.refuse(row, Refusal(WRONG_UNITS, sentence, hint="Name it once."))
    else:
        found.rows[unit_id] = row


def _not_one(text: str, units: list[_Unit]) -> Refusal | None:
    shown = text[:80].encode("utf-8", errors="replace").decode()
    if not units:
        return Refusal(
            NO_SUCH_SERIAL,
            f"Serial '{shown}' was never issued here.",
            hint="labeler check explains what is wrong with a text.",
        )
    if len(units) > 1:
        named = ", ".join(sorted(unit.product for unit in units))
        return Refusal(
            SERIAL_OF_SEVERAL,
            f"Serial '{shown}' was issued for {len(units)} products: {named}.",
            hint="Say which: product.",
        )
    return None


def _take_range(site: Site, found: Named, wanted: Range, *, product: str | None) -> None:
    found.lines += 1
    row = (found.lines, f"{wanted.first}..{wanted.last}")
    known = _look_up(site, [wanted.first, wanted.last], product=product)
    ends = []
    for text in (wanted.first, wanted.last):
        refusal = _not_one(text, known.get(text, []))
        if refusal is not None:
            found.refuse(row, refusal)
            return
        ends.append(known[text][0])
    first, last = ends
    if first.run_id != last.run_id or first.position > last.position:
        why = (
            f"is of run {last.run_id}, and '{wanted.first}' of run {first.run_id}"
            if first.run_id != last.run_id
            else f"comes before '{wanted.first}' in run {first.run_id}"
        )
        sentence = f"Serial '{wanted.last}' {why}."
        hint = "Name the first and the last of one run, in the order in which they were issued."
        found.refuse(row, Refusal(WRONG_UNITS, sentence, hint=hint))
        return
    if last.position - first.position >= UNITS_MAX:
        raise _too_many(last.position - first.position + 1)
    if last.position > first.position:
        found.lines += 1  # it names several: what is wrong with one of them is said as of a list
    for unit_id, serial in _between(site, first, last):
        _add(found, (row[0], serial), unit_id)


def _require_few(found: Named) -> None:
    if len(found.rows) > UNITS_MAX:
        raise _too_many(len(found.rows))


def _too_many(count: int) -> Refusal:
    return Refusal(
        TOO_MANY_UNITS,
        f"The order names {count} units or more. Expected {UNITS_MAX} at most.",
        hint="Send several orders, each with a key of its own.",
    )


def _look_up(site: Site, texts: list[str], *, product: str | None) -> dict[str, list[_Unit]]:
    """Return the units that have these serials; others may send what no database takes."""
    asked = [t for t in texts if t.isascii() and t.isprintable() and 0 < len(t) <= SERIAL_MAX]
    found: dict[str, list[_Unit]] = {}
    if not asked:
        return found
    with site.store.read() as transaction:
        where, values = transaction.one_of(asked)
        rows = transaction.run_sql(
            "SELECT u.serial, u.id, u.run_id, u.position, r.product FROM unit u "  # noqa: S608
            f"JOIN run r ON r.id = u.run_id WHERE u.serial {where}",
            values,
        )
    for serial, unit_id, run_id, position, of in rows:
        if product is None or of == product:
            unit = _Unit(id=unit_id, run_id=run_id, position=position, product=of)
            found.setdefault(serial, []).append(unit)
    return found


def _between(site: Site, first: _Unit, last: _Unit) -> Iterator[tuple[Any, ...]]:
    with site.store.read() as transaction:
        return iter(
            transaction.run_sql(
                "SELECT id, serial FROM unit WHERE run_id = ? AND position >= ? AND position <= ? "
                "ORDER BY position",
                (first.run_id, first.position, last.position),
            )
        )

"""A label template with the values of a run -> the form that `printers` fills for each unit.

What a run fixes is written and decided once. What is left are fields, each named by what it shows:
`serial`, `serial|last:4`, or the condition of an element. A filler makes their values, each once a
unit however often the label shows it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from labeler.templates import placeholders
from labeler.templates.conditions import Condition, Look
from labeler.templates.expressions import Expression
from labeler.templates.pieces import Piece, drawn, field_of
from labeler.templates.placeholders import COPY, IDENTIFIER
from printers import label as model
from printers.errors import Unprintable
from printers.handling import Handling

SHOWN = "1"
"""Value of the field of an element that is shown; that of a hidden one is empty."""

Widest = Callable[[str, Callable[[str], float]], str]
"""Placeholder and a measure of characters -> its widest text by that measure."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Filler(Protocol):
    """Makes the values of a form's fields; ``more`` has those of `Form.more`."""

    def __call__(
        self, serial: str, number: int, *, copy: int = ..., more: Mapping[str, str] = ...
    ) -> dict[str, str]:
        """Return them for a unit, whose place in its run, from 1, is ``number``.

        ``copy`` is which copy of its label it is: 0 for the label itself.
        """


@dataclass(frozen=True, kw_only=True)
class LabelTemplate:
    """A template that was read and found right."""

    name: str
    width_mm: float
    height_mm: float
    content: str
    """The YAML text itself; runs pin it."""
    digest: str
    """SHA-256 of the content and the files, hexadecimal."""
    handling: Handling = Handling()
    """What it asks of the printer."""
    dpi: tuple[int, ...] = ()
    """The resolutions it is made for; none: any."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The files its elements show: name -> bytes; runs pin them, too."""
    samples: Mapping[str, str] = field(default_factory=dict)
    """Placeholder -> what previews show for it."""
    pieces: tuple[Piece, ...]

    @property
    def sources(self) -> frozenset[str]:
        """All placeholders it uses, without braces and filters."""
        return frozenset(source for piece in self.pieces for source in piece.sources)

    def needs(
        self, known: Mapping[str, str], identifiers: Collection[str]
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Return the placeholders of elements that may be shown: all, and those shown for sure.

        ``known`` has the values that are known already, ``identifiers`` the names of what units
        carry. For sure and as a whole is shown what stands in an element without any doubt, its
        filters leaving nothing out. Raises Unprintable where a filter makes too long a text.
        """
        possible: set[str] = set()
        certain: set[str] = set()
        look = _looking(known, identifiers, is_complete=False)
        for piece in self.pieces:
            answer = True if piece.condition is None else piece.condition.decide(look)
            if answer is not False:
                possible |= {one.source for one in piece.expressions}
            if answer is True:
                certain |= {one.source for one in piece.expressions if one.keeps}
        return frozenset(possible), frozenset(certain)

    def possible(
        self, known: Mapping[str, str], identifiers: Collection[str]
    ) -> tuple["LabelTemplate", tuple[int, ...]]:
        """Return the template with each element that may be shown, always; and which these are.

        What is known already decides what can never be shown. An element is named by its place
        among the pieces, from 0.
        """
        look = _looking(known, identifiers, is_complete=False)
        places = tuple(
            place
            for place, piece in enumerate(self.pieces)
            if piece.condition is None or piece.condition.decide(look) is not False
        )
        pieces = tuple(replace(self.pieces[place], condition=None) for place in places)
        return replace(self, pieces=pieces), places

    def form(self, constants: Mapping[str, str], identifiers: Collection[str] = ()) -> "Form":
        """Return the form of a run: ``constants`` written, what they decide decided.

        Raises Unprintable when an element that is shown needs an attribute that is not in
        ``constants``, or an identifier not among the names ``identifiers``, or a text gets too
        long.
        """
        look = _looking(constants, identifiers, is_complete=True)
        shown: list[tuple[Piece, Condition | None]] = []
        for piece in self.pieces:
            answer = True if piece.condition is None else piece.condition.decide(look)
            if answer is not False:
                shown.append((piece, piece.condition if answer is None else None))
        self._refuse_missing([piece for piece, _ in shown], constants, identifiers)
        elements = tuple(
            drawn(piece, condition, look=look, files=self.files) for piece, condition in shown
        )
        wanted = [one for piece, _ in shown for one in piece.expressions if one.is_unit_value]
        return Form(
            label=model.Label(
                name=self.name,
                width_mm=self.width_mm,
                height_mm=self.height_mm,
                elements=elements,
                handling=self.handling,
            ),
            expressions=tuple({one.text: one for one in wanted}.values()),
            conditions=tuple({one.text: one for _, one in shown if one}.values()),
            look=look,
        )

    def _refuse_missing(
        self,
        pieces: Iterable[Piece],
        constants: Mapping[str, str],
        identifiers: Collection[str],
    ) -> None:
        used = [one for piece in pieces for one in piece.expressions]
        shown = {one.source for one in used if one.is_unit_value}
        lacking = {IDENTIFIER + name for name in placeholders.names_of(shown) - set(identifiers)}
        for one in used:
            is_given = one.is_unit_value or _constant(one.source, constants) is not None
            if not is_given and not one.minds_nothing:
                lacking.add(one.source)
        if lacking:
            raise Unprintable(
                f"Template '{self.name}' shows '{min(lacking)}', which this run does not have. "
                f"Open the run with it, or take it out of the template."
            )


@dataclass(frozen=True, kw_only=True)
class Form:
    """The label of a run: what all units share is there, the rest are fields."""

    label: model.Label
    expressions: tuple[Expression, ...]
    """What its fields show, each once."""
    conditions: tuple[Condition, ...]
    """What decides about its elements unit by unit, each once."""
    look: Look
    """Placeholder -> what the run has of it; None for a value of a unit."""

    @cached_property
    def more(self) -> frozenset[str]:
        """The placeholders that its filler must be told, beside serial and number."""
        return frozenset(source for source in self._sources if placeholders.form_of(source))

    @cached_property
    def shows_copy(self) -> bool:
        """Whether a copy looks other than the label itself."""
        return COPY in self._sources

    @cached_property
    def _sources(self) -> frozenset[str]:
        asked = (one for condition in self.conditions for one in condition.sources)
        own = frozenset(one for one in asked if self.look(one) is None)
        return own | {one.source for one in self.expressions}

    @cached_property
    def _dates(self) -> tuple[tuple[str, str], ...]:
        named = ((one, placeholders.date_format(one)) for one in sorted(self._sources))
        return tuple((name, written) for name, written in named if written is not None)

    @cached_property
    def _filtered(self) -> tuple[Expression, ...]:
        return tuple(one for one in self.expressions if one.filters)

    def filler(self, at: datetime) -> Filler:
        """Return what makes the values of units allocated ``at``, in the site's time zone."""
        dates = {name: at.strftime(written) for name, written in self._dates}

        def fill(
            serial: str, number: int, *, copy: int = 0, more: Mapping[str, str] = _NOTHING
        ) -> dict[str, str]:
            values = {"serial": serial, "number": str(number), **dates, **more}
            return {**values, COPY: str(copy)} if self.shows_copy else values

        if not self._filtered and not self.conditions:
            return fill

        def fill_all(
            serial: str, number: int, *, copy: int = 0, more: Mapping[str, str] = _NOTHING
        ) -> dict[str, str]:
            values = fill(serial, number, copy=copy, more=more)
            written = {one.text: one.write(values[one.source]) for one in self._filtered}
            for condition in self.conditions:
                written[field_of(condition)] = self._decided(condition, values)
            return values | written

        return fill_all

    def _decided(self, condition: Condition, values: Mapping[str, str]) -> str:
        def look(source: str) -> str | None:
            return values[source] if source in values else self.look(source)

        return SHOWN if condition.decide(look) else ""

    def widest(
        self, text: Widest, *, breadth: Callable[[str], float], at: datetime
    ) -> dict[str, str]:
        """Return the widest values that its fields may have, each element shown.

        ``text`` is asked for a placeholder's widest text by a measure of its characters, which
        says how broad each is once the filters have written it; ``breadth`` is that in print. Any
        day ``at`` is as wide as another, since dates are written in digits.
        """
        dates = {name: at.strftime(written) for name, written in self._dates}
        values = {field_of(condition): SHOWN for condition in self.conditions}
        for one in self.expressions:

            def measure(character: str, one: Expression = one) -> float:
                return sum(map(breadth, one.write_character(character)))

            found = dates.get(one.source) or text(one.source, measure)
            values[one.text] = one.write(found)
        return values


def _looking(
    constants: Mapping[str, str], identifiers: Collection[str], *, is_complete: bool
) -> Look:
    """Return what tells the value of a placeholder, None of one that is not known yet.

    What units do not carry, and once the constants are complete what a run does not have, is empty.
    """

    def look(source: str) -> str | None:
        if placeholders.is_unit_value(source):
            names = placeholders.names_of({source})
            return None if names <= set(identifiers) else ""
        found = _constant(source, constants)
        return "" if found is None and is_complete else found

    return look


def _constant(source: str, constants: Mapping[str, str]) -> str | None:
    """Return what a run has for a placeholder, None if nothing."""
    key = placeholders.moment_of(source)
    moment = None if key is None else constants.get(key)
    return constants.get(source) if moment is None else placeholders.written(source, moment)

"""What runs fixed when they were opened, as whoever issues for them needs it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any, Literal

from sqlalchemy import Row, select

from labeler import serials, templates
from labeler.errors import NO_SUCH_RUN, RUN_LACKS, RUN_STEP, WRONG_KEY, Refusal
from labeler.production import numbering, template_files, testing
from labeler.production.plant import Plant
from labeler.production.presentation import Presentation
from labeler.serials import definition as definitions
from labeler.serials.series import SeriesKind
from labeler.store import Transaction, schema
from labeler.units import RunMode
from printers.device import Device
from printers.errors import Unprintable
from printers.fonts import BUNDLED
from printers.label import Label
from printers.languages import Compiled

Role = Literal["serial", "identifier", "secret"]
"""What a run takes from a series: its serials, or identifiers, which may be secrets."""
ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""Every day is as wide as any other: dates are written in digits."""


@lru_cache(maxsize=4096)
def breadth(text: str) -> float:
    """Return how wide a text is in print, the regular and the bold face taken together."""
    faces = (BUNDLED.face("sans", bold=bold) for bold in (False, True))
    return sum(face.widest(text) for face in faces)


@dataclass(frozen=True, kw_only=True)
class PinnedSeries:
    """The version of a series that a run draws from."""

    name: str
    definition: serials.Definition
    epoch: int
    """Which of the series' counts it draws from."""
    scope: str
    """Within what its texts are unique: a product, or everything if empty."""
    permutation: serials.Permutation | None
    words: serials.WordFilter | None
    role: Role = "serial"
    prefix: str = ""
    """What stands before each text: of a test run `TEST-`, else nothing."""

    @property
    def series(self) -> serials.Series:
        """The rule that makes its texts."""
        return self.definition.series

    @property
    def kind(self) -> SeriesKind:
        """How its numbers come about. A test counts where production takes from a pool."""
        kind = self.series.kind
        return "sequential" if self.prefix and kind == "pool" else kind

    def writer(self, occasion: serials.Occasion) -> Callable[[int], str]:
        """Return what writes its texts on an occasion; refuse (2008) what they cannot show."""
        try:
            write = self.series.formatter(occasion)
        except serials.SerialError as error:
            raise Refusal(
                RUN_LACKS, str(error), hint="Nothing was issued. Correct the run or the series."
            ) from error
        prefix = self.prefix
        return (lambda number: prefix + write(number)) if prefix else write

    def has_word(self, number: int) -> bool:
        """Return whether an unwanted word stands in a number as it is shown."""
        return (
            self.words is not None and self.words.finds(self.series.number_text(number)) is not None
        )


@dataclass(frozen=True, kw_only=True)
class PinnedRun:
    """What a run fixed when it was opened."""

    id: int
    line: str
    product: str
    is_test: bool
    """Whether its serials name no product, and its labels say so."""
    serial: PinnedSeries
    """Where its serials come from."""
    identifiers: Mapping[str, PinnedSeries] = field(default_factory=dict)
    """What else its units carry, in order: name -> where its texts come from."""
    template: templates.LabelTemplate
    constants: dict[str, str]
    forms: dict[tuple[str, Device], Compiled] = field(default_factory=dict, compare=False)
    """Its label, compiled for a language and a device."""

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """The identifiers that are secrets."""
        return tuple(name for name, one in self.identifiers.items() if one.role == "secret")

    @cached_property
    def uses_pools(self) -> bool:
        """Whether any of its numbers come from a pool."""
        return any(one.kind == "pool" for one in (self.serial, *self.identifiers.values()))

    @cached_property
    def series_names(self) -> tuple[str, ...]:
        """Every series it draws from."""
        return (self.serial.name, *dict.fromkeys(one.name for one in self.identifiers.values()))

    @cached_property
    def label_form(self) -> templates.Form:
        """Its label with what all units share, their own values still fields.

        Raises Unprintable where the run or its series do not have what the label shows.
        """
        form = self.template.form(self.constants, self.identifiers)
        refusal = self.presentation.refusal(form.more)
        if refusal:
            raise Unprintable(f"Template '{self.template.name}' {refusal}")
        return form

    @cached_property
    def presentation(self) -> Presentation:
        """In which forms its units can be shown."""
        return Presentation(
            serial=self.serial.definition,
            identifiers={name: one.definition for name, one in self.identifiers.items()},
            gtin=self.constants.get("product.gtin", ""),
            lot=self.constants.get("run.lot", ""),
            prefix=self.serial.prefix,
            hidden={name: "*" * one.series.text_length for name, one in self.identifiers.items()},
        )

    @cached_property
    def shown_whole(self) -> frozenset[str]:
        """The identifiers that stand on each of its labels, nothing of them left out."""
        _, certain = self.template.needs(self.constants, self.identifiers)
        return templates.names_of(certain)

    def more(self, serial: str, texts: Mapping[str, str | None]) -> dict[str, str]:
        """Return what a unit's label shows beside serial and number, by its placeholders.

        ``texts`` are its identifiers; None, of a secret, is shown as asterisks. Raises Unprintable
        where a text cannot be written in the form the label shows.
        """
        write = self.presentation.write
        return {one: write(one, serial=serial, texts=texts) for one in self.label_form.more}

    def form(self, *, device: Device) -> Label:
        """Return its label form; that of a test run carries the mark.

        Raises Unprintable where the label cannot be filled, or has no place for the mark.
        """
        form = self.label_form
        if not self.is_test:
            return form.label
        from printers import marking  # takes long to load, and few commands draw a label

        widest = form.widest(self._widest, breadth=breadth, at=ANY_DAY)
        return marking.marked(form.label, testing.MARK, widest=widest, device=device)

    def _widest(self, placeholder: str, measure: Callable[[str], float]) -> str:
        """Return the widest value that a unit may have for a placeholder."""
        if placeholder == "number":
            return self.constants["run.quantity"]
        if placeholder == templates.COPY:
            return templates.COPY_WIDEST
        return self.presentation.widest(placeholder, measure)


_RUN_VALUES = {
    "line": "line",
    "plant": "site.code",
    "product": "product.code",
    "lot": "run.lot",
    "work_order": "run.work_order",
    "number": "run.id",
}
"""What a pattern calls a value of the run -> its key among the run's constants."""


def run_values(constants: Mapping[str, str]) -> dict[str, str]:
    """Return what a pattern may show of the run with these constants."""
    shown = {name: constants.get(key, "") for name, key in _RUN_VALUES.items()}
    return shown | {key: value for key, value in constants.items() if key.startswith("attrib")}


def load(plant: Plant, transaction: Transaction, *, run_id: int) -> PinnedRun:
    """Return what run ``run_id`` pinned; refuse an unknown (2003) or never opened (2021) run."""
    run, series, template = schema.run, schema.series_version, schema.template_version
    row = transaction.execute(
        select(
            run.c.id, run.c.line, run.c.product, run.c.mode, run.c.constants,
            series.c.series, series.c.definition, series.c.epoch,
            template.c.template, template.c.content, template.c.id.label("template_version_id"),
        )
        .join(series, series.c.id == run.c.series_version_id)
        .join(template, template.c.id == run.c.template_version_id)
        .where(run.c.id == run_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise _not_pinned(transaction, run_id)
    scope = plant.scope(row.product)
    parsed = templates.parse(row.content, name=row.template)
    return PinnedRun(
        id=row.id,
        line=row.line,
        product=row.product,
        is_test=row.mode == RunMode.TEST.value,
        serial=_series(plant, row, scope=scope, role="serial"),
        identifiers=_identifiers(plant, transaction, run_id=run_id, scope=scope),
        template=template_files.load(transaction, row.template_version_id, parsed),
        constants=row.constants,
    )


def _not_pinned(transaction: Transaction, run_id: int) -> Refusal:
    query = select(schema.run.c.state).where(schema.run.c.id == run_id)
    state = transaction.execute(query).scalar_one_or_none()
    if state is not None:
        sentence = f"Run {run_id} is {state}: it never was open, and has no unit."
        return Refusal(RUN_STEP, sentence, hint=f"Look at it: labeler run show {run_id}.")
    hint = "List them: GET /api/v1/runs, or labeler run list."
    return Refusal(NO_SUCH_RUN, f"There is no run {run_id}.", hint=hint)


def _identifiers(
    plant: Plant, transaction: Transaction, *, run_id: int, scope: str
) -> dict[str, PinnedSeries]:
    own, version, run = schema.run_series, schema.series_version, schema.run
    rows = transaction.execute(
        select(
            own.c.name, own.c.secret, run.c.mode,
            version.c.series, version.c.definition, version.c.epoch,
        )
        .join(version, version.c.id == own.c.series_version_id)
        .join(run, run.c.id == own.c.run_id)
        .where(own.c.run_id == run_id)
        .order_by(own.c.place)
    )  # fmt: skip
    return {
        row.name: _series(plant, row, scope=scope, role="secret" if row.secret else "identifier")
        for row in rows
    }


def _series(plant: Plant, row: Row[Any], *, scope: str, role: Role) -> PinnedSeries:
    definition = definitions.read(row.definition)
    is_test = row.mode == RunMode.TEST.value
    return PinnedSeries(
        name=row.series,
        definition=testing.counted(definition) if is_test else definition,
        epoch=testing.epoch(row.epoch) if is_test else row.epoch,
        scope=scope,
        permutation=_permutation(plant, row.series, definition, is_test=is_test),
        words=numbering.word_filter(definition),
        role=role,
        prefix=testing.PREFIX if is_test else "",
    )


def _permutation(
    plant: Plant, name: str, definition: serials.Definition, *, is_test: bool
) -> serials.Permutation | None:
    """Return how the run's serials are permuted; refuse (3007) a key that is not the same."""
    if definition.series.kind != "permuted":
        return None
    now = plant.series.get(name)
    key = now.key if now else None
    if key is None or serials.fingerprint(key) != definition.key:
        raise Refusal(
            WRONG_KEY,
            f"The key of series '{name}' is not the one this run was opened with "
            f"(fingerprint {definition.key}).",
            hint="Give the service that key again: another one would repeat serials.",
        )
    chosen_by = testing.permuted_as(name) if is_test else name
    return numbering.permutation(definition, key=key, name=chosen_by)

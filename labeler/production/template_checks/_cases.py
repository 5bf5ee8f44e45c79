"""The values that a label is tried with: what its units may be, and what an order may say.

A unit's texts are real ones of its series. What an order may say is bounded by the template's
`samples`; where these say nothing, a lot is 20 characters of GS1 AI (10), and a quantity has
seven digits. All else is made up, and nobody knows how long it may become.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from labeler import templates
from labeler.production import extremes, standing, template_samples, testing
from labeler.production.extremes import Reach
from labeler.production.numbering import PlantSeries
from labeler.production.pinned import breadth
from labeler.production.presentation import Presentation
from labeler.production.site import Site
from labeler.production.template_checks._subject import Case, Origin
from labeler.production.template_samples import Wanted
from labeler.serials import SerialError
from labeler.store import Transaction
from labeler.templates import CONSTANTS, IDENTIFIER, OPENED, LabelTemplate
from printers.errors import Unprintable

LOT_LENGTH = 20
"""GS1 General Specifications, section 3.4.1: AI (10) has up to 20 characters."""
LOTS = ("W" * LOT_LENGTH, "aB%-" * (LOT_LENGTH // 4), "Q" + "q" * (LOT_LENGTH - 1))
"""The widest in print, and two that take many modules."""
_LARGEST = {"run.quantity": "9999999", "run.id": "9999999"}
_OF_LOT = ("run.lot", "gs1.")
_UNBOUNDED = (
    "run.work_order",
    "run.operator",
    "run.purchase_order",
    "run.sales_order",
    "run.shift",
)
UNIT = "serial"

Texts = Mapping[str, str]
"""serial and the names of identifiers -> a text."""


@dataclass(frozen=True, kw_only=True)
class Maker:
    """What makes the labels of one product, or of none."""

    template: LabelTemplate
    product: str | None
    constants: Mapping[str, str]
    """What a run of it says, by the template's samples."""
    bounded: frozenset[str]
    """Placeholders whose samples the template gives."""
    made_up: frozenset[str]
    presentation: Presentation | None
    reaches: Mapping[str, Reach]
    """serial and identifiers -> their series."""
    samples: Texts
    """What stands for those that have no series."""
    at: datetime

    @property
    def names(self) -> frozenset[str]:
        """The identifiers that its units carry."""
        return frozenset(self.samples) | frozenset(self.reaches) - {UNIT}

    def case(
        self,
        texts: Texts,
        *,
        origin: Origin = "unit",
        name: str = "widest",
        constants: Mapping[str, str] | None = None,
        prefix: str = "",
    ) -> Case:
        """Return a label whose elements are all shown that may be.

        Raises Unprintable where it cannot be filled.
        """
        said = {**self.constants, **(constants or {})}
        known = {key: said[key] for key in _FIXED if key in said}
        shown, places = self.template.possible(known, self.names)
        form = shown.form(said, self.names)
        return Case(
            origin=origin,
            name=name,
            product=self.product,
            label=form.label,
            places=places,
            values=self._values(form, texts, said, prefix),
            made_up=self.made_up,
        )

    def real(self, texts: Texts, *, constants: Mapping[str, str], prefix: str = "") -> Case:
        """Return a label as a run would have it, what is hidden left out."""
        said = {**self.constants, **constants}
        form = self.template.form(said, self.names)
        return Case(
            origin="unit",
            name="real",
            product=self.product,
            label=form.label,
            places=tuple(range(len(form.label.elements))),
            values=self._values(form, texts, said, prefix),
        )

    def _values(
        self, form: templates.Form, texts: Texts, said: Mapping[str, str], prefix: str
    ) -> dict[str, str]:
        texts = {**self.samples, **texts}
        prefixed = {name: prefix + text for name, text in texts.items()}
        serial, quantity = prefixed[UNIT], said["run.quantity"]
        presentation = self.presentation and replace(
            self.presentation, lot=said["run.lot"], prefix=prefix
        )
        more = {
            one: presentation.write(one, serial=serial, texts=prefixed)
            if presentation
            else _as_given(one, prefixed)
            for one in form.more
        }
        fill = form.filler(self.at)
        number = int(quantity) if quantity.isdecimal() else 1
        return fill(serial, number, copy=int(templates.COPY_WIDEST), more=more)


def _as_given(placeholder: str, texts: Texts) -> str:
    """Return the sample of what a form is made of, where no product tells how it is written."""
    form = templates.form_of(placeholder)
    return texts.get(form.of.removeprefix(IDENTIFIER) if form else UNIT, texts[UNIT])


_FIXED = ("product.code", "product.name", "product.gtin", "site.name", "site.code")
"""What config.yaml decides: an element that it hides is never shown."""


def maker(
    site: Site, transaction: Transaction, template: LabelTemplate, *, product: str | None
) -> Maker:
    """Return what makes the labels of a product; None: those of the template's samples alone."""
    at = site.local(site.clock())
    wanted = Wanted(product=product, values={})
    samples = template.samples
    facts = template_samples.facts(site, wanted, product)
    constants = {**template_samples.made_up(template), **samples, **facts}
    constants["line"] = max(site.plant.lines, key=breadth, default=constants["line"])
    if product is None:
        constants |= samples
    constants[OPENED] = at.isoformat()
    names = templates.names_of(template.sources)
    given = {one: samples.get(IDENTIFIER + one, one) for one in names}
    return Maker(
        template=template,
        product=product,
        constants={key: value for key, value in constants.items() if key != UNIT},
        bounded=frozenset(samples),
        made_up=_made_up(template, product, known={*samples, *_LARGEST, "run.lot", *facts}),
        presentation=template_samples.presentation_of(site, product) if product else None,
        reaches=_reaches(site, transaction, product, at=at) if product else {},
        samples={UNIT: samples.get(UNIT, UNIT), **given} if product is None else {},
        at=at,
    )


def _made_up(template: LabelTemplate, product: str | None, *, known: set[str]) -> frozenset[str]:
    """Return the placeholders of which nobody knows what they may become."""
    unsure = {one for one in template.sources if one.startswith("attributes.")}
    unsure |= {one for one in _UNBOUNDED if one in template.sources}
    if product is None:
        of_units = {UNIT, *(one for one in template.sources if templates.form_of(one))}
        unsure |= {one for one in template.sources if one in CONSTANTS or one in of_units}
    return frozenset(unsure - known)


def _reaches(
    site: Site, transaction: Transaction, product: str, *, at: datetime
) -> dict[str, Reach]:
    entry = site.plant.products[product]
    found = {}
    for name, key in {UNIT: entry.series, **entry.identifiers}.items():
        plant_series = site.plant.series[key]
        found[name] = extremes.whole(
            plant_series.series, _writer(site, transaction, plant_series, at=at)
        )
    return found


def _writer(
    site: Site, transaction: Transaction, plant_series: PlantSeries, *, at: datetime
) -> Callable[[int], str]:
    """Return what writes the texts of a series; raises Unprintable where it cannot show today."""
    occasion = standing.moment(site, transaction, plant_series, at=at).occasion
    try:
        return plant_series.series.formatter(occasion)
    except SerialError as error:
        raise Unprintable(f"Series '{plant_series.name}' cannot be issued now: {error}") from error


def units(made: Maker) -> dict[str, Texts]:
    """Return the texts a unit may have, by the name of what is extreme about them."""
    if not made.reaches:
        return {"widest": {}}
    kinds = {name: extremes.kinds(reach) for name, reach in made.reaches.items()}
    broad = {name: extremes.widest(reach, breadth) for name, reach in made.reaches.items()}
    found: dict[str, Texts] = {"widest": broad}
    for kind in dict.fromkeys(kind for one in kinds.values() for kind in one):
        texts = {name: kinds[name].get(kind, broad[name]) for name in broad}
        if texts not in found.values():
            found[kind] = texts
    return found


def orders(made: Maker) -> list[dict[str, str]]:
    """Return what an order may say at most, as far as the template shows it unbounded.

    A unit's place in its run is as long as the quantity.
    """
    shown = made.template.sources
    largest = {key: most for key, most in _LARGEST.items() if key not in made.bounded}
    if "run.lot" in made.bounded or not any(one.startswith(_OF_LOT) for one in shown):
        return [largest] if {*largest, "number"} & shown else []
    return [{**largest, "run.lot": lot} for lot in LOTS]


def cases(made: Maker) -> Iterator[Case]:
    """Yield the labels that checks measure, those of units first."""
    all_units = units(made)
    for name, texts in all_units.items():
        yield made.case(texts, name=name)
    for said in orders(made):
        yield made.case(all_units["widest"], origin="run", constants=said)
    if made.reaches:
        yield made.case(all_units["widest"], origin="test", prefix=testing.PREFIX)


def characters(made: Maker) -> Iterator[Case]:
    """Yield labels in which, together, each character stands that a unit's texts may have."""
    broad = {name: extremes.widest(reach, breadth) for name, reach in made.reaches.items()}
    for name, reach in made.reaches.items():
        for text in extremes.every_character(reach):
            yield made.case({**broad, name: text}, name=name)

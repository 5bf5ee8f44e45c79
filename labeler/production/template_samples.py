"""Values to show a label with before there is a unit: given ones, and samples of the rest.

A sample serial is the one the product's series would make next; showing takes no number. What is
a fact of config.yaml, such as the product's name, is no sample.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from labeler.errors import BAD_VALUE, Refusal
from labeler.production import identifying, pinning, previewing, standing
from labeler.production.numbering import PlantSeries
from labeler.production.pinning import Order
from labeler.production.site import Site
from labeler.serials import SerialError
from labeler.settings import ProductSettings
from labeler.store import Transaction
from labeler.templates import CONSTANTS, IDENTIFIER, LabelTemplate

ATTRIBUTE = "attributes."
_UNIT = ("serial", "number")
_FACTS = ("site.name",)
_FACTS_OF_A_PRODUCT = ("product.code", "product.name", "product.gtin")
_RUN = 1
"""The number of a run that nobody opened."""
_QUANTITY = 100


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a label shall show."""

    product: str | None = None
    """Whose label; None: of the first product that has this template."""
    line: str | None = None
    """Where it is made; None: on the first line."""
    values: Mapping[str, str]
    """Placeholder -> text."""
    samples: bool = True
    """Whether to make up what is not given."""


@dataclass(frozen=True, kw_only=True)
class Values:
    """What a form is made and filled with."""

    constants: dict[str, str]
    unit: dict[str, str]


def values(
    site: Site, transaction: Transaction, template: LabelTemplate, *, wanted: Wanted
) -> Values:
    """Return a value for each placeholder of the template.

    Refuses (1002) a value for what is no placeholder, and one that is missing where samples are not
    wanted; (2002) an unknown product and (2001) an unknown line.
    """
    _refuse_unknown(template, wanted.values)
    if not wanted.samples:
        _refuse_missing(template, wanted)
    constants = _constants(site, template, wanted)
    at = site.clock()
    serial, identifiers = _unit_texts(site, transaction, template, wanted=wanted, at=at)
    fill = template.filler(site.local(at))
    unit = fill(serial, 1, identifiers=identifying.on_label(identifiers))
    given = dict(wanted.values)
    unit.update({name: given.pop(name) for name in list(given) if name in unit})
    return Values(constants={**constants, **given}, unit=unit)


def product_of(site: Site, template: str) -> str | None:
    """Return the first product that has the template, else the first there is."""
    users = [name for name, one in site.plant.products.items() if one.template == template]
    return next(iter([*users, *site.plant.products]), None)


def _refuse_unknown(template: LabelTemplate, given: Mapping[str, str]) -> None:
    """Refuse names no template could show; one this template happens not to show is no mistake."""
    for name in given:
        is_known = name in template.fields or name in CONSTANTS or name in _UNIT
        if not is_known and not name.startswith((ATTRIBUTE, IDENTIFIER)):
            raise Refusal(
                BAD_VALUE,
                f"'{name}' is no placeholder. Template '{template.name}' shows: "
                f"{', '.join(sorted(template.fields)) or 'none'}.",
                hint="Give values for what stands in braces in the template.",
            )


def _refuse_missing(template: LabelTemplate, wanted: Wanted) -> None:
    known = {*wanted.values, *_FACTS}
    if wanted.product is not None:
        known.update(_FACTS_OF_A_PRODUCT)
    if wanted.line is not None:
        known.add("line")
    missing = [name for name in sorted(template.fields - known) if not name.startswith("date:")]
    if missing:
        raise Refusal(
            BAD_VALUE,
            f"Template '{template.name}' shows '{missing[0]}', and no value was given for it.",
            hint=f"Give these: {', '.join(missing)}.",
        )


def _constants(site: Site, template: LabelTemplate, wanted: Wanted) -> dict[str, str]:
    names = [name for name in template.fields if name.startswith(ATTRIBUTE)]
    attributes = {one.removeprefix(ATTRIBUTE): one.removeprefix(ATTRIBUTE) for one in names}
    product = wanted.product or product_of(site, template.name)
    if wanted.product is not None:
        site.plant.product(wanted.product)
    if wanted.line is not None:
        site.plant.line(wanted.line)
    if product is None:  # a plant without products: names stand for their values
        return {**{name: name for name in CONSTANTS}, **{name: name for name in names}}
    order = Order(
        product=product,
        line=wanted.line or next(iter(site.plant.lines), "line"),
        quantity=_QUANTITY,
        lot="LOT-1",
        work_order="WO-1",
        operator="operator",
        attributes=attributes,
    )
    return pinning.constants(site, order, run_id=_RUN)


def _unit_texts(
    site: Site,
    transaction: Transaction,
    template: LabelTemplate,
    *,
    wanted: Wanted,
    at: datetime,
) -> tuple[str, dict[str, str]]:
    """Return serial and identifiers of a unit that does not exist."""
    name = wanted.product or product_of(site, template.name)
    product = site.plant.products[name] if name is not None else None
    if not wanted.samples or product is None:  # every one is given, or is shown by its name
        shown = {one: wanted.values.get(IDENTIFIER + one, one) for one in template.identifiers}
        return wanted.values.get("serial", "serial"), shown
    serial = next(_texts(site, transaction, site.plant.series[product.series], count=1, at=at))
    identifiers = {one: one for one in template.identifiers}
    identifiers.update(_identifiers(site, transaction, product, at=at))
    return serial, identifiers


def _identifiers(
    site: Site, transaction: Transaction, product: ProductSettings, *, at: datetime
) -> Iterator[tuple[str, str]]:
    """Yield name and text of the identifiers of the product's next unit, as a run draws them."""
    for series in dict.fromkeys(product.identifiers.values()):
        names = [name for name, one in product.identifiers.items() if one == series]
        plant_series = site.plant.series[series]
        texts = _texts(site, transaction, plant_series, count=len(names), at=at)
        yield from zip(names, texts, strict=True)


def _texts(
    site: Site, transaction: Transaction, plant_series: PlantSeries, *, count: int, at: datetime
) -> Iterator[str]:
    """Yield the next texts of a series, or such as look like them where it has none to show."""
    moment = standing.moment(site, transaction, plant_series, at=at)
    following = previewing.next_serials(site, transaction, plant_series, moment=moment, count=count)
    yield from following.serials[:count]
    for _ in range(count - len(following.serials)):
        yield _alike(plant_series, moment)


def _alike(plant_series: PlantSeries, moment: standing.Moment) -> str:
    series = plant_series.series
    if plant_series.secret:
        return "*" * series.text_length
    try:
        return series.formatter(moment.occasion)(series.counter_start)
    except SerialError:
        places = range(1, series.text_length + 1)
        return "".join(min(series.characters_at(place)) for place in places)

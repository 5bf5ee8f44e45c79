"""Values to show a label with before there is a unit: given ones, and samples of the rest.

A sample serial is the one the product's series would make next; showing takes no number. What is
a fact of config.yaml, such as the product's name, is no sample.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from labeler import templates
from labeler.errors import BAD_VALUE, Refusal
from labeler.production import previewing, standing
from labeler.production.numbering import PlantSeries
from labeler.production.presentation import Presentation
from labeler.production.site import Site
from labeler.serials import SerialError
from labeler.settings import ProductSettings
from labeler.store import Transaction
from labeler.templates import CONSTANTS, IDENTIFIER, OPENED, Form, LabelTemplate

ATTRIBUTE = "attributes."
_WHOLE: Mapping[str, tuple[str, str]] = {
    "number": ("1", "the place of a unit in its run, from 1"),
    templates.COPY: ("0", "which copy of the label it is, 0 for the label itself"),
}
"""What is counted on a label -> its sample, and what it counts."""
_UNIT = ("serial", *_WHOLE)
_DATED = ("date:", "run.opened:")
_DIGITS_MAX = 9
_FACTS = ("site.name",)
_FACTS_OF_A_PRODUCT = ("product.code", "product.name", "product.gtin")


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
    strangers: bool = True
    """Whether to make up identifiers, too, that units of the product do not carry."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A label form, and what it is filled with."""

    form: Form
    unit: dict[str, str]


def sample(
    site: Site, transaction: Transaction, template: LabelTemplate, *, wanted: Wanted
) -> Sample:
    """Return the form of a label nobody printed, with a value for each of its fields.

    Given values come first, then what config.yaml says of the product, then the `samples` of the
    template, then what is made up. Refuses (1002) a value for what is no placeholder, and one that
    is missing where samples are not wanted; (2002) an unknown product and (2001) an unknown line.
    Raises Unprintable where the label cannot be filled.
    """
    _refuse_unknown(template, wanted.values)
    if not wanted.samples:
        _refuse_missing(template, wanted)
    at = site.clock()
    given = {**(template.samples if wanted.samples else {}), **wanted.values}
    name = _product_of(site, template, wanted)
    constants = {**made_up(template), **given, **facts(site, wanted, name), **wanted.values}
    constants[OPENED] = site.local(at).isoformat()
    unit = _unit(site, transaction, wanted, product=name, at=at)
    names = templates.names_of(template.sources)
    carried = {*names, *unit.identifiers} if wanted.strangers else unit.identifiers
    form = template.form(constants, carried)
    texts = {one: one for one in names}
    texts |= {one: given[IDENTIFIER + one] for one in names if IDENTIFIER + one in given}
    texts |= unit.identifiers
    texts |= {
        one: wanted.values[IDENTIFIER + one] for one in names if IDENTIFIER + one in wanted.values
    }
    serial = wanted.values.get("serial") or unit.serial or given.get("serial") or "serial"
    more = {
        one: wanted.values.get(one) or _written(site, one, product=name, serial=serial, texts=texts)
        for one in form.more
    }
    fill = form.filler(site.local(at))
    values = fill(serial, _whole(given, "number"), copy=_whole(given, templates.COPY), more=more)
    return Sample(form=form, unit=values)


def _whole(given: Mapping[str, str], name: str) -> int:
    """Return a whole number that was given, or its sample."""
    default, meaning = _WHOLE[name]
    number = given.get(name, default)
    if not number.isdecimal() or len(number) > _DIGITS_MAX:
        raise Refusal(
            BAD_VALUE, f"'{name}' is {number!r}, expected {meaning}.", hint="Give a whole number."
        )
    return int(number)


def _product_of(site: Site, template: LabelTemplate, wanted: Wanted) -> str | None:
    """Return whose label it is; None where only the template's own samples can tell."""
    if wanted.product is not None:
        site.plant.product(wanted.product)
        return wanted.product
    users = [name for name, one in site.plant.products.items() if one.template == template.name]
    if users or (template.samples and wanted.samples):
        return next(iter(users), None)
    return next(iter(site.plant.products), None) if wanted.samples else None


def _refuse_unknown(template: LabelTemplate, given: Mapping[str, str]) -> None:
    """Refuse names no template could show; one this template happens not to show is no mistake."""
    for name in given:
        is_known = name in template.sources or name in CONSTANTS or name in _UNIT
        if not is_known and not name.startswith((ATTRIBUTE, IDENTIFIER)):
            raise Refusal(
                BAD_VALUE,
                f"'{name}' is no placeholder. Template '{template.name}' shows: "
                f"{', '.join(sorted(template.sources)) or 'none'}.",
                hint="Give values for what stands in braces in the template.",
            )


def _refuse_missing(template: LabelTemplate, wanted: Wanted) -> None:
    known = {*wanted.values, *_FACTS, templates.COPY}
    if wanted.product is not None:
        known.update(_FACTS_OF_A_PRODUCT)
    if wanted.line is not None:
        known.add("line")
    possible, _ = template.needs(wanted.values, templates.names_of(template.sources))
    own = {one for one in possible - known if not one.startswith(_DATED)}
    missing = sorted(one for one in own if not _follows(one, known))
    if missing:
        raise Refusal(
            BAD_VALUE,
            f"Template '{template.name}' shows '{missing[0]}', and no value was given for it.",
            hint=f"Give these: {', '.join(missing)}.",
        )


def _follows(placeholder: str, known: set[str]) -> bool:
    """Return whether a form follows from a text that is known."""
    form = templates.form_of(placeholder)
    return form is not None and (form.of in known or form.of == "gs1")


def made_up(template: LabelTemplate) -> dict[str, str]:
    """Return a value for everything that a run may say."""
    return {
        **{name: name for name in CONSTANTS},
        "run.id": "1",
        "run.lot": "LOT-1",
        "run.work_order": "WO-1",
        "run.operator": "operator",
        "run.quantity": "100",
        "run.purchase_order": "PO-1",
        "run.sales_order": "SO-1",
        "run.shift": "A",
        "run.expires_on": "2029-12-31",
        "run.best_before": "2029-11-30",
        **{one: one.removeprefix(ATTRIBUTE) for one in template.sources if ATTRIBUTE in one},
    }


def facts(site: Site, wanted: Wanted, product: str | None) -> dict[str, str]:
    """Return what config.yaml knows."""
    if wanted.line is not None:
        site.plant.line(wanted.line)
    found = {"site.name": site.plant.site_name, "site.code": site.plant.site_code}
    line = wanted.line or next(iter(site.plant.lines), None)
    if line is not None:
        found["line"] = line
    if product is not None:
        entry = site.plant.products[product]
        found["product.code"] = product
        found["product.name"] = entry.name
        found["product.gtin"] = entry.gtin or ""
    return found


@dataclass(frozen=True, kw_only=True)
class _Unit:
    """What a unit that does not exist carries."""

    serial: str | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)


def _unit(
    site: Site,
    transaction: Transaction,
    wanted: Wanted,
    *,
    product: str | None,
    at: datetime,
) -> _Unit:
    """Return what the next unit of a product carries, as far as it is to be made up."""
    if product is None or not wanted.samples:
        return _Unit()
    entry = site.plant.products[product]
    serial = next(_texts(site, transaction, site.plant.series[entry.series], count=1, at=at))
    return _Unit(serial=serial, identifiers=dict(_identifiers(site, transaction, entry, at=at)))


def _written(
    site: Site, placeholder: str, *, product: str | None, serial: str, texts: Mapping[str, str]
) -> str:
    """Return how a label shows a placeholder; where no series tells, as the text it comes of."""
    form = templates.form_of(placeholder)
    if form is None:
        return placeholder
    if product is None:
        return (
            serial if form.of == "serial" else texts.get(form.of.removeprefix(IDENTIFIER), serial)
        )
    return presentation_of(site, product).write(placeholder, serial=serial, texts=texts)


def presentation_of(site: Site, product: str) -> Presentation:
    """Return in which forms units of a product can be shown."""
    entry = site.plant.products[product]
    identifiers = entry.identifiers.items()
    return Presentation(
        serial=site.plant.series[entry.series].definition,
        identifiers={name: site.plant.series[one].definition for name, one in identifiers},
        gtin=entry.gtin or "",
    )


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

"""What somebody meant by a text: in which notation, of which series, beside which GTIN."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select

from labeler.production.carrying import IssuedUnit
from labeler.production.neighbours import Known, read_definition
from labeler.production.site import Site
from labeler.serials import Definition, InvalidSerial
from labeler.serials.identified import Type
from labeler.serials.identifiers import InvalidIdentifier
from labeler.serials.issued import normalize
from labeler.serials.readings import Reading, readings
from labeler.store import Transaction, schema

_NAMES: dict[Type, str] = {
    "gtin": "a GTIN",
    "grai": "a GRAI",
    "giai": "a GIAI",
    "vin": "a VIN",
    "sgtin_serial": "the serial beside a GTIN",
    "lot": "a lot",
    "eui48": "an EUI-48",
    "eui64": "an EUI-64",
    "imei": "an IMEI",
    "iuid": "an IUID",
    "sscc": "an SSCC",
}
"""What people call the types of identifiers."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """Where the text was met; None: anywhere."""

    run: int | None = None
    product: str | None = None
    line: str | None = None


def known_series(site: Site, transaction: Transaction) -> Known:
    """Return every series with every definition that it has or had, in the order of names.

    But no secret ones: nobody learns here whether a text could be a secret.
    """
    table = schema.series_version
    rows = transaction.execute(select(table.c.series, table.c.definition))
    texts = {(row.series, row.definition) for row in rows}
    texts |= {(name, series.definition.text) for name, series in site.plant.series.items()}
    secret = {name for name, series in site.plant.series.items() if series.secret}
    return [(name, read_definition(text)) for name, text in sorted(texts) if name not in secret]


def options(given: str, known: Known) -> list[Reading]:
    """Return everything the text may mean, the likeliest first and each once; never nothing."""
    found = {one.text: one for one in readings(given)}
    for one in _spelled(given, known):
        found.setdefault(one.text, one)
    return list(found.values())


def _spelled(given: str, known: Known) -> Iterator[Reading]:
    """Yield the text as each series would issue it whose texts people also write otherwise."""
    made = {
        (definition.identifier.type, definition.series.text_length)
        for _, definition in known
        if definition.identifier is not None
    }
    for type_, length in sorted(made):
        try:
            text = normalize(type_, given, length=length)
        except InvalidIdentifier:
            continue
        yield Reading(text=text, notes=(f"It was read as {_NAMES[type_]}.",))


def choose(options: list[Reading], units: list[IssuedUnit], *, known: Known) -> Reading:
    """Return what was meant: an issued serial, else a possible one, else the likeliest."""
    issued = {unit.serial for unit in units}
    for option in options:
        if option.text in issued:
            return option
    for option in options:
        if any(fault_of(definition, option.text) is None for _, definition in known):
            return option
    large = (option for option in options if not any(map(str.islower, option.text)))
    return next(large, options[0])


def fault_of(definition: Definition, text: str) -> InvalidSerial | None:
    """Return what is wrong with a text as a serial of a series, or None."""
    try:
        definition.series.parse(text)
    except InvalidSerial as error:
        return error
    return None


def beside(site: Site, reading: Reading, expected: Expected) -> tuple[Reading, Expected]:
    """Take the product from the GTIN that stood beside the serial, unless one is expected."""
    if reading.gtin is None:
        return reading, expected
    products = [
        name
        for name, product in site.plant.products.items()
        if product.gtin and product.gtin.zfill(14) == reading.gtin
    ]
    if len(products) == 1 and expected.product is None:
        return reading, replace(expected, product=products[0])
    if expected.product in products or (len(products) > 1 and expected.product is None):
        return reading, expected
    whose = f"product {' or '.join(products)}" if products else "no product here"
    note = f"The GTIN beside it, {reading.gtin}, is that of {whose}."
    return replace(reading, notes=(*reading.notes, note)), expected

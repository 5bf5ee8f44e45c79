"""Series of identifiers: every text of a good pattern is one."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.serials import Identifier, Occasion, define, identify
from labeler.serials import definition as definitions
from labeler.serials.identified import Type
from labeler.serials.identifiers import eui, giai, grai, gtin, imei, iuid, lot, sgtin, sscc, vin
from labeler.settings import IdentifierType
from tests.serials.plant import OWN

GUIDE = Path(__file__).parents[2] / "docs/engineers-guide.md"
AT = datetime(2026, 11, 23, tzinfo=UTC)
OCCASION = Occasion(at=AT, day=AT.date(), run={"lot": "ABCDE", "plant": "B"}, shift="A")

GOOD: list[tuple[Type, str]] = [
    ("gtin", "400638{counter:6}{check:gs1_mod10}"),
    ("gtin", "9638{counter:3}{check:gs1_mod10}"),
    ("gtin", "14006{counter:8}{check:gs1_mod10}"),
    ("gtin", "61414{imported:6}{check:gs1_mod10}"),
    ("sgtin_serial", "AC{date:%y%j}{counter:5}{check:iso7064_mod_37_36}"),
    ("sgtin_serial", "{random:20:gs1_82}"),
    ("sscc", "1{date:%y}0614141{counter:7}{check:gs1_mod10}"),
    ("sscc", "{counter:17}{check:gs1_mod10}"),
    ("grai", "0614141123452{counter:8}"),
    ("grai", "0614141123452{counter:8:gs1_82}{run:lot:5}"),
    ("giai", "0614141{run:lot:5}-{counter:8}"),
    ("giai", "{date:%Y}{counter:1:gs1_82}"),
    ("lot", "L{date:%y%j}{shift}{counter:2}"),
    ("vin", "1M8GDM9A{check:vin}{code:vin_year}P{counter:6}"),
    ("vin", "1M8GDM9A{check:vin}K{run:plant:1:hex}00{counter:4}"),
    ("imei", "35209900{counter:6}{check:imei}"),
    ("imei", "35209900{counter:6}{check:luhn}"),
    ("imei", "{imported:14}{check:imei}"),
    ("eui48", "001BC5{counter:6:hex}"),
    ("eui48", "001BC50AB{counter:3:hex,start=0,step=4}"),
    ("eui48", "001BC50AB{counter:3:hex,start=1,step=5}"),
    ("eui48", "001BC50AB{counter:3}"),
    ("eui64", "0C1BC50{counter:9:hex}"),
    ("iuid", "{date:%y}-{counter:6:alnum}"),
]

VALIDATE = {
    "gtin": gtin.parse,
    "sgtin_serial": lambda text: sgtin.make("4006381333931", text),
    "sscc": lambda text: sscc.Sscc(digits=text),
    "grai": lambda text: grai.Grai(asset_type=text[:13], serial=text[13:]),
    "giai": lambda text: giai.Giai(text=text),
    "lot": lambda text: lot.Lot(text=text),
    "vin": vin.parse,
    "imei": imei.parse,
    "eui48": lambda text: eui.Eui(digits=text),
    "eui64": lambda text: eui.Eui(digits=text),
    "iuid": lambda text: iuid.construct_1("0CVA5", serial=text),
}


def test_config_yaml_may_say_every_type() -> None:
    types = {name for part in get_args(Type) for name in get_args(part)}
    assert types == set(get_args(IdentifierType)) == set(VALIDATE)
    assert {type_ for type_, _ in GOOD} == types


@pytest.mark.parametrize(("type_", "pattern"), GOOD)
@given(data=st.data())
def test_every_text_of_a_series_of_identifiers_is_one(
    type_: Type, pattern: str, data: st.DataObject
) -> None:
    definition = identify(define(pattern, own=OWN), Identifier(type=type_))
    series = definition.series
    places = st.integers(0, series.counter_capacity - 1)
    number = series.counter_start + data.draw(places) * series.number.step
    text = series.format(counter=number, at=OCCASION)
    VALIDATE[type_](text)
    if type_ in ("eui48", "eui64"):
        address = eui.Eui(digits=text)
        last = eui.Eui(digits=f"{address.number + series.number.step - 1:0{len(text)}X}")
        assert (address.is_multicast, address.is_local) == (False, False)
        assert last.digits.startswith(pattern.partition("{")[0])


def guide() -> list[tuple[Type, str, str]]:
    """Return type, pattern and example of each row of the engineer's guide."""
    section = GUIDE.read_text(encoding="utf-8").partition("### Identifiers as series")[2]
    rows = re.findall(r"^\| `(\w+)` \|.*\| `(.*)` \| `(.*)` \|$", section, re.MULTILINE)
    return [(type_, pattern, text) for type_, pattern, text in rows if type_ in VALIDATE]


def test_the_guide_shows_every_identifier_as_it_is_made() -> None:
    rows = guide()
    assert {type_ for type_, _, _ in rows} == set(VALIDATE)
    occasion = Occasion(at=AT, day=AT.date(), shift="B")
    for type_, pattern, text in rows:
        made = identify(define(pattern, own=OWN), Identifier(type=type_)).series
        number = {"eui48": 168, "grai": 10_000_041}.get(type_, 42)
        assert made.format(counter=number, at=occasion) == text


def test_a_definition_tells_its_identifier_only_where_it_has_one() -> None:
    plain = define("001BC50AB{counter:3:hex}")
    assert plain.text == '{"pattern":"001BC50AB{counter:3:hex}"}'
    address = identify(plain, Identifier(type="eui48", notation="colons"))
    assert address.text == (
        '{"identifier":{"notation":"colons","type":"eui48"},"pattern":"001BC50AB{counter:3:hex}"}'
    )
    pallet = identify(
        define("10614141{counter:9}{check:gs1_mod10}"),
        Identifier(type="sscc", company_prefix_length=7),
    )
    assert pallet.text == (
        '{"identifier":{"company_prefix_length":7,"type":"sscc"},'
        '"pattern":"10614141{counter:9}{check:gs1_mod10}"}'
    )
    for definition in (plain, address, pallet):
        assert definitions.read(definition.text) == definition

"""Every form in which an identifier is shown, and back to the text that was issued."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.serials import Identifier, SerialError, define, identify
from labeler.serials.identified import WITH_COMPANY_PREFIX, Notation, Type
from labeler.serials.identifiers import InvalidIdentifier, eui, iso15434, iuid
from labeler.serials.identifiers._texts import CHARSET_82, GS
from labeler.serials.issued import normalize, value_of
from labeler.serials.presenting import (
    MARKING_NAMES,
    Item,
    item_names,
    names,
    present,
    present_item,
    present_marking,
)
from tests.serials.plant import OWN
from tests.serials.test_identified import GOOD, OCCASION

SSCC, GRAI, GIAI = "106141412345678908", "06141411234525678", "06141415678"
UNIT = Item(gtin="80614141123458", serial="6789")

PRESENTED: list[tuple[Identifier, str, dict[str, str]]] = [
    (
        Identifier(type="sscc", company_prefix_length=7),
        SSCC,
        {
            "text": SSCC,
            "element_string": f"(00){SSCC}",
            "fnc1": f"00{SSCC}",
            "digital_link": f"https://id.gs1.org/00/{SSCC}",
            "epc_uri": "urn:epc:id:sscc:0614141.1234567890",
            "epc_hex": "3154257BF4499602D2000000",
        },
    ),
    (
        Identifier(type="grai", company_prefix_length=7),
        GRAI,
        {
            "text": GRAI,
            "element_string": f"(8003)0{GRAI}",
            "fnc1": f"80030{GRAI}",
            "digital_link": f"https://id.gs1.org/8003/0{GRAI}",
            "epc_uri": "urn:epc:id:grai:0614141.12345.5678",
            "epc_hex": "3314257BF40C0E400000162E",
            "epc_hex_170": "3714257BF40C0E5AB66EE00000000000000000000000",
        },
    ),
    (
        Identifier(type="giai", company_prefix_length=7),
        GIAI,
        {
            "text": GIAI,
            "element_string": f"(8004){GIAI}",
            "fnc1": f"8004{GIAI}",
            "digital_link": f"https://id.gs1.org/8004/{GIAI}",
            "epc_uri": "urn:epc:id:giai:0614141.5678",
            "epc_hex": "3414257BF40000000000162E",
            "epc_hex_202": "3814257BF5AB66EE000000000000000000000000000000000000",
        },
    ),
    (
        Identifier(type="giai"),
        "0614141a/b",
        {
            "text": "0614141a/b",
            "element_string": "(8004)0614141a/b",
            "fnc1": "80040614141a/b",
            "digital_link": "https://id.gs1.org/8004/0614141a%2Fb",
        },
    ),
    (
        Identifier(type="gtin"),
        "4006381333931",
        {
            "text": "4006381333931",
            "gtin_14": "04006381333931",
            "element_string": "(01)04006381333931",
            "fnc1": "0104006381333931",
            "digital_link": "https://id.gs1.org/01/04006381333931",
        },
    ),
    (
        Identifier(type="lot"),
        "A(1",
        {"text": "A(1", "element_string": "(10)A\\(1", "fnc1": "10A(1"},
    ),
    (
        Identifier(type="sgtin_serial"),
        "AC1",
        {"text": "AC1", "element_string": "(21)AC1", "fnc1": "21AC1"},
    ),
    (Identifier(type="vin"), "1M8GDM9AXKP042788", {"text": "1M8GDM9AXKP042788"}),
    (
        Identifier(type="imei"),
        "352099001761481",
        {"text": "352099001761481", "hyphens": "35-209900-176148-1"},
    ),
    (
        Identifier(type="eui48"),
        "001BC50AB123",
        {"text": "001BC50AB123", "plain": "001BC50AB123"},
    ),
    (
        Identifier(type="eui48", notation="colons"),
        "001BC50AB123",
        {"text": "00:1B:C5:0A:B1:23", "plain": "001BC50AB123"},
    ),
    (
        Identifier(type="eui64", notation="dots"),
        "001BC50AB1234567",
        {"text": "001B.C50A.B123.4567", "plain": "001BC50AB1234567"},
    ),
    (Identifier(type="iuid"), "A-1/7", {"text": "A-1/7"}),
]


@pytest.mark.parametrize(("identifier", "text", "forms"), PRESENTED)
def test_an_identifier_is_shown_in_every_form_it_has(
    identifier: Identifier, text: str, forms: dict[str, str]
) -> None:
    assert present(identifier, text) == forms
    assert tuple(forms) == tuple(name for name in names(identifier) if name in forms)
    for name, form in forms.items():
        assert present(identifier, text, wanted=(name,)) == {name: form}


def test_every_type_is_shown() -> None:
    types = {name for part in get_args(Type) for name in get_args(part)}
    assert {identifier.type for identifier, _, _ in PRESENTED} == types


@pytest.mark.parametrize(("identifier", "text", "forms"), PRESENTED)
def test_every_form_becomes_the_issued_text_again(
    identifier: Identifier, text: str, forms: dict[str, str]
) -> None:
    read_elsewhere = {"giai": ("epc_hex", "epc_hex_202")}
    for name, form in forms.items():
        if name not in read_elsewhere.get(identifier.type, ()):
            scanned = f"]d2{form}" if name == "fnc1" else form
            assert normalize(identifier.type, scanned, length=len(text)) == text


@pytest.mark.parametrize(("type_", "pattern"), GOOD)
@given(data=st.data())
def test_every_serial_of_a_series_of_identifiers_is_shown_and_read_back(
    type_: Type, pattern: str, data: st.DataObject
) -> None:
    series = identify(define(pattern, own=OWN), Identifier(type=type_)).series
    places = st.integers(0, series.counter_capacity - 1)
    number = series.counter_start + data.draw(places) * series.number.step
    text = series.format(counter=number, at=OCCASION)
    identifier = Identifier(type=type_)
    forms = present(identifier, text)
    assert tuple(forms) == names(identifier)
    assert normalize(type_, text, length=len(text)) == text
    # A plain text may look like an element string; those with brackets say what they are.
    for name in ("element_string", "digital_link"):
        if name in forms and "(" not in text:
            assert normalize(type_, forms[name], length=len(text)) == text


@given(
    text=st.integers(0, 2**48 - 1).map(lambda number: f"{number:012X}"),
    notation=st.sampled_from(get_args(Notation)),
    upper=st.booleans(),
)
def test_an_address_in_any_notation_is_the_plain_one(
    text: str, notation: Notation, upper: bool
) -> None:
    shown = eui.Eui(digits=text).format(notation=notation, upper=upper)
    assert normalize("eui48", f" {shown}\n") == text


@pytest.mark.parametrize(
    ("type_", "typed", "text"),
    [
        ("gtin", "4 006381-333931", "4006381333931"),
        ("gtin", "]d2" + "01040063813339312142", "4006381333931"),
        ("gtin", "0104006381333931", "4006381333931"),
        ("gtin", "]E04006381333931", "4006381333931"),
        ("gtin", "]Q1https://example.com/01/04006381333931", "4006381333931"),
        ("gtin", "https://example.com/01/04006381333931/21/42", "4006381333931"),
        ("sscc", "(00) 1 0614141 234567890 8", SSCC),
        ("sscc", f"]C100{SSCC}", SSCC),
        ("sscc", f"(02)04006381333931(37)7(00){SSCC}", SSCC),
        ("sscc", "urn:epc:id:sscc:0614141.1234567890", SSCC),
        ("sscc", "3174257BF4499602D2000000", SSCC),
        ("grai", "0614141123452 5678", GRAI),
        ("grai", f"80030{GRAI}", GRAI),
        ("grai", "3374257BF40C0E400000162E", GRAI),
        ("giai", "urn:epc:id:giai:0614141.5678", GIAI),
        ("lot", f"(01)04006381333931(10)A-1{''}", "A-1"),
        ("lot", "(1)", "(1)"),
        ("sgtin_serial", "01040063813339312142", "01040063813339312142"),
        ("sgtin_serial", "0104006381333931" + "10A" + GS + "2142", "42"),
        ("sgtin_serial", "https://example.com/01/04006381333931/21/42", "42"),
        ("vin", "1m8gdm9axkp042788", "1M8GDM9AXKP042788"),
        ("imei", "35-209900-176148-23", "352099001761481"),
        ("imei", "]C0352099001761481", "352099001761481"),
        ("eui48", "]d1001BC50AB123", "001BC50AB123"),
        ("eui64", "00:1b:c5:0a:b1:23:45:67", "001BC50AB1234567"),
        ("iuid", "a-1", "A-1"),
        ("iuid", "[)>␞06␝17V0CVA5␝1P1234␝S674A36458␞␄", "674A36458"),
        ("iuid", "[)>␞06␝18S0CVA5786950␞␄", "786950"),
        ("iuid", "[)>␞12␝CAG 0CVA5␝SER 786950␞␄", "786950"),
        ("iuid", "[)>␞12␝MFR 0CVA5␝PNO 1234␝SEQ 7␞␄", "7"),
        ("iuid", "[)>␞05␝0104006381333931␝21A-7␞␄", "A-7"),
        ("iuid", "[)>␞12␝USN 0CVA5786950␞␄", "786950"),
    ],
)
def test_what_people_and_scanners_send_becomes_the_issued_text(
    type_: Type, typed: str, text: str
) -> None:
    assert normalize(type_, typed) == text


@pytest.mark.parametrize(
    ("type_", "typed", "sentence"),
    [
        (
            "gtin",
            "4006381333932",
            (
                "GTIN '4006381333932' has a wrong check digit: expected '1' at position 13, got"
                " '2'; scan or type it again."
            ),
        ),
        (
            "gtin",
            "(10)A",
            "Element string '(10)A' holds no AI (01): expected it; read the text as what it is.",
        ),
        (
            "eui48",
            "001BC50AB1234567",
            "EUI '001BC50AB1234567' has 16 characters: expected 12; give all of it.",
        ),
        (
            "eui64",
            "001BC50AB123",
            "EUI '001BC50AB123' has 12 characters: expected 16; give all of it.",
        ),
        (
            "vin",
            "1M8GDM9A1KP042788",
            (
                "VIN '1M8GDM9A1KP042788' has a wrong check character: expected 'X' at position 9,"
                " got '1'; scan or type it again."
            ),
        ),
        (
            "iuid",
            "[)>␞06␝25SUN123456789␞␄",
            (
                "IUID '[)>␞06␝25SUN123456789␞␄' names no serial: expected S, 18S, SER, SEQ, USN or"
                " AI 21; read it as iuid."
            ),
        ),
        (
            "iuid",
            "A_1",
            (
                "IUID serial 'A_1' is wrong at position 2: expected one of"
                " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/, got '_'; scan or type it again."
            ),
        ),
    ],
)
def test_what_is_no_such_identifier_is_refused(type_: Type, typed: str, sentence: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        normalize(type_, typed)
    assert str(refusal.value) == sentence


def test_a_gtin_that_does_not_fit_into_its_series_is_refused() -> None:
    with pytest.raises(InvalidIdentifier, match="does not fit into 8 digits"):
        normalize("gtin", "4006381333931", length=8)


@pytest.mark.parametrize("type_", [one for one in WITH_COMPANY_PREFIX if one != "sgtin_serial"])
def test_a_form_that_needs_the_company_prefix_is_refused_without_its_length(type_: Type) -> None:
    text = {"sscc": SSCC, "grai": GRAI, "giai": GIAI}[type_]
    with pytest.raises(SerialError) as refusal:
        present(Identifier(type=type_), text, wanted=("epc_uri",))
    assert str(refusal.value) == (
        "There is no form 'epc_uri' of this identifier: expected one of text, element_string, fnc1,"
        " digital_link; an EPC needs company_prefix_length."
    )


def test_a_text_that_is_no_identifier_is_not_shown() -> None:
    with pytest.raises(InvalidIdentifier, match="wrong check digit"):
        present(Identifier(type="sscc"), SSCC[:-1] + "7")
    with pytest.raises(InvalidIdentifier, match="expected 12"):
        value_of("eui48", "001BC50AB1234567")


def test_a_form_that_a_text_cannot_have_is_left_out_or_refused_if_it_is_wanted() -> None:
    tool = Identifier(type="giai", company_prefix_length=7)
    assert "epc_hex" not in present(tool, "061414132a")
    with pytest.raises(SerialError, match="use giai-202"):
        present(tool, "061414132a", wanted=("epc_hex",))


def test_a_digital_link_may_stand_on_the_companys_own_host() -> None:
    pallet, stem = Identifier(type="sscc"), "https://id.example.com"
    assert present(pallet, SSCC, wanted=("digital_link",), stem=stem) == {
        "digital_link": f"https://id.example.com/00/{SSCC}"
    }
    assert present_item(UNIT, wanted=("digital_link",), stem=stem) == {
        "digital_link": "https://id.example.com/01/80614141123458/21/6789"
    }


def test_a_unit_is_shown_by_its_gtin_and_serial() -> None:
    assert present_item(UNIT, company_prefix_length=7) == {
        "element_string": "(01)80614141123458(21)6789",
        "fnc1": "0180614141123458216789",
        "digital_link": "https://id.gs1.org/01/80614141123458/21/6789",
        "udi_di": "(01)80614141123458",
        "udi_pi": "(21)6789",
        "epc_uri": "urn:epc:id:sgtin:0614141.812345.6789",
        "epc_hex": "3034257BF7194E4000001A85",
        "epc_hex_198": "3634257BF7194E5B3770E4000000000000000000000000000000",
    }


def test_a_unit_is_shown_with_lot_and_days() -> None:
    device = Item(gtin="9506000134352", serial="A/7", lot="L7", made="260101", expiry="281200")
    assert present_item(device) == {
        "element_string": "(01)09506000134352(11)260101(17)281200(10)L7(21)A/7",
        "fnc1": "0109506000134352" + "11260101" + "17281200" + f"10L7{GS}" + "21A/7",
        "digital_link": ("https://id.gs1.org/01/09506000134352/10/L7/21/A%2F7?11=260101&17=281200"),
        "udi_di": "(01)09506000134352",
        "udi_pi": "(11)260101(17)281200(10)L7(21)A/7",
    }


def test_an_alphanumeric_serial_takes_the_wider_tag() -> None:
    unit = Item(gtin="80614141123458", serial="AC-1")
    forms = present_item(unit, company_prefix_length=7)
    assert tuple(forms) == (*item_names(), "epc_uri", "epc_hex_198")
    with pytest.raises(SerialError) as refusal:
        present_item(unit, company_prefix_length=7, wanted=("epc_hex",))
    assert str(refusal.value) == (
        "EPC tag 'sgtin-96:1.0614141.812345.AC-1' cannot hold serial 'AC-1': expected a number"
        " below 274877906944 without zeros in front; use sgtin-198."
    )
    with pytest.raises(SerialError, match="an EPC needs company_prefix_length"):
        present_item(unit, wanted=("epc_uri",))


@given(serial=st.text(alphabet=CHARSET_82, min_size=1, max_size=20))
def test_every_serial_of_a_unit_is_found_in_its_forms(serial: str) -> None:
    forms = present_item(
        Item(gtin="4006381333931", serial=serial, lot="L"), company_prefix_length=7
    )
    for name in ("element_string", "digital_link"):
        assert normalize("sgtin_serial", forms[name]) == serial
    assert normalize("sgtin_serial", f"]d2{forms['fnc1']}") == serial
    assert set(item_names(company_prefix_length=7)) - forms.keys() <= {"epc_hex"}


@pytest.mark.parametrize(
    ("given_", "fields", "uii"),
    [
        ({}, ("18S0CVA5786950",), "D0CVA5786950"),
        ({"part": "1234"}, ("17V0CVA5", "1P1234", "S786950"), "D0CVA51234786950"),
        ({"lot": "L7"}, ("17V0CVA5", "1TL7", "S786950"), "D0CVA5L7786950"),
    ],
)
def test_a_marking_is_shown_in_its_envelope(
    given_: dict[str, str], fields: tuple[str, ...], uii: str
) -> None:
    forms = present_marking("0CVA5", serial="786950", **given_)
    message = iso15434.build([("06", fields)])
    assert forms == {"envelope": message.text, "visible": str(message), "uii": uii}
    assert tuple(forms) == MARKING_NAMES
    assert iuid.parse(forms["visible"]).uii == uii
    assert normalize("iuid", forms["visible"]) == "786950"

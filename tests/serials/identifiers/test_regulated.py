"""UDI, HIBC, ISO/IEC 15434 and IUID: what regulators and ministries ask for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.serials.checks import code39_mod_43
from labeler.serials.identifiers import InvalidIdentifier, gtin, hibcc, iso15434, iuid, udi
from labeler.serials.identifiers._texts import CHARSET_82

texts = st.text(alphabet=CHARSET_82, min_size=1, max_size=20)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2049, 12, 31)).map(
    lambda day: f"{day:%y%m%d}"
)


maybe_days, maybe_texts = st.none() | days, st.none() | texts


@given(made=maybe_days, expiry=maybe_days, lot=maybe_texts, serial=maybe_texts)
def test_every_udi_survives_brackets_and_fnc1(
    made: str | None, expiry: str | None, lot: str | None, serial: str | None
) -> None:
    di = gtin.parse("09506000134352")
    device = udi.Udi(di=di, made=made, expiry=expiry, lot=lot, serial=serial)
    assert udi.parse(str(device)) == udi.parse(device.element_string().fnc1()) == device
    assert str(device) == f"(01)09506000134352{device.pi}"


def test_a_udi_reads_in_any_order_and_from_a_link() -> None:
    text = "(21)7(17)281200(01)09506000134352"
    device = udi.parse(text)
    assert udi.validate(text) == "(01)09506000134352(17)281200(21)7"
    assert device.expiry_date(reference_year=2026) == date(2028, 12, 31)
    assert udi.parse("https://example.com/01/09506000134352/21/7?17=281200") == device
    assert udi.parse("(01)09506000134352").expiry_date(reference_year=2026) is None


def test_a_udi_is_a_proof() -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        udi.Udi(di=gtin.parse("09506000134352"), expiry="281332")
    assert str(refusal.value) == (
        "AI (17) '281332' does not fit: expected N6; look whether a separator is missing."
    )


@given(
    labeler=st.from_regex(r"[A-Z][A-Z0-9]{3}", fullmatch=True),
    product=st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=18),
    level=st.sampled_from("0123456789"),
)
def test_every_hibc_survives(labeler: str, product: str, level: str) -> None:
    made = hibcc.make(labeler, product, packaging_level=level)
    assert hibcc.parse(f"*{made}*") == made
    assert (made.labeler, made.product, made.packaging_level) == (labeler, product, level)
    assert made.text.endswith(made.check_character)


def test_hibcs_in_print_are_valid() -> None:
    assert hibcc.validate("+A123BJC5D6E71G") == "+A123BJC5D6E71G"
    combined = "+A123BJC5D6E71G1/$$73C001/S0001/16D20160101/14D20200101"
    assert code39_mod_43.compute(combined) == "Y"


@pytest.mark.parametrize("text", ["A123BJC5D6E71G", "+1123BJC5D6E71G", "+A1231", ""])
def test_what_is_no_primary_hibc_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        hibcc.parse(text)
    assert str(refusal.value) == (
        f"HIBC '{text}' is no primary data structure: expected +, labeler code (a letter and three"
        " letters or digits), product code (1 to 18), packaging level (a digit), check character;"
        " scan it again."
    )


def test_a_product_code_has_no_hyphens() -> None:
    with pytest.raises(InvalidIdentifier):
        hibcc.make("A123", "BJC-5")
    with pytest.raises(InvalidIdentifier):
        hibcc.make("A123", "äöü")


fields = st.text(
    alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20
)


@given(
    envelopes=st.lists(
        st.tuples(st.sampled_from(iso15434.FORMATS), st.lists(fields, min_size=1, max_size=4)),
        min_size=1,
        max_size=3,
    )
)
def test_every_message_survives_as_sent_and_as_written_down(
    envelopes: list[tuple[str, list[str]]],
) -> None:
    if any(name in text for _, some in envelopes for text in some for name in ("<GS>", "<RS>")):
        return
    message = iso15434.build(envelopes)
    assert iso15434.parse(message.text) == iso15434.parse(str(message)) == message
    assert message.text.startswith("[)>\x1e")
    assert message.text.endswith("\x1e\x04")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[)><RS>07<GS>A<RS><EOT>",
            (
                "ISO 15434 format '07' is not read here: expected 05 (AIs), 06 (data identifiers)"
                " or 12 (text element identifiers); use one of them."
            ),
        ),
        (
            "[)><RS>06<RS><EOT>",
            "ISO 15434 format '06' has no field: expected one or more; give them.",
        ),
        (
            "[)><RS>06<GS><GS>S1<RS><EOT>",
            (
                "ISO 15434 field '' is wrong: expected one or more printable ASCII characters;"
                " correct it."
            ),
        ),
    ],
)
def test_what_is_no_message_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        iso15434.parse(text)
    assert str(refusal.value) == sentence


def test_a_message_has_an_envelope() -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        iso15434.build([])
    assert str(refusal.value) == ("ISO 15434 message '' is empty: expected an envelope; give one.")


MARKINGS = {
    "06␝18S0CVA5786950": (1, "D0CVA5786950"),
    "06␝25SUN194532636786950": (None, "UN194532636786950"),
    "06␝17V0CVA5␝1P1234␝S786950": (2, "D0CVA51234786950"),
    "06␝17V0CVA5␝1TL7␝S786950␝30T77": (2, "D0CVA5L7786950"),
    "06␝12V194532636␝1P1234␝S786950": (2, "UN1945326361234786950"),
    "06␝3V0614141␝1P1234␝S786950": (2, "06141411234786950"),
    "06␝7LW81XYZ␝1P1234␝S786950": (2, "LDW81XYZ1234786950"),
    "12␝CAG 0CVA5␝SER 786950": (1, "D0CVA5786950"),
    "12␝CAG 0CVA5␝PNO 1234␝SEQ 786950": (2, "D0CVA51234786950"),
    "12␝DUN 194532636␝SER 786950": (1, "UN194532636786950"),
    "12␝MFR0CVA5␝LOT L7␝SEQ 1": (2, "D0CVA5L71"),
    "12␝USN 0CVA5786950": (1, "D0CVA5786950"),
    "12␝UID D0CVA5786950": (None, "D0CVA5786950"),
    "05␝80040614141786950": (1, "0614141786950"),
    "05␝0109506000134352␝217": (2, "095060001343527"),
}
"""Marking -> construct and UII, by the rules of tables A-I to A-III."""


@pytest.mark.parametrize("body", MARKINGS)
def test_markings_mean_one_uii(body: str) -> None:
    read = iuid.parse(f"[)>␞{body}␞␄")
    assert (read.construct, read.uii) == MARKINGS[body]
    assert str(read.message) == f"[)>␞{body}␞␄"


capitals = st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/", min_size=1, max_size=20)


@given(serial=capitals, part=capitals)
def test_both_constructs_survive(serial: str, part: str) -> None:
    first = iuid.construct_1("0CVA5", serial=serial)
    second = iuid.construct_2("0CVA5", serial=serial, part=part)
    assert (first.uii, second.uii) == (f"D0CVA5{serial}", f"D0CVA5{part}{serial}")
    for item in (first, second):
        assert iuid.parse(item.message.text) == iuid.parse(str(item.message)) == item


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[)>␞06␝17V0CVA5␝S1␞06␝S2␞␄",
            (
                "IUID '[)>␞06␝17V0CVA5␝S1␞06␝S2␞␄' has several envelopes: expected one; mark the"
                " item's own alone."
            ),
        ),
        (
            "[)>␞06␝1P1234␝S1␞␄",
            (
                "IUID '[)>␞06␝1P1234␝S1␞␄' makes no UII: expected fields 18S or 25S; 17V, 12V, 3V,"
                " 7L or 18V with 1P or 1T and S, got 1P, S; mark the missing one."
            ),
        ),
        (
            "[)>␞05␝10A␞␄",
            (
                "IUID '[)>␞05␝10A␞␄' makes no UII: expected fields 8004, or 01 and 21, got 10; mark"
                " the missing one."
            ),
        ),
        (
            "[)>␞12␝CAG 0CVA5␞␄",
            (
                "IUID '[)>␞12␝CAG 0CVA5␞␄' makes no UII: expected fields USN or UID; CAG, MFR, SPL,"
                " DUN or EUC with SER, or with PNO, LOT, LTN or BII and SEQ, got CAG; mark the"
                " missing one."
            ),
        ),
        (
            "[)>␞06␝1234␞␄",
            "IUID field '1234' has no data qualifier and value: expected both; correct it.",
        ),
        (
            "[)>␞06␝S1␝S2␞␄",
            "IUID field 'S2' stands beside another S: expected one; leave one out.",
        ),
        (
            "[)>␞06␝25Sd0CVA51␞␄",
            (
                "UII 'd0CVA51' is wrong at position 1: expected one of"
                " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/, got 'd'; scan or type it again."
            ),
        ),
    ],
)
def test_what_makes_no_uii_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        iuid.parse(text)
    assert str(refusal.value) == sentence


def test_a_uii_has_at_most_50_characters() -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        iuid.construct_1("0CVA5", serial="A" * 45)
    assert str(refusal.value) == (
        f"UII 'D0CVA5{'A' * 45}' has 51 characters: expected 1 to 50; give all of it."
    )
    with pytest.raises(InvalidIdentifier):
        iuid.construct_1("CAGE", serial="1")

"""EPCs: the examples of the EPC Tag Data Standard, and round trips through every form."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.serials.identifiers import InvalidIdentifier, _epc, giai, grai, gtin, sgtin, sscc
from labeler.serials.identifiers._texts import CHARSET_82

KEYS = {"sgtin": sgtin, "sscc": sscc, "grai": grai, "giai": giai}


class Example(NamedTuple):
    """A row of the standard's annex E.3, all with company prefix 0614141 and filter value 3."""

    elements: str
    urn: str
    tag: str
    hex: str


EXAMPLES = [
    Example(
        "(01)80614141123458(21)6789",
        "urn:epc:id:sgtin:0614141.812345.6789",
        "urn:epc:tag:sgtin-96:3.0614141.812345.6789",
        "3074257BF7194E4000001A85",
    ),
    Example(  # The standard prints 8 for the indicator of the URN: its bits say 7.
        "(01)70614141123451(21)32a/b",
        "urn:epc:id:sgtin:0614141.712345.32a%2Fb",
        "urn:epc:tag:sgtin-198:3.0614141.712345.32a%2Fb",
        "3674257BF6B7A659B2C2BF100000000000000000000000000000",
    ),
    Example(
        "(00)106141412345678908",
        "urn:epc:id:sscc:0614141.1234567890",
        "urn:epc:tag:sscc-96:3.0614141.1234567890",
        "3174257BF4499602D2000000",
    ),
    Example(
        "(8003)006141411234525678",
        "urn:epc:id:grai:0614141.12345.5678",
        "urn:epc:tag:grai-96:3.0614141.12345.5678",
        "3374257BF40C0E400000162E",
    ),
    Example(
        "(8003)0061414112345232a/b",
        "urn:epc:id:grai:0614141.12345.32a%2Fb",
        "urn:epc:tag:grai-170:3.0614141.12345.32a%2Fb",
        "3774257BF40C0E59B2C2BF1000000000000000000000",
    ),
    Example(
        "(8004)06141415678",
        "urn:epc:id:giai:0614141.5678",
        "urn:epc:tag:giai-96:3.0614141.5678",
        "3474257BF40000000000162E",
    ),
    Example(
        "(8004)061414132a/b",
        "urn:epc:id:giai:0614141.32a%2Fb",
        "urn:epc:tag:giai-202:3.0614141.32a%2Fb",
        "3874257BF59B2C2BF10000000000000000000000000000000000",
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.tag)
def test_examples_of_the_standard_read_and_write_alike(example: Example) -> None:
    module = KEYS[example.urn.split(":")[3]]
    value = module.parse(example.elements)
    assert str(value) == example.elements
    tag = module.read_tag(example.tag)
    assert (tag.epc, tag.filter_value) == (value.epc(company_prefix_length=7), 3)
    assert (tag.epc.urn, tag.uri, tag.hex) == (example.urn, example.tag, example.hex)
    assert module.read_tag(example.hex) == tag
    for text in (example.urn, example.tag, example.hex, example.hex.lower()):
        assert module.parse(text) == value


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.tag)
def test_tags_of_the_examples_are_made_of_the_value(example: Example) -> None:
    scheme = example.tag.split(":")[3]
    value = KEYS[example.urn.split(":")[3]].parse(example.elements)
    wanted = {} if scheme == "sscc-96" else {"scheme": scheme}
    tag = value.tag(company_prefix_length=7, filter_value=3, **wanted)
    assert tag.hex == example.hex


def test_hex_of_the_bits_alone_and_of_whole_bytes_reads_too() -> None:
    value = sgtin.parse("(01)70614141123451(21)32a/b")
    whole = "3674257BF6B7A659B2C2BF100000000000000000000000000000"
    assert [sgtin.parse(whole[:length]) for length in (50, 52)] == [value, value]


def test_gtin_8_has_a_company_prefix_of_eight_digits() -> None:
    unit = sgtin.make("95010939", "7")
    epc = unit.epc(company_prefix_length=8)
    assert epc.urn == "urn:epc:id:sgtin:00000950.01093.7"
    assert sgtin.parse(epc.urn) == unit
    with pytest.raises(InvalidIdentifier) as refusal:
        unit.epc(company_prefix_length=7)
    assert str(refusal.value) == (
        "GTIN '00000095010939' is a GTIN-8: expected company_prefix_length 8, got 7."
    )


digits = st.text(alphabet="0123456789", min_size=17, max_size=17)
serials = st.text(alphabet=CHARSET_82, min_size=1, max_size=16)
numbers = st.integers(0, 2**38 - 1).map(str)
prefixes = st.integers(6, 12)
filters = st.integers(0, 7)


def assert_round_trips(value, tag: _epc.Tag) -> None:
    module = KEYS[tag.scheme.key.name]
    assert module.read_tag(tag.uri) == module.read_tag(tag.hex) == tag
    for text in (tag.epc.urn, tag.uri, tag.hex, str(value), value.element_string().fnc1()):
        assert module.parse(text) == value
    assert module.parse(value.digital_link(stem="https://example.com/x")) == value
    assert len(tag.hex) * 4 == -(-tag.scheme.bits // 16) * 16


@given(body=digits, serial=serials, number=numbers, prefix=prefixes, filter_value=filters)
def test_every_sgtin_survives_every_form(
    body: str, serial: str, number: str, prefix: int, filter_value: int
) -> None:
    item = gtin.make(body[:8], body[8:12], indicator=body[12])
    prefix = 8 if item.length == 8 else prefix
    for text, scheme in ((number, "sgtin-96"), (serial, "sgtin-198"), (number, "sgtin-198")):
        unit = sgtin.make(item.digits, text)
        assert_round_trips(
            unit,
            unit.tag(company_prefix_length=prefix, filter_value=filter_value, scheme=scheme),
        )


@given(body=digits, prefix=prefixes, filter_value=filters)
def test_every_sscc_survives_every_form(body: str, prefix: int, filter_value: int) -> None:
    pallet = sscc.make(body[1 : 1 + prefix], body[1 + prefix :], extension_digit=body[0])
    tag = pallet.tag(company_prefix_length=prefix, filter_value=filter_value)
    assert_round_trips(pallet, tag)
    assert (pallet.extension_digit, pallet.digits[-1]) == (body[0], pallet.check_digit)
    assert sscc.parse(pallet.digits) == pallet


@given(body=digits, serial=serials, number=numbers, prefix=prefixes, filter_value=filters)
def test_every_grai_survives_every_form(
    body: str, serial: str, number: str, prefix: int, filter_value: int
) -> None:
    for text, scheme in ((number, "grai-96"), (serial, "grai-170")):
        crate = grai.make(body[:prefix], body[prefix:12], serial=text)
        tag = crate.tag(company_prefix_length=prefix, filter_value=filter_value, scheme=scheme)
        assert_round_trips(crate, tag)


@given(body=digits, serial=serials, number=numbers, prefix=prefixes, filter_value=filters)
def test_every_giai_survives_every_form(
    body: str, serial: str, number: str, prefix: int, filter_value: int
) -> None:
    for text, scheme in ((number, "giai-96"), (serial, "giai-202")):
        asset = giai.make(body[:prefix], text)
        tag = asset.tag(company_prefix_length=prefix, filter_value=filter_value, scheme=scheme)
        assert_round_trips(asset, tag)


@given(text=st.text(alphabet="0123456789ABCDEF", min_size=22, max_size=22))
def test_bits_that_are_read_are_written_again(text: str) -> None:
    for header, module in (("30", sgtin), ("31", sscc), ("33", grai), ("34", giai)):
        try:
            tag = module.read_tag(header + text)
        except InvalidIdentifier:
            continue
        assert tag.hex == header + text


@pytest.mark.parametrize("serial", ["0042", "A1", "274877906944", "00", "\u0661"])
def test_sgtin_96_takes_only_numbers_below_2_to_the_38_without_zeros_in_front(serial: str) -> None:
    with pytest.raises(InvalidIdentifier):
        sgtin.make("80614141123458", serial).tag(company_prefix_length=7)


@pytest.mark.parametrize("serial", ["0", "1", "274877906943"])
def test_sgtin_96_takes_the_least_and_the_largest_number(serial: str) -> None:
    unit = sgtin.make("80614141123458", serial)
    assert sgtin.parse(unit.tag(company_prefix_length=7).hex) == unit


REFUSED = {
    "urn:epc:id:sscc:0614141.1234567890": (
        "EPC 'urn:epc:id:sscc:0614141.1234567890' is no EPC of an SGTIN: expected a URN, a tag URI"
        " or hex of sgtin-96, sgtin-198; read it as what it is."
    ),
    "urn:epc:id:sgtin:0614141.812345": (
        "EPC 'urn:epc:id:sgtin:0614141.812345' is broken: expected 3 parts with dots between them,"
        " reserved characters as % and two digits; scan it again."
    ),
    "urn:epc:id:sgtin:0614141.812345.a/b": (
        "EPC 'urn:epc:id:sgtin:0614141.812345.a/b' is broken: expected 3 parts with dots between"
        " them, reserved characters as % and two digits; scan it again."
    ),
    "urn:epc:id:sgtin:0614141.81234.1": (
        "SGTIN reference '81234' has 5 characters: expected 6; give all of it."
    ),
    "urn:epc:id:sgtin:06141.81234567.1": (
        "GS1 Company Prefix '06141' has 5 characters: expected 6 to 12; give all of it."
    ),
    "urn:epc:id:sgtin:0614141.812345.": (
        "SGTIN serial '' has 0 characters: expected 1 to 20; give all of it."
    ),
    "urn:epc:tag:sgtin-96:3.0614141.812345.007": (
        "EPC tag 'sgtin-96:3.0614141.812345.007' cannot hold serial '007': expected a number below"
        " 274877906944 without zeros in front; use sgtin-198."
    ),
    "urn:epc:tag:sgtin-96:8.0614141.812345.7": (
        "EPC 'urn:epc:tag:sgtin-96:8.0614141.812345.7' is no EPC of an SGTIN: expected a URN, a"
        " tag URI or hex of sgtin-96, sgtin-198; read it as what it is."
    ),
    "307C257BF7194E4000001A85": (
        "EPC tag '307C257BF7194E4000001A85' is not encoded as sgtin-96: expected bits of section"
        " 14; read the tag again."
    ),
    "3077FFFFF7194E4000001A85": (
        "EPC tag '3077FFFFF7194E4000001A85' is not encoded as sgtin-96: expected bits of section"
        " 14; read the tag again."
    ),
    "3074257BF7FFFFC000001A85": (
        "EPC tag '3074257BF7FFFFC000001A85' is not encoded as sgtin-96: expected bits of section"
        " 14; read the tag again."
    ),
    "3674257BF6B7A659B2C2BF100000000000000000000000000001": (
        "EPC tag '3674257BF6B7A659B2C2BF100000000000000000000000000001' is not encoded as"
        " sgtin-198: expected bits of section 14; read the tag again."
    ),
    "3674257BF6B7A00000C2BF100000000000000000000000000000": (
        "EPC tag '3674257BF6B7A00000C2BF100000000000000000000000000000' is not encoded as"
        " sgtin-198: expected bits of section 14; read the tag again."
    ),
    "3674257BF6B780000000000000000000000000000000000000": (
        "SGTIN serial '' has 0 characters: expected 1 to 20; give all of it."
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_epc_of_an_sgtin_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        sgtin.parse(text)
    assert str(refusal.value) == REFUSED[text]


def test_an_sscc_tag_ends_with_24_zero_bits() -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        sscc.parse("3174257BF4499602D2000001")
    assert str(refusal.value) == (
        "EPC tag '3174257BF4499602D2000001' is not encoded as sscc-96: expected bits of section"
        " 14; read the tag again."
    )


def test_tags_refuse_another_keys_scheme_and_a_filter_value_of_four_bits() -> None:
    unit = sgtin.make("80614141123458", "7")
    with pytest.raises(InvalidIdentifier) as refusal:
        unit.tag(company_prefix_length=7, scheme="sscc-96")
    assert str(refusal.value) == (
        "EPC scheme 'sscc-96' does not hold SGTINs: expected one of sgtin-96, sgtin-198."
    )
    with pytest.raises(InvalidIdentifier) as refusal:
        unit.tag(company_prefix_length=7, filter_value=8)
    assert str(refusal.value) == (
        "EPC tag 'sgtin-96:8.0614141.812345.7' has filter value 8: expected 0 to 7; choose"
        " another one."
    )


@pytest.mark.parametrize("length", [-5, 0, 5, 13])
def test_a_company_prefix_has_six_to_twelve_digits_in_an_epc(length: int) -> None:
    for value in (
        sgtin.make("80614141123458", "7"),
        sscc.parse("106141412345678908"),
        grai.make("0614141", "12345", serial="7"),
        giai.make("0614141", "12345"),
    ):
        with pytest.raises(InvalidIdentifier) as refusal:
            value.epc(company_prefix_length=length)
        assert str(refusal.value) == (
            f"company_prefix_length '{length}' is not in the partition tables: expected 6 to 12;"
            " ask GS1 which prefix is yours."
        )


def test_a_grai_without_serial_names_a_kind_and_has_no_epc() -> None:
    kind = grai.make("0614141", "12345")
    assert grai.parse(str(kind)) == kind
    with pytest.raises(InvalidIdentifier):
        kind.epc(company_prefix_length=7)


def test_a_grai_begins_with_zero() -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        grai.parse("(8003)10614141123459")
    assert str(refusal.value) == (
        "AI (8003) '10614141123459' does not fit: expected N14[+X..16]; look whether a separator"
        " is missing."
    )

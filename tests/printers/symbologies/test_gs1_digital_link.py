"""GS1 Digital Link URIs. biip reads beside us."""

import pytest
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from hypothesis import given
from hypothesis import strategies as st

from printers.errors import Unprintable
from printers.symbologies import Options, _gs1, gs1_digital_link
from tests.printers.symbologies import samples

PLAIN = gs1_digital_link.settle(Options())
GTIN = samples.GTIN
VALUES = st.text(alphabet=samples.SET_82, min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        (f"(01){GTIN}", f"https://id.gs1.org/01/{GTIN}"),
        (f"(21)7(10)L(22)V(01){GTIN}", f"https://id.gs1.org/01/{GTIN}/22/V/10/L/21/7"),
        (f"(01){GTIN}(235)TPX", f"https://id.gs1.org/01/{GTIN}/235/TPX"),
        (
            f"(01){GTIN}(21)7(3103)000195(17)270331",
            f"https://id.gs1.org/01/{GTIN}/21/7?17=270331&3103=000195",
        ),
        ("(414)9501101530003(254)A", "https://id.gs1.org/414/9501101530003/254/A"),
        ("(414)9501101530003(7040)1ABC", "https://id.gs1.org/414/9501101530003/7040/1ABC"),
        ("(415)9501101530003(8020)R1", "https://id.gs1.org/415/9501101530003/8020/R1"),
        ("(8004)9501101A", "https://id.gs1.org/8004/9501101A"),
        ("(8010)9501A(8011)1", "https://id.gs1.org/8010/9501A/8011/1"),
        ("(00)095011015300000010(10)L", "https://id.gs1.org/00/095011015300000010?10=L"),
        (f"(01){GTIN}(21)%&/=?+\"", f"https://id.gs1.org/01/{GTIN}/21/%25%26%2F%3D%3F%2B%22"),
    ],
)  # fmt: skip
def test_the_key_stands_first_its_qualifiers_in_order_and_the_rest_in_the_query(text, uri):
    assert gs1_digital_link.uri(text, PLAIN) == uri


def test_the_address_begins_with_the_domain():
    options = gs1_digital_link.settle(Options(domain="https://id.example.com:8443/p"))
    assert (
        gs1_digital_link.uri(f"(01){GTIN}", options) == f"https://id.example.com:8443/p/01/{GTIN}"
    )


@given(VALUES, VALUES | st.just(""), st.booleans())
def test_biip_reads_the_elements_that_were_meant(serial, lot, expires):
    text = samples.elements(serial, lot) + ("(17)270331" if expires else "")
    link = GS1DigitalLinkURI.parse(gs1_digital_link.uri(text, PLAIN))
    read = {one.ai.ai: one.value for one in link.element_strings}
    assert read == {one.ai: one.value for one in _gs1.parse(text, title="GS1")}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "(21)7",
            (
                "expected exactly one primary key, such as (01) or (00), got none; add the key "
                "that "
                "the rest belongs to"
            ),
        ),
        (
            f"(01){GTIN}(00)095011015300000010",
            (
                "expected exactly one primary key, such as (01) or (00), got (01) and (00); "
                "leave one "
                "out"
            ),
        ),
        ("(415)9501101530003", "expected (8020) beside (415); add it"),
        (f"(01){GTIN}(21)7(235)T", "expected (21) or (235) behind (01), got both; leave one out"),
    ],
)
def test_what_makes_no_address_is_refused_in_a_sentence(text, problem):
    with pytest.raises(Unprintable) as refused:
        gs1_digital_link.encode(text, PLAIN)
    assert str(refused.value) == f"GS1 Digital Link cannot carry {text!r}: {problem}."


def test_a_domain_that_begins_no_address_is_refused_in_a_sentence():
    with pytest.raises(Unprintable) as refused:
        gs1_digital_link.settle(Options(domain="id.example.com"))
    assert str(refused.value) == (
        "GS1 Digital Link has domain = 'id.example.com': expected the beginning of an address "
        "without a slash at its end, such as https://id.example.com; correct it."
    )

"""Digital Link URIs: canonical and on a company's own host."""

import pytest
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from hypothesis import given
from hypothesis import strategies as st

from labeler.serials.identifiers import InvalidIdentifier, digital_link, sgtin
from labeler.serials.identifiers._texts import CHARSET_82

texts = st.text(alphabet=CHARSET_82, min_size=1, max_size=20)


@given(serial=texts, lot=texts, order=texts)
def test_every_link_survives_and_biip_reads_and_writes_the_same(
    serial: str, lot: str, order: str
) -> None:
    pairs = [("400", order), ("21", serial), ("01", "09506000134352"), ("10", lot)]
    link = digital_link.build([*pairs, ("17", "270331")], stem="https://example.com/a/b")
    assert digital_link.parse(str(link)) == link
    assert digital_link.parse(link.uri()).message == link.message
    assert [one.ai for one in link.message.elements] == ["01", "10", "21", "17", "400"]
    read = GS1DigitalLinkURI.parse(str(link))
    assert [(one.ai.ai, one.value) for one in read.element_strings] == [
        (one.ai, one.value) for one in link.message.elements
    ]
    assert read.as_canonical_uri() == link.uri()


def test_reserved_characters_are_percent_encoded() -> None:
    every = sgtin.make("09506000134352", "!\"%&'()*+,/:;<=>?")
    assert every.digital_link() == (
        "https://id.gs1.org/01/09506000134352/21/"
        "%21%22%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F"
    )
    assert sgtin.make("09506000134352", "-._").digital_link().endswith("/21/-._")


@pytest.mark.parametrize(
    ("uri", "canonical"),
    [
        ("https://example.com/01/01/9506000134352", "/01/09506000134352"),
        ("HTTPS://example.com:8443/01/9506000134352/", "/01/09506000134352"),
        ("https://example.com/some/path/00/106141412345678908", "/00/106141412345678908"),
        ("https://example.com/414/9506000134352/254/A", "/414/9506000134352/254/A"),
        ("https://example.com/8004/0614141A", "/8004/0614141A"),
        ("https://example.com/01/9506000134352?21=7", "/01/09506000134352/21/7"),
        (
            "https://example.com/01/9506000134352?a=b&10=A%2BB+C#x",
            "/01/09506000134352/10/A%2BB%2BC",
        ),
        (
            "https://example.com/01/9506000134352?a=b&10=A%2BB;17=270331#x",
            "/01/09506000134352/10/A%2BB?17=270331",
        ),
        ("https://example.com/01/9506000134352/21/7/10/A", None),
        ("https://example.com/01/9506000134352?00=106141412345678908", None),
    ],
)
def test_links_have_one_canonical_form(uri: str, canonical: str | None) -> None:
    try:
        found = digital_link.validate(uri)
    except InvalidIdentifier:
        assert canonical is None
    else:
        assert found == f"https://id.gs1.org{canonical}"


def test_what_was_put_before_the_key_may_look_like_a_key() -> None:
    link = digital_link.parse("https://example.com/00/01/9506000134352/21/7")
    assert link.stem == "https://example.com/00"
    assert link.message.bracketed() == "(01)09506000134352(21)7"


REFUSED = {
    "https://example.com/01/9506000134352/21/100%": (
        "Digital Link URI 'https://example.com/01/9506000134352/21/100%' has a character that no"
        " address has: expected it as % and two digits."
    ),
    "https://example.com/01/9506000134352/21/ä": (
        "Digital Link URI 'https://example.com/01/9506000134352/21/ä' has a character that no"
        " address has: expected it as % and two digits."
    ),
    "ftp://example.com/01/9506000134352": (
        "Digital Link URI 'ftp://example.com/01/9506000134352' is no web address: expected"
        " https://, a host and the key's path; correct it."
    ),
    "https://a:b@example.com/01/9506000134352": (
        "Digital Link URI 'https://a:b@example.com/01/9506000134352' is no web address: expected"
        " https://, a host and the key's path; correct it."
    ),
    "https://[x/01/9506000134352": (
        "Digital Link URI 'https://[x/01/9506000134352' has no host that an address can have:"
        " correct it."
    ),
    "https://example.com/01/9506000134353": (
        "AI (01) '09506000134353' has a wrong check digit: expected '2' at position 14, got '3';"
        " scan or type it again."
    ),
    "https://example.com/01/9506000134352?05=1": (
        "AI '05' is not in GS1's list: expected one such as 01, 10 or 21; correct it."
    ),
    "https://example.com/01/9506000134352?00=106141412345678908": (
        "Element string '(01)09506000134352(00)106141412345678908' makes no Digital Link: expected"
        " exactly one primary key, such as (01) or (00), got (01) and (00)."
    ),
}


@pytest.mark.parametrize("uri", REFUSED)
def test_what_is_no_digital_link_is_refused(uri: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        digital_link.parse(uri)
    assert str(refusal.value) == REFUSED[uri]


@pytest.mark.parametrize("stem", ["example.com", "https://example.com/", "https://a b", "ftp://a"])
def test_a_stem_is_the_beginning_of_an_address(stem: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        sgtin.make("09506000134352", "7").digital_link(stem=stem)
    assert str(refusal.value) == (
        f"Digital Link stem '{stem}' is no beginning of an address: expected one such as"
        " https://id.example.com."
    )


def test_biip_takes_a_broken_escape_for_a_percent_sign() -> None:
    uri = "https://example.com/01/09506000134352/21/100%"
    assert GS1DigitalLinkURI.parse(uri).element_strings[1].value == "100%"

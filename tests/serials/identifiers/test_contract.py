"""What every family of identifiers owes: a file dropped into the folder is held to this at once."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.serials import SerialError, identifiers
from labeler.serials.identifiers import InvalidIdentifier

SAMPLES = {
    "digital_link": {
        "https://id.gs1.org/01/09506000134352/21/7": "https://id.gs1.org/01/09506000134352/21/7",
        "http://example.com/a/01/9506000134352?17=270331": (
            "https://id.gs1.org/01/09506000134352?17=270331"
        ),
    },
    "element_string": {
        "]d2010950600013435221A": "(01)09506000134352(21)A",
        "(01)09506000134352": "(01)09506000134352",
    },
    "eui": {"00-1b-c5-0a-b1-23": "00:1B:C5:0A:B1:23"},
    "giai": {"80040614141A": "(8004)0614141A", "urn:epc:id:giai:0614141.A": "(8004)0614141A"},
    "grai": {"(8003)006141411234525678": "(8003)006141411234525678"},
    "gtin": {"4006381333931": "04006381333931", "96385074": "00000096385074"},
    "hibcc": {"*+a123bjc5d6e71g*": "+A123BJC5D6E71G"},
    "imei": {"35-209900-176148-1": "352099001761481"},
    "iso15434": {"[)><RS>06<GS>S1<RS><EOT>": "[)>\x1e06\x1dS1\x1e\x04"},
    "iuid": {"[)>␞06␝25SD0CVA51␞␄": "[)>\x1e06\x1d25SD0CVA51\x1e\x04"},
    "lot": {"10AB-1": "(10)AB-1"},
    "sgtin": {"urn:epc:id:sgtin:0614141.812345.6789": "(01)80614141123458(21)6789"},
    "sscc": {"1 0614141 234567890 8": "(00)106141412345678908"},
    "udi": {"(21)7(01)09506000134352": "(01)09506000134352(21)7"},
    "vin": {"1m8gdm9axkp042788": "1M8GDM9AXKP042788"},
}
"""Family -> text as typed or scanned -> canonical text."""

each_family = pytest.mark.parametrize(
    "family", [identifiers.load(name) for name in identifiers.names()], ids=identifiers.names()
)


def refusal_of(family: identifiers.Family, text: str) -> InvalidIdentifier | None:
    try:
        family.validate(text)
    except InvalidIdentifier as refusal:
        return refusal
    return None


def test_every_file_of_the_folder_is_a_family_or_shared() -> None:
    folder = Path(identifiers.__file__).parent
    files = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert set(identifiers.names()) == files == set(SAMPLES)


@pytest.mark.parametrize("name", ["", "gtni", "__init__", "_epc", "os", "..errors"])
def test_a_name_that_is_not_listed_is_never_loaded(name: str) -> None:
    with pytest.raises(SerialError) as refusal:
        identifiers.load(name)
    assert str(refusal.value) == (
        f"No identifier {name!r}: expected one of {', '.join(identifiers.names())}."
    )


@each_family
def test_family_cites_its_standard_and_shows_a_text_that_fails(
    family: identifiers.Family,
) -> None:
    module = import_module(f"labeler.serials.identifiers.{family.name}")
    assert module.__doc__ is not None
    assert "Standard: " in module.__doc__
    examples = doctest.DocTestParser().get_examples(module.__doc__)
    assert any(example.exc_msg for example in examples)
    assert any(not example.exc_msg for example in examples)


@each_family
def test_samples_have_one_canonical_text_which_is_its_own(family: identifiers.Family) -> None:
    for text, canonical in SAMPLES[family.name].items():
        assert family.validate(text) == canonical
        assert family.validate(canonical) == canonical
        assert family.validate(f" {text}\r\n") == canonical
        assert family.parse(text) == family.parse(text)
        assert family.compact(family.compact(text)) == family.compact(text)


@each_family
@given(data=st.data())
def test_any_text_is_canonical_or_refused_in_a_sentence(
    family: identifiers.Family, data: st.DataObject
) -> None:
    sample = data.draw(st.sampled_from(sorted(SAMPLES[family.name])))
    start = data.draw(st.integers(0, len(sample)))
    middle = data.draw(
        st.text(max_size=4) | st.text(alphabet="()[]/%?.:\x1d\x1e09AZaz", max_size=4)
    )
    end = data.draw(st.integers(start, len(sample)))
    text = sample[:start] + middle + sample[end:]
    assert isinstance(family.compact(text), str)
    refusal = refusal_of(family, text)
    if refusal is None:
        canonical = family.validate(text)
        assert family.validate(canonical) == canonical
    else:
        assert str(refusal).startswith(f"{refusal.kind} ")
        assert str(refusal)[-1] == "."
        assert refusal.position is None or 1 <= refusal.position <= len(refusal.text)
        assert len(str(refusal)) < 500


@each_family
@given(text=st.text(max_size=60))
def test_other_texts_are_refused(family: identifiers.Family, text: str) -> None:
    for verb in (family.validate, family.parse):
        with pytest.raises(InvalidIdentifier):
            verb("§" + text)

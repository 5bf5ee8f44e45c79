"""What every symbology of the folder keeps to."""

import re
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers import symbologies
from printers.errors import Unprintable
from printers.symbologies import Options
from tests.printers.symbologies import samples, scans

NAMES = symbologies.names()
LINEAR = [name for name in NAMES if symbologies.load(name).LINEAR]
ZBAR = [name for name in NAMES if name not in {"aztec", "datamatrix", "gs1_datamatrix", "pdf417"}]
OPTIONS = {
    "aztec": [Options(error_correction="5"), Options(error_correction="60")],
    "code39": [Options(ratio=2), Options(check_character=True)],
    "datamatrix": [Options(shape="rectangle")],
    "gs1_datamatrix": [Options(shape="rectangle")],
    "gs1_digital_link": [Options(domain="http://ex.am:8080/a/b~c", error_correction="H")],
    "gs1_qr": [Options(error_correction=level) for level in "LQH"],
    "itf14": [Options(ratio=2)],
    "pdf417": [Options(columns=1, row_height=4, error_correction="0"), Options(columns=12)],
    "qr": [Options(error_correction=level) for level in "LQH"],
}
"""Options beside the defaults."""
SETTLED = [
    (name, symbologies.load(name).settle(options))
    for name in NAMES
    for options in [Options(), *OPTIONS.get(name, [])]
]
every_symbology = pytest.mark.parametrize("name", NAMES)
every_setting = pytest.mark.parametrize(
    ("name", "options"), SETTLED, ids=[f"{name}-{at}" for at, (name, _) in enumerate(SETTLED)]
)
every_sample = pytest.mark.parametrize(("name", "text"), samples.EVERY)


def fits(name, text, options):
    try:
        symbologies.load(name).validate(text, options)
    except Unprintable:
        return False
    return True


def identifier(one, found):
    """]A1 is announced for each Code 39 whose last character happens to be its check character."""
    [(payload, _)] = found
    text = payload.decode()
    is_checked = one.NAME == "code39" and text[-1] == samples.check_character(text[:-1])
    return "]A1" if is_checked else one.IDENTIFIER


def test_the_folder_lists_all_symbologies():
    assert NAMES == tuple(sorted(samples.TEXTS)) == tuple(sorted(scans.FORMATS))


def test_an_unknown_symbology_is_refused_with_the_known_ones():
    with pytest.raises(
        ValueError, match="Unknown symbology 'codabar': expected one of aztec, code"
    ):
        symbologies.load("codabar")


@every_symbology
def test_a_symbology_says_what_it_is(name):
    one = symbologies.load(name)
    assert name == one.NAME
    assert re.match(r"(ISO/IEC \d{5}|GS1 |AIM )", one.STANDARD)
    assert re.fullmatch(r"\][A-Za-z]\d", one.IDENTIFIER)
    assert one.TITLE in str(one.__doc__) or name == "gs1_digital_link"


@every_symbology
def test_a_symbology_heeds_the_options_it_lists_and_gives_each_a_default(name):
    one = symbologies.load(name)
    settled = one.settle(Options())
    given_ = {field.name for field in fields(settled) if getattr(settled, field.name) is not None}
    assert given_ == one.OPTIONS
    assert one.settle(settled) == settled


@every_symbology
def test_an_option_it_does_not_have_is_refused_in_a_sentence(name):
    one = symbologies.load(name)
    some = Options(
        error_correction="5", shape="square", columns=4, row_height=3, ratio=3,
        check_character=True, domain="https://id.gs1.org",
    )  # fmt: skip
    for field in fields(Options):
        if field.name in one.OPTIONS:
            continue
        value = getattr(some, field.name)
        with pytest.raises(Unprintable) as refused:
            one.settle(Options(**{field.name: value}))
        assert re.fullmatch(
            re.escape(f"{one.TITLE} has {field.name} = {value!r}: expected no such option, since ")
            + r"it heeds (none|only [a-z_, ]+); remove it\.",
            str(refused.value),
        )


@every_symbology
@pytest.mark.parametrize(
    "wrong",
    [
        {"error_correction": "X"}, {"error_correction": 2}, {"shape": "round"}, {"columns": 0},
        {"columns": True}, {"columns": 31}, {"row_height": 2}, {"ratio": 4}, {"ratio": "3"},
        {"check_character": 1}, {"domain": "id.gs1.org"}, {"domain": "https://id.gs1.org/"},
        {"domain": ""}, {"domain": "https://a b"},
    ],
    ids=str,
)  # fmt: skip
def test_a_value_out_of_range_is_refused_in_a_sentence(name, wrong):
    one = symbologies.load(name)
    [(field, value)] = wrong.items()
    with pytest.raises(Unprintable) as refused:
        one.settle(Options(**wrong))
    assert str(refused.value).startswith(f"{one.TITLE} has {field} = {value!r}: expected ")
    assert re.search(r"; [a-z ]+\.$", str(refused.value))


@every_sample
def test_scanners_read_what_was_meant_and_announce_what_it_is(name, text):
    """zxing-cpp's reader shares no code with its writer, which is zint."""
    one = symbologies.load(name)
    options = one.settle(Options())
    found = scans.zxing(name, scans.picture(one, text, options))
    assert found == [(samples.sent(name, text, options), identifier(one, found))]


@every_setting
def test_scanners_read_it_with_every_option(name, options):
    one = symbologies.load(name)
    for text in samples.TEXTS[name]:
        if fits(name, text, options):
            found = scans.zxing(name, scans.picture(one, text, options))
            assert found == [(samples.sent(name, text, options), identifier(one, found))], text


@pytest.mark.parametrize("name", ZBAR)
def test_zbar_reads_what_was_meant(name, tmp_path, needs_debian):
    needs_debian("zbar-tools")
    one = symbologies.load(name)
    options = one.settle(Options())
    for text in samples.TEXTS[name]:
        meant = samples.sent(name, text, options)
        if name == "upca":
            meant = meant.removeprefix(b"0")
        assert scans.zbar(name, scans.picture(one, text, options), tmp_path) == [meant], text


@pytest.mark.parametrize("name", ["datamatrix", "gs1_datamatrix"])
@pytest.mark.parametrize("shape", ["square", "rectangle"])
def test_libdmtx_reads_what_was_meant(name, shape, tmp_path, needs_debian):
    """It knows neither ECI nor the first FNC1: it sends them as control characters."""
    needs_debian("dmtx-utils")
    one = symbologies.load(name)
    options = one.settle(Options(shape=shape))
    for text in samples.TEXTS[name][::4]:
        seen = scans.dmtx(scans.picture(one, text, options, scale=6), tmp_path)
        meant = samples.sent(name, text, options)
        assert seen.removeprefix(b"\x1d").removeprefix(b"\x1a") == meant, text


@every_setting
@given(data=st.data())
@settings(deadline=None, max_examples=40)
def test_any_data_scans_as_itself_and_is_as_large_as_promised(name, options, data):
    one = symbologies.load(name)
    text = data.draw(samples.STRATEGIES[name])
    if not fits(name, text, options):
        return
    rows = one.encode(text, options)
    assert ({len(row) for row in rows}, len(rows)) == (
        {one.size(text, options)[0]},
        one.size(text, options)[1],
    )
    assert set("".join(rows)) == {"0", "1"}
    seen = scans.draw(rows, one.QUIET_ZONE, scale=1)
    assert scans.zxing_pure(name, seen) == samples.sent(name, text, options)


@every_setting
@given(data=st.data())
@settings(deadline=None, max_examples=40)
def test_what_is_within_the_capacity_of_a_width_fits_it(name, options, data):
    one = symbologies.load(name)
    text = data.draw(samples.STRATEGIES[name])
    if not fits(name, text, options):
        return
    columns, rows = one.size(text, options)
    assert one.capacity(columns - 1, options) < len(text.encode())
    assert one.capacity(columns - 1, options) <= one.capacity(columns, options)
    if not one.LINEAR and one.capacity(columns, options):
        assert rows == columns


@every_symbology
@given(text=st.text(max_size=30) | st.text(alphabet="()\\0123456789AB", max_size=30))
@settings(deadline=None)
def test_what_validate_lets_through_is_drawn_and_the_rest_is_refused_alike(name, text):
    one = symbologies.load(name)
    options = one.settle(Options())
    if fits(name, text, options):
        assert one.encode(text, options)
        return
    with pytest.raises(Unprintable) as refused:
        one.validate(text, options)
    assert re.search(r": expected .*(;|,) .*\.$", str(refused.value), re.DOTALL)
    with pytest.raises(Unprintable) as again:
        one.encode(text, options)
    assert str(again.value) == str(refused.value)


@every_symbology
def test_an_empty_text_is_refused_in_a_sentence(name):
    one = symbologies.load(name)
    with pytest.raises(Unprintable) as refused:
        one.validate("", one.settle(Options()))
    assert str(refused.value) == (
        f"{one.TITLE} cannot carry an empty text '': expected at least one character; hand in a "
        "value for the field."
    )


@every_symbology
def test_half_of_a_character_is_refused(name):
    one = symbologies.load(name)
    with pytest.raises(Unprintable):
        one.validate("A\ud800", one.settle(Options()))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in LINEAR])
def test_data_beyond_the_largest_symbol_is_refused_in_a_sentence(name):
    one = symbologies.load(name)
    options = one.settle(Options())
    text = f"(01){samples.GTIN}(8200)" + "A" * 70 if name.startswith("gs1") else "a" * 4000
    if name.startswith("gs1"):
        text += "".join(f"({ai})" + "A" * 90 for ai in range(91, 100))
        text += "".join(f"({ai})" + "B" * 70 for ai in (4302, 4303, 4304, 4305, 4306))
        text += "".join(f"({ai})" + "%41" * 23 for ai in (4312, 4313, 4314, 4315, 4316))
    if fits(name, text, options):
        assert len(one.encode(text, options)) > 90
        return
    with pytest.raises(Unprintable, match=r"cannot carry \d+ bytes.*: expected what fits .*; .*\."):
        one.encode(text, options)


@every_sample
def test_the_hri_says_what_the_symbol_says_between_its_edges(name, text):
    one = symbologies.load(name)
    options = one.settle(Options())
    captions = one.captions(text, options)
    if not one.LINEAR:
        assert (captions, one.guards(text, options)) == ((), ())
        return
    quiet, columns = one.QUIET_ZONE, one.size(text, options)[0]
    places = [place for caption in captions for place in (caption.start, caption.end)]
    assert places == sorted(places)
    assert -quiet.left <= places[0] <= places[-1] <= columns + quiet.right + 2
    shown = "".join(caption.text for caption in captions)
    assert shown.isprintable()
    said = samples.sent(name, text, options).decode()
    if name == "upca":
        said = said.removeprefix("0")
    if name == "gs1_128":
        shown, said = re.sub(r"\(\d{2,4}\)", "", shown), re.sub("\x1d", "", said)
        assert len(shown) < len(said)
        return
    assert shown == re.sub("[\x00-\x1f\x7f]", " ", said)


@pytest.mark.parametrize("name", LINEAR)
def test_guards_are_bars_of_the_symbol(name):
    one = symbologies.load(name)
    options = one.settle(Options())
    text = samples.TEXTS[name][0]
    [row] = one.encode(text, options)
    for start, end in one.guards(text, options):
        assert "1" in row[start:end]
    assert [row[start:end] for start, end in one.guards(text, options)] == {
        "ean13": ["101", "01010", "101"],
        "ean8": ["101", "01010", "101"],
        "upca": ["1010001101", "01010", "1101100101"],
    }.get(name, [])


def test_a_literal_value_changes_only_in_gs1_data():
    kept = {name for name in NAMES if symbologies.load(name).literal("A(1)\\") == "A(1)\\"}
    assert {name for name in NAMES if name.startswith("gs1")} == set(NAMES) - kept

"""Filters: what each makes of a text, and what is refused when a template is read."""

import pytest

from labeler.templates import filters
from labeler.templates.errors import Fault
from labeler.templates.expressions import read_one


@pytest.mark.parametrize(
    ("expression", "value", "written"),
    [
        ("serial|upper", "ac1ß", "AC1SS"),
        ("serial|lower", "AC1", "ac1"),
        ("serial|first:3", "AC26327", "AC2"),
        ("serial|first:3", "AC", "AC"),
        ("serial|last:4", "AC26327", "6327"),
        ("serial|last:4", "AC", "AC"),
        ("serial|skip:2", "AC26327", "26327"),
        ("serial|skip:9", "AC26327", ""),
        ("product.name|cut:20", "Axis controller, long version", "Axis controller,"),
        ("product.name|cut:20", "Axis controller long version", "Axis controller long"),
        ("product.name|cut:21", "Axis controller long version", "Axis controller long"),
        ("product.name|cut:20", "Axis controller", "Axis controller"),
        ("product.name|cut:6", "Axiscontroller", "Axisco"),
        ("product.name|cut:6", "A xiscontroller", "A xisc"),
        ("number|pad:4", "7", "0007"),
        ("number|pad:4", "12345", "12345"),
        ("number|pad:4: ", "7", "   7"),
        ("product.gtin|pad:14", "4006381333931", "04006381333931"),
        ("serial|group:4", "AC2632700042O", "AC26 3270 0042 O"),
        ("serial|group:4: ", "AC26", "AC26"),
        ("serial|group:2::", "02AB00000001", "02:AB:00:00:00:01"),
        ("serial|group:3", "", ""),
        ("serial|without:-/", "A-B/C", "ABC"),
        ("run.lot|or:-", "", "-"),
        ("run.lot|or:-", "L7", "L7"),
        ("run.lot|or:see: below", "", "see: below"),
        ("serial|last:8|group:4|lower", "AC2632700042O", "2700 042o"),
    ],
)
def test_filter_writes_a_value(expression: str, value: str, written: str) -> None:
    assert read_one(expression).write(value) == written


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "uper",
            (
                "'uper' is not a known filter: did you mean 'upper'? Known: upper, lower, first, "
                "last, skip, cut, pad, group, without, or."
            ),
        ),
        (
            "roman",
            (
                "'roman' is not a known filter. Known: upper, lower, first, last, skip, cut, pad, "
                "group, without, or."
            ),
        ),
        (
            "",
            (
                "'' is not a known filter. Known: upper, lower, first, last, skip, cut, pad, "
                "group, without, or."
            ),
        ),
        ("upper:1", "Filter 'upper:1': expected no argument, got 1; write upper."),
        ("upper:", "Filter 'upper:': expected no argument, got 1; write upper."),
        ("cut", "Filter 'cut': expected 1 argument, got 0; write cut:LENGTH."),
        (
            "pad",
            (
                "Filter 'pad': expected 1 or 2 arguments, got 0; write pad:WIDTH or "
                "pad:WIDTH:CHARACTER."
            ),
        ),
        (
            "pad:4:ab",
            (
                "Filter 'pad:4:ab': expected 1 character for CHARACTER, got 2; write pad:WIDTH or "
                "pad:WIDTH:CHARACTER."
            ),
        ),
        (
            "group:4:",
            (
                "Filter 'group:4:': expected 1 to 10 characters for SEPARATOR, got 0; write "
                "group:SIZE or group:SIZE:SEPARATOR."
            ),
        ),
        *(
            (
                f"first:{count}",
                (
                    f"Filter 'first:{count}': expected a whole number from 1 to 1000 for COUNT, "
                    f"got '{count}'; write first:COUNT."
                ),
            )
            for count in ("0", "1001", "-1", "four", "", "1e3", " 4", "٤", "9" * 50)
        ),
        (
            "or:",
            "Filter 'or:': expected 1 to 1000 characters for OTHER, got 0; write or:OTHER.",
        ),
    ],
)
def test_filter_that_is_wrong_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Fault) as caught:
        filters.read(text)
    assert caught.value.sentences == (sentence,)


def test_more_than_eight_filters_are_refused() -> None:
    assert read_one("serial" + "|upper" * 8).write("a") == "A"
    with pytest.raises(Fault, match=r"'\{serial\|upper.*\}' has more than 8 filters\. Use fewer\."):
        read_one("serial" + "|upper" * 9)


@pytest.mark.parametrize("name", filters.KINDS)
def test_every_filter_says_what_it_does(name: str) -> None:
    assert filters.KINDS[name].function.__doc__


@pytest.mark.parametrize("name", [name for name, kind in filters.KINDS.items() if kind.keeps])
def test_a_filter_that_keeps_leaves_nothing_out(name: str) -> None:
    values = {"WIDTH": "20", "CHARACTER": "x", "SIZE": "2", "SEPARATOR": "-", "OTHER": "none"}
    arguments = [values[one] for one in filters.KINDS[name].parameters]
    written = filters.read(":".join([name, *arguments])).apply("AC2632700042O")
    assert "AC2632700042O" in written.replace("-", "")


@pytest.mark.parametrize(
    "name", [name for name, kind in filters.KINDS.items() if kind.by_character]
)
def test_a_filter_by_character_writes_a_text_as_its_characters(name: str) -> None:
    used = filters.read(":".join([name, *(["aB"] if filters.KINDS[name].parameters else [])]))
    assert used.apply("aBcABC") == "".join(map(used.apply, "aBcABC"))

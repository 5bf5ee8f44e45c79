"""YAML text is read strictly: plain data, every key once, every key's line remembered."""

import pytest

from labeler import yaml_text
from labeler.yaml_text import YamlError, load


def refusal(text: str) -> str:
    with pytest.raises(YamlError) as caught:
        load(text)
    return str(caught.value)


def test_yaml_is_read_as_plain_data() -> None:
    text = "a: 1\nb: [x, {c: 2.5}]\nd: {e: null, f: true}\ng: 'no'\n"
    found = load(text)
    assert found.data == {"a": 1, "b": ["x", {"c": 2.5}], "d": {"e": None, "f": True}, "g": "no"}
    assert found.lines == {
        ("a",): 1,
        ("b",): 2,
        ("b", 0): 2,
        ("b", 1): 2,
        ("b", 1, "c"): 2,
        ("d",): 3,
        ("d", "e"): 3,
        ("d", "f"): 3,
        ("g",): 4,
    }


def test_yaml_line_of_a_missing_key_is_its_parents() -> None:
    found = load("# first\na:\n  b:\n    c: 1\n")
    assert found.line(("a", "b", "c")) == 4
    assert found.line(("a", "b", "x", 7)) == 3
    assert found.line(("x",)) is None
    assert found.line(()) is None


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_yaml_of_nothing_is_none(text: str) -> None:
    assert load(text) == yaml_text.Document(data=None, lines={})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\nb: 2\na: 3", "line 3: key 'a' stands twice. Keep one of them."),
        ("a:\n  b: 1\n  'b': 2", "line 3: key 'b' stands twice. Keep one of them."),
        ("1: a\n'1': b", "line 2: key '1' stands twice. Keep one of them."),
        (
            "a: &x 1\nb: *x",
            "line 2: aliases (*name) are not read here. Write the value out.",
        ),
        (
            "a: 1\nb: !!binary aGk=",
            "line 2: tags (tag:yaml.org,2002:binary) are not read here. Write a plain value.",
        ),
        (
            "a: !!python/object/apply:os.system [echo]",
            (
                "line 1: tags (tag:yaml.org,2002:python/object/apply:os.system) are not read here. "
                "Write a plain value."
            ),
        ),
        ("a: !x 1", "line 1: tags (!x) are not read here. Write a plain value."),
        ("a: [1", "line 1, column 6: expected ',' or ']', but got '<stream end>'"),
        ("a: 1\n b: 2", "line 2, column 3: mapping values are not allowed here"),
        (
            "a: 1\n\tb: 2",
            "line 2, column 1: found character '\\t' that cannot start any token",
        ),
        ("a: 1\n---\nb: 2", "line 2, column 1: but found another document"),
        ("? [a]\n: 1", "line 1, column 3: found unhashable key"),
        (
            "a: \x00",
            (
                "unacceptable character #x0000: special characters are not allowed "
                'in "<unicode string>", position 3'
            ),
        ),
        ("\n" + "[" * 21 + "]" * 21, "line 2: the text nests deeper than 20 levels."),
        ("[" * 50_000, "line 1: the text nests deeper than 20 levels."),
    ],
)
def test_yaml_that_is_refused_says_where_and_why(text: str, sentence: str) -> None:
    assert refusal(text) == sentence


def test_yaml_bomb_is_refused_before_it_unfolds() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert refusal("\n".join(lines)) == (
        "line 2: aliases (*name) are not read here. Write the value out."
    )


def test_yaml_twenty_levels_deep_is_read() -> None:
    assert load("[" * 20 + "]" * 20).data is not None


def test_yaml_that_is_too_long_is_refused() -> None:
    assert refusal("#" * 1_000_001) == (
        "the text has 1000001 characters, at most 1000000 are read."
    )

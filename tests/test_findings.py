"""What pydantic finds wrong is said in our words, whatever kind of value was expected."""

import re
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from labeler import findings
from labeler.findings import Finding
from labeler.settings import Settings
from labeler.web import shapes


class _Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    width: Annotated[float, Field(gt=0)]


class _Everything(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    any_number: int = 0
    at_least: Annotated[int, Field(ge=1)] = 1
    at_most: Annotated[float, Field(le=2.5)] = 0
    between: Annotated[int, Field(ge=1, le=10)] | None = None
    word: shapes.Word = "a"
    long: Annotated[str, Field(min_length=2)] = "ab"
    short: Annotated[str, Field(max_length=2)] = "ab"
    coded: Annotated[str, Field(pattern="^[ab]+$")] = "ab"
    flag: bool = False
    choice: Literal["red", "green"] = "red"
    only: Literal["red"] = "red"
    rows: Annotated[list[_Inner], Field(max_length=1)] = []
    named: dict[shapes.Word, int] = {}
    inner: _Inner | None = None
    checked: str = ""

    @field_validator("checked")
    @classmethod
    def _check(cls, value: str) -> str:
        if value:
            raise ValueError("expected nothing at all")
        return value


def found(given: Any, model: type[BaseModel] = _Everything) -> list[Finding]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(given)
    return [findings.read(item, model, whole="body") for item in caught.value.errors()]


WORD = "one line of text, 1 to 64 characters"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"any_number": "x"}, "any_number: expected a whole number, got 'x'."),
        ({"any_number": None}, "any_number: expected a whole number, got null."),
        ({"at_least": 0}, "at_least: expected a whole number, 1 at least, got 0."),
        ({"at_most": 3}, "at_most: expected a number, 2.5 at most, got 3."),
        ({"at_most": float("nan")}, "at_most: expected a number, 2.5 at most, got nan."),
        ({"between": 11}, "between: expected a whole number from 1 to 10, got 11."),
        ({"between": True}, "between: expected a whole number from 1 to 10, got true."),
        ({"between": "five"}, "between: expected a whole number from 1 to 10, got 'five'."),
        ({"word": ""}, f"word: expected {WORD}, got ''."),
        ({"word": "x" * 65}, f"word: expected {WORD}, got '{'x' * 65}'."),
        ({"word": 5}, f"word: expected {WORD}, got 5."),
        ({"word": "\ud800"}, rf"word: expected {WORD}, got '\ud800'."),
        ({"long": "a"}, "long: expected text of at least 2 characters, got 'a'."),
        ({"short": "abc"}, "short: expected text of at most 2 characters, got 'abc'."),
        ({"coded": "c"}, "coded: expected text that matches ^[ab]+$, got 'c'."),
        ({"flag": 1}, "flag: expected true or false, got 1."),
        ({"choice": "blue"}, "choice: expected one of red, green, got 'blue'."),
        ({"only": 7}, "only: expected red, got 7."),
        ({"rows": {}}, "rows: expected a list of at most 1 entries, got {}."),
        ({"rows": [{"width": 0}]}, "rows.0.width: expected a number above 0, got 0."),
        ({"rows": [5]}, "rows.0: expected keys with values (width), got 5."),
        ({"named": 5}, "named: expected keys with values, got 5."),
        ({"named": {"a": "b"}}, "named.a: expected a whole number, got 'b'."),
        ({"named": {"a\n": 1}}, rf"named.'a\n': expected {WORD}, got 'a\n'."),
        ({"named": {"": 1}}, f"named.: expected {WORD}, got ''."),
        ({"inner": {}}, "inner.width is missing: expected a number above 0."),
        ({"inner": {"width": 1, "x": 2}}, "inner.x is not a known key. Known here: width."),
        ({"checked": "x"}, "checked: expected nothing at all, got 'x'."),
        ({"x" * 200: 1}, f"{'x' * 97}... is not a known key."),
        ({"any_number": "y" * 200}, f"any_number: expected a whole number, got '{'y' * 96}...."),
    ],
)
def test_finding_says_what_was_expected_and_what_stands_there(given: Any, sentence: str) -> None:
    [one] = found(given)
    assert one.sentence.startswith(sentence)
    if "not a known key" not in sentence:
        assert one.sentence == sentence


def test_finding_about_the_whole_names_it() -> None:
    [one] = found(None, _Inner)
    assert one == Finding(
        where="body",
        expected="keys with values (width)",
        got="null",
        sentence="body: expected keys with values (width), got null.",
    )


def test_finding_about_a_key_is_told_apart_by_program() -> None:
    assert found({"x": 1}, _Inner) == [
        Finding(
            where="width",
            expected="a number above 0",
            got="nothing",
            sentence="width is missing: expected a number above 0.",
        ),
        Finding(
            where="x",
            expected="one of the keys width",
            got="1",
            sentence="x is not a known key. Known here: width.",
        ),
    ]


MODELS = [
    Settings,
    *(
        one
        for one in vars(shapes).values()
        if isinstance(one, type)
        and issubclass(one, BaseModel)
        and one.__name__.endswith(("Order", "Text", "Decision", "Header", "Path", "Query"))
    ),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("value", [None, "", "\n" * 70, -1, 2**70, 1.5, True, [1], {"a\n": [1]}])
def test_finding_speaks_no_english_but_ours(model: type[BaseModel], value: Any) -> None:
    given = dict.fromkeys([one.alias or name for name, one in model.model_fields.items()], value)
    try:
        model.model_validate({**given, "colour": value})
    except ValidationError as error:
        for item in error.errors():
            read = findings.read(item, model, whole="body")
            assert read.expected != item["msg"], item
            foreign = r"Input|should|valid|String|matches|Field|Extra"
            assert not re.search(foreign, read.sentence.partition(", got ")[0]), read.sentence

"""What decides the serials of a series: the text a version pins, and what nobody may guess."""

import pytest

from labeler.serials import SerialError, define
from labeler.serials.definition import Definition, read
from tests.serials.plant import OWN


@pytest.mark.parametrize(
    ("definition", "text"),
    [
        (define("A{counter:4}", own=OWN), '{"pattern":"A{counter:4}"}'),
        (
            define("{shift}{code:half}{counter:4:vowels}", own=OWN, words=("B", "A")),
            (
                '{"alphabets":{"vowels":"AEIOU"},"code_tables":{"half":{"codes":{"1":"H","10":"L",'
                '"11":"L","12":"L","2":"H","3":"H","4":"H","5":"H","6":"H","7":"L","8":"L",'
                '"9":"L"},"of":"month"}},"pattern":"{shift}{code:half}{counter:4:vowels}",'
                '"shifts":["A","B","C"],"words":["A","B"]}'
            ),
        ),
        (
            define("{permuted:8}", unguessable=True, key="f00d"),
            '{"key":"f00d","pattern":"{permuted:8}","unguessable":true}',
        ),
    ],
)
def test_a_definition_is_the_same_where_its_text_is(definition: Definition, text: str) -> None:
    assert definition.text == text
    assert read(text) == definition
    assert read(text).series == definition.series


@pytest.mark.parametrize(
    ("definition", "limit"),
    [
        (define("{counter:3,start=1}"), 999),
        (define("{random:3}"), 500),
        (define("{permuted:6}"), 1_000_000),
        (define("{random:8}", unguessable=True), 10_000),
        (define("{imported:20}", unguessable=True), (2**63) // 10_000),
    ],
)
def test_a_definition_says_how_many_serials_it_may_issue(
    definition: Definition, limit: int
) -> None:
    assert definition.limit == limit


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        (
            "{counter:8}",
            (
                "A counter can be guessed: who knows one serial knows the next; write {permuted:8}"
                " or {random:8}, or leave unguessable out."
            ),
        ),
        (
            "ABCDEFGHIJKLM{random:8}",
            (
                "A serial that nobody may guess has at most 20 characters (EU 2016/161, Art. 4),"
                " this one has 21; write a shorter pattern."
            ),
        ),
        (
            "{random:3}",
            (
                "Of 1000 numbers none could be issued, since nobody may guess one in 10000 (EU"
                " 2016/161, Art. 4); write a wider number."
            ),
        ),
    ],
)
def test_a_serial_that_could_be_guessed_is_refused(pattern: str, sentence: str) -> None:
    with pytest.raises(SerialError) as refusal:
        define(pattern, unguessable=True)
    assert str(refusal.value) == sentence

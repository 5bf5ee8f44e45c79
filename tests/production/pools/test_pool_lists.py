"""Lists for pools: how they are read, and what is told of one that is wrong."""

import io
from pathlib import Path
from typing import Any

import pytest

from labeler.production import (
    pool_lists,
    pools,
    runs,
)
from labeler.production.pool_lists import CsvList, ImportOrder, Numbers, TextList
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production.pooling import (
    bring,
    counts,
    findings,
    listed,
)
from tests.production.record import issue, refused, rows


def test_lines_that_are_wrong_are_named_and_nothing_is_imported(site: Site) -> None:
    bring(site, listed(1))
    sentence, extra = findings(
        site, b"AC0002\nAC000X\nAC1\n\xff\xfeAC\nAC0001\nAC0002\nAC0002\n", key="b"
    )
    wrong = "is wrong at position 6, imported: expected one of 0123456789, got 'X'."
    assert sentence == (
        "'list.txt' has 3 lines that are no number of series 'controller-sn' and 3 numbers that "
        f"are there already. Nothing was imported. Line 2: Serial 'AC000X' {wrong}"
    )
    assert [(one["line"], one["sentence"]) for one in extra["bad_lines"]["first"]] == [
        (2, f"Serial 'AC000X' {wrong}"),
        (3, "Serial 'AC1' has 3 characters: expected 6 by pattern 'AC{imported:4}'."),
        (4, "It is not written in UTF-8."),
    ]
    assert [(one["line"], one["sentence"]) for one in extra["doubles"]["first"]] == [
        (5, "Number 'AC0001' is in the pool already."),
        (6, "Number 'AC0002' stands on line 1 already."),
        (7, "Number 'AC0002' stands on line 1 already."),
    ]
    assert (extra["bad_lines"]["count"], extra["doubles"]["count"]) == (3, 3)
    assert (counts(site), rows(site, schema.pool_number)) == ((1, 0, 0), 1)


def test_many_wrong_lines_are_counted_and_the_first_hundred_named(site: Site) -> None:
    sentence, extra = findings(site, b"X\n" * 5000)
    assert sentence.startswith("'list.txt' has 5000 lines that are no number of series")
    assert extra["bad_lines"]["count"] == 5000
    assert [one["line"] for one in extra["bad_lines"]["first"]] == list(range(1, 101))


def test_a_number_that_another_series_has_issued_is_a_double(
    tmp_path: Path, database_url: str
) -> None:
    series = {
        "controller-sn": {"pattern": "AC{counter:4}"},
        "bought": {"pattern": "AC{imported:4}"},
    }
    product = {**plants.CONFIG["products"]["AC-100"], "series": "bought"}
    before = {"controller-sn": series["controller-sn"]}
    path = plants.write_site(tmp_path / "site", database=database_url, series=before)
    with plants.opened(path) as service:
        runs.open_run(service.site, order())
        issue(service.site, trigger("a"))
    path = plants.write_site(
        tmp_path / "site", database=database_url, series=series, products={"AC-200": product}
    )
    with plants.opened(path) as service:
        _, extra = findings(service.site, listed(2, 1), series="bought")
        assert extra["doubles"]["first"] == [
            {"line": 2, "text": "AC0001", "sentence": "Number 'AC0001' was issued already."}
        ]


def test_a_check_character_that_is_wrong_is_named(tmp_path: Path, database_url: str) -> None:
    series = {"controller-sn": {"pattern": "{imported:6}{check:luhn}"}}
    path = plants.write_site(tmp_path / "site", database=database_url, series=series)
    with plants.opened(path) as service:
        sentence, _ = findings(service.site, b"1000009\n1000008\n")
    assert sentence == (
        "'list.txt' has 1 line that is no number of series 'controller-sn'. Nothing was imported. "
        "Line 2: Serial '1000008' fails check scheme luhn: expected check character '9', got '8'."
    )


def test_an_empty_list_is_refused(site: Site) -> None:
    assert refused(lambda: bring(site, b"\r\n\n")) == (
        3012,
        "'list.txt' has no number. Nothing was imported.",
        "Look at the file.",
    )


@pytest.mark.parametrize(
    ("content", "given", "found"),
    [
        (b"AC0001,x\nAC0002,y\n", {}, [(1, "AC0001"), (2, "AC0002")]),
        (
            b"\xef\xbb\xbfsn;box\r\nAC0001;7\r\n",
            {"column": "sn", "delimiter": ";"},
            [(2, "AC0001")],
        ),
        (b'box,sn\n"a\nb",AC0001\n', {"column": "2", "header": True}, [(3, "AC0001")]),
        (b"2,1\nAC0001,AC0002\n", {"column": "2", "header": True}, [(2, "AC0001")]),
        (b"AC0001\tx\n\n", {"delimiter": "\t"}, [(1, "AC0001")]),
    ],
)
def test_a_column_of_csv_is_read(content: bytes, given: Any, found: Any) -> None:
    assert list(CsvList(io.BytesIO(content), **given)) == found


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        (
            CsvList(io.BytesIO(b"box,sn\n"), column="serial"),
            "There is no column 'serial'; the header has: box, sn. Nothing was imported.",
        ),
        (
            CsvList(io.BytesIO(b"1\n"), column="2"),
            "The list has no column 2. Nothing was imported.",
        ),
        (
            CsvList(io.BytesIO(b'"AC0001\n')),
            "Line 1 is no CSV: unexpected end of data. Nothing was imported.",
        ),
        (
            TextList(io.BytesIO(b"A" * 70_000)),
            "Line 1 is longer than 65536 bytes. Nothing was imported.",
        ),
    ],
)
def test_what_is_no_list_is_refused(numbers: Numbers, sentence: str) -> None:
    assert refused(lambda: list(numbers))[:2] == (3012, sentence)


def test_ranges_are_imported(tmp_path: Path, database_url: str) -> None:
    series = {"controller-sn": {"pattern": "{imported:12:hex}"}}
    path = plants.write_site(tmp_path / "site", database=database_url, series=series)
    with plants.opened(path) as service:
        numbers = pool_lists.mac_list("001BC50AB/36", step=1024)
        given: dict[str, Any] = {
            "series": "controller-sn",
            "channel": "http",
            "key": "a",
            "source": numbers.name,
        }
        found = pools.import_numbers(service.site, ImportOrder(**given), numbers)
        assert (found["count"], found["source"]) == (4, "MAC block 001BC50AB/36, step 1024")
        runs.open_run(service.site, order())
        expected = ("001BC50AB000", "001BC50AB400", "001BC50AB800", "001BC50ABC00")
        assert issue(service.site, trigger("a", quantity=4)).serials == expected
    assert refused(lambda: pool_lists.mac_list("A0/8", step=1)) == (
        3012,
        "MAC block A0/8 has 1099511627776 numbers. Nothing was imported.",
        "Take a smaller one.",
    )
    assert refused(lambda: pool_lists.imei_list("35209900", first=2, last=1))[:2] == (
        3012,
        (
            "TAC '35209900' has no numbers from 2 to 1: expected the first one not behind the "
            "last; exchange them. Nothing was imported."
        ),
    )

"""Test runs: serials that no product has, drawn without touching what production draws from."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from sqlalchemy import select

from labeler.app import Service
from labeler.errors import Refusal
from labeler.production import (
    blocks,
    catalogue,
    checking,
    health,
    linting,
    listing,
    runs,
    showing,
    testing,
)
from labeler.production.linting import Trial
from labeler.production.meanings import Expected
from labeler.production.site import Site
from labeler.serials import PatternError, SerialError, parse_pattern
from labeler.store import schema
from labeler.units import RunMode
from tests import plants
from tests.plants import order, trigger
from tests.printers.pictures import picture, scan
from tests.production.pooling import bring, counts, listed
from tests.production.record import issue, refused, rows, run, serials

KEY = "2b7e151628aed2a6abf7158809cf4f3c"
TEST_FIRST = f"TEST-{plants.FIRST}"


@contextmanager
def plant(folder: Path, database_url: str, **series: Any) -> Iterator[Site]:
    """Open the plant with its series changed."""
    path = plants.write_site(
        folder / "site", database=database_url, series={"controller-sn": series}
    )
    with plants.opened(path) as service:
        yield service.site


def try_line(site: Site, *, quantity: int = 5, **changes: Any) -> tuple[str, ...]:
    """Open a test run, draw all of it, one by one and as a block, and close it."""
    found = runs.open_run(site, order(mode=RunMode.TEST, quantity=quantity, **changes))
    key = f"try-{found['id']}"
    drawn = issue(site, trigger(key, quantity=2)).serials
    wanted = {"run_id": found["id"], "quantity": quantity - 2, "key": key}
    blocks.issue_block(site, blocks.BlockOrder(**wanted))
    with site.store.read() as transaction:
        listed_units = listing.list_units(transaction, found["id"], after=0, limit=100)
    runs.close_run(site, found["id"])
    everything = tuple(unit["serial"] for unit in listed_units)
    assert everything[:2] == drawn
    return everything


def counters_of(site: Site) -> list[tuple[Any, ...]]:
    """Return every counter: series, epoch, period, next."""
    table = schema.series_counter
    with site.store.read() as transaction:
        found = transaction.execute(select(table).order_by(table.c.epoch))
        return [tuple(row) for row in found]


def check(site: Site, text: str, **expected: Any) -> tuple[str, str]:
    """Return verdict and sentence."""
    with site.store.read() as transaction:
        found = checking.check_text(site, transaction, text, expected=Expected(**expected))
    return found["verdict"], found["sentence"]


def test_a_test_run_consumes_no_number_of_production(site: Site) -> None:
    expected = tuple(f"TEST-{serial}" for serial in serials(1, 5))
    assert try_line(site) == expected
    assert counters_of(site) == [("controller-sn", -1, "", 6)]
    runs.open_run(site, order())
    assert issue(site, trigger("a")).serials == (plants.FIRST,)
    runs.close_run(site, 2)
    assert try_line(site)[0] == f"TEST-{serials(6)[0]}", "no test serial comes twice either"
    assert counters_of(site) == [("controller-sn", -1, "", 11), ("controller-sn", 1, "", 2)]


@pytest.mark.parametrize(
    "series",
    [
        {"pattern": "AC{counter:4,start=100,step=5}"},
        {"pattern": "AC{date:%y%j}{counter:3,reset=day}", "word_filter": True},
        {"pattern": "AC{random:8}{check:luhn_mod_36}"},
        {"pattern": "AC{random:8}", "unguessable": True},
        {"pattern": "AC{permuted:8}"},
        {"pattern": "AC{permuted:8}", "word_filter": True, "unguessable": True},
    ],
    ids=str,
)
def test_test_serials_of_every_kind_are_the_series_own_texts_behind_their_prefix(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, series: dict[str, Any]
) -> None:
    if "permuted" in series["pattern"]:
        monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", KEY)
    with plant(tmp_path, database_url, **series) as site:
        drawn = try_line(site)
        assert len(set(drawn)) == 5
        own = site.plant.series["controller-sn"].series
        assert all(own.parse(serial.removeprefix("TEST-")) for serial in drawn)
        assert all(serial.startswith("TEST-") for serial in drawn)
        assert [row[1] for row in counters_of(site)] == [-1]


def test_the_test_serials_of_a_permuted_series_tell_nothing_of_its_serials(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", KEY)
    with plant(tmp_path, database_url, pattern="P{permuted:8}") as site:
        tried = {serial.removeprefix("TEST-") for serial in try_line(site, quantity=50)}
        runs.open_run(site, order())
        assert tried.isdisjoint(issue(site, trigger("a", quantity=50)).serials)


def test_a_test_run_of_a_pool_counts_and_takes_nothing_from_it(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, pattern="AC{imported:4}") as site:
        assert try_line(site) == tuple(f"TEST-AC{number:04d}" for number in range(5))
        bring(site, listed(7, 8))
        assert try_line(site)[0] == "TEST-AC0005"
        assert counts(site) == (2, 0, 0)
        runs.open_run(site, order(quantity=2))
        assert issue(site, trigger("a", quantity=2)).serials == ("AC0007", "AC0008")


def test_a_test_run_whose_pool_is_at_its_limit_still_tries_the_line(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, pattern="{imported:5}", unguessable=True) as site:
        assert len(set(try_line(site, quantity=20))) == 20


def test_a_test_run_that_wants_more_than_the_series_has_is_refused(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, pattern="AC{counter:1}") as site:
        try_line(site)
        assert refused(partial(runs.open_run, site, order(mode=RunMode.TEST, quantity=5))) == (
            3003,
            "Series 'controller-sn' has 4 test numbers left, the run wants 5.",
            "Give the series a wider number in config.yaml.",
        )
        assert runs.open_run(site, order(quantity=9))["mode"] == "production"


def test_a_series_that_was_only_tried_may_be_changed_without_a_word(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, pattern="A{counter:4}") as site:
        try_line(site)
    with plant(tmp_path, database_url, pattern="B{counter:4}") as site:
        assert try_line(site)[0] == "TEST-B0006"
        runs.open_run(site, order())
        assert issue(site, trigger("a")).serials == ("B0001",)
        runs.close_run(site, 3)
    with plant(tmp_path, database_url, pattern="C{counter:4}") as site:
        assert refused(partial(runs.open_run, site, order(mode=RunMode.TEST)))[0] == 3004
    with plant(tmp_path, database_url, pattern="C{counter:4}", change="restart") as site:
        assert try_line(site)[0] == "TEST-C0001"


def test_a_step_that_the_tests_of_an_earlier_pattern_do_not_meet_goes_on_with_the_next_one(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, pattern="A{counter:4}") as site:
        try_line(site)
    with plant(tmp_path, database_url, pattern="A{counter:4,step=10}") as site:
        assert try_line(site)[0] == "TEST-A0011"
        runs.open_run(site, order())
        assert issue(site, trigger("a", quantity=2)).serials == ("A0001", "A0011")


def test_a_site_that_was_only_tried_may_change_its_scope(tmp_path: Path, database_url: str) -> None:
    folder = tmp_path / "site"
    with plants.opened(plants.write_site(folder, database=database_url)) as service:
        try_line(service.site)
        assert rows(service.site, schema.site_setting) == 0
    changed = plants.write_site(folder, database=database_url, site={"serial_scope": "product"})
    with plants.opened(changed) as service:
        try_line(service.site)
        runs.open_run(service.site, order())
        assert issue(service.site, trigger("a")).serials == (plants.FIRST,)
        assert rows(service.site, schema.site_setting) == 1


def test_a_line_has_one_open_run_whatever_it_is_for(site: Site) -> None:
    runs.open_run(site, order(mode=RunMode.TEST))
    assert refused(partial(runs.open_run, site, order())) == (
        2004,
        "Line 'line-1' takes one open run at a time, and run 1 is open.",
        "Close it first: POST /api/v1/runs/1/close.",
    )


def test_a_run_says_what_it_is_for_and_is_listed_by_it(site: Site) -> None:
    try_line(site)
    runs.open_run(site, order())

    def ids(**wanted: Any) -> list[int]:
        with site.store.read() as transaction:
            return [one["id"] for one in runs.list_runs(transaction, **wanted)]

    assert (run(site, 1)["mode"], run(site, 2)["mode"]) == ("test", "production")
    assert (ids(mode="test"), ids(mode="production"), ids()) == ([1], [2], [2, 1])
    assert ids(mode="test", state="open") == []
    with site.store.read() as transaction:
        found = transaction.execute(select(schema.event).where(schema.event.c.run_id == 1)).all()
    assert next((one.kind, one.detail) for one in found) == ("run_opened", {"mode": "test"})


def test_what_was_tried_is_not_among_what_was_issued(service: Service) -> None:
    site = service.site
    try_line(site)
    text = health.metrics_text(site).decode()
    assert "labeler_serials_issued_total 0.0" in text
    assert "labeler_test_serials_issued_total 5.0" in text
    with site.store.read() as transaction:
        [series] = catalogue.list_series(site, transaction)
        [version] = catalogue.show_series(site, transaction, "controller-sn")["versions"]
    about = ("issued", "used", "per_day", "next_serial", "is_pinned", "refusal")
    assert [series[name] for name in about] == [0, 0, 0.0, plants.FIRST, True, None]
    assert version["issued"] == 0


def test_check_says_that_a_test_serial_names_no_product(site: Site) -> None:
    try_line(site)
    said = f"'{TEST_FIRST}' is a test serial of run 1; it names no product."
    for where in ({}, {"run": 1}, {"product": "AC-100"}, {"line": "line-2"}):
        assert check(site, TEST_FIRST, **where) == ("test", said)
    assert check(site, f" {TEST_FIRST.lower()} ") == ("test", said)
    assert check(site, "]C10104012345000009" + f"21{TEST_FIRST}") == ("test", said)
    assert check(site, "TEST-AC26327") == (
        "never_issued",
        "'TEST-AC26327' is no test serial that was issued here.",
    )
    assert check(site, plants.FIRST)[0] == "never_issued"


@pytest.mark.parametrize(
    ("text", "kind", "position", "said"),
    [
        (f"{TEST_FIRST[:-1]}Z", "substitution", 18, "position 18 is 'Z' instead of 'K'"),
        (f"TE5T-{plants.FIRST}", "confusable", 3, "position 3 is '5' instead of 'S'"),
        (f"TEST {plants.FIRST}", "substitution", 5, "position 5 is ' ' instead of '-'"),
        (f"TEST{plants.FIRST}", "missing character", 5, "'-' is missing at position 5"),
        (f"{TEST_FIRST}0", "extra character", 19, "position 19, '0', is one too many"),
        (TEST_FIRST.replace("0", "O", 1), "confusable", 13, "position 13 is 'O' instead of '0'"),
    ],
)
def test_check_finds_the_test_serial_near_a_misread_one(
    site: Site, text: str, kind: str, position: int, said: str
) -> None:
    try_line(site)
    with site.store.read() as transaction:
        found = checking.check_text(site, transaction, text, expected=Expected())
    first = found["near"][0]
    assert (first["text"], first["kind"], first["position"]) == (TEST_FIRST, kind, position)
    assert (found["verdict"], found["sentence"]) == (
        "misread",
        (
            f"'{text}' is no test serial that was issued here; issued is '{TEST_FIRST}' by run 1 "
            f"(AC-100 on line-1): {said}."
        ),
    )


def test_check_of_a_test_serial_that_nobody_got_shows_what_is_near(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, pattern="AC{counter:4}") as site:
        runs.open_run(site, order(mode=RunMode.TEST))
        issue(site, trigger("a"))
        assert check(site, "TEST-AC0007") == (
            "never_issued",
            (
                "'TEST-AC0007' is no test serial that was issued here; issued is 'TEST-AC0001' by "
                "run 1 (AC-100 on line-1): position 11 is '7' instead of '1'."
            ),
        )
        assert check(site, "AC0001")[0] == "never_issued"


# No production serial can be a test serial


def test_a_pattern_that_could_begin_like_a_test_serial_is_refused(
    tmp_path: Path, database_url: str
) -> None:
    path = plants.write_site(
        tmp_path / "site",
        database=database_url,
        series={"controller-sn": {"pattern": "{run:lot:5}{counter:5}"}},
    )
    assert path.exists()
    wrong = {"own": "TEST-{counter:4}", "pool": "{imported:8:gs1_82}", "drawn": "{random:9:gs1_39}"}
    path = plants.write_site(
        tmp_path / "site", series={name: {"pattern": text} for name, text in wrong.items()}
    )
    said = refused(lambda: plants.opened(path).__enter__())
    assert said[0] == 9004
    problem = (
        "character 1: its serials could begin with 'TEST-', as only those of test runs do; write "
        "another literal in front."
    )
    for name, text in wrong.items():
        could = testing.could_begin_so(parse_pattern(text))
        assert (f"series.{name}.pattern: Pattern '{text}', {problem}" in said[1]) is could
    assert testing.could_begin_so(parse_pattern(wrong["pool"]))


def test_lint_points_at_a_tried_pattern_that_could_begin_like_a_test_serial(
    sqlite_site: Site,
) -> None:
    with sqlite_site.store.read() as transaction:
        found = linting.try_pattern(sqlite_site, transaction, Trial(pattern="TEST-{counter:4}"))
    assert [(one.severity, one.kind, one.position) for one in found] == [("error", "pattern", 1)]
    assert found[0].sentence.startswith("Pattern 'TEST-{counter:4}', character 1: its serials ")


_LITERAL = st.text(alphabet="TES-XA1", min_size=0, max_size=6)
_NUMBER = st.sampled_from(
    ["{counter:4}", "{random:7:gs1_82}", "{imported:6:gs1_82}", "{counter:6:alnum}", "{random:9}"]
)
_PART = st.sampled_from(["", "{run:lot:5}", "{date:%y%j}", "{run:product:3}"])


@given(first=_LITERAL, second=_LITERAL, part=_PART, number=_NUMBER, chance=st.randoms())
def test_what_is_not_refused_makes_no_text_that_begins_like_a_test_serial(
    first: str, second: str, part: str, number: str, chance: random.Random
) -> None:
    try:
        series = parse_pattern(f"{first}{part}{second}{number}")
    except SerialError:
        reject()
    places = [series.characters_at(place) for place in range(1, series.text_length + 1)]
    # The text nearest to a test serial that each place of it alone would admit.
    nearest = "".join(
        testing.PREFIX[at]
        if at < len(testing.PREFIX) and testing.PREFIX[at] in characters
        else chance.choice(characters)
        for at, characters in enumerate(places)
    )
    begins = nearest.startswith(testing.PREFIX)
    assert testing.could_begin_so(series) is begins
    if begins:
        with pytest.raises(PatternError) as caught:
            testing.require_apart(series)
        assert caught.value.position == 1
    else:
        testing.require_apart(series)


def test_a_series_whose_test_serials_would_be_too_long_cannot_be_tried(
    tmp_path: Path, database_url: str
) -> None:
    pattern = "A" * 55 + "{counter:5}"
    with plant(tmp_path, database_url, pattern=pattern) as site:
        assert refused(partial(runs.open_run, site, order(mode=RunMode.TEST))) == (
            2009,
            (
                "A test serial of series 'controller-sn' would have 65 characters: 'TEST-' and 60; "
                "expected 64 at most."
            ),
            "Nothing was opened. Test with another product, or give the series a shorter pattern.",
        )
        assert rows(site, schema.run) == 0
    shorter = {"pattern": "A" * 54 + "{counter:5}"}
    with plant(tmp_path, database_url, **shorter) as site:
        small = {"text": {"x_mm": 2, "y_mm": 2, "size_mm": 1.5, "text": "{serial}"}}
        plants.write_template(tmp_path / "site", elements=[small])
        assert {len(serial) for serial in try_line(site)} == {64}


# The labels of a test run say so


@pytest.mark.parametrize("language", ["zpl", "pdf", "png"])
def test_the_label_of_a_test_run_carries_a_mark_and_its_symbols_can_be_read(
    site: Site, language: str
) -> None:
    found = runs.open_run(site, order(mode=RunMode.TEST, lot="L42"))
    reply = issue(site, trigger("a"))
    assert found["mode"] == "test"
    assert reply.job is not None
    with site.store.read() as transaction:
        document = showing.job_document(site, transaction, reply.job, language=language)
    assert scan(picture(language, document.content)) == [("Code 128", TEST_FIRST)]
    if language == "zpl":
        assert document.content.count(b"^FDTEST^FS") == 2, "bold is the same text twice"
    if language == "pdf":
        assert "TEST" in " ".join(words(document.content)).split()


def words(document: bytes) -> list[str]:
    """Return the lines of text on the first page of a PDF file."""
    page = pypdfium2.PdfDocument(document)[0]
    return [line.strip() for line in page.get_textpage().get_text_bounded().splitlines()]


def unmarkable(size_mm: float) -> Callable[[], list[dict[str, Any]]]:
    """Return elements that leave no row of the label free."""
    height = round(40 / size_mm)
    return lambda: [
        {"text": {"x_mm": 0, "y_mm": row * size_mm, "size_mm": size_mm, "text": "8" * 60}}
        for row in range(height)
    ]


def test_a_label_without_a_place_for_the_mark_refuses_the_test_run_only(
    site: Site, tmp_path: Path
) -> None:
    plants.write_template(tmp_path / "site", elements=unmarkable(2.5)())
    assert refused(partial(runs.open_run, site, order(mode=RunMode.TEST))) == (
        4001,
        (
            "Label 'unit-label' has no free place for the mark TEST: expected one of 7.2 x 3.5 mm "
            "at least, 1 mm from its edges; move its elements together or make one smaller."
        ),
        "Correct the template or the order; nothing was opened.",
    )
    assert (rows(site, schema.run), rows(site, schema.series_version)) == (0, 0)
    assert runs.open_run(site, order())["mode"] == "production"


def test_a_label_on_which_a_longer_serial_runs_into_something_refuses_the_test_run(
    site: Site, tmp_path: Path
) -> None:
    bars = {"symbology": "code128", "data": "{serial}", "x_dimension_mm": 0.25, "height_mm": 9}
    elements = [
        {"barcode": {"x_mm": 4, "y_mm": 19, **bars}},
        {"line": {"x_mm": 48, "y_mm": 2, "length_mm": 36, "direction": "vertical"}},
    ]
    plants.write_template(tmp_path / "site", elements=elements)
    number, sentence, _ = refused(partial(runs.open_run, site, order(mode=RunMode.TEST)))
    assert (number, sentence) == (
        4001,
        (
            "Label 'unit-label': its code128 symbol becomes 50.0 x 9.0 mm large with a text like "
            "'TEST-AC0000000000W' and runs into its box or line: expected both apart; move one "
            "away, or make x_dimension_mm smaller."
        ),
    )
    assert runs.open_run(site, order())["mode"] == "production"


def test_a_test_run_is_refused_without_a_trace(site: Site, tmp_path: Path) -> None:
    plants.write_template(tmp_path / "site", elements=unmarkable(2.5)())
    for _ in range(2):
        with pytest.raises(Refusal):
            runs.open_run(site, order(mode=RunMode.TEST))
    assert [rows(site, table) for table in (schema.run, schema.event, schema.site_setting)] == [
        0
    ] * 3

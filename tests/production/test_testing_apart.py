"""No serial of production can be a test serial, and each test serial fits into its place."""

import random
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from labeler.production import (
    linting,
    runs,
    testing,
)
from labeler.production.linting import Trial
from labeler.production.site import Site
from labeler.serials import PatternError, SerialError, parse_pattern
from labeler.store import schema
from labeler.units import RunMode
from tests import plants
from tests.plants import order
from tests.production.record import refused, rows
from tests.production.trying import plant, try_line


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

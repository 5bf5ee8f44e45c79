"""A template's file is a draft until somebody, or a run, releases it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import Refusal
from labeler.production import issuing, runs, template_releases
from labeler.production.site import Site
from labeler.store import schema
from labeler.store.schema_templates import template_release
from labeler.units import RunMode
from tests import plants
from tests.plants import order, trigger
from tests.production.record import at_once, refused, rows, run
from tests.production.releasing import NAME, REQUIRED, release, releases, versions

SMALLER: dict[str, Any] = {"media": {"width_mm": 60, "height_mm": 40}}
TOO_LARGE: dict[str, Any] = {"media": {"width_mm": 80, "height_mm": 40}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the site's folder."""
    return tmp_path / "site"


@pytest.fixture
def strict(folder: Path, database_url: str, clock: plants.Clock) -> Iterator[Site]:
    """Return a site that prints released templates only."""
    path = plants.write_site(folder, database=database_url, **REQUIRED)
    with plants.opened(path, clock=clock) as service:
        yield service.site


def pinned(found: dict[str, Any]) -> tuple[int, str]:
    return found["template_version"], found["template_state"]


def shown_width(site: Site, run_id: int) -> float:
    with site.store.read() as transaction:
        return site.pinned(transaction, run_id).template.width_mm


def test_a_run_that_opens_releases_what_it_pins_and_the_record_says_so(
    site: Site, folder: Path, clock: plants.Clock
) -> None:
    assert pinned(runs.open_run(site, order())) == (1, "released")
    assert pinned(runs.open_run(site, order(line="line-2"))) == (1, "released")
    assert releases(site) == [(1, 1, "http", True)]
    plants.write_template(folder, **SMALLER)
    clock.go_on(hours=1)
    runs.close_run(site, 1)
    assert pinned(runs.open_run(site, order())) == (2, "released")
    assert releases(site) == [(1, 1, "http", True), (2, 2, "http", True)]
    assert [one["is_newest_release"] for one in versions(site)] == [True, False]


def test_a_run_that_goes_back_to_an_earlier_content_releases_that_version_again(
    site: Site, folder: Path
) -> None:
    for changes in ({}, SMALLER, {}):
        plants.write_template(folder, **changes)
        runs.close_run(site, runs.open_run(site, order())["id"])
    assert [release[1] for release in releases(site)] == [1, 2, 1]
    assert [one["is_newest_release"] for one in versions(site)] == [False, True]
    assert [[one["number"] for one in v["releases"]] for v in versions(site)] == [[2], [1, 3]]


def test_a_test_run_takes_the_draft_and_releases_nothing(site: Site, folder: Path) -> None:
    test = order(mode=RunMode.TEST)
    assert pinned(runs.open_run(site, test)) == (1, "draft")
    assert releases(site) == []
    assert [(one["version"], one["state"]) for one in versions(site)] == [(1, "draft")]
    release(site)
    assert pinned(runs.open_run(site, order(mode=RunMode.TEST, line="line-2"))) == (1, "released")
    assert pinned(run(site, 1)) == (1, "draft")  # that was true when it opened
    plants.write_template(folder, **SMALLER)
    runs.close_run(site, 2)
    assert pinned(runs.open_run(site, order(mode=RunMode.TEST, line="line-2"))) == (2, "draft")


def test_a_run_without_a_release_is_refused_where_one_is_required(strict: Site) -> None:
    assert refused(partial(runs.open_run, strict, order())) == (
        2010,
        "Template 'unit-label' has no release, and this site prints released templates only.",
        (
            "Look at it, then release it: labeler template release unit-label --by NAME. "
            "A test run takes the draft."
        ),
    )
    assert (rows(strict, schema.run), rows(strict, schema.template_version)) == (0, 0)
    assert pinned(runs.open_run(strict, order(mode=RunMode.TEST))) == (1, "draft")
    runs.close_run(strict, 1)
    assert refused(partial(runs.open_run, strict, order()))[0] == 2010
    release(strict)
    assert pinned(runs.open_run(strict, order())) == (1, "released")
    assert releases(strict) == [(1, 1, "mk", False)]


def test_a_run_prints_the_newest_release_whatever_the_file_says(strict: Site, folder: Path) -> None:
    release(strict)
    plants.write_template(folder, **SMALLER)
    assert pinned(runs.open_run(strict, order())) == (1, "released")
    assert shown_width(strict, 1) == 70
    release(strict)
    assert pinned(runs.open_run(strict, order(line="line-2"))) == (2, "released")
    assert (shown_width(strict, 1), shown_width(strict, 2)) == (70, 60)
    issuing.issue_labels(strict, trigger("k1"))


def test_a_draft_that_is_wrong_stops_neither_service_nor_run_where_releases_are_required(
    folder: Path, database_url: str
) -> None:
    path = plants.write_site(folder, database=database_url, **REQUIRED)
    with plants.opened(path) as service:
        release(service.site)
    (folder / "templates/unit-label.yaml").write_text("label: [")
    with plants.opened(path) as service:
        assert pinned(runs.open_run(service.site, order())) == (1, "released")
    (folder / "templates/unit-label.yaml").unlink()
    with plants.opened(path) as service:
        assert pinned(runs.open_run(service.site, order(line="line-2"))) == (1, "released")


def test_a_release_says_who_when_and_why_and_what(site: Site, clock: plants.Clock) -> None:
    content = site.plant.folder.text(NAME)
    found = release(site, comment="as QA asked")
    said = {
        "number": 1,
        "released_at": plants.NOON,
        "released_by": "mk",
        "channel": "http",
        "comment": "as QA asked",
        "implicit": False,
    }
    assert found == {
        "template": NAME,
        "version": 1,
        "digest": plants.TEMPLATE_DIGEST,
        "state": "released",
        "is_newest_release": True,
        "created_at": plants.NOON,
        "releases": [said],
        "content": content,
    }
    clock.go_on(days=1)
    assert refused(partial(release, site, "jo")) == (
        4004,
        (
            "Template 'unit-label' as it is now was released as version 1 by mk at "
            "2026-11-23 12:00:00 UTC."
        ),
        "Nothing needs releasing.",
    )
    assert releases(site) == [(1, 1, "mk", False)]


def test_somebody_may_put_their_name_to_what_a_run_released(site: Site) -> None:
    runs.open_run(site, order())
    release(site)
    assert releases(site) == [(1, 1, "http", True), (2, 1, "mk", False)]
    assert pinned(runs.open_run(site, order(line="line-2"))) == (1, "released")
    assert rows(site, template_release) == 2


def test_an_earlier_content_may_be_released_again(site: Site, folder: Path) -> None:
    release(site)
    plants.write_template(folder, **SMALLER)
    release(site)
    plants.write_template(folder)
    assert release(site, "jo")["version"] == 1
    assert releases(site) == [(1, 1, "mk", False), (2, 2, "mk", False), (3, 1, "jo", False)]


def test_a_template_with_errors_is_not_released(site: Site, folder: Path) -> None:
    plants.write_template(folder, **TOO_LARGE)
    with pytest.raises(Refusal) as caught:
        release(site)
    sentence = (
        "Line 'line-1', product 'AC-100': Template 'unit-label' is 80 x 40 mm, the media of "
        "printer 'zebra-1' 70 x 40 mm."
    )
    assert (caught.value.kind.number, caught.value.sentence, caught.value.hint) == (
        4005,
        sentence,
        "Correct the template; look at it with labeler template lint unit-label.",
    )
    assert [one["sentence"] for one in caught.value.extra["findings"]] == [sentence]
    (folder / "templates/unit-label.yaml").write_text("label: unit-label\nmedia: {}\n")
    with pytest.raises(Refusal) as caught:
        release(site)
    lines = [(one["line"], one["kind"]) for one in caught.value.extra["findings"]]
    assert (caught.value.kind.number, lines) == (
        4005,
        [(2, "unreadable"), (2, "unreadable"), (1, "unreadable")],
    )
    assert rows(site, schema.template_version) == rows(site, template_release) == 0


def test_a_template_without_a_file_is_not_released(site: Site, folder: Path) -> None:
    (folder / "templates/unit-label.yaml").unlink()
    assert refused(partial(release, site)) == (
        4002,
        "There is no template 'unit-label'.",
        "Known: none.",
    )


def test_two_releases_of_one_content_at_one_moment_are_one_and_a_refusal(site: Site) -> None:
    outcomes = at_once([partial(release, site, name) for name in ("mk", "jo", "al", "bo")])
    done = [one for one in outcomes if not isinstance(one, Refusal)]
    assert [one["version"] for one in done] == [1]
    assert [one.kind.number for one in outcomes if isinstance(one, Refusal)] == [4004] * 3
    assert rows(site, template_release) == rows(site, schema.template_version) == 1


def test_releases_of_processes_at_one_moment_have_numbers_of_their_own(
    folder: Path, postgres_url: str
) -> None:
    path = plants.write_site(folder, database=postgres_url)
    with plants.together(path, 3) as services:
        sites = [service.site for service in services]
        for round_ in range(4):
            plants.write_template(folder, media={"width_mm": 60 + round_, "height_mm": 40})
            works: list[Any] = [partial(release, one) for one in sites]
            works.append(partial(runs.open_run, sites[0], order(line="line-2")))
            outcomes = at_once(works)
            assert {one.kind.number for one in outcomes if isinstance(one, Refusal)} <= {4004, 2004}
            assert len([one for one in outcomes[:3] if not isinstance(one, Refusal)]) == 1
        found = releases(sites[0])
        assert [number for number, _, _, _ in found] == list(range(1, len(found) + 1))
        assert [by for _, _, by, implicit in found if not implicit] == ["mk"] * 4
        assert [one["version"] for one in versions(sites[0])] == [4, 3, 2, 1]


def test_a_version_shows_its_content_for_ever(site: Site, folder: Path) -> None:
    first = release(site)
    plants.write_template(folder, **SMALLER)
    release(site)
    with site.store.read() as transaction:
        shown = template_releases.show_version(transaction, NAME, 1)
        assert shown == {**first, "is_newest_release": False}
        for name, version, refusal in (
            (NAME, 3, (4003, "Template 'unit-label' has versions 1 to 2, not 3.")),
            ("none", 1, (4002, "Template 'none' has no version yet.")),
        ):
            work = partial(template_releases.show_version, transaction, name, version)
            assert refused(work)[:2] == refusal

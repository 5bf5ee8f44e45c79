"""How many serials a run issued in each hour, found without counting its units."""

from datetime import timedelta
from functools import partial

from labeler.production import run_hours, runs
from labeler.production.site import Site
from tests import plants
from tests.plants import order, trigger
from tests.production.record import issue, refused


def counts(site: Site, run_id: int) -> tuple[int, list[int]]:
    with site.store.read() as transaction:
        found = run_hours.hours(site, transaction, run_id)
    return found["step_h"], [one["count"] for one in found["steps"]]


def test_hours_of_a_run_count_what_each_issued_and_add_up(site: Site, clock: plants.Clock) -> None:
    run_id = runs.open_run(site, order(quantity=100))["id"]
    issue(site, trigger("a", quantity=3))
    clock.go_on(hours=1)
    issue(site, trigger("b", quantity=5))
    clock.go_on(hours=2)
    issue(site, trigger("c", quantity=1))
    assert counts(site, run_id) == (1, [3, 5, 0, 1])


def test_hours_of_a_run_of_days_are_longer_steps(site: Site, clock: plants.Clock) -> None:
    run_id = runs.open_run(site, order(quantity=100))["id"]
    issue(site, trigger("a", quantity=3))
    clock.now += timedelta(days=10)
    issue(site, trigger("b", quantity=2))
    step_h, found = counts(site, run_id)
    assert (step_h, len(found), found[0], sum(found)) == (4, 61, 3, 5)


def test_hours_of_an_unknown_run_are_refused(site: Site) -> None:
    number, sentence, _ = refused(partial(counts, site, 9))
    assert (number, sentence) == (2003, "There is no run 9.")

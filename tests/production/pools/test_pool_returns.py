"""Numbers of a pool that go back to whom they came from."""

from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from labeler.errors import Refusal
from labeler.production import pool_returns, runs
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production.pooling import bring, counts, findings, give_back, listed
from tests.production.record import at_once, issue, refusal, refused, rows


def test_numbers_that_were_returned_are_listed_and_never_issued(site: Site) -> None:
    bring(site, listed(*range(1000)))
    runs.open_run(site, order())
    issue(site, trigger("a", quantity=2))
    found = give_back(site, count=500)
    assert found == {
        "id": 1,
        "series": "controller-sn",
        "state": "done",
        "arguments": "count=500",
        "count": 500,
        "reason": "order canceled",
        "channel": "http",
        "operator": "mk",
        "started_at": plants.NOON,
        "finished_at": plants.NOON,
        "replayed": False,
    }
    assert list(pool_returns.export(site, 1)) == [f"AC{n:04d}" for n in range(500, 1000)]
    assert counts(site) == (498, 2, 500)
    assert give_back(site, count=500) == {**found, "replayed": True}
    assert refused(lambda: give_back(site, count=5)) == (
        1008,
        (
            "Idempotency-Key 'r' of pool 'controller-sn' was used to return count=500, now for "
            "count=5."
        ),
        "Send the same arguments for a retry, or a new key for a new return.",
    )
    assert give_back(site, key="s")["count"] == 498
    assert refusal(site, trigger("b"))[0] == 3006
    assert counts(site) == (0, 2, 998)


def test_a_range_is_returned_without_what_was_issued_of_it(site: Site) -> None:
    bring(site, listed(*range(10)))
    runs.open_run(site, order())
    issue(site, trigger("a", quantity=3))
    assert give_back(site, first="AC0001", last="AC0004")["count"] == 2
    assert list(pool_returns.export(site, 1)) == ["AC0003", "AC0004"]
    assert issue(site, trigger("b", quantity=1)).serials == ("AC0005",)


def test_a_large_range_is_returned_in_several_steps(site: Site) -> None:
    bring(site, listed(*range(1000)))
    assert give_back(site, first="AC0100", last="AC0899")["count"] == 800
    assert counts(site) == (200, 0, 800)


def test_what_cannot_be_returned_is_refused(site: Site) -> None:
    assert refused(lambda: give_back(site))[:2] == (
        3006,
        "The pool of series 'controller-sn' has 0 numbers left, all are to be returned.",
    )
    bring(site, listed(*range(10)))
    assert refused(lambda: give_back(site, count=11)) == (
        3006,
        "The pool of series 'controller-sn' has 10 numbers left, 11 are to be returned.",
        "Nothing was returned. Ask for fewer: labeler pool status says how many wait.",
    )
    assert refused(lambda: give_back(site, first="AC0003", last="AC0099")) == (
        3015,
        "Number 'AC0099' is not in the pool of series 'controller-sn'.",
        "Nothing was returned. Name numbers that were imported and not returned.",
    )
    assert refused(lambda: give_back(site, first="AC0003", last="AC0001")) == (
        3015,
        "Number 'AC0001' comes before 'AC0003' in the pool of series 'controller-sn'.",
        "Nothing was returned. Exchange them: a range is in the order of the import.",
    )
    assert rows(site, schema.pool_return) == 0
    with site.store.read() as transaction:
        assert refused(lambda: pool_returns.show(transaction, "controller-sn", 1)) == (
            3014,
            "Pool 'controller-sn' has no return 1.",
            "List them: GET /api/v1/pools/controller-sn, or labeler pool status controller-sn.",
        )


def test_a_number_that_was_returned_comes_again_only_by_an_explicit_word(site: Site) -> None:
    bring(site, listed(1, 2))
    give_back(site, count=1)
    _, extra = findings(site, listed(2), key="b")
    assert extra["doubles"]["first"][0]["sentence"] == (
        "Number 'AC0002' was returned to whom it came from; to import it all the same, say so: "
        "again."
    )
    assert bring(site, listed(2), key="b", again=True)["count"] == 1
    assert counts(site) == (2, 0, 1)
    assert findings(site, listed(2), key="c", again=True)[1]["doubles"]["count"] == 1
    assert list(pool_returns.export(site, 1)) == ["AC0002"]


def test_a_return_that_a_crash_cut_goes_on_with_the_same_key(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(site, listed(*range(1000)))
    write, steps = site.store.write, iter(range(3))

    def failing(verb: Any, **options: Any) -> Any:
        if next(steps, None) is None:
            raise ZeroDivisionError
        return write(verb, **options)

    with monkeypatch.context() as patch, suppress(ZeroDivisionError):
        patch.setattr(site.store, "write", failing)
        give_back(site, count=700)
    with site.store.read() as transaction:
        open_one = pool_returns.show(transaction, "controller-sn", 1)
    assert (open_one["state"], open_one["count"]) == ("open", 400)
    assert counts(site) == (600, 0, 400)
    assert give_back(site, count=700)["count"] == 700
    assert counts(site) == (300, 0, 700)


def test_numbers_are_issued_or_returned_never_both(site: Site) -> None:
    bring(site, listed(*range(600)))
    runs.open_run(site, order(quantity=600))
    works: list[Any] = [partial(issue, site, trigger(f"t{n}", quantity=5)) for n in range(40)]
    works.append(partial(give_back, site))
    outcomes = at_once(works)
    issued = [s for one in outcomes[:-1] if not isinstance(one, Refusal) for s in one.serials]
    back = list(pool_returns.export(site, 1))
    assert sorted([*issued, *back]) == [f"AC{number:04d}" for number in range(600)]
    assert counts(site) == (0, len(issued), len(back))

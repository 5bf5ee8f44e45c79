"""What became of a range of serials: the database's counts against a plain count in Python."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, get_args

import pytest
from sqlalchemy import insert

from labeler.production import runs
from labeler.production.quality import ranges, spans
from labeler.production.quality.ranges import Kind
from labeler.production.quality.spans import Span
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.store.schema_quality import verification
from labeler.units import LabelState, UnitState
from tests import plants
from tests.plants import order
from tests.production.record import refused, serials
from tests.production.verified import verify

UNITS = 400
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 10))]
OUT = {"sent", "buffered", "printed", "verified", "doubtful"}
GONE = {"label_scrapped", "destroyed", "voided"}


class Plain:
    """Units, their labels and which of them are verified, as Python has them."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        own = serials(1, UNITS)
        numbers = sorted(chance.sample(range(1, UNITS + 1), UNITS * 3 // 4))
        states = [str(one) for one in UnitState]
        kinds = [str(one) for one in LabelState]
        self.units: list[dict[str, Any]] = [
            {
                "id": number,
                "serial": own[number - 1],
                "run_id": chance.choice([1, 2]),
                "position": number,
                "counter": number,
                "state": chance.choice(states),
                "labels": chance.choices(kinds, k=chance.randrange(4)),
                "archived": chance.random() < 0.2,
                "ok": chance.random() < 0.5,
            }
            for number in numbers
        ]

    def write(self, transaction: Transaction) -> None:
        job = {"printer": "p", "state": "completed", "label_count": 1, "created_at": plants.NOON}
        for job_id, purpose in ((1, "print"), (2, "archive")):
            row = {**job, "id": job_id, "run_id": 1, "purpose": purpose}
            transaction.execute(insert(schema.job).values(**row))
        place = 0
        for unit in self.units:
            row = {name: unit[name] for name in unit if name not in ("labels", "archived", "ok")}
            row |= {"scope": "", "allocated_at": plants.NOON}
            transaction.execute(insert(schema.unit).values(**row))
            labels = [(1, state) for state in unit["labels"]]
            labels += [(2, "printed")] if unit["archived"] else []
            for job_id, state in labels:
                place += 1
                label = {"id": place, "job_id": job_id, "unit_id": unit["id"], "printer": "p"}
                label |= {"position": place, "state": state}
                transaction.execute(insert(schema.label).values(**label))
            if unit["ok"]:
                transaction.execute(insert(verification).values(**self.ok(unit)))

    @staticmethod
    def ok(unit: dict[str, Any]) -> dict[str, Any]:
        return {
            "at": plants.NOON, "text": unit["serial"], "serial": unit["serial"], "verdict": "ok",
            "unit_id": unit["id"], "sentence": "", "details": {}, "operator": "mk",
            "station": "qa", "run_id": unit["run_id"], "channel": "http",
            "key": f"o{unit['id']}", "arguments": "",
        }  # fmt: skip

    def of(self, **wanted: Any) -> dict[str, list[str]]:
        """Return of units with these values the serials of each kind."""
        own = [u for u in self.units if all(u[name] == value for name, value in wanted.items())]
        return self.kinds(own)

    @staticmethod
    def kinds(own: list[dict[str, Any]]) -> dict[str, list[str]]:
        def those(meets: Any) -> list[str]:
            return [unit["serial"] for unit in own if meets(unit)]

        def out(unit: dict[str, Any]) -> int:
            return sum(state in OUT for state in unit["labels"])

        return {
            "issued": those(lambda u: True),
            "encoded": those(lambda u: u["state"] == "encoded"),
            "commissioned": those(lambda u: u["state"] in ("commissioned", "inactive", "released")),
            "sampled": those(lambda u: u["state"] in ("sampled", "label_sampled")),
            "destroyed": those(lambda u: u["state"] == "destroyed"),
            "scrapped": those(lambda u: u["state"] == "label_scrapped"),
            "voided": those(lambda u: u["state"] == "voided"),
            "unused": those(lambda u: u["state"] in ("allocated", "leased")),
            "doubles": those(lambda u: out(u) > 1),
            "unlabelled": those(lambda u: u["state"] not in GONE and not out(u)),
            "unverified": those(lambda u: out(u) > 0 and not u["ok"]),
        }


@contextmanager
def asked(site: Site, **given: Any) -> Iterator[tuple[Transaction, Span]]:
    """Give the span of a run, or of the plant's series from one serial to another."""
    with site.store.read() as transaction:
        if "run" in given:
            yield transaction, spans.of_run(transaction, given["run"])
        else:
            yield transaction, spans.of_series(site, transaction, "controller-sn", **given)


def listed(site: Site, kind: Any, **given: Any) -> list[dict[str, Any]]:
    """Return all pages of a list, seven rows each."""
    found: list[dict[str, Any]] = []
    with asked(site, **given) as (transaction, span):
        after = None
        while True:
            page = ranges.list_serials(transaction, span, kind, after=after, limit=7)
            found += page
            if len(page) < 7:
                return found
            after = page[-1]["cursor"]


def counted(site: Site, **given: Any) -> dict[str, Any]:
    with asked(site, **given) as (transaction, span):
        return ranges.count(transaction, span)


def fill(site: Site, seed: int) -> Plain:
    runs.open_run(site, order(quantity=UNITS))
    runs.open_run(site, order(line="line-2", quantity=UNITS))
    plain = Plain(seed)
    site.store.write(plain.write)
    return plain


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_and_lists_of_a_run_are_those_of_a_plain_count(site: Site, seed: int) -> None:
    plain = fill(site, seed)
    for run in (1, 2):
        expected = plain.of(run_id=run)
        found = counted(site, run=run)
        last = max(unit["position"] for unit in plain.units if unit["run_id"] == run)
        assert found == {
            **{kind: len(own) for kind, own in expected.items()},
            "gaps": last - len(expected["issued"]),
            "strangers": 0,
            "states": dict(Counter(unit["state"] for unit in plain.units if unit["run_id"] == run)),
        }
        for kind, own in expected.items():
            assert [one["serial"] for one in listed(site, kind, run=run)] == own
        missing = listed(site, "gaps", run=run)
        assert (
            sum(one["last_missing"] - one["first_missing"] + 1 for one in missing)
            == (found["gaps"])
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_and_lists_of_a_series_are_those_of_a_plain_count(site: Site, seed: int) -> None:
    plain = fill(site, seed)
    own = serials(1, UNITS)
    given = {"first": own[49], "last": own[299]}
    inside = [unit for unit in plain.units if 50 <= unit["counter"] <= 300]
    numbers = [unit["counter"] for unit in inside]
    expected = plain.kinds(inside)
    found = counted(site, **given)
    assert found == {
        **{kind: len(serials_) for kind, serials_ in expected.items()},
        "gaps": numbers[-1] - numbers[0] + 1 - len(numbers),
        "strangers": 0,
        "states": dict(Counter(unit["state"] for unit in inside)),
    }
    for kind, serials_ in expected.items():
        assert [one["serial"] for one in listed(site, kind, **given)] == serials_
    missing = listed(site, "gaps", **given)
    skipped = {n for one in missing for n in range(one["first_missing"], one["last_missing"] + 1)}
    assert skipped == set(range(numbers[0], numbers[-1])) - set(numbers)


def test_strangers_are_scans_of_serials_of_the_form_that_nobody_issued(site: Site) -> None:
    runs.open_run(site, order())
    stranger, other = serials(7), serials(900)
    verify(site, stranger[0])
    verify(site, other[0], run=1)
    verify(site, "SN-1")
    verify(site, stranger[0])
    assert counted(site, run=1)["strangers"] == 3
    found = listed(site, "strangers", run=1)
    assert [(one["verification"], one["serial"]) for one in found] == [
        (1, stranger[0]), (2, other[0]), (4, stranger[0])
    ]  # fmt: skip
    given = {"first": serials(1)[0], "last": serials(10)[0]}
    assert counted(site, **given)["strangers"] == 2
    assert [one["verification"] for one in listed(site, "strangers", **given)] == [1, 4]


def test_a_range_without_units_is_nothing(site: Site) -> None:
    runs.open_run(site, order())
    nothing: dict[str, Any] = dict.fromkeys(get_args(Kind), 0)
    first, last = serials(1, 2)
    assert counted(site, run=1) == {**nothing, "states": {}}
    assert counted(site, first=first, last=last) == {**nothing, "states": {}}


def test_a_range_that_is_none_is_refused(site: Site) -> None:
    runs.open_run(site, order())
    first, last = serials(1, 2)
    assert refused(partial(counted, site, first=last, last=first)) == (
        6005,
        f"The range goes from '{last}' to '{first}', which stands before it.",
        "Turn them round.",
    )
    number, _, hint = refused(partial(counted, site, first=first, last="SN-1"))
    assert (number, hint) == (6005, "Give two serials of series 'controller-sn'.")
    assert refused(partial(counted, site, run=9))[0] == 2003
    with asked(site, run=1) as (transaction, span):
        page = partial(ranges.list_serials, transaction, span, "issued", limit=1)
        assert refused(lambda: page(after="x"))[0] == 1002
        unknown = partial(spans.of_series, site, transaction, "none", first=first, last=last)
        assert refused(unknown)[0] == 3008

"""Identifiers of a unit: one transaction allocates its serial and all of them, or nothing."""

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from labeler.errors import Refusal
from labeler.production import issuing, runs
from labeler.production.booking import Reply
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production import carriers
from tests.production.carriers import FIRST, OPEN, SECOND
from tests.production.pooling import POOL, bring, counts, macs
from tests.production.record import at_once, issue, refusal, refused, rows, run


def test_issue_label_gives_a_unit_all_its_identifiers(tmp_path: Path, database_url: str) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        runs.open_run(site, order())
        reply = issue(site, trigger("k1", quantity=2))
        assert reply == Reply(
            serials=("AC00001", "AC00002"),
            run=1,
            job=1,
            identifiers=(FIRST, SECOND),
            replayed=False,
        )
        found = {(unit, name): text for unit, name, text in carriers.recorded(site)}
        for unit, own in ((1, FIRST), (2, SECOND)):
            assert {name: found[unit, name] for name in OPEN} == own
            assert str(found[unit, "unlock"]).startswith("U-")
        assert carriers.counters(site) == {
            "controller-sn": 3,
            "imei-tac": 3,
            "mac-block": 5,
            "unlock-code": 2,
        }


def test_issue_label_again_replies_with_the_same_identifiers(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        runs.open_run(service.site, order())
        first = issue(service.site, trigger("k1"))
        issue(service.site, trigger("k2"))
        again = issue(service.site, trigger("k1"))
    with plants.opened(tmp_path / "config.yaml") as service:
        assert issue(service.site, trigger("k1")) == again
    assert (again.identifiers, again.replayed) == (first.identifiers, True)
    assert first.identifiers == (FIRST,)


def test_issue_labels_of_one_key_at_once_is_one_unit(tmp_path: Path, database_url: str) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        runs.open_run(service.site, order())
        outcomes = at_once([partial(issue, service.site, trigger("k1"))] * 8)
        assert {str(one.identifiers) for one in outcomes} == {str((FIRST,))}
        assert rows(service.site, schema.unit_identifier) == 4


def test_issue_label_of_a_product_without_identifiers_says_nothing_of_them(site: Site) -> None:
    runs.open_run(site, order())
    assert issue(site, trigger("k1")).identifiers == ()
    assert issue(site, trigger("k1")).identifiers == ()
    assert rows(site, schema.unit_identifier) == 0


def test_issue_label_from_an_empty_pool_allocates_nothing(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url, series=POOL) as service:
        site = service.site
        macs(site, "02AB00000001", "02AB00000002", "02AB00000003", "02AB00000004")
        runs.open_run(site, order(quantity=2))
        runs.open_run(site, order(line="line-2", quantity=2))
        issue(site, trigger("k1"))
        before = carriers.counters(site), carriers.recorded(site)
        assert refusal(site, trigger("k2", line="line-2", quantity=2)) == (
            3006,
            "The pool of series 'mac-block' has 2 numbers left, 4 are wanted.",
            "Import more: labeler pool import mac-block FILE.",
        )
        assert (carriers.counters(site), carriers.recorded(site)) == before
        assert rows(site, schema.unit) == 1
        assert counts(site) == (2, 2, 0)
        assert issue(site, trigger("k3")).identifiers == (SECOND,)
        assert counts(site) == (0, 4, 0)


def test_a_trigger_that_finds_the_pool_empty_leaves_its_numbers_to_the_next_of_the_batch(
    tmp_path: Path, database_url: str
) -> None:
    series = {"controller-sn": {"pattern": "AC{imported:2}"}, "mac-block": SERIES_OF_THREE}
    with carriers.opened(tmp_path, database_url, series=series, identifiers=OPEN) as service:
        site = service.site
        bring(site, b"AC01\nAC02\nAC03\n")
        runs.open_run(site, order(quantity=1))
        site.store.write(lambda t: t.execute(update(schema.run).values(quantity=9)))
        wanted = [(site, trigger("k1", quantity=3)), (site, trigger("k2"))]
        first, second = site.store.write(lambda t: issuing._issue(t, wanted))
        assert isinstance(first, Refusal)
        assert isinstance(second, Reply)
        assert (first.kind.number, second.serials) == (3003, ("AC01",))


SERIES_OF_THREE = {"pattern": "02AB{counter:1:digits,start=5}"}
"""Five numbers: two units and a half."""


def test_issue_label_that_cannot_be_printed_allocates_no_identifier(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url, series=POOL, identifiers=OPEN) as service:
        site = service.site
        data = {"symbology": "code128", "data": "{identifiers.mac_2}", "x_dimension_mm": 0.375}
        wide = {"x_mm": 20, "y_mm": 20, "height_mm": 8, **data}
        plants.write_template(tmp_path, elements=[{"barcode": wide}])
        macs(site, "020000000001", "020000000002", "020000000003", "02ABCDEFABCD")
        runs.open_run(site, order(quantity=2))
        issue(site, trigger("k1"))  # twelve digits take less room than letters
        before = carriers.counters(site), carriers.recorded(site)
        assert refusal(site, trigger("k2")) == (
            4001,
            (
                "The code128 symbol of '02ABCDEFABCD' is 167 modules of 3 dots wide: expected 133 "
                "modules at most up to the label's edge; shorten the data, move the symbol or make "
                "x_dimension_mm smaller."
            ),
            "Nothing was issued. Correct the template.",
        )
        assert (carriers.counters(site), carriers.recorded(site)) == before
        assert counts(site) == (2, 2, 0)


def test_issue_label_whose_identifier_exists_is_refused(tmp_path: Path, database_url: str) -> None:
    other = {"name": "B", "series": "other-sn", "template": "unit-label", "identifiers": OTHER}
    with carriers.opened(
        tmp_path,
        database_url,
        series={
            "other-sn": {"pattern": "B{counter:3}"},
            "mac-2": {"pattern": "02AC{counter:8:hex}"},
        },
        identifiers={"mac_1": "mac-block"},
        products={"B": other},
    ) as service:
        site = service.site
        runs.open_run(site, order())
        runs.open_run(site, order(product="B", line="line-2"))
        issue(site, trigger("k1", quantity=5))
        site.store.write(  # no two series that may run can make one text: only a hand can
            lambda transaction: transaction.run_sql(
                "UPDATE unit_identifier SET text = ? WHERE text = ?",
                ("02AC00000002", "02AB00000002"),
            )
        )
        assert refusal(site, trigger("k1", line="line-2", quantity=2)) == (
            3002,
            "An identifier of the units 'B001' to 'B002' exists already.",
            "Two series make the same text. Give one of them another literal.",
        )
        assert (rows(site, schema.unit), run(site, 2)["issued"]) == (5, 0)
        assert "mac-2" not in carriers.counters(site)


OTHER = {"mac_1": "mac-2"}


def test_random_identifiers_are_new_among_identifiers(tmp_path: Path, database_url: str) -> None:
    series = {
        "controller-sn": {"pattern": "R{counter:1}"},  # the same texts, as serials
        "mac-block": {"pattern": "R{random:1}"},
    }
    with carriers.opened(
        tmp_path, database_url, series=series, identifiers={"mac_1": "mac-block"}
    ) as service:
        site = service.site
        runs.open_run(site, order(quantity=5))
        found = [issue(site, trigger(f"k{n}")).identifiers[0]["mac_1"] for n in range(5)]
        assert len(set(found)) == 5
        runs.close_run(site, 1)
        assert refused(partial(runs.open_run, site, order(quantity=1))) == (
            3003,
            "Series 'mac-block' has 0 numbers left, 1 are wanted for mac_1.",
            "Give it a wider number.",
        )


@pytest.mark.parametrize("kind", ["counter", "pool"])
def test_open_run_with_too_few_identifiers_for_all_its_units_is_refused(
    tmp_path: Path, database_url: str, kind: str
) -> None:
    series = POOL if kind == "pool" else {"mac-block": {"pattern": "M{counter:1}"}}
    with carriers.opened(tmp_path, database_url, series=series) as service:
        site = service.site
        if kind == "pool":
            macs(site, *(f"{n:012d}" for n in range(9)))
        assert refused(partial(runs.open_run, site, order(quantity=5))) == (
            3006 if kind == "pool" else 3003,
            "Series 'mac-block' has 9 numbers left, 10 are wanted for mac_1, mac_2.",
            "Import more: labeler pool import mac-block FILE."
            if kind == "pool"
            else "Give it a wider number.",
        )
        assert rows(site, schema.run) == rows(site, schema.run_series) == 0
        runs.open_run(site, order(quantity=4))
        assert rows(site, schema.run_series) == 4


def test_a_run_keeps_the_versions_of_its_identifiers_series(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        runs.open_run(service.site, order())
        issue(service.site, trigger("k1"))
    path = tmp_path / "config.yaml"
    with plants.opened(carriers.rewrite(path, **{"imei-tac": {"pattern": "I{counter:6}"}})) as new:
        assert issue(new.site, trigger("k2")).identifiers == (SECOND,)
        runs.close_run(new.site, 1)
        number, sentence, _ = refused(partial(runs.open_run, new.site, order()))
        assert (number, sentence.partition(", pattern")[0]) == (
            3004,
            "Series 'imei-tac' was changed after serials were issued with version 1",
        )
    goes_on = {"imei-tac": {"pattern": "I{counter:6}", "change": "continue"}}
    with plants.opened(carriers.rewrite(path, **goes_on)) as new:
        runs.open_run(new.site, order())
        assert issue(new.site, trigger("k3")).identifiers[0]["imei"] == "I000003"


def test_open_run_whose_template_shows_an_unknown_identifier_is_refused(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url, identifiers=OPEN) as service:
        plants.write_template(tmp_path, elements=carriers.elements("{identifiers.mac_3}"))
        assert refused(partial(runs.open_run, service.site, order())) == (
            4001,
            (
                "Template 'unit-label' shows 'identifiers.mac_3', which this run does not have. "
                "Open the run with it, or take it out of the template."
            ),
            "Correct the template or the order; nothing was opened.",
        )

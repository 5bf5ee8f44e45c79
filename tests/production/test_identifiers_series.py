"""Series of identifiers: what is shown of them, compared, and refused to their pools."""

from pathlib import Path

import pytest

from labeler.errors import Refusal
from labeler.production import catalogue, linting, previewing, runs
from tests import plants
from tests.plants import order, trigger
from tests.production import carriers
from tests.production.pooling import bring
from tests.production.record import issue


def test_series_of_identifiers_say_what_they_issued_and_to_whom(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        runs.open_run(site, order())
        issue(site, trigger("k1", quantity=3))
        with site.store.read() as transaction:
            found = {row["name"]: row for row in catalogue.list_series(site, transaction)}
            versions = catalogue.show_series(site, transaction, "mac-block")["versions"]
        names = ("products", "issued", "used", "per_day", "next_serial")
        assert {key: tuple(row[name] for name in names) for key, row in found.items()} == {
            "controller-sn": (["AC-100"], 3, 3, 3.0, "AC00004"),
            "mac-block": (["AC-100"], 6, 6, 6.0, "02AB00000007"),
            "imei-tac": (["AC-100"], 3, 3, 3.0, "352099000000048"),
            "unlock-code": (["AC-100"], 3, 3, 3.0, None),
        }
        assert [(one["version"], one["issued"]) for one in versions] == [(1, 6)]


def test_only_series_of_one_kind_are_compared(tmp_path: Path, database_url: str) -> None:
    series = {
        "mac-block": {"pattern": "AC{counter:5}"},  # as the serials
        "imei-tac": {"pattern": "AC{counter:5}"},
    }
    with carriers.opened(tmp_path, database_url, series=series) as service:
        site = service.site
        with site.store.read() as transaction:
            found = linting.lint(site, transaction)
        assert [(one.series, one.kind) for one in found] == [("mac-block", "overlap")]
        assert "series 'imei-tac'" in found[0].sentence


def test_identifiers_of_one_product_are_compared_where_each_product_has_its_own(
    tmp_path: Path, database_url: str
) -> None:
    series = {name: {"pattern": "02{counter:5}"} for name in ("mac-block", "imei-tac", "free")}
    with carriers.opened(
        tmp_path, database_url, series=series, site={"serial_scope": "product"}
    ) as service:
        site = service.site
        with site.store.read() as transaction:
            found = linting.lint(site, transaction)
        assert [(one.series, one.kind) for one in found] == [("mac-block", "overlap")]


def test_a_secret_is_not_previewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER__SERIES__UNLOCK_CODE__KEY", "2b7e151628aed2a6abf7158809cf4f3c")
    permuted = {"unlock-code": {"pattern": "{permuted:13}", "secret": True}}
    with carriers.opened(tmp_path, series=permuted) as service:
        site = service.site
        runs.open_run(site, order())
        issue(site, trigger("k1"))
        with site.store.read() as transaction:
            found = previewing.preview(site, transaction, "unlock-code", count=5)
            row = catalogue.show_series(site, transaction, "unlock-code")
        assert (found["now"]["serials"], found["sentence"]) == (
            [],
            (
                "These are secrets: only a unit's label shows them. "
                "Nothing was issued: showing takes no number."
            ),
        )
        assert (row["next_serial"], row["issued"], row["left"]) == (None, 1, 10**13 - 1)


def test_a_pool_takes_no_number_that_a_unit_carries(tmp_path: Path, database_url: str) -> None:
    pool = {"pattern": "{imported:12:hex}"}
    with carriers.opened(tmp_path, database_url) as service:
        runs.open_run(service.site, order())
        issue(service.site, trigger("k1"))
        runs.close_run(service.site, 1)
    changed = {"pool-2": pool}
    path = carriers.write_site(
        tmp_path, database=database_url, series=changed, identifiers={"mac_1": "pool-2"}
    )
    with plants.opened(path) as service, pytest.raises(Refusal) as caught:
        bring(service.site, b"02AB00000009\n02AB00000002\n", series="pool-2")
    assert caught.value.extra["doubles"]["first"] == [
        {
            "line": 2,
            "text": "02AB00000002",
            "sentence": "Number '02AB00000002' was issued already.",
        }
    ]

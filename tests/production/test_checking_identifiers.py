"""What check says of identifiers: in every notation, misread, not yet issued."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from labeler.production import runs
from labeler.store import schema
from tests.plants import FIRST, order, trigger
from tests.production.checked import check, plant, told
from tests.production.pooling import bring
from tests.production.record import issue


def test_an_identifier_is_found_in_every_notation_of_its_type(tmp_path: Path) -> None:
    series = {
        "controller-sn": {
            "pattern": "10614141{counter:9}{check:gs1_mod10}",
            "identifier": "sscc",
            "company_prefix_length": 7,
        },
        "mac": {"pattern": "001BC50AB{counter:3:hex}", "identifier": "eui48"},
    }
    products = {"AC-100": {"identifiers": {"mac": "mac"}}}
    with plant(tmp_path, series=series, products=products) as site:
        runs.open_run(site, order())
        [serial] = issue(site, trigger("a")).serials
        assert serial == "106141410000000019"
        tag = check(site, "urn:epc:id:sscc:0614141.1000000001")
        assert (tag["text"], tag["verdict"], tag["notes"]) == (
            serial,
            "issued",
            ("It was read as an SSCC.",),
        )
        mac = check(site, "001b.c50a.b001")
        assert (mac["text"], mac["identifier"], mac["verdict"]) == ("001BC50AB001", "mac", "issued")
        assert mac["notes"] == ("It was read as an EUI-48.",)
        assert check(site, "001b.c50a.b002")["verdict"] == "never_issued"


def test_an_sscc_in_brackets_with_a_wrong_digit_is_explained_by_the_one_near_it(
    tmp_path: Path,
) -> None:
    series = {
        "pattern": "10614141{counter:9}{check:gs1_mod10}",
        "identifier": "sscc",
        "company_prefix_length": 7,
    }
    with plant(tmp_path, series={"controller-sn": series}) as site:
        runs.open_run(site, order())
        [serial] = issue(site, trigger("a")).serials
        found = check(site, f"(00){serial[:-1]}3")
        assert [one["text"] for one in found["near"]] == [serial]
        assert (found["text"], found["verdict"]) == (f"{serial[:-1]}3", "misread")


@pytest.mark.parametrize(
    ("text", "identifier", "kind", "position", "said"),
    [
        ("001BC50AB0O4", "mac", "confusable", 11, "position 11 is 'O' instead of '0'"),
        ("00:1B:C5:0A:B0:O4", "mac", "confusable", 11, "position 11 is 'O' instead of '0'"),
        (
            "00:1B:C5:0A:B0:40",
            "mac",
            "transposition",
            11,
            "positions 11 and 12 are the other way round",
        ),
        ("001b.c50a.bo04", "mac", "confusable", 10, "position 10 is 'O' instead of '0'"),
        ("352099000000848", "imei", "substitution", 13, "position 13 is '8' instead of '0'"),
        ("35209900000048", "imei", "missing character", 7, "'0' is missing at position 7"),
        ("3520990000000048", "imei", "extra character", 7, "position 7, '0', is one too many"),
    ],
)
@pytest.mark.parametrize("typed", [True, False])
def test_a_misread_identifier_is_explained_with_the_unit_that_carries_the_one_near_it(
    tmp_path: Path, text: str, identifier: str, kind: str, position: int, said: str, typed: bool
) -> None:
    right = {"mac": "001BC50AB004", "imei": "352099000000048"}[identifier]
    with plant(tmp_path, **addresses(typed=typed)) as site:
        runs.open_run(site, order())
        issue(site, trigger("a"))
        found = check(site, text)
        assert found["near"] == [
            {
                "serial": FIRST,
                "state": "allocated",
                "run": 1,
                "product": "AC-100",
                "line": "line-1",
                "identifier": identifier,
                "text": right,
                "series": identifier,
                "kind": kind,
                "position": position,
            }
        ]
        assert (found["verdict"], found["identifier"], found["units"]) == ("misread", None, [])
        assert found["sentence"].endswith(
            f"; issued is '{right}', {identifier} of serial '{FIRST}', by run 1 (AC-100 on "
            f"line-1): {said}."
        )


def addresses(*, typed: bool = False) -> dict[str, Any]:
    """Return what makes a unit with a MAC address and an IMEI, both counted from 4."""
    series: dict[str, Any] = {
        "mac": {"pattern": "001BC50AB{counter:3:hex,start=4}"},
        "imei": {"pattern": "35209900{counter:6,start=4}{check:imei}"},
    }
    if typed:
        series["mac"]["identifier"] = "eui48"
        series["imei"]["identifier"] = "imei"
    return {"series": series, "products": {"AC-100": {"identifiers": {n: n for n in series}}}}


def test_the_next_address_of_a_block_was_never_issued_though_one_is_near(tmp_path: Path) -> None:
    with plant(tmp_path, **addresses()) as site:
        runs.open_run(site, order())
        issue(site, trigger("a"))
        found = check(site, "001BC50AB005")
        assert (found["verdict"], [one["text"] for one in found["near"]]) == (
            "never_issued",
            ["001BC50AB004"],
        )


def test_neither_a_secret_nor_a_serial_of_the_same_text_is_near_an_identifier(
    tmp_path: Path,
) -> None:
    with plant(tmp_path, **addresses()) as site:
        runs.open_run(site, order())
        issue(site, trigger("a"))
        become_serial = update(schema.unit).values(serial="001BC50AB005")
        become_secret = update(schema.unit_identifier).values(scope=None)
        site.store.write(lambda transaction: transaction.execute(become_serial))
        assert check(site, "001BC50ABO05")["near"] == []
        assert check(site, "001BC50ABO04")["verdict"] == "misread"
        site.store.write(lambda transaction: transaction.execute(become_secret))
        assert check(site, "001BC50ABO04")["near"] == []


def test_an_address_that_waits_in_a_pool_is_not_taken_for_one_near_it(tmp_path: Path) -> None:
    series = {"mac": {"pattern": "{imported:12:hex}"}}
    products = {"AC-100": {"identifiers": {"mac": "mac"}}}
    with plant(tmp_path, series=series, products=products) as site:
        bring(site, b"001BC50AB004\n001BC50AB040\n", series="mac")
        runs.open_run(site, order(quantity=1))
        issue(site, trigger("a"))
        verdict, sentence = told(site, "00:1B:C5:0A:B0:40")
        assert verdict == "never_issued"
        assert "; it waits in the pool of series 'mac'; nobody got it yet; issued is" in sentence

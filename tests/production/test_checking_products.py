"""What check says of a serial that more than one product may have."""

from pathlib import Path
from typing import Any

from labeler.production import runs, verifying
from labeler.units import UnitState
from tests.plants import order, trigger
from tests.production.checked import become, check, plant, told
from tests.production.record import issue, refused


def two_products(gtin: str = "09506000134352") -> dict[str, Any]:
    """Return what makes two products, each with a series of its own that makes the same texts."""
    return {
        "series": {"controller-sn": {"pattern": "X{counter:4}"}, "X1": {"pattern": "X{counter:4}"}},
        "products": {
            "AC-200": {"name": "Other", "series": "X1", "template": "unit-label", "gtin": gtin}
        },
        "site": {"serial_scope": "product"},
    }


def test_the_gtin_beside_a_serial_picks_the_product(tmp_path: Path) -> None:
    with plant(tmp_path, **two_products()) as site:
        runs.open_run(site, order())
        runs.open_run(site, order(product="AC-200", line="line-2"))
        issue(site, trigger("a", quantity=2))
        issue(site, trigger("b", line="line-2"))
        first = "(01)04012345000009(21)X000"
        second = "(01)09506000134352(21)X000"
        assert check(site, f"{second}1")["run"]["product"] == "AC-200"
        assert check(site, f"{first}1")["run"]["product"] == "AC-100"
        assert told(site, f"{second}2") == (
            "other_product",
            (
                "Serial 'X0002' was issued by run 1 (AC-100 on line-1), not for product AC-200; "
                "its unit is allocated."
            ),
        )
        assert check(site, f"{second}1", product="AC-100")["notes"][-1] == (
            "The GTIN beside it, 09506000134352, is that of product AC-200."
        )
        assert len(check(site, f"{first}1", product="AC-100")["notes"]) == 1
        assert told(site, "X0002", run=2)[0] == "other_product"


def test_a_gtin_of_two_products_picks_none(tmp_path: Path) -> None:
    with plant(tmp_path, **two_products(gtin="04012345000009")) as site:
        runs.open_run(site, order())
        issue(site, trigger("a"))
        found = check(site, "(01)04012345000009(21)X0001")
        assert (found["verdict"], len(found["notes"])) == ("issued", 1)


def test_a_serial_of_several_products_needs_the_product(tmp_path: Path, database_url: str) -> None:
    with plant(tmp_path, **two_products(), database=database_url) as site:
        runs.open_run(site, order())
        runs.open_run(site, order(product="AC-200", line="line-2"))
        issue(site, trigger("a"))
        issue(site, trigger("b", line="line-2"))

        def show(serial: str, product: str | None = None) -> dict[str, Any]:
            with site.store.read() as transaction:
                return verifying.show_serial(transaction, serial, product=product)

        assert refused(lambda: show("X0001")) == (
            3009,
            "Serial 'X0001' was issued for 2 products: AC-100, AC-200.",
            "Say which: ?product=AC-100.",
        )
        assert show("X0001", "AC-200")["run"]["id"] == 2
        assert refused(lambda: show("X0001", "AC-300"))[:2] == (
            3001,
            "Serial 'X0001' was never issued here for product 'AC-300', but for AC-100 and AC-200.",
        )
        found = check(site, "X0001")
        assert (found["verdict"], found["run"], found["state"]) == ("issued", None, None)
        assert found["sentence"] == (
            "Serial 'X0001' was issued by run 1 (AC-100 on line-1) and by run 2 (AC-200 on "
            "line-2): say which product is meant."
        )
        assert [one["product"] for one in found["units"]] == ["AC-100", "AC-200"]
        assert check(site, "X0001", product="AC-200")["run"]["id"] == 2
        become(site, "X0001", UnitState.DESTROYED)
        assert told(site, "X0001") == (
            "destroyed",
            (
                "Serial 'X0001' was issued by run 1 (AC-100 on line-1) and by run 2 (AC-200 on "
                "line-2), but its unit is destroyed: nobody should meet it any more."
            ),
        )

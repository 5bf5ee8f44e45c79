"""What an order says: dates, attributes that its product asks for, and how labels show them."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.production import issuing, runs
from labeler.production.run_records import Said
from labeler.production.site import Site
from tests import plants
from tests.configs import refusal as refused_config
from tests.plants import order, trigger
from tests.production.record import refused

RULES: dict[str, Any] = {
    "revision": {"required": True, "pattern": "[A-Z][0-9]?", "max_length": 1},
    "power": {"type": "integer"},
    "weight": {"type": "decimal"},
    "tested": {"type": "date"},
    "colour": {"type": "choice", "choices": ["red", "blue"]},
}
RIGHT = {"revision": "C", "power": "-12", "weight": "1.50", "tested": "2024-02-29", "colour": "red"}


def test_attributes_that_a_product_asks_for_are_checked(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path, products={"AC-100": {"attributes": RULES}})
    wrong = [
        ("revision", None, "is missing, expected text"),
        ("revision", "c", "is 'c', expected text like [A-Z][0-9]?"),
        ("revision", "C1", "is 'C1', expected at most 1 characters"),
        ("power", "1.0", "is '1.0', expected a whole number such as 12"),
        ("power", "\u0663", "is '\u0663', expected a whole number such as 12"),
        ("weight", "1,5", "is '1,5', expected a decimal number such as 12.5"),
        ("tested", "2026-02-29", "is '2026-02-29', expected a day that exists, as YYYY-MM-DD"),
        ("colour", "Red", "is 'Red', expected one of red, blue"),
    ]
    with plants.opened(path) as service:
        for name, value, said in wrong:
            given = {key: text for key, text in {**RIGHT, name: value}.items() if text is not None}
            for verb in (runs.plan_run, runs.open_run):
                assert refused(partial(verb, service.site, order(attributes=given))) == (
                    2022,
                    f"Attribute '{name}' of product 'AC-100' {said}.",
                    f"Give it with the order: attributes.{name}, or --attribute {name}=VALUE.",
                )
        more = {**RIGHT, "anything": "else"}
        assert runs.open_run(service.site, order(attributes=more))["attributes"] == more
        only = {"revision": "B"}
        assert runs.plan_run(service.site, order(attributes=only))["attributes"] == only


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"type": "choice"}, "expected choices where type is choice, and only there"),
        ({"choices": ["a"]}, "expected choices where type is choice, and only there"),
        ({"type": "date", "pattern": "x"}, "type date takes neither pattern nor max_length"),
        ({"pattern": "("}, "pattern '(' is no regular expression"),
        ({"type": "colour"}, "colour"),
    ],
)
def test_attributes_that_config_yaml_says_wrongly_are_refused(
    tmp_path: Path, rule: dict[str, Any], said: str
) -> None:
    products = {"AC-100": {"attributes": {"revision": rule}}}
    assert said in refused_config(plants.write_site(tmp_path, products=products))


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (
            {"expires_on": "2027-02-29"},
            "expires_on is '2027-02-29', expected a day that exists, as YYYY-MM-DD.",
        ),
        (
            {"best_before": "2026-11-22"},
            "best_before is 2026-11-22, and today is 2026-11-23: it is over already.",
        ),
        (
            {"expires_on": "2077-01-01"},
            "expires_on is 2077-01-01, expected at most 50 years from now.",
        ),
        (
            {"best_before": "2027-01-02", "expires_on": "2027-01-01"},
            "best_before is 2027-01-02, behind expires_on, 2027-01-01; expected before it.",
        ),
    ],
)
def test_dates_that_cannot_be_are_refused(
    sqlite_site: Site, dates: dict[str, str], said: str
) -> None:
    for verb in (runs.plan_run, runs.open_run):
        assert refused(partial(verb, sqlite_site, order(**dates))) == (
            2023,
            said,
            "Correct the order's dates.",
        )


def test_planned_run_that_expired_before_it_was_opened_is_refused(
    site: Site, clock: plants.Clock
) -> None:
    runs.plan_run(site, order(expires_on="2026-11-24"))
    clock.go_on(days=2)
    assert refused(partial(runs.open_planned, site, 1, Said()))[:2] == (
        2023,
        "expires_on is 2026-11-24, and today is 2026-11-25: it is over already.",
    )


def test_labels_show_what_an_order_says(site: Site, tmp_path: Path) -> None:
    text = (
        "{run.purchase_order} {run.sales_order} {run.shift} {run.expires_on} "
        "{run.expires_on:%d.%m.%Y}{run.best_before:%y%m%d}"
    )
    shown = {"text": {"x_mm": 2, "y_mm": 3, "size_mm": 2, "text": text}}
    plants.write_template(tmp_path / "site", elements=[shown])
    runs.open_run(
        site,
        order(purchase_order="PO", sales_order="SO", shift="A", expires_on="2027-12-31"),
    )
    issuing.issue_labels(site, trigger("k1"))
    with site.store.read() as transaction:
        form = site.pinned(transaction, 1).label_form
    [element] = form.label.elements
    assert "PO SO A 2027-12-31 31.12.2027" in repr(element)

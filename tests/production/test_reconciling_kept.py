"""A balance is shown, released and certified as it was signed and sealed, or not at all."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from labeler.production.certifying import making
from labeler.production.reconciling import reconciling, records, releasing
from labeler.production.run_records import Said
from labeler.production.site import Site
from tests.production.record import refused
from tests.production.test_reconciling import LOST, MK, balance, made

CHANGED: list[tuple[str, str]] = [
    ("figures = :figures", "figures"),
    ("figures = :figures, digest = :digest", "digest, figures"),
    ("difference = 0, approved_by = NULL, reason = NULL", "approved_by, reason, difference"),
    ("operator = 'another'", "operator"),
    ("approved_by = 'another'", "approved_by"),
    ("channel = 'config'", "channel"),
]


def forge(site: Site, statement: str, **values: Any) -> None:
    """Change a reconciliation as one who may do everything: without the triggers that refuse it."""
    with site.store.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = "
            for (name,) in connection.execute(text(f"{named}'reconciliation'")).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("DROP TRIGGER reconciliation_fixed ON reconciliation"))
        connection.execute(text(statement), values)


def signed(site: Site) -> dict[str, Any]:
    """Reconcile a run of three of which one is lost."""
    made(site, left=1)
    return reconciling.reconcile(site, 1, MK, deviation=LOST)


def show(site: Site) -> dict[str, Any]:
    """Return what was signed."""
    with site.store.read() as transaction:
        return records.show(transaction, 1)


USES: list[Callable[[Site], Any]] = [
    show,
    balance,
    lambda site: releasing.release(site, 1, Said(operator="qa")),
    lambda site: making.make(site, 1),
]


def refusal(wrong: str) -> tuple[int, str, str]:
    """Return what every use is refused with."""
    return (
        6043,
        (
            "What is kept of the balance of run 1 is not what was signed and sealed in the audit "
            f"trail: {wrong}."
        ),
        "Somebody changed the record: labeler audit verify, and compare it with a backup.",
    )


@pytest.mark.parametrize(("change", "wrong"), CHANGED)
def test_balance_that_was_changed_is_used_for_nothing(site: Site, change: str, wrong: str) -> None:
    signed(site)
    with site.store.read() as transaction:
        row = records.require(transaction, 1)
    even = {**json.loads(row.figures), "commissioned": 3, "difference": 0, "causes": {}}
    given = {"figures": reconciling.canonical(even), "digest": "0" * 64}
    values = {name: value for name, value in given.items() if f":{name}" in change}
    forge(site, f"UPDATE reconciliation SET {change}", **values)  # noqa: S608
    for use in USES:
        assert refused(lambda: use(site)) == refusal(wrong)  # noqa: B023


def test_balance_that_was_removed_is_used_for_nothing(site: Site) -> None:
    signed(site)
    forge(site, "DELETE FROM reconciliation")
    for use in USES:
        assert refused(lambda: use(site)) == refusal("whether it was reconciled")  # noqa: B023


def test_run_in_another_state_than_its_balance_gets_no_certificate(site: Site) -> None:
    signed(site)
    forge(site, "UPDATE run SET state = 'closed'")
    assert refused(lambda: making.make(site, 1)) == refusal("state")

"""A line without a printer: serials only, the labels of its units come from elsewhere."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from labeler.production import health, issuing, runs, sheets, template_linting
from labeler.production import template_drafts as drafts
from labeler.production.site import Site
from labeler.production.template_previewing import Look, preview
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production import carriers
from tests.production.copying import reprint, settle, shown
from tests.production.record import refused, rows, serials

BARE = {"line-1": {"printer": None}}


@pytest.fixture
def bare(tmp_path: Path, database_url: str, clock: plants.Clock) -> Iterator[Site]:
    """Return a plant whose line-1 has no printer; a run is open there."""
    path = plants.write_site(tmp_path / "site", database=database_url, lines=BARE)
    with plants.opened(path, clock=clock) as service:
        runs.open_run(service.site, order())
        yield service.site


def test_trigger_gets_a_serial_and_no_label(bare: Site) -> None:
    reply = issuing.issue_labels(bare, trigger("k1", quantity=2))
    assert (reply.serials, reply.job) == (serials(1, 2), None)
    assert issuing.issue_labels(bare, trigger("k1", quantity=2)).replayed
    assert (rows(bare, schema.job), rows(bare, schema.label)) == (0, 0)
    found = shown(bare)
    assert (found["state"], found["labels"]) == ("allocated", [])


def test_label_that_is_asked_for_is_refused_and_takes_no_number(bare: Site) -> None:
    assert refused(partial(issuing.issue_labels, bare, trigger("k1", print=True))) == (
        5027,
        (
            "Line 'line-1' has no printer: its units get serials only, their labels come from "
            "elsewhere."
        ),
        "Ask for serials without labels, or name its printer in config.yaml.",
    )
    assert issuing.issue_labels(bare, trigger("k1", print=False)).serials == serials(1)


def test_other_lines_print_as_ever(bare: Site) -> None:
    runs.open_run(bare, order(line="line-2"))
    assert issuing.issue_labels(bare, trigger("k1", line="line-2")).job == 1


def test_label_of_its_unit_is_printed_where_a_printer_is_named(bare: Site) -> None:
    issuing.issue_labels(bare, trigger("k1"))
    assert refused(partial(reprint, bare))[0] == 5027
    assert reprint(bare, printer="zebra-1")["labels"] == [{"id": 1, "copy": 1}]
    settle(bare)
    assert shown(bare)["state"] == "encoded"


def test_run_opens_whatever_its_label_would_look_like(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path / "site", lines=BARE)
    plants.write_template(path.parent, media={"width_mm": 200, "height_mm": 40})
    with plants.opened(path) as service:
        assert runs.open_run(service.site, order())["state"] == "open"
        assert refused(partial(runs.open_run, service.site, order(line="line-2")))[0] == 4001


def test_product_with_a_secret_needs_a_printer(tmp_path: Path) -> None:
    with plants.opened(carriers.write_site(tmp_path / "site", lines=BARE)) as service:
        assert refused(partial(runs.open_run, service.site, order())) == (
            3016,
            (
                "'unlock' of product 'AC-100' is a secret, and line 'line-1' has no printer: "
                "nobody would ever read it."
            ),
            "Name lines.line-1.printer in config.yaml; nothing was opened.",
        )


def test_sheets_lint_previews_and_metrics_do_without_a_printer(tmp_path: Path) -> None:
    lines = {"line-1": {"printer": None}, "line-2": None}
    with plants.opened(plants.write_site(tmp_path / "site", lines=lines)) as service:
        site = service.site
        runs.open_run(site, order())
        issuing.issue_labels(site, trigger("k1"))
        with site.store.read() as transaction:
            wanted = sheets.Wanted(stock="avery-l7173")
            assert sheets.run_sheet(site, transaction, 1, wanted=wanted).content[:4] == b"%PDF"
            document = preview(site, transaction, "unit-label", look=Look(values={}))
        found = template_linting.lint_draft(site, drafts.require(site, "unit-label"))
        assert [one for one in found if one["severity"] == "error"] == []
        assert document.content.startswith(b"\x89PNG")
        assert b"labeler_serials_issued_total 1.0" in health.metrics_text(site)
        assert health.findings(site) == [
            "spooler: one of its threads has ended. Restart the service; see its log."
        ]

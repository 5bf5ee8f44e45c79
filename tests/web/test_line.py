"""What is known of a line for whoever stands at it, and what a printer suffers from, in words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient

from labeler.app import Service
from labeler.production.printing import line_now
from labeler.web.pages import printer_words
from printers.status import Reason
from tests import plants
from tests.web.asking import issue, open_run


@pytest.fixture
def any_service(tmp_path: Path, database_url: str) -> Iterator[Service]:
    """Return the plant on each kind of database."""
    with plants.opened(plants.write_site(tmp_path / "site", database=database_url)) as opened:
        yield opened


def now(service: Service) -> dict[str, Any]:
    with service.site.store.read() as transaction:
        return line_now.show(service.site, transaction, "line-1")


def meant(service: Service, text: str) -> int | None:
    with service.site.store.read() as transaction:
        return line_now.waiting_run(transaction, "line-1", text)


def printer(*reasons: str, state: str = "stopped", pause: Any = None) -> dict[str, Any]:
    return {
        "name": "zebra-1",
        "state": state,
        "reasons": list(reasons),
        "sentence": "It says so.",
        "pause": pause,
        "labels_waiting": 3,
    }


def test_line_without_a_run_has_no_figures(any_service: Service) -> None:
    found = now(any_service)
    assert (found["run"], found["counts"], found["last"]) == (None, None, None)
    assert [one["name"] for one in found["printers"]] == ["zebra-1"]


def test_line_counts_units_by_what_became_of_them(any_service: Service) -> None:
    client: FlaskClient = any_service.web.test_client()
    open_run(client)
    serials = issue(client, quantity=3, print=False).get_json()["serials"]
    found = now(any_service)
    assert found["counts"] == {"planned": 5, "printed": 0, "good": 0, "scrapped": 0, "left": 2}
    last = found["last"]
    assert (last["serial"], last["label"], last["state"]) == (serials[2], None, None)
    for verb, serial in (("commission", serials[0]), ("destroy", serials[1])):
        said = {"serials": [serial], "operator": "mk", "reason": "looked at it"}
        answer = client.post(
            f"/api/v1/units/{verb}", json=said, headers={"Idempotency-Key": f"{verb}-1"}
        )
        assert answer.status_code == 201, answer.get_json()
    serial = issue(client, "k2").get_json()["serials"][0]
    last = now(any_service)["last"]
    assert (last["serial"], last["state"], last["printer"]) == (serial, "queued", "zebra-1")
    assert now(any_service)["counts"] == {
        "planned": 5,
        "printed": 2,
        "good": 1,
        "scrapped": 1,
        "left": 1,
    }


def test_scan_means_the_run_of_an_order_or_of_a_number(any_service: Service) -> None:
    client: FlaskClient = any_service.web.test_client()
    for order in ("WO-1", "WO-2", "WO-1", "4"):
        open_run(client, state="planned", work_order=order)
    texts = ("WO-1", "WO-2", "2", "4", "5", "WO-3", "9" * 30)
    found = [meant(any_service, one) for one in texts]
    assert found == [1, 2, 2, 4, None, None, None]


def test_every_reason_of_a_printer_has_a_word_and_a_cure() -> None:
    assert sorted(printer_words.AILS) == sorted(get_args(Reason))


def test_printer_with_several_reasons_is_told_to_suffer_from_the_worst() -> None:
    found = printer_words.trouble(printer("paused", "marker-supply-empty", "media-low-warning"))
    assert found == printer_words.Trouble(
        printer="zebra-1",
        tone="bad",
        word="Ribbon out",
        cure="Load ribbon, close the head, press Resume on the printer.",
        details="",
        waiting=3,
        is_ours=False,
    )


def test_printer_that_prints_on_is_only_warned_of() -> None:
    found = printer_words.trouble(printer("media-low-warning", state="idle"))
    assert found is not None
    assert (found.tone, found.word) == ("warn", "Labels run low")
    assert printer_words.trouble(printer(state="idle")) is None


def test_printer_that_was_paused_here_is_resumed_here() -> None:
    found = printer_words.trouble(printer("paused", "cover-open", pause={"operator": "mk"}))
    assert found is not None
    assert (found.word, found.cure, found.details, found.is_ours) == (
        *("Paused", "Press Resume on this page when it may print again."),
        *("It says so.", True),
    )

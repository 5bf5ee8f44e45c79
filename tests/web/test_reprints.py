"""Doors that print a label again, and what others show of copies."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labeler.app import Service
from labeler.web import shapes_reprints as shapes
from tests import plants
from tests.production.copying import settle
from tests.web.asking import issue, open_run, problem, refusal

SERIAL = f"/api/v1/serials/{plants.FIRST}"
WHY = {"reason": "damaged", "operator": "mk"}
ADDRESSES = (f"{SERIAL}/reprint", "/api/v1/labels/1/reprint")


@pytest.fixture(autouse=True)
def printed(service: Service, client: FlaskClient) -> None:
    """Issue one unit and print its label."""
    open_run(client)
    issue(client)
    settle(service.site)


def reprint(client: FlaskClient, address: str, key: str = "c1", **body: Any) -> TestResponse:
    headers = {"Idempotency-Key": key}
    return client.post(address, json={**WHY, **body}, headers=headers)


@pytest.mark.parametrize("address", ADDRESSES)
def test_copy_is_ordered_once(client: FlaskClient, address: str) -> None:
    response = reprint(client, address, note="torn", approved_by="ab", printer="archive")
    expected = {
        "serial": plants.FIRST,
        "run": 1,
        "job": 2,
        "printer": "archive",
        "labels": [{"id": 2, "copy": 1}],
        "replayed": False,
    }
    assert (response.status_code, response.get_json()) == (201, expected)
    shapes.Reprinted.model_validate(expected)
    again = reprint(client, address, note="torn", approved_by="ab", printer="archive")
    assert (again.status_code, again.get_json()) == (200, {**expected, "replayed": True})


def test_serial_job_and_label_show_which_copy_it_is(client: FlaskClient) -> None:
    reprint(client, ADDRESSES[0])
    found = client.get(SERIAL).get_json()
    assert [(one["copy"], one["purpose"], one["reason"]) for one in found["labels"]] == [
        (0, "print", None),
        (1, "reprint", "damaged"),
    ]
    job = client.get("/api/v1/jobs/2").get_json()
    assert (job["purpose"], job["reason"]) == ("reprint", "damaged")
    assert [one["copy"] for one in job["labels"]] == [1]
    label = client.get("/api/v1/labels/2").get_json()
    assert (label["copy"], label["reason"]) == (1, "damaged")


@pytest.mark.parametrize("address", ADDRESSES)
def test_order_without_a_key_or_a_person_or_a_reason_is_refused(
    client: FlaskClient, address: str
) -> None:
    assert refusal(client.post(address, json=WHY))[0] == 1007
    headers = {"Idempotency-Key": "c1"}
    assert refusal(client.post(address, headers=headers))[0] == 1002
    for wrong in (
        {"reason": "damaged"},
        {"operator": "mk"},
        {**WHY, "copies": 0},
        {**WHY, "copies": 101},
        {**WHY, "note": "two\nlines"},
        {**WHY, "extra": 1},
    ):
        assert refusal(client.post(address, json=wrong, headers=headers))[0] == 1002


def test_refusals_say_what_to_do(client: FlaskClient) -> None:
    response = reprint(client, ADDRESSES[0], reason="because")
    assert response.get_json() == problem(
        5020,
        "'because' is not a reason for printing a label again. Expected one of: damaged, "
        "unreadable, lost, misapplied.",
        "Choose one of them, and say more in the note. The list is reprints.reasons.",
    )
    assert refusal(reprint(client, "/api/v1/serials/NOBODY/reprint"))[0] == 3001
    assert refusal(reprint(client, "/api/v1/labels/99/reprint"))[0] == 5002
    address = f"{ADDRESSES[0]}?product=GW-1"
    assert refusal(reprint(client, address)) == (
        3001,
        f"Serial '{plants.FIRST}' was never issued here for product 'GW-1', but for AC-100.",
    )
    assert reprint(client, f"{ADDRESSES[0]}?product=AC-100").status_code == 201
    assert refusal(reprint(client, f"{ADDRESSES[0]}?products=AC-100"))[0] == 1002


def test_preview_shows_a_copy_where_it_is_asked_for(
    service: Service, client: FlaskClient, tmp_path: Any
) -> None:
    del service
    text = {"text": {"x_mm": 2, "y_mm": 2, "size_mm": 4, "text": "C{copy}", "show_if": "{copy}"}}
    plants.write_template(tmp_path / "site", elements=[*plants.TEMPLATE["elements"], text])
    address = "/api/v1/templates/unit-label/preview"

    def seen(**values: str) -> bool:
        answer = client.post(address, json={"values": values, "format": "zpl"})
        return b"^FDC" in answer.data

    assert [seen(), seen(copy="0"), seen(copy="1")] == [False, False, True]
    wrong = client.post(address, json={"values": {"copy": "one"}})
    assert refusal(wrong) == (
        1002,
        "'copy' is 'one', expected which copy of the label it is, 0 for the label itself.",
    )

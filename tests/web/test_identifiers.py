"""Identifiers of units through the API."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.production import carriers
from tests.production.carriers import FIRST, SECOND
from tests.web.asking import issue, open_run, refusal

NAMES = "identifiers.mac_1,identifiers.mac_2,identifiers.imei,identifiers.unlock"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    """Return a client of a plant whose product has identifiers."""
    with carriers.opened(tmp_path) as opened:
        yield opened.web.test_client()


def test_a_trigger_gets_each_unit_with_its_identifiers(client: FlaskClient) -> None:
    open_run(client)
    found = issue(client, quantity=2)
    assert (found.status_code, found.get_json()) == (
        201,
        {
            "serials": ["AC00001", "AC00002"],
            "run": 1,
            "job": 1,
            "replayed": False,
            "units": [
                {"serial": "AC00001", "identifiers": FIRST},
                {"serial": "AC00002", "identifiers": SECOND},
            ],
        },
    )
    again = issue(client, quantity=2)
    assert (again.status_code, again.get_json()) == (200, {**found.get_json(), "replayed": True})


def test_a_trigger_without_a_label_is_refused_where_a_secret_is(client: FlaskClient) -> None:
    open_run(client)
    assert refusal(issue(client, print=False))[0] == 3016


def test_a_serial_is_shown_with_its_identifiers(client: FlaskClient) -> None:
    open_run(client)
    issue(client)
    found = client.get("/api/v1/serials/AC00001").get_json()
    assert (found["identifiers"], found["secrets"]) == (
        {**FIRST, "unlock": None},
        {"unlock": "waiting"},
    )
    assert found["forms"] == {
        "serial.text": "AC00001",
        "gs1.element_string": "(01)04012345000009(21)AC00001",
        "gs1.fnc1": "010401234500000921AC00001",
        "gs1.digital_link": "https://id.gs1.org/01/04012345000009/21/AC00001",
        "gs1.udi_di": "(01)04012345000009",
        "gs1.udi_pi": "(21)AC00001",
        "identifiers.mac_1.text": FIRST["mac_1"],
        "identifiers.mac_2.text": FIRST["mac_2"],
        "identifiers.imei.text": FIRST["imei"],
    }


def test_the_serials_of_a_run_are_listed_with_their_identifiers(client: FlaskClient) -> None:
    open_run(client)
    issue(client, quantity=2)
    shown = [{**FIRST, "unlock": None}, {**SECOND, "unlock": None}]
    page = client.get("/api/v1/runs/1/serials").get_json()["serials"]
    assert [row["identifiers"] for row in page] == shown
    accept = {"Accept": "application/x-ndjson"}
    lines = client.get("/api/v1/runs/1/serials", headers=accept).get_data(as_text=True).splitlines()
    assert [json.loads(line) for line in lines] == page
    table = client.get("/api/v1/runs/1/serials", headers={"Accept": "text/csv"})
    header, *rows = table.get_data(as_text=True).splitlines()
    assert header == f"position,serial,state,allocated_at,{NAMES}"
    assert [row.split(",")[4:] for row in rows] == [
        [*FIRST.values(), ""],
        [*SECOND.values(), ""],
    ]


def test_what_people_see_of_a_job_has_no_secret(client: FlaskClient) -> None:
    open_run(client)
    issue(client)
    assert b"unlock ***********" in client.get("/api/v1/jobs/1/labels.zpl").get_data()
    for form in ("pdf", "png"):
        assert client.get(f"/api/v1/jobs/1/labels.{form}").status_code == 200


def test_check_finds_a_unit_by_what_it_carries(client: FlaskClient) -> None:
    open_run(client)
    issue(client)
    found = client.post("/api/v1/serials/check", json={"text": FIRST["imei"]}).get_json()
    assert (found["verdict"], found["identifier"], found["units"][0]["serial"]) == (
        "issued",
        "imei",
        "AC00001",
    )

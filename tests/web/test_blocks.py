"""The doors for blocks of serials, and for all the serials of a run."""

import json
from typing import Any

from flask.testing import FlaskClient

from tests.production.record import serials

RUN = {"product": "AC-100", "line": "line-1", "quantity": 300}


def issue(client: FlaskClient, quantity: Any, key: str | None = "b1") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/api/v1/runs/1/serials", json={"quantity": quantity}, headers=headers)


def test_a_block_is_issued_and_its_serials_are_listed(client: FlaskClient) -> None:
    client.post("/api/v1/runs", json=RUN)
    made = issue(client, 120)
    assert (made.status_code, made.headers["Location"]) == (201, "/api/v1/runs/1/serials")
    found = made.get_json()
    assert (found["first"], found["last"], found["replayed"]) == (
        serials(1)[0],
        serials(120)[0],
        False,
    )
    again = issue(client, 120)
    assert (again.status_code, again.get_json()) == (200, {**found, "replayed": True})
    first = client.get("/api/v1/runs/1/serials?limit=100").get_json()
    rest = client.get(f"/api/v1/runs/1/serials?after={first['next']}").get_json()
    listed = [one["serial"] for one in first["serials"] + rest["serials"]]
    assert (listed, rest["next"]) == (list(serials(1, 120)), None)


def test_the_serials_of_a_run_are_streamed_as_csv_and_ndjson(client: FlaskClient) -> None:
    client.post("/api/v1/runs", json=RUN)
    issue(client, 3)
    csv = client.get("/api/v1/runs/1/serials", headers={"Accept": "text/csv"})
    assert csv.mimetype == "text/csv"
    header, *lines = csv.get_data(as_text=True).splitlines()
    assert header == "position,serial,state,allocated_at"
    assert [line.split(",")[:3] for line in lines] == [
        [str(place), serial, "allocated"] for place, serial in enumerate(serials(1, 3), start=1)
    ]
    found = client.get("/api/v1/runs/1/serials", headers={"Accept": "application/x-ndjson"})
    rows = [json.loads(line) for line in found.get_data(as_text=True).splitlines()]
    assert [(row["position"], row["serial"]) for row in rows] == list(
        enumerate(serials(1, 3), start=1)
    )
    assert [line.split(",")[3] for line in lines] == [row["allocated_at"] for row in rows]


def test_what_is_no_block_is_refused(client: FlaskClient) -> None:
    client.post("/api/v1/runs", json=RUN)
    assert issue(client, 5, key=None).get_json()["number"] == 1007
    assert issue(client, 0).get_json()["detail"] == (
        "quantity: expected a whole number from 1 to 1000000, got 0."
    )
    assert issue(client, 301).get_json()["number"] == 2007
    assert client.get("/api/v1/runs/9/serials").get_json()["number"] == 2003
    stream = client.get("/api/v1/runs/9/serials", headers={"Accept": "text/csv"})
    assert (stream.status_code, stream.get_json()["number"]) == (404, 2003)

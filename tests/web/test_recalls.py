"""The doors of recalls and exports."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labeler.production.exports import exporting, rows
from labeler.web import shapes_exports, shapes_recalls
from tests.production.record import serials
from tests.web.asking import ORDER, issue, open_run, refusal

OWN = serials(1, 3)
WHO = {"reason": "may crack", "operator": "qa"}


def made(client: FlaskClient) -> None:
    """Issue three units of lot L1."""
    open_run(client, lot="L1", quantity=300)
    issue(client, quantity=3, print=False)


def recall(client: FlaskClient, name: str = "R-1", **criteria: Any) -> TestResponse:
    return client.post("/api/v1/recalls", json={"name": name, **WHO, "criteria": criteria})


def test_units_are_called_back_seen_and_let_go(any_client: FlaskClient) -> None:
    made(any_client)
    body: dict[str, Any] = {"criteria": {"lots": ["L1"], "since": "2026-01-01T00:00:00Z"}}
    seen = any_client.post("/api/v1/recalls/preview", json=body).get_json()
    shapes_recalls.RecallFigures.model_validate(seen)
    assert (seen["count"], seen["going_on"]) == (3, [1])
    asked = {**body, "limit": 2}
    first = any_client.post("/api/v1/recalls/preview/units", json=asked).get_json()
    shapes_recalls.RecallPreviewUnits.model_validate(first)
    asked["after"] = first["next"]
    rest = any_client.post("/api/v1/recalls/preview/units", json=asked).get_json()
    assert [one["serial"] for one in first["units"] + rest["units"]] == list(OWN)
    answer = recall(any_client, **body["criteria"])
    assert (answer.status_code, answer.headers["Location"]) == (201, "/api/v1/recalls/R-1")
    assert set(answer.get_json()) == set(shapes_recalls.RecallMade.model_fields)
    again = recall(any_client, **body["criteria"])
    assert (again.status_code, again.get_json()) == (200, {**answer.get_json(), "replayed": True})
    listed = any_client.get("/api/v1/recalls?state=open").get_json()
    shapes_recalls.Recalls.model_validate(listed)
    assert set(listed["recalls"][0]) == set(shapes_recalls.RecallRow.model_fields)
    units = any_client.get("/api/v1/recalls/R-1/units?limit=2").get_json()
    more = any_client.get(f"/api/v1/recalls/R-1/units?after={units['next']}").get_json()
    assert [one["serial"] for one in units["units"] + more["units"]] == list(OWN)
    assert set(units["units"][0]) == set(shapes_recalls.RecallUnit.model_fields)
    found = any_client.get("/api/v1/units?recall=R-1&limit=1").get_json()
    assert len(found["units"]) == 1
    ended = any_client.post("/api/v1/recalls/R-1/close", json=WHO).get_json()
    assert set(ended) == set(shapes_recalls.Recall.model_fields)
    assert ended == {**any_client.get("/api/v1/recalls/R-1").get_json(), "state": "closed"}


def test_what_is_no_recall_is_refused(client: FlaskClient) -> None:
    assert refusal(client.get("/api/v1/recalls/R-9"))[0] == 6010
    assert refusal(client.get("/api/v1/recalls/R-9/units"))[0] == 6010
    assert refusal(recall(client, lots=["L1"]))[0] == 6012
    assert refusal(recall(client, colours=["red"]))[0] == 1002
    assert refusal(recall(client, name="a name", lots=["L1"]))[0] == 1002
    assert refusal(client.post("/api/v1/recalls/preview", json={"criteria": {}}))[0] == 1002


NO_PLACES = ("x", "[1]", "[1, 2, 3]", "{}", "null", '["a", "b"]', '[1, "x"]', "[true, 1]",
             "[-1, 1]", "[1e400, 1]", f"[1, {2**63}]", '["2026-11-23T12:00:00", 1]',
             '["2026-11-23T12:00:00+00:00", "x"]', '["9", 1]')  # fmt: skip


@pytest.mark.parametrize("said", [{"lots": ["L1"]}, {"since": "2026-01-01T00:00:00Z"}])
def test_a_preview_goes_on_only_where_one_of_its_pages_ended(
    any_client: FlaskClient, said: dict[str, Any]
) -> None:
    made(any_client)
    for after in NO_PLACES:
        body = {"criteria": said, "after": after}
        answer = any_client.post("/api/v1/recalls/preview/units", json=body)
        assert refusal(answer)[:2] == (
            1002,
            f"after: expected the `next` of a page of the same preview, got '{after}'.",
        )


def test_exports_are_offered_and_streamed(any_client: FlaskClient) -> None:
    made(any_client)
    offered = any_client.get("/api/v1/exports").get_json()
    shapes_exports.Exports.model_validate(offered)
    assert offered["formats"] == ["csv", "ndjson", "xlsx"]
    answer = any_client.get("/api/v1/exports/units.ndjson?run=1&id=mine")
    assert answer.mimetype == "application/x-ndjson"
    assert answer.headers["Export-Rows"] == "3"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="units.ndjson"'
    assert [json.loads(line)["serial"] for line in answer.data.splitlines()] == list(OWN)
    csv = any_client.get("/api/v1/exports/units.csv?bom=true&delimiter=tab&end=line").data
    assert csv.startswith(b"\xef\xbb\xbfid\tserial\t")
    assert b"\n#end rows=000000000003 sha256=" in csv
    assert any_client.get("/api/v1/exports").get_json()["under_way"] == []


def test_an_export_that_is_no_export_is_refused(client: FlaskClient) -> None:
    open_run(client)
    for address, number in (
        ("gizmos.csv", 6020),
        ("units.pdf", 6020),
        ("events.csv?recall=R-1", 6021),
        ("units.csv?run=9", 2003),
        ("units.csv?colour=red", 1002),
        ("units.csv?since=yesterday", 1002),
    ):
        assert refusal(client.get(f"/api/v1/exports/{address}"))[0] == number, address
    assert ORDER["line"] == "line-1"


def test_an_export_says_how_far_it_is_and_whose_it_is(
    client: FlaskClient, monkeypatch: Any
) -> None:
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", 1)
    made(client)
    answer = client.get("/api/v1/exports/units.csv?id=mine", buffered=False)
    pieces = answer.iter_encoded()
    for _ in range(3):
        next(pieces)
    [mine] = client.get("/api/v1/exports").get_json()["under_way"]
    assert mine == {"id": "mine", "source": "units", "form": "csv", "rows": 1, "total": 3}
    assert refusal(client.get("/api/v1/exports/units.csv?id=mine"))[0] == 1002
    monkeypatch.setattr(exporting, "EXPORTS_MAX", 1)
    busy = client.get("/api/v1/exports/units.csv")
    assert (refusal(busy)[0], busy.headers["Retry-After"]) == (9007, "1")
    answer.close()
    assert client.get("/api/v1/exports").get_json()["under_way"] == []

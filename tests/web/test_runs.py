"""The life of a run over HTTP."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labeler.web import shapes, shapes_runs
from tests.web.asking import open_run, refusal

WHY = {"reason": "changeover", "operator": "mk"}


def post(client: FlaskClient, address: str, body: Any = None) -> TestResponse:
    return (
        client.post(f"/api/v1/runs{address}", json=body)
        if body
        else client.post(f"/api/v1/runs{address}")
    )


def states(client: FlaskClient, query: str) -> list[tuple[int, str]]:
    found = client.get(f"/api/v1/runs?{query}").get_json()["runs"]
    return [(one["id"], one["state"]) for one in found]


def test_run_is_planned_opened_paused_resumed_and_closed(any_client: FlaskClient) -> None:
    client = any_client
    planned = open_run(client, state="planned", work_order="W", expires_on="2027-12-31")
    assert (planned.status_code, planned.headers["Location"]) == (201, "/api/v1/runs/1")
    found = planned.get_json()
    assert (found["state"], found["series"], found["opened_at"]) == ("planned", None, None)
    assert (found["expires_on"], found["remarks"]) == ("2027-12-31", [])
    shapes_runs.OpenedRun.model_validate(found)
    opened = post(client, "/1/open", {"operator": "mk"})
    assert (opened.status_code, opened.get_json()["operator"]) == (200, "mk")
    assert post(client, "/1/pause", WHY).get_json()["state"] == "paused"
    assert states(client, "state=paused") == [(1, "paused")]
    assert refusal(
        client.post("/api/v1/lines/line-1/labels", headers={"Idempotency-Key": "k"})
    ) == (2020, "Run 1 of line 'line-1' was paused by mk at 2026-11-23 12:00:00 UTC: changeover.")
    assert post(client, "/1/resume").get_json()["state"] == "open"
    more = post(client, "/1/overrun", {**WHY, "units": 5}).get_json()
    assert (more["quantity"], more["overrun"], more["remaining"]) == (5, 5, 10)
    assert post(client, "/1/close", {"operator": "ab"}).get_json()["state"] == "closed"
    shown = client.get("/api/v1/runs/1").get_json()
    shapes_runs.ShownRun.model_validate(shown)
    assert [(one["from"], one["to"], one["units"], one["operator"]) for one in shown["steps"]] == [
        (None, "planned", None, None),
        ("planned", "open", None, "mk"),
        ("open", "paused", None, "mk"),
        ("paused", "open", None, None),
        ("open", "open", 5, "mk"),
        ("open", "closed", None, "ab"),
    ]


def test_line_changes_over_to_a_planned_run(any_client: FlaskClient) -> None:
    client = any_client
    open_run(client)
    open_run(client, state="planned")
    answered = client.post("/api/v1/lines/line-1/changeover", json={**WHY, "run": 2})
    assert answered.status_code == 200
    found = answered.get_json()
    shapes_runs.ChangedOver.model_validate(found)
    assert [(found[one]["id"], found[one]["state"]) for one in ("left", "run")] == [
        (1, "closed"),
        (2, "open"),
    ]


def test_runs_of_a_work_order_are_listed_and_the_first_one_opens(client: FlaskClient) -> None:
    for work_order in ("A", "B", "B"):
        open_run(client, state="planned", work_order=work_order)
    assert states(client, "state=planned&work_order=B") == [(3, "planned"), (2, "planned")]
    assert post(client, "/open", {"work_order": "B"}).get_json()["id"] == 2
    assert refusal(post(client, "/open", {"work_order": "C"}))[0] == 2024
    withdrawn = post(client, "/3/withdraw", WHY).get_json()
    shapes.Run.model_validate(withdrawn)
    assert (withdrawn["state"], withdrawn["template"]) == ("canceled", None)
    assert refusal(post(client, "/3/open")) == (
        2021,
        "Run 3 is canceled: to open it, it has to be planned.",
    )


def test_steps_that_need_a_person_and_a_reason_are_refused_without(client: FlaskClient) -> None:
    open_run(client)
    for address in ("pause", "withdraw", "overrun"):
        assert refusal(post(client, f"/1/{address}", {"reason": "r"}))[0] == 1002
    assert refusal(post(client, "/1/overrun", {**WHY, "units": 0}))[0] == 1002
    assert refusal(open_run(client, line="line-2", expires_on="31.12.2027")) == (
        1002,
        "expires_on: expected a day as YYYY-MM-DD, got '31.12.2027'.",
    )
    assert refusal(open_run(client, line="line-2", expires_on="2027-02-30"))[0] == 2023


def test_planned_run_has_no_sheet_no_serials_and_no_block(client: FlaskClient) -> None:
    open_run(client, state="planned")
    sheet = client.get("/api/v1/runs/1/sheet.pdf?stock=avery-l4731")
    assert refusal(sheet)[0] in (2021, 4007)
    assert client.get("/api/v1/runs/1/serials").get_json()["serials"] == []
    block = client.post(
        "/api/v1/runs/1/serials", json={"quantity": 1}, headers={"Idempotency-Key": "k"}
    )
    assert refusal(block)[:1] != (9001,)
    checked = client.post("/api/v1/serials/check", json={"text": "X", "run": 1})
    assert checked.status_code == 200

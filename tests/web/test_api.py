"""Every endpoint: its status, its whole body, and what it refuses."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import plants
from tests.production.record import serials
from tests.web.asking import issue, open_run, problem, refusal

AT = "2026-11-23T12:00:00.000Z"
RUN: dict[str, Any] = {
    "id": 1,
    "product": "AC-100",
    "line": "line-1",
    "quantity": 5,
    "issued": 0,
    "remaining": 5,
    "on_lease": 0,
    "lot": None,
    "overrun": 0,
    "purchase_order": None,
    "sales_order": None,
    "shift": None,
    "expires_on": None,
    "best_before": None,
    "rework_of": None,
    "work_order": None,
    "operator": None,
    "attributes": {},
    "state": "open",
    "opened_at": AT,
    "closed_at": None,
    "mode": "production",
    "series": "controller-sn",
    "series_version": 1,
    "template": "unit-label",
    "template_version": 1,
    "template_digest": plants.TEMPLATE_DIGEST,
    "template_state": "released",
}
OPENED = {**RUN, "remarks": []}


def test_open_run_answers_the_run_and_its_address(any_client: FlaskClient) -> None:
    given = {"lot": "L42", "work_order": "WO-7", "operator": "Jürgen", "attributes": {"höhe": "µ"}}
    response = open_run(any_client, **given)
    assert (response.status_code, response.get_json()) == (201, {**OPENED, **given})
    assert response.headers["Location"] == "/api/v1/runs/1"
    assert response.mimetype == "application/json"
    assert "µ" in response.get_data(as_text=True)
    shown = any_client.get(response.headers["Location"])
    step = {
        "at": AT,
        "from": None,
        "to": "open",
        "units": None,
        "operator": "Jürgen",
        "reason": None,
        "channel": "http",
    }
    life = {"steps": [step], "reworked_by": [], "edits": []}
    assert (shown.status_code, shown.get_json()) == (200, {**OPENED, **given, **life})


def test_open_run_refusals(client: FlaskClient) -> None:
    open_run(client)
    second = open_run(client)
    assert second.get_json() == problem(
        2004,
        "Line 'line-1' takes one open run at a time, and run 1 is open.",
        "Close it first: POST /api/v1/runs/1/close, or labeler run close 1.",
    )
    assert refusal(open_run(client, line="line-9")) == (2001, "There is no line 'line-9'.")
    assert refusal(open_run(client, product="X")) == (2002, "There is no product 'X'.")
    assert refusal(open_run(client, line="line-2", quantity=100_000)) == (
        3003,
        "Series 'controller-sn' has 99999 numbers left, the run wants 100000.",
    )


def test_a_test_run_is_opened_listed_and_issued_from_like_any_other(client: FlaskClient) -> None:
    opened = open_run(client, mode="test")
    assert (opened.status_code, opened.get_json()) == (
        201,
        {**OPENED, "mode": "test", "template_state": "draft"},
    )
    [serial] = issue(client).get_json()["serials"]
    assert serial == f"TEST-{serials(1)[0]}"
    assert client.get(f"/api/v1/serials/{serial}").get_json()["run"]["mode"] == "test"
    checked = client.post("/api/v1/serials/check", json={"text": serial}).get_json()
    assert (checked["verdict"], checked["run"]["id"]) == ("test", 1)
    assert client.post("/api/v1/runs/1/close").get_json()["mode"] == "test"
    assert open_run(client).get_json()["mode"] == "production"
    for mode, ids in (("test", [1]), ("production", [2])):
        found = client.get(f"/api/v1/runs?mode={mode}").get_json()["runs"]
        assert [one["id"] for one in found] == ids
    expected = (1002, "mode: expected one of production, test, got 'trial'.")
    assert refusal(client.get("/api/v1/runs?mode=trial")) == expected
    assert refusal(open_run(client, mode="trial")) == expected


def test_close_run_answers_the_run_once(any_client: FlaskClient) -> None:
    open_run(any_client)
    response = any_client.post("/api/v1/runs/1/close")
    assert (response.status_code, response.get_json()) == (
        200,
        {**RUN, "state": "closed", "closed_at": AT},
    )
    assert any_client.post("/api/v1/runs/1/close").get_json() == problem(
        2006, "Run 1 was closed at 2026-11-23 12:00:00 UTC.", "Open a new run."
    )
    assert refusal(any_client.post("/api/v1/runs/2/close")) == (2003, "There is no run 2.")
    assert refusal(any_client.get("/api/v1/runs/2")) == (2003, "There is no run 2.")


def test_list_runs_page_by_page(client: FlaskClient) -> None:
    for _ in range(4):
        run_id = open_run(client).get_json()["id"]
        client.post(f"/api/v1/runs/{run_id}/close")

    def page(query: str) -> tuple[list[int], int | None]:
        found = client.get(f"/api/v1/runs{query}").get_json()
        return [run["id"] for run in found["runs"]], found["next"]

    assert page("") == ([4, 3, 2, 1], None)
    assert page("?limit=2") == ([4, 3], 3)
    assert page("?limit=2&before=3") == ([2, 1], None)
    assert page("?state=open") == ([], None)
    assert page("?line=line-1&state=closed&limit=1") == ([4], 4)


def test_issue_labels_answers_once_and_then_again(any_client: FlaskClient) -> None:
    open_run(any_client)
    first = issue(any_client, quantity=2)
    body = {"serials": list(serials(1, 2)), "run": 1, "job": 1, "replayed": False}
    assert (first.status_code, first.get_json()) == (201, body)
    again = issue(any_client, quantity=2)
    assert (again.status_code, again.get_json()) == (200, {**body, "replayed": True})


def test_issue_serials_only(client: FlaskClient) -> None:
    open_run(client)
    assert issue(client, print=False).get_json() == {
        "serials": [plants.FIRST],
        "run": 1,
        "job": None,
        "replayed": False,
    }


def test_issue_labels_refusals(client: FlaskClient) -> None:
    assert refusal(issue(client)) == (2005, "Line 'line-1' has no open run.")
    assert refusal(issue(client, line="line-9")) == (2001, "There is no line 'line-9'.")
    open_run(client)
    issue(client, key="k1")
    assert refusal(issue(client, key="k1", quantity=2)) == (
        1008,
        (
            "Idempotency-Key 'k1' of line 'line-1' was used with quantity=1 print=true, "
            "now with quantity=2 print=true."
        ),
    )
    assert refusal(issue(client, key="k2", quantity=5)) == (
        2007,
        "Run 1 has 4 of 5 units left, the trigger wants 5.",
    )


def test_show_serial(any_client: FlaskClient) -> None:
    open_run(any_client)
    issue(any_client)
    response = any_client.get(f"/api/v1/serials/{plants.FIRST}")
    assert (response.status_code, response.get_json()) == (
        200,
        {
            "serial": plants.FIRST,
            "state": "allocated",
            "number": 1,
            "counter": 1,
            "allocated_at": AT,
            "identifiers": {},
            "secrets": {},
            "forms": {
                "serial.text": plants.FIRST,
                "gs1.element_string": f"(01)04012345000009(21){plants.FIRST}",
                "gs1.fnc1": f"010401234500000921{plants.FIRST}",
                "gs1.digital_link": f"https://id.gs1.org/01/04012345000009/21/{plants.FIRST}",
                "gs1.udi_di": "(01)04012345000009",
                "gs1.udi_pi": f"(21){plants.FIRST}",
            },
            "run": {**RUN, "issued": 1, "remaining": 4},
            "labels": [
                {
                    "id": 1,
                    "job": 1,
                    "purpose": "print",
                    "reason": None,
                    "copy": 0,
                    "printer": "zebra-1",
                    "state": "queued",
                    "sent_at": None,
                    "settled_at": None,
                    "digest": None,
                    "language": None,
                    "dpi": None,
                    "program_version": None,
                }
            ],
            "events": [
                {
                    "at": AT,
                    "kind": "allocated",
                    "channel": "http",
                    "label": None,
                    "detail": {"key": "k1", "serial": plants.FIRST},
                }
            ],
        },
    )


@pytest.mark.parametrize(
    ("address", "text"),
    [("AC1", "AC1"), ("a/b?", "a/b"), ("%00", "\0"), ("%FF", "\ufffd"), ("%C3%A4", "ä")],
)
def test_show_serial_that_was_never_issued(
    any_client: FlaskClient, address: str, text: str
) -> None:
    assert any_client.get(f"/api/v1/serials/{address}").get_json() == problem(
        3001,
        f"Serial '{text}' was never issued here.",
        "POST /api/v1/serials/check, or labeler check, explains what is wrong with a text.",
    )


@pytest.mark.parametrize("text", ["\0", "ä", "\u202e", "'", "x" * 200, " "])
def test_check_weird_texts_are_invalid(any_client: FlaskClient, text: str) -> None:
    response = any_client.post("/api/v1/serials/check", json={"text": text})
    assert (response.status_code, response.get_json()["verdict"]) == (200, "invalid")


def test_check_serial(client: FlaskClient) -> None:
    open_run(client)
    issue(client)
    response = client.post("/api/v1/serials/check", json={"text": plants.FIRST})
    assert response.get_json() == {
        "text": plants.FIRST,
        "notes": [],
        "verdict": "issued",
        "identifier": None,
        "sentence": f"Serial '{plants.FIRST}' was issued by run 1 (AC-100 on line-1); "
        "its unit is allocated.",
        "state": "allocated",
        "run": {**RUN, "issued": 1, "remaining": 4},
        "units": [
            {
                "serial": plants.FIRST,
                "state": "allocated",
                "run": 1,
                "product": "AC-100",
                "line": "line-1",
            }
        ],
        "near": [],
        "series": [
            {
                "series": "controller-sn",
                "pattern": plants.PATTERN,
                "valid": True,
                "fault": None,
                "position": None,
                "counter": 1,
                "place": None,
            }
        ],
    }


def test_show_job(client: FlaskClient) -> None:
    open_run(client)
    issue(client)
    response = client.get("/api/v1/jobs/1")
    assert (response.status_code, response.get_json()) == (
        200,
        {
            "id": 1,
            "printer": "zebra-1",
            "run_id": 1,
            "purpose": "print",
            "state": "pending",
            "label_count": 1,
            "created_at": AT,
            "settled_at": None,
            "priority": 50,
            "hold_reason": None,
            "cancel_unsent": False,
            "retry_count": 0,
            "printer_group": None,
            "reason": None,
            "progress": {
                "queued": 1,
                "held": 0,
                "sending": 0,
                "sent": 0,
                "buffered": 0,
                "printed": 0,
                "verified": 0,
                "doubtful": 0,
                "not_printed": 0,
                "scrapped": 0,
            },
            "labels": [
                {
                    "id": 1,
                    "position": 1,
                    "serial": plants.FIRST,
                    "copy": 0,
                    "printer": "zebra-1",
                    "state": "queued",
                    "sent_at": None,
                    "settled_at": None,
                    "digest": None,
                }
            ],
        },
    )
    assert refusal(client.get("/api/v1/jobs/2")) == (5001, "There is no job 2.")


@pytest.mark.parametrize(
    ("suffix", "media_type", "begin"),
    [
        ("zpl", "application/vnd.zebra.zpl", b"^XA"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("png", "image/png", b"\x89PNG"),
        ("svg", "image/svg+xml", b"<?xml "),
        ("tspl", "application/vnd.tsc-tspl", b"SIZE "),
    ],
)
def test_show_labels_of_a_job(
    client: FlaskClient, suffix: str, media_type: str, begin: bytes
) -> None:
    open_run(client)
    issue(client, quantity=2)
    response = client.get(f"/api/v1/jobs/1/labels.{suffix}")
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert response.data.startswith(begin)
    position = "-1" if suffix in ("png", "svg") else ""
    name = f"job-00000001{position}.{suffix}"
    assert response.headers["Content-Disposition"] == f'inline; filename="{name}"'
    documented = client.get("/openapi.json").get_json()["paths"]
    operation = documented["/api/v1/jobs/{job_id}/labels.{format}"]["get"]
    assert media_type in operation["responses"]["200"]["content"]
    assert refusal(client.get(f"/api/v1/jobs/9/labels.{suffix}")) == (5001, "There is no job 9.")


def test_show_one_label_as_a_picture(client: FlaskClient) -> None:
    open_run(client)
    issue(client, quantity=2)
    first, second = (client.get(f"/api/v1/jobs/1/labels.png?position={n}").data for n in (1, 2))
    assert first != second
    assert refusal(client.get("/api/v1/jobs/1/labels.png?position=3")) == (
        5002,
        "Job 1 has 2 labels, not 3.",
    )
    assert refusal(client.get("/api/v1/jobs/1/labels.png?position=0"))[0] == 1002

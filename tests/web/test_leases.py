"""The doors of leases: a block goes out, its serials come back by name, as JSON or as a list."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labeler.web import shapes_leases as shapes
from tests.production.record import serials
from tests.web.asking import open_run, problem, refusal

OWN = serials(1, 12)
ADDRESS = "/api/v1/leases/1"
SAID = {"operator": "mk", "reason": "order canceled"}


def lease(client: FlaskClient, key: str = "l1", **changes: Any) -> TestResponse:
    order = {"quantity": 12, "holder": "Miller Ltd", "expires_in_s": 3600, **changes}
    headers = {"Idempotency-Key": key}
    given = {name: value for name, value in order.items() if value is not None}
    return client.post("/api/v1/runs/1/leases", json=given, headers=headers)


def tell(client: FlaskClient, verb: str, key: str = "r1", **body: Any) -> TestResponse:
    headers = {"Idempotency-Key": key}
    return client.post(f"{ADDRESS}/{verb}", json=body, headers=headers)


def send(
    client: FlaskClient, verb: str, content: str, key: str = "r1", **query: Any
) -> TestResponse:
    mimetype = query.pop("mimetype", "text/plain")
    headers = {"Idempotency-Key": key, "Content-Type": mimetype}
    return client.post(f"{ADDRESS}/{verb}", data=content, headers=headers, query_string=query)


@pytest.fixture
def leased(client: FlaskClient) -> FlaskClient:
    """A client of the plant, the first twelve serials of which are out on a lease."""
    open_run(client, quantity=300)
    lease(client)
    return client


def test_a_lease_is_opened_shown_and_listed(client: FlaskClient) -> None:
    open_run(client, quantity=300)
    made = lease(client)
    assert (made.status_code, made.headers["Location"]) == (201, ADDRESS)
    shapes.Leased.model_validate(made.get_json())
    again = lease(client)
    assert (again.status_code, again.get_json()) == (200, {**made.get_json(), "replayed": True})
    found = client.get(ADDRESS).get_json()
    assert set(found) == set(shapes.LeaseDetail.model_fields)
    assert (found["holder"], found["open"], found["first"]) == ("Miller Ltd", 12, OWN[0])
    assert found["expires_at"] == "2026-11-23T13:00:00.000Z"
    lease(client, "l2", holder="Smith", expires_in_s=None, expires_at="2026-11-23T14:00:00+01:00")
    listed = client.get("/api/v1/leases?limit=1").get_json()
    assert ([one["holder"] for one in listed["leases"]], listed["next"]) == (["Smith"], 2)
    assert listed["leases"][0]["expires_at"] == "2026-11-23T13:00:00.000Z"
    rest = client.get("/api/v1/leases?before=2&state=open&holder=Miller+Ltd&run=1").get_json()
    assert ([one["id"] for one in rest["leases"]], rest["next"]) == ([1], None)
    assert client.get("/api/v1/leases?overdue=true").get_json() == {"leases": [], "next": None}
    assert client.get("/api/v1/runs/1").get_json()["on_lease"] == 24


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"quantity": 0}, "quantity: expected a whole number from 1 to 1000000, got 0."),
        (
            {"expires_in_s": None},
            "body: expected one of: expires_at, expires_in_s, got {'quantity': 12, 'holder': 'Mi",
        ),
        ({"expires_at": "2026-12-01T06:00:00Z"}, "body: expected one of: expires_at, expires_in_s"),
        (
            {"expires_in_s": None, "expires_at": "2026-12-01"},
            "expires_at: expected a time with its zone, such as 2026-12-01T06:00:00Z, got '2026",
        ),
        (
            {"expires_in_s": None, "expires_at": "2026-13-01T06:00:00Z"},
            "body: expected an expires_at that is in the calendar, got",
        ),
        (
            {"expires_in_s": None, "expires_at": "2026-11-01T06:00:00Z"},
            "expires_at: expected a moment after 2026-11-23T12:00:00Z, got 2026-11-01T06:00:00+00:",
        ),
        ({"holder": "a\nb"}, "holder: expected one line of text, 1 to 64 characters, got 'a\\nb'."),
    ],
)
def test_a_lease_that_says_nothing_sensible_is_refused(
    client: FlaskClient, changes: dict[str, Any], detail: str
) -> None:
    open_run(client, quantity=300)
    found = lease(client, **changes).get_json()
    assert (found["number"], found["detail"][: len(detail)]) == (1002, detail)


def test_serials_of_a_lease_come_in_pages_and_as_streams(leased: FlaskClient) -> None:
    tell(leased, "used", serials=OWN[:3])
    page = leased.get(f"{ADDRESS}/serials?limit=2&state=leased").get_json()
    assert [one["serial"] for one in page["serials"]] == list(OWN[3:5])
    more = leased.get(f"{ADDRESS}/serials?limit=50&after={page['next']}").get_json()
    assert ([one["serial"] for one in more["serials"]], more["next"]) == (list(OWN[5:]), None)

    def streamed(media_type: str) -> str:
        answer = leased.get(f"{ADDRESS}/serials?state=leased", headers={"Accept": media_type})
        assert answer.mimetype == media_type
        return answer.get_data(as_text=True)

    assert streamed("text/plain").split() == list(OWN[3:])
    lines = streamed("text/csv").splitlines()
    assert (lines[0], lines[1]) == (
        "position,serial,state,allocated_at",
        f"4,{OWN[3]},leased,2026-11-23T12:00:00.000Z",
    )
    rows = [json.loads(line) for line in streamed("application/x-ndjson").splitlines()]
    assert [row["serial"] for row in rows] == list(OWN[3:])
    unknown = leased.get("/api/v1/leases/7/serials", headers={"Accept": "text/plain"})
    assert refusal(unknown) == (3020, "There is no lease 7.")


def test_serials_are_reported_as_json_and_the_lease_is_closed(leased: FlaskClient) -> None:
    ranges = [{"first": OWN[4], "last": OWN[6]}]
    made = tell(leased, "used", serials=OWN[:3], ranges=ranges, operator="mk")
    assert made.status_code == 201
    found = made.get_json()
    shapes.LeaseReport.model_validate(found)
    assert set(found) == set(shapes.LeaseReport.model_fields)
    assert (found["count"], found["open"], found["late"]) == (6, 6, False)
    again = tell(leased, "used", serials=[*OWN[:3], *OWN[4:7]], operator="mk")
    assert (again.status_code, again.get_json()) == (200, {**found, "replayed": True})
    assert tell(leased, "void", "r2", serials=[OWN[3]], **SAID).get_json()["open"] == 5
    closed = tell(leased, "close", "r3")
    assert closed.get_json() == problem(
        3023,
        "Lease 1 has 5 of 12 serials of which Miller Ltd has not said what became of them.",
        "List them: GET /api/v1/leases/1/serials?state=leased, or labeler lease show 1 --state "
        "leased --out FILE. Report them, or void the rest: void_rest, --void-rest.",
        open=5,
        list="/api/v1/leases/1/serials?state=leased",
    )
    assert refusal(tell(leased, "close", "r3", void_rest=True))[1].startswith(
        "body: expected operator and reason beside void_rest: true, got"
    )
    longer = tell(leased, "extend", "r4", expires_in_s=7200, **SAID)
    assert longer.get_json()["expires_at"] == "2026-11-23T14:00:00.000Z"
    done = tell(leased, "close", "r3", void_rest=True, **SAID)
    assert (done.status_code, done.get_json()["count"]) == (201, 5)
    assert leased.get(ADDRESS).get_json()["state"] == "closed"
    shown = leased.get(f"/api/v1/serials/{OWN[11]}").get_json()
    assert [one["kind"] for one in shown["events"]] == ["leased", "lease_voided"]
    assert (shown["state"], shown["events"][1]["detail"]["reason"]) == ("voided", "order canceled")
    checked = leased.post("/api/v1/serials/check", json={"text": OWN[11]}).get_json()
    assert checked["verdict"] == "voided"


def test_serials_are_reported_as_lists(leased: FlaskClient) -> None:
    text = "".join(f"{serial}\r\n" for serial in OWN[:4])
    made = send(leased, "used", text)
    assert (made.status_code, made.get_json()["count"]) == (201, 4)
    assert send(leased, "used", text).status_code == 200
    table = f"box;sn\n1;{OWN[4]}\n2;{OWN[5]}\n"
    options = {"column": "sn", "delimiter": "semicolon", "mimetype": "text/csv"}
    assert send(leased, "void", table, "r2", **options, **SAID).get_json()["open"] == 6
    assert refusal(send(leased, "void", text, "r3"))[1].startswith("reason is missing")
    wrong = send(leased, "used", f"{OWN[6]}\n{OWN[0]}\n\nX\n", "r4").get_json()
    assert wrong["wrong"]["first"] == [
        {"line": 2, "text": OWN[0], "sentence": f"Serial '{OWN[0]}' was reported as used already."},
        {"line": 4, "text": "X", "sentence": "Serial 'X' is not of lease 1."},
    ]
    assert (wrong["number"], wrong["wrong"]["count"]) == (3022, 2)
    no_column = send(leased, "void", table, "r5", column="zz", mimetype="text/csv", **SAID)
    assert refusal(no_column) == (
        3022,
        "There is no column 'zz'; the header has: box;sn. Nothing was changed.",
    )


@pytest.mark.parametrize("verb", ["used", "void", "close", "extend"])
def test_reports_need_a_body_and_a_key(leased: FlaskClient, verb: str) -> None:
    empty = leased.post(f"{ADDRESS}/{verb}", headers={"Idempotency-Key": "r1"})
    assert refusal(empty) == (1002, "The body is empty.")
    body: dict[str, Any] = {"serials": [OWN[0]]} if verb in ("used", "void") else {}
    body |= {"expires_in_s": 7200} if verb == "extend" else {}
    said = {} if verb == "used" else SAID
    keyless = leased.post(f"{ADDRESS}/{verb}", json={**body, **said})
    assert refusal(keyless) == (1007, "There is no Idempotency-Key.")


def test_more_serials_than_json_may_name_come_as_a_list(leased: FlaskClient) -> None:
    found = tell(leased, "used", serials=["X"] * 10_001).get_json()
    assert found["detail"].startswith("serials: expected a list of at most 10000 entries, got ")
    listed = send(leased, "used", "X\n" * 30_000).get_json()
    assert listed["wrong"]["count"] == 30_000

"""The doors of units: orders as JSON or as a list, the overview, the life of one."""

from flask.testing import FlaskClient

from labeler.web import shapes_units as shapes
from tests.production.record import serials
from tests.web.asking import open_run

OWN = serials(1, 3)


def issued(client: FlaskClient) -> None:
    open_run(client, quantity=300)
    body, headers = {"quantity": 3, "print": False}, {"Idempotency-Key": "k1"}
    client.post("/api/v1/lines/line-1/labels", json=body, headers=headers)


def test_units_are_commissioned_listed_and_told_of(any_client: FlaskClient) -> None:
    issued(any_client)
    headers = {"Idempotency-Key": "c1"}
    body = {"ranges": [{"first": OWN[0], "last": OWN[1]}], "operator": "mk", "location": "Hall 1"}
    made = any_client.post("/api/v1/units/commission", json=body, headers=headers)
    assert made.status_code == 201
    assert set(made.get_json()) == set(shapes.UnitsReport.model_fields)
    again = any_client.post("/api/v1/units/commission", json=body, headers=headers)
    assert (again.status_code, again.get_json()) == (200, {**made.get_json(), "replayed": True})
    found = any_client.get("/api/v1/units?state=commissioned&sort=serial&limit=1").get_json()
    assert set(found["units"][0]) == set(shapes.Unit.model_fields)
    assert [one["serial"] for one in found["units"]] == [OWN[0]]
    query = {"state": "commissioned", "sort": "serial", "after": found["next"]}
    found = any_client.get("/api/v1/units", query_string=query).get_json()
    assert ([one["serial"] for one in found["units"]], found["next"]) == ([OWN[1]], None)
    told = any_client.get(f"/api/v1/units/{OWN[0]}/history").get_json()
    assert set(told) == set(shapes.UnitLife.model_fields)
    assert told["history"][-1]["who"] == "mk"


def test_a_list_is_sent_as_text_or_csv(client: FlaskClient) -> None:
    issued(client)
    headers = {"Idempotency-Key": "m1", "Content-Type": "text/csv"}
    query = {"operator": "mk", "location": "Hall 2", "column": "serial", "delimiter": "semicolon",
             "header": "true"}  # fmt: skip
    sent = f"box;serial\n1;{OWN[0]}\n2;{OWN[2]}\n"
    made = client.post("/api/v1/units/move", data=sent, headers=headers, query_string=query)
    assert (made.status_code, made.get_json()["changed"]) == (201, 2)
    headers = {"Idempotency-Key": "m2", "Content-Type": "text/plain"}
    query = {"operator": "mk", "location": "Hall 3"}
    sent = f"{OWN[1]}\n\nNOBODY\n"
    made = client.post("/api/v1/units/move", data=sent, headers=headers, query_string=query)
    wrong = made.get_json()["wrong"]
    assert (made.status_code, made.get_json()["number"]) == (422, 3026)
    sentence = "Serial 'NOBODY' was never issued here."
    assert wrong["first"] == [{"line": 3, "text": "NOBODY", "sentence": sentence}]


def test_what_is_not_known_is_refused(client: FlaskClient) -> None:
    headers = {"Idempotency-Key": "m1"}
    for address, body in (("move", {"serials": ["A"], "colour": "red"}), ("paint", {})):
        answer = client.post(f"/api/v1/units/{address}", json=body, headers=headers)
        assert answer.get_json()["number"] == 1002
    assert client.get("/api/v1/units?search=ab").get_json()["number"] == 1002
    assert client.get("/api/v1/units/NOBODY/history").get_json()["number"] == 3001

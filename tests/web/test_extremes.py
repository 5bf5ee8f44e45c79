"""No number and no time that a request can carry makes the service fail: it answers or refuses."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import plants
from tests.web.asking import issue, open_run, refusal

NUMBERS = (-(10**30), -(2**63) - 1, -1, 0, 2**31, 2**53, 2**63 - 1, 2**63, 10**30)
TIMES = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "1969-12-31T23:59:59Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-12:00",
    "9999-12-31T00:00:00+23:59",
    "99999999999999999999",
)
KEYS = count()


def described(client: FlaskClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/openapi.json").get_json()
    return document


def alternatives(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what a value may be."""
    for one in schema.get("anyOf", [schema]):
        yield from alternatives(one) if "anyOf" in one else [one]


def values(schema: dict[str, Any]) -> tuple[Any, ...]:
    """Return what to try for a value of this shape: nothing, unless it is a number or a time."""
    found: list[Any] = []
    for one in alternatives(schema):
        if one.get("type") == "integer":
            found += NUMBERS
        if one.get("format") == "date-time" or "a time" in one.get("description", ""):
            found += TIMES
    return tuple(found)


def parameter_values(client: FlaskClient) -> Iterator[tuple[str, str, str, Any]]:
    """Yield method, path, parameter and each value to try for it."""
    for path, methods in described(client)["paths"].items():
        for method, operation in methods.items():
            for one in operation.get("parameters", []):
                found = values(one["schema"])
                for value in (*found, "9" * 5000) if found else ():
                    place = f"{one['in']} {one['name']}"
                    yield method, path, place, value


def body_values(client: FlaskClient) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, path and each body to try: a good one with one value that is extreme."""
    document = described(client)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            name = content.get("application/json", {}).get("schema", {}).get("$ref", "")
            shape = document["components"]["schemas"].get(name.rpartition("/")[2], {})
            given = shape.get("properties", {})
            for key, schema in given.items():
                good = {
                    one: next(iter(said["examples"]))
                    for one, said in given.items()
                    if one in shape.get("required", []) and said.get("examples")
                }
                for value in values(schema):
                    yield method, path, {**good, key: value}


def ask(client: FlaskClient, method: str, path: str, **request: Any) -> tuple[int, str]:
    """Return status and text of the answer."""
    path = re.sub(r"{series}", "controller-sn", path)
    path = re.sub(r"{line}", "line-1", path)
    path = re.sub(r"{[a-z_]+}", "1", path)
    headers = {"Idempotency-Key": f"extreme-{next(KEYS)}"}
    response = client.open(path, method=method.upper(), headers=headers, **request)
    return response.status_code, response.get_data(as_text=True)


@pytest.fixture
def made(any_client: FlaskClient) -> FlaskClient:
    """Return a client of a plant that has a run, labels, a block and a lease."""
    open_run(any_client, quantity=300)
    issue(any_client, quantity=2)
    for name, body in (("serials", {}), ("leases", {"holder": "Miller", "expires_in_s": 600})):
        headers = {"Idempotency-Key": f"made-{name}"}
        address = f"/api/v1/runs/1/{name}"
        made = any_client.post(address, json={"quantity": 2, **body}, headers=headers)
        assert made.status_code == 201
    return any_client


def test_no_number_or_time_of_a_path_or_query_makes_the_service_fail(made: FlaskClient) -> None:
    tried, failed = set(), []
    for method, path, place, value in parameter_values(made):
        where, name = place.split()
        tried.add(f"{method} {path} {name}")
        query = {name: str(value)} if where == "query" else {}
        address = path.replace(f"{{{name}}}", str(value))
        body = {"quantity": 1, "holder": "Miller", "expires_in_s": 600} if method == "post" else {}
        status, text = ask(made, method, address, query_string=query, json=body)
        if status >= 500:
            failed.append((method, path, name, value, text))
    assert failed == []
    assert {
        "get /api/v1/series/{series}/preview at",
        "get /api/v1/runs/{run_id}/serials after",
        "post /api/v1/runs/{run_id}/serials run_id",
        "get /api/v1/errors/{number} number",
    } <= tried


def test_no_number_or_time_of_a_body_makes_the_service_fail(made: FlaskClient) -> None:
    tried, failed = set(), []
    for method, path, body in body_values(made):
        tried.add(path)
        status, text = ask(made, method, path, json=body)
        if status >= 500:
            failed.append((method, path, body, text))
    assert failed == []
    assert {"/api/v1/runs", "/api/v1/runs/{run_id}/leases", "/api/v1/serials/check"} <= tried


def test_a_time_that_is_none_is_told_what_is_one(client: FlaskClient) -> None:
    for text, expected in (
        ("2026-11-26", "a time with its zone, such as 2026-11-26T08:00:00Z"),
        ("2026-11-26T08:00:00", "a time with its zone, such as 2026-11-26T08:00:00Z"),
    ):
        found = client.get("/api/v1/series/controller-sn/preview", query_string={"at": text})
        number, sentence = refusal(found)
        assert (number, sentence[: sentence.index(", got")]) == (1002, f"at: expected {expected}")
    last = {"at": "9999-12-31T23:59:59Z"}
    found = client.get("/api/v1/series/controller-sn/preview", query_string=last)
    number, sentence = refusal(found)
    assert (number, sentence[: sentence.index(", got")]) == (
        1002,
        "at: expected a time of the years 1970 to 9998",
    )


def test_a_lease_expires_within_ten_years_however_it_is_said(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path / "site"), clock=plants.Clock()) as opened:
        client = opened.web.test_client()
        open_run(client)
        body = {"quantity": 1, "holder": "Miller", "expires_at": "2036-11-30T12:00:00Z"}
        address, headers = "/api/v1/runs/1/leases", {"Idempotency-Key": "ten"}
        assert client.post(address, json=body, headers=headers).status_code == 201
        for late in ("2036-11-30T12:00:01+00:00", "9999-12-31T23:59:59-12:00"):
            body["expires_at"] = late
            found = client.post(address, json=body, headers={"Idempotency-Key": late})
            latest = "2036-11-30T12:00:00Z, ten years from now"
            said = f"expires_at: expected a moment before {latest}, got {late}."
            assert refusal(found) == (1002, said)

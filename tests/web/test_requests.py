"""Requests that are wrong: too large, no JSON, malformed, of the wrong type, without a key."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.asking import LABELS, ORDER, issue, open_run, problem, refusal

SHAPE = "Look at /api for the shape."


def post(client: FlaskClient, body: bytes, media_type: str | None = "application/json") -> Any:
    return client.post("/api/v1/runs", data=body, content_type=media_type)


@pytest.mark.parametrize("path", ["/api/v1/runs", LABELS, "/api/v1/runs/1/close"])
def test_body_too_large_is_refused(client: FlaskClient, path: str) -> None:
    body = b'{"product": "' + b"x" * 300_000 + b'"}'
    response = client.post(path, data=body, content_type="application/json")
    assert (response.status_code, response.get_json()) == (
        413,
        problem(1003, "The body is larger than 262144 bytes.", "Send less at once."),
    )


@pytest.mark.parametrize(
    ("media_type", "said"),
    [
        ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
        ("text/json", "text/json"),
        ("", "of no stated type"),
        (None, "of no stated type"),
    ],
)
def test_body_that_is_not_called_json_is_refused(
    client: FlaskClient, media_type: str | None, said: str
) -> None:
    assert post(client, json.dumps(ORDER).encode(), media_type).get_json() == problem(
        1004, f"The body is {said}.", "Send Content-Type: application/json."
    )


def test_body_called_json_in_other_words_is_taken(client: FlaskClient) -> None:
    body = json.dumps(ORDER).encode()
    assert post(client, body, "application/json; charset=utf-8").status_code == 201
    assert post(client, body, "application/vnd.plant+json").status_code == 409


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"{", "Expecting property name enclosed in double quotes at line 1, character 2"),
        (
            b"{'product': 'AC-100'}",
            "Expecting property name enclosed in double quotes at line 1, character 2",
        ),
        (b'{"quantity": NaN}', "NaN is not JSON"),
        (b'{"quantity": -Infinity}', "-Infinity is not JSON"),
        (b'{"quantity": 01}', "Expecting ',' delimiter at line 1, character 15"),
        (b'{"a": 1} {"b": 2}', "Extra data at line 1, character 10"),
        (b'{"product": "\xff"}', "byte 14 is not UTF-8"),
        (b'{"product":\n"a\nb"}', "Invalid control character at line 2, character 3"),
        (b'{"quantity": ' + b"9" * 5000 + b"}", "a number has more digits than can be read"),
        (b'{"quantity": 1, "quantity": 2}', "the key 'quantity' stands twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 50_000, "nested too deeply"),
        (b"\0", "Expecting value at line 1, character 1"),
    ],
    ids=lambda given: repr(given[:20]),
)
def test_body_that_is_malformed_is_refused(client: FlaskClient, body: bytes, fault: str) -> None:
    expected = problem(1001, f"The body is no JSON: {fault}.", "Look at /api for its shape.")
    assert post(client, body).get_json() == expected
    response = client.post(
        LABELS, data=body, content_type="application/json", headers={"Idempotency-Key": "k"}
    )
    assert (response.status_code, response.get_json()) == (400, expected)


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b"5", b'"x"', json.dumps(json.dumps(ORDER)).encode()]
)
def test_body_that_is_no_object_is_refused(client: FlaskClient, body: bytes) -> None:
    assert post(client, body).get_json() == problem(
        1002, "The body is no JSON object.", "Send {...}; see /api."
    )


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"quantity": "5"}, "quantity: expected a whole number from 1 to 10000000, got '5'."),
        ({"quantity": 5.0}, "quantity: expected a whole number from 1 to 10000000, got 5.0."),
        ({"quantity": True}, "quantity: expected a whole number from 1 to 10000000, got true."),
        ({"quantity": None}, "quantity: expected a whole number from 1 to 10000000, got null."),
        ({"quantity": 0}, "quantity: expected a whole number from 1 to 10000000, got 0."),
        (
            {"quantity": 10_000_001},
            "quantity: expected a whole number from 1 to 10000000, got 10000001.",
        ),
        ({"product": 5}, "product: expected one line of text, 1 to 64 characters, got 5."),
        ({"product": ""}, "product: expected one line of text, 1 to 64 characters, got ''."),
        (
            {"lot": "L" * 21},
            (
                "lot: expected 1 to 20 printable ASCII characters without spaces, "
                "got 'LLLLLLLLLLLLLLLLLLLLL'."
            ),
        ),
        (
            {"lot": "Lö"},
            "lot: expected 1 to 20 printable ASCII characters without spaces, got 'Lö'.",
        ),
        (
            {"operator": "a\nb"},
            r"operator: expected one line of text, 1 to 64 characters, got 'a\nb'.",
        ),
        (
            {"colour": "red"},
            (
                "colour is not a known key. Known here: product, line, quantity, lot, work_order, "
                "operator, purchase_order, sales_order, shift, expires_on, best_before, rework_of, "
                "attributes, mode, state."
            ),
        ),
        (
            {"attributes": {"a": 1}},
            "attributes.a: expected one line of text, 1 to 64 characters, got 1.",
        ),
        (
            {"attributes": []},
            "attributes: expected keys with values, 50 at most, got [].",
        ),
        (
            {"quantity": 0, "colour": "red"},
            "quantity: expected a whole number from 1 to 10000000, got 0. And 1 more.",
        ),
    ],
)
def test_value_that_is_wrong_is_refused(
    client: FlaskClient, changes: dict[str, Any], detail: str
) -> None:
    response = open_run(client, **changes)
    assert response.status_code == 422
    assert refusal(response) == (1002, detail)
    assert response.get_json()["hint"] == SHAPE


def test_value_that_is_wrong_is_named_with_what_was_expected(client: FlaskClient) -> None:
    response = open_run(client, quantity="x" * 500, operator=7)
    assert response.get_json()["findings"] == [
        {
            "where": "quantity",
            "expected": "a whole number from 1 to 10000000",
            "got": "'" + "x" * 96 + "...",
        },
        {"where": "operator", "expected": "one line of text, 1 to 64 characters", "got": "7"},
    ]


@pytest.mark.parametrize(
    ("method", "address", "detail"),
    [
        ("GET", "runs?limit=501", "limit: expected a whole number from 1 to 500, got '501'."),
        ("GET", "runs?limit=", "limit: expected a whole number from 1 to 500, got ''."),
        ("GET", "doubtful?limit=0", "limit: expected a whole number from 1 to 500, got '0'."),
        (
            "GET",
            "doubtful?after=x",
            "after: expected a whole number from 0 to 9223372036854775807, got 'x'.",
        ),
        ("GET", "doubtful?before=1", "before is not a known key. Known here: after, limit."),
        (
            "GET",
            "runs?state=ajar",
            (
                "state: expected one of planned, open, paused, closed, reconciled, released, "
                "canceled, got 'ajar'."
            ),
        ),
        (
            "GET",
            "runs?line=%0A",
            r"line: expected one line of text, 1 to 64 characters, got '\n'.",
        ),
        (
            "GET",
            "jobs/1/labels.png?position=0",
            "position: expected a whole number, 1 at least, got '0'.",
        ),
        (
            "POST",
            f"runs/{2**63}/close",
            f"run_id: expected a whole number from 0 to {2**63 - 1}, got {2**63}.",
        ),
        (
            "POST",
            "doubtful/1",
            "reason is missing: expected one line of text, 1 to 200 characters. And 2 more.",
        ),
        ("POST", "serials/check", "text is missing: expected text of 1 to 200 characters."),
    ],
)
def test_value_in_an_address_that_is_wrong_is_refused(
    client: FlaskClient, method: str, address: str, detail: str
) -> None:
    body: dict[str, Any] | None = {} if method == "POST" else None
    response = client.open(f"/api/v1/{address}", method=method, json=body)
    assert refusal(response) == (1002, detail)


def test_keys_nobody_knows_are_counted_and_not_all_repeated(client: FlaskClient) -> None:
    order = ORDER | {f"key {number}": 1 for number in range(5000)}
    response = client.post("/api/v1/runs", json=order)
    _, detail = refusal(response)
    assert detail.startswith("key 0 is not a known key.")
    assert detail.endswith("And 4999 more.")
    assert len(response.get_json()["findings"]) == 20


def test_value_with_half_a_character_is_refused(client: FlaskClient) -> None:
    response = post(client, b'{"product": "\\ud800", "line": "line-1", "quantity": 5}')
    assert refusal(response)[0] == 1002


def test_value_that_is_missing_is_refused(client: FlaskClient) -> None:
    detail = "product is missing: expected one line of text, 1 to 64 characters."
    response = client.post("/api/v1/runs", json={"line": "line-1", "quantity": 5})
    assert refusal(response) == (1002, detail)
    nothing = client.post("/api/v1/runs")
    assert refusal(nothing)[0] == 1002


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"quantity": 0}, "quantity: expected a whole number from 1 to 1000, got 0."),
        ({"quantity": 1001}, "quantity: expected a whole number from 1 to 1000, got 1001."),
        ({"quantity": 1.0}, "quantity: expected a whole number from 1 to 1000, got 1.0."),
        ({"print": "yes"}, "print: expected true or false, got 'yes'."),
        ({"colour": "red"}, "colour is not a known key. Known here: quantity, print."),
    ],
)
def test_trigger_that_is_wrong_is_refused(
    client: FlaskClient, body: dict[str, Any], detail: str
) -> None:
    assert refusal(issue(client, **body)) == (1002, detail)


@pytest.mark.parametrize("key", ["k", "x" * 255, "k,k", '"k"', "a/b?c#d%00", "{}", "~!@$^&*()"])
def test_key_of_printable_characters_is_taken(any_client: FlaskClient, key: str) -> None:
    open_run(any_client)
    assert issue(any_client, key=key).status_code == 201
    assert issue(any_client, key=key).get_json()["replayed"] is True


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "There is no Idempotency-Key."),
        ("a b", "The header Idempotency-Key is 'a b'."),
        ("ü", "The header Idempotency-Key is 'ü'."),
        ("\x01", "The header Idempotency-Key is '\\x01'."),
        ("x" * 256, "The Idempotency-Key is too long: expected at most 255 characters, got 256."),
    ],
)
def test_key_of_anything_else_is_refused(client: FlaskClient, key: str, said: str) -> None:
    open_run(client)
    assert issue(client, key=key).get_json() == problem(
        1007,
        said,
        "Send 1 to 255 printable ASCII characters without spaces: a new key for a new label, "
        "the same key for a retry.",
    )


def test_key_that_is_missing_is_refused(client: FlaskClient) -> None:
    open_run(client)
    assert refusal(client.post(LABELS, json={})) == (1007, "There is no Idempotency-Key.")

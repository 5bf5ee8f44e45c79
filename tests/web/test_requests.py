"""Requests that are wrong: too large, no JSON, malformed, of the wrong type; and bugs of ours."""

import json
from typing import Any

import pytest
from flask import abort
from flask.testing import FlaskClient
from werkzeug import exceptions

from labeler.app import Service
from labeler.errors import OVERLOADED, Refusal
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
                "operator, attributes, mode."
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
        ("GET", "runs?state=ajar", "state: expected one of open, closed, got 'ajar'."),
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


HUGE = 2**63


@pytest.mark.parametrize(
    ("method", "address", "number"),
    [
        ("GET", f"/api/v1/runs/{HUGE}", 1002),
        ("POST", f"/api/v1/runs/{HUGE}/close", 1002),
        ("GET", f"/api/v1/jobs/{HUGE}", 1002),
        ("GET", f"/api/v1/jobs/{HUGE}/labels.png", 1002),
        ("GET", f"/api/v1/runs?before={HUGE}", 1002),
        ("GET", f"/api/v1/runs/{HUGE - 1}", 2003),
        ("GET", f"/api/v1/jobs/{HUGE - 1}", 5001),
        ("GET", "/api/v1/runs/" + "9" * 5000, 1005),
        ("GET", "/api/v1/runs/-1", 1005),
        ("GET", "/api/v1/runs/x", 1005),
        ("GET", "/api/v1/runs?limit=501", 1002),
        ("GET", "/api/v1/runs?limit=x", 1002),
        ("GET", "/api/v1/runs?state=ajar", 1002),
        ("GET", "/api/v1/runs?colour=red", 1002),
        ("GET", "/api/v1/runs?line=%00", 1002),
        ("GET", "/nothing", 1005),
        ("GET", "/api/v1/errors/99999999999999999999", 1005),
        ("DELETE", "/api/v1/runs/1", 1006),
        ("PUT", LABELS, 1006),
        ("GET", LABELS, 1006),
    ],
)
def test_address_that_leads_nowhere_is_refused(
    any_client: FlaskClient, method: str, address: str, number: int
) -> None:
    assert refusal(any_client.open(address, method=method))[0] == number


def test_address_that_leads_nowhere_is_named(client: FlaskClient) -> None:
    assert client.get("/näh{0}").get_json() == problem(
        1005, "There is nothing at /näh{0}.", "Look at /api."
    )


def test_method_that_is_wrong_is_told_which_are_right(client: FlaskClient) -> None:
    response = client.delete("/api/v1/runs")
    assert response.get_json() == problem(
        1006, "DELETE is not allowed at /api/v1/runs.", "Look at /api."
    )
    allowed = response.headers["Allow"].replace(" ", "").split(",")
    assert sorted(allowed) == ["GET", "HEAD", "OPTIONS", "POST"]


STATUSES = sorted({one.code for one in vars(exceptions).values() if getattr(one, "code", None)})


@pytest.mark.parametrize("status", STATUSES)
def test_every_http_error_says_its_own_status(service: Service, status: int) -> None:
    service.web.add_url_rule("/refuse", view_func=lambda: abort(status))
    response = service.web.test_client().get("/refuse")
    number, _ = refusal(response)
    of_its_own = {400, 404, 405, 413, 415, 416, 500}
    assert response.status_code == (status if status in of_its_own else status // 100 * 100)
    assert (number >= 9000) == (status >= 500)


def test_http_error_without_a_number_of_its_own_says_its_name(service: Service) -> None:
    service.web.add_url_rule("/refuse", view_func=lambda: abort(429, retry_after=7))
    response = service.web.test_client().get("/refuse")
    assert response.headers["Retry-After"] == "7"
    assert response.get_json() == problem(
        1001, "The request is refused: Too Many Requests.", "Look at /api for its shape."
    )


def test_range_that_does_not_exist_is_refused(client: FlaskClient) -> None:
    asset = "/api/docs/swagger/css/swagger-ui.css"
    response = client.get(asset, headers={"Range": "bytes=999999999-"})
    assert response.get_json() == problem(
        1010, f"{asset} is shorter than that.", "Ask without a Range."
    )
    assert response.headers["Content-Range"].startswith("bytes */")


def test_condition_that_does_not_hold_is_refused_in_words(client: FlaskClient) -> None:
    asset = "/api/docs/swagger/css/swagger-ui.css"
    response = client.get(asset, headers={"If-Match": '"another"'})
    assert refusal(response) == (1001, "The request is refused: Precondition Failed.")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("verb", ["issue_labels", "open_run"])
def test_bug_leaves_as_a_problem_without_a_trace_of_its_stack(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("the secret password is 123")

    module = "issuing" if verb == "issue_labels" else "runs"
    monkeypatch.setattr(f"labeler.production.{module}.{verb}", fail)
    response = issue(client) if verb == "issue_labels" else open_run(client)
    assert (response.status_code, response.get_json()) == (
        500,
        problem(
            9001,
            "The service failed while it worked on this request.",
            "Retry with the same Idempotency-Key; see the service's log.",
        ),
    )
    text = response.get_data(as_text=True) + str(response.headers)
    assert [word for word in ("Traceback", "File", "ZeroDivision", "123") if word in text] == []


def test_outage_says_when_to_come_back(
    service: Service, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise Refusal(OVERLOADED, "Too many wait.", hint="Wait.")

    monkeypatch.setattr(service.site.store, "write_batch", refuse)
    response = issue(client)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert response.get_json() == problem(9007, "Too many wait.", "Wait.")


def test_answers_are_what_they_say_they_are(client: FlaskClient) -> None:
    for address in ("/healthz", "/nothing", "/api/docs/swagger"):
        assert client.get(address).headers["X-Content-Type-Options"] == "nosniff"

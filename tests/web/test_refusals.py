"""Whatever goes wrong outside a request's body leaves as a problem: addresses, methods, bugs."""

from typing import Any

import pytest
from flask import abort
from flask.testing import FlaskClient
from werkzeug import exceptions

from labeler.app import Service
from labeler.errors import OVERLOADED, Refusal
from tests.web.asking import LABELS, issue, open_run, problem, refusal

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
    service.web.view_functions["service.healthz"] = lambda: abort(status)
    response = service.web.test_client().get("/healthz")
    number, _ = refusal(response)
    of_its_own = {400, 404, 405, 413, 415, 416, 500}
    assert response.status_code == (status if status in of_its_own else status // 100 * 100)
    assert (number >= 9000) == (status >= 500)


def test_http_error_without_a_number_of_its_own_says_its_name(service: Service) -> None:
    service.web.view_functions["service.healthz"] = lambda: abort(429, retry_after=7)
    response = service.web.test_client().get("/healthz")
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

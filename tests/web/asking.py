"""How the web's tests ask, and what a refusal looks like."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labeler import errors

ORDER = {"product": "AC-100", "line": "line-1", "quantity": 5}
LABELS = "/api/v1/lines/line-1/labels"


def open_run(client: FlaskClient, **changes: Any) -> TestResponse:
    """Open a run on line-1."""
    return client.post("/api/v1/runs", json={**ORDER, **changes})


def issue(client: FlaskClient, key: str = "k1", line: str = "line-1", **body: Any) -> TestResponse:
    """Send a trigger."""
    headers = {"Idempotency-Key": key}
    return client.post(f"/api/v1/lines/{line}/labels", json=body, headers=headers)


def problem(number: int, detail: str, hint: str, **extra: Any) -> dict[str, Any]:
    """Return the problem document of a refusal."""
    [kind] = [one for one in errors.KINDS if one.number == number]
    return {
        "type": f"/api/v1/errors/{number}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "number": number,
        "hint": hint,
        **extra,
    }


def refusal(response: TestResponse) -> tuple[int, str]:
    """Return number and detail of a problem document, once its form is found right."""
    document = response.get_json()
    assert response.mimetype == "application/problem+json"
    assert response.status_code == document["status"]
    number = document["number"]
    findings = {"findings": document["findings"]} if "findings" in document else {}
    assert document == problem(number, document["detail"], document["hint"], **findings)
    assert document["hint"]
    return number, document["detail"]

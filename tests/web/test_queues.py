"""Doors that move a printer's labels and cancel a job."""

from flask.testing import FlaskClient

from labeler.web import shapes, shapes_jobs
from tests.web.asking import issue, open_run, refusal

WHY = {"reason": "new printer", "operator": "mk"}
MOVE = "/api/v1/printers/zebra-1/move"
CANCEL = "/api/v1/jobs/1/cancel"


def test_labels_are_moved_to_another_printer(any_client: FlaskClient) -> None:
    open_run(any_client)
    issue(any_client, quantity=2)
    response = any_client.post(MOVE, json={"to": "archive", **WHY})
    expected = {"printer": "zebra-1", "to": "archive", "moved": 2, "doubtful": 0}
    assert (response.status_code, response.get_json()) == (200, expected)
    shapes.Moved.model_validate(expected)
    assert any_client.get("/api/v1/jobs/1").get_json()["printer"] == "archive"
    again = any_client.post(MOVE, json={"to": "archive", **WHY})
    assert refusal(again) == (5006, "No label waits for printer 'zebra-1'.")


def test_job_is_canceled_once(any_client: FlaskClient) -> None:
    open_run(any_client)
    issue(any_client, quantity=2)
    response = any_client.post(CANCEL, json=WHY)
    expected = {"job": 1, "state": "canceled", "canceled": 2, "sending": 0, "doubtful": 0}
    assert (response.status_code, response.get_json()) == (200, expected)
    shapes_jobs.Canceled.model_validate(expected)
    assert refusal(any_client.post(CANCEL, json=WHY)) == (5006, "No label of job 1 waits.")


def test_nobody_moves_or_cancels_without_a_name_and_a_reason(client: FlaskClient) -> None:
    open_run(client)
    issue(client)
    for address, body in ((MOVE, {"to": "archive"}), (CANCEL, {})):
        for wrong in (
            {**body, "reason": "x"},
            {**body, "operator": "mk"},
            {**body, **WHY, "reason": ""},
            {**body, **WHY, "extra": 1},
        ):
            assert refusal(client.post(address, json=wrong))[0] == 1002
    assert refusal(client.post(MOVE, json=WHY))[0] == 1002
    assert client.get("/api/v1/jobs/1").get_json()["state"] == "pending"

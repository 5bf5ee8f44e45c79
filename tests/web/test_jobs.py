"""Doors of jobs and of pauses: what they take, what they answer."""

from typing import Any

from flask.testing import FlaskClient

from labeler.web import shapes_jobs
from tests.web.asking import issue, open_run, refusal

WHY = {"reason": "wrong lot", "operator": "mk"}
JOBS = "/api/v1/jobs"
PRINTER = "/api/v1/printers/zebra-1"


def ask(client: FlaskClient, verb: str, **body: Any) -> Any:
    """Post a wish about job 1."""
    return client.post(f"{JOBS}/1/{verb}", json={**WHY, **body})


def test_job_is_held_ranked_moved_and_resumed_at_a_label(any_client: FlaskClient) -> None:
    open_run(any_client)
    issue(any_client, quantity=3)
    wishes: list[tuple[Any, str, dict[str, Any], dict[str, Any]]] = [
        (shapes_jobs.Held, "hold", {}, {"state": "held", "held": 3, "sending": 0}),
        (
            *(shapes_jobs.Ranked, "priority", {"priority": 90}),
            {"state": "held", "priority": 90, "labels": 3},
        ),
        (
            *(shapes_jobs.MovedJob, "move", {"to": "archive"}),
            {"to": "archive", "moved": 3, "sending": 0, "doubtful": 0},
        ),
        (
            *(shapes_jobs.Released, "release", {"from_position": 2}),
            {
                "state": "processing",
                "queued": 2,
                "printed": 0,
                "not_printed": 1,
                "sending": 0,
                "left": {},
            },
        ),
        (
            *(shapes_jobs.Canceled, "cancel", {}),
            {"state": "canceled", "canceled": 2, "sending": 0, "doubtful": 0},
        ),
    ]
    for shape, verb, body, expected in wishes:
        response = ask(any_client, verb, **body)
        assert (response.status_code, response.get_json()) == (200, {"job": 1, **expected}), verb
        shape.model_validate(response.get_json())
    assert refusal(ask(any_client, "release")) == (5008, "Job 1 is not held, it is 'canceled'.")


def test_job_is_resumed_behind_labels_that_somebody_says_exist(client: FlaskClient) -> None:
    open_run(client)
    issue(client, quantity=3)
    ask(client, "hold")
    found = ask(client, "release", from_position=3, printed=True).get_json()
    assert (found["printed"], found["not_printed"], found["queued"]) == (2, 0, 1)
    shown = client.get(f"{JOBS}/1").get_json()
    assert [one["state"] for one in shown["labels"]] == ["printed", "printed", "queued"]
    ask(client, "hold")
    assert refusal(ask(client, "release", printed=True)) == (
        1002,
        "printed says that what waits before a label exists, but no label to go on with is given.",
    )
    assert refusal(ask(client, "release", from_position=2, printed="yes"))[0] == 1002


def test_jobs_are_listed_in_pages(client: FlaskClient) -> None:
    open_run(client)
    for number in range(3):
        issue(client, key=f"k{number}")
    first = client.get(JOBS, query_string={"limit": 2}).get_json()
    shapes_jobs.Jobs.model_validate(first)
    assert ([one["id"] for one in first["jobs"]], first["next"]) == ([3, 2], 2)
    assert first["jobs"][0]["progress"]["queued"] == 1
    rest = client.get(JOBS, query_string={"limit": 2, "after": 2}).get_json()
    assert ([one["id"] for one in rest["jobs"]], rest["next"]) == ([1], None)
    ask(client, "hold")
    held = client.get(JOBS, query_string={"state": "held", "printer": "zebra-1"}).get_json()
    assert [(one["id"], one["hold_reason"]) for one in held["jobs"]] == [
        (1, "held by mk: wrong lot")
    ]
    queue = client.get(JOBS, query_string={"order": "queue", "run": 1}).get_json()
    assert [one["id"] for one in queue["jobs"]] == [2, 3]
    for wrong in ({"state": "x"}, {"order": "x"}, {"limit": 0}, {"before": 1}):
        assert refusal(client.get(JOBS, query_string=wrong))[0] == 1002


def test_printer_is_paused_and_resumed_once(client: FlaskClient) -> None:
    paused = client.post(f"{PRINTER}/pause", json=WHY).get_json()
    shapes_jobs.Paused.model_validate(paused)
    assert (paused["printer"], paused["operator"], paused["reason"]) == (
        "zebra-1", "mk", "wrong lot"
    )  # fmt: skip
    shown = client.get(PRINTER).get_json()
    assert (shown["state"], shown["pause"]) == ("stopped", {"at": paused["at"], **WHY})
    [remark] = client.get("/readyz").get_json()["remarks"]
    assert remark == f"printer 'zebra-1': {shown['sentence']}"
    again = client.post(f"{PRINTER}/pause", json=WHY)
    assert refusal(again) == (5009, "Printer 'zebra-1' was paused by mk: wrong lot.")
    resumed = client.post(f"{PRINTER}/resume", json=WHY).get_json()
    shapes_jobs.Resumed.model_validate(resumed)
    assert resumed == {"printer": "zebra-1", "paused_at": paused["at"]}
    assert refusal(client.post(f"{PRINTER}/resume", json=WHY)) == (
        5010,
        "Nobody paused printer 'zebra-1'.",
    )


def test_nobody_touches_a_job_or_a_printer_without_a_name_and_a_reason(
    client: FlaskClient,
) -> None:
    open_run(client)
    issue(client)
    doors = [f"{JOBS}/1/{verb}" for verb in ("hold", "release")]
    for door in (*doors, f"{PRINTER}/pause", f"{PRINTER}/resume"):
        for wrong in ({"reason": "x"}, {"operator": "mk"}, {**WHY, "extra": 1}):
            assert refusal(client.post(door, json=wrong))[0] == 1002
    for number in (0, 101, "50"):
        assert refusal(ask(client, "priority", priority=number))[0] == 1002
    assert refusal(ask(client, "release", from_position=0))[0] == 1002
    assert client.get(f"{JOBS}/1").get_json()["state"] == "pending"

"""What people write into the record is one line of text, whichever database keeps it."""

import pytest
from flask.testing import FlaskClient

from tests.web.asking import issue, open_run, refusal

PRINTER = "/api/v1/printers/zebra-1"
ASKED = [
    ("/api/v1/jobs/1/hold", {}),
    ("/api/v1/jobs/1/cancel", {}),
    (f"{PRINTER}/pause", {}),
    (f"{PRINTER}/move", {"to": "archive"}),
    ("/api/v1/doubtful/1", {"decision": "printed"}),
]


@pytest.mark.parametrize("reason", ["\0", "torn\nand crumpled", "\x1b[2J"])
def test_reason_with_control_characters_is_refused(any_client: FlaskClient, reason: str) -> None:
    open_run(any_client)
    issue(any_client)
    for door, more in ASKED:
        wrong = any_client.post(door, json={"reason": reason, "operator": "mk", **more})
        assert refusal(wrong) == (
            1002,
            f"reason: expected one line of text, 1 to 200 characters, got {reason!r}.",
        ), door
    assert any_client.get("/api/v1/jobs/1").get_json()["state"] == "pending"


def test_name_of_a_printer_that_no_printer_can_have_is_refused(any_client: FlaskClient) -> None:
    sentence = "printer: expected one line of text, 1 to 64 characters, got 'x\\x00'."
    for door in ("", "/history", "/roll"):
        assert refusal(any_client.get(f"/api/v1/printers/x%00{door}")) == (1002, sentence)
    move = {"reason": "r", "operator": "mk", "to": "archive"}
    assert refusal(any_client.post("/api/v1/printers/x%00/move", json=move)) == (1002, sentence)


def test_labels_of_a_roll_are_a_number(client: FlaskClient) -> None:
    for labels in (True, "5", 5.0):
        wrong = client.post(f"{PRINTER}/roll", json={"labels": labels, "operator": "mk"})
        assert refusal(wrong)[0] == 1002
    assert refusal(client.get(f"{PRINTER}/roll"))[0] == 5031

"""The last triggers of a line, as whoever connects it sees them."""

from pathlib import Path

from labeler.web import trigger_log
from tests import plants

LABELS = "/api/v1/lines/line-1/labels"
KEY = {"Idempotency-Key": "plc1-1"}


def test_triggers_of_a_line_are_kept_the_newest_first_refused_ones_too(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path)) as service:
        client = service.web.test_client()
        client.post("/api/v1/runs", json={"product": "AC-100", "line": "line-1", "quantity": 5})
        client.post(LABELS, json={"quantity": 2}, headers=KEY)
        client.post(LABELS, json={"quantity": "ten"}, headers={"Idempotency-Key": "plc1-2"})
        large = client.post(LABELS, data=b" " * 300_000, content_type="application/json")
        assert large.status_code == 413
        with service.web.app_context():
            heard = trigger_log.of_line("line-1")
            assert trigger_log.of_line("line-2") == []
        assert [(one.key, one.status, one.asked) for one in heard] == [
            ("", 413, ""),
            ("plc1-2", 422, '{"quantity":"ten"}\n'),
            ("plc1-1", 201, '{"quantity":2}\n'),
        ]
        assert plants.FIRST in heard[2].answered
        assert all(one.milliseconds > 0 for one in heard)

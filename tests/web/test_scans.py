"""The scanner's door."""

from flask.testing import FlaskClient

from labeler.app import Service
from labeler.web import shapes_scans as shapes
from tests import plants
from tests.web.asking import issue, open_run, problem, refusal
from tests.web.test_doubtful import doubt

SCAN = "/api/v1/doubtful/scan"


def test_scanned_label_is_verified(service: Service, client: FlaskClient) -> None:
    open_run(client)
    issue(client)
    doubt(service.site)
    response = client.post(SCAN, json={"scan": plants.FIRST, "operator": "mk"})
    expected = {
        "label": 1,
        "job": 1,
        "serial": plants.FIRST,
        "was": "doubtful",
        "state": "verified",
        "sentence": f"Label 1 of serial '{plants.FIRST}' is verified; it was doubtful.",
    }
    assert (response.status_code, response.get_json()) == (200, expected)
    shapes.Verified.model_validate(expected)
    assert client.get("/api/v1/doubtful").get_json() == {"doubtful": [], "next": None}


def test_scan_that_proves_nothing_is_a_problem(service: Service, client: FlaskClient) -> None:
    open_run(client)
    issue(client, quantity=2)
    asked = {"scan": plants.FIRST, "operator": "mk"}
    assert refusal(client.post(SCAN, json=asked)) == (
        5015,
        f"No label of serial '{plants.FIRST}' can be out yet: label 1 is queued.",
    )
    doubt(service.site)
    doubt(service.site)
    service.site.store.write(lambda t: t.run_sql("UPDATE label SET unit_id = 1"))
    assert client.post(SCAN, json=asked).get_json() == problem(
        5016,
        f"Serial '{plants.FIRST}' has 2 labels that may be out, and a scan proves one of them: "
        "1 (print, doubtful), 2 (print, doubtful).",
        "Say which one it is by its id, as label, or decide about each.",
        labels=[1, 2],
    )
    for wrong in ({"scan": plants.FIRST}, {**asked, "scan": ""}, {**asked, "label": -1}):
        assert refusal(client.post(SCAN, json=wrong))[0] == 1002

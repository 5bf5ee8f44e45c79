"""The state of the service over HTTP: printers, health, metrics, the numbers of refusals."""

from pathlib import Path

from flask.testing import FlaskClient

from labeler.app import Service
from tests import plants
from tests.web.asking import issue, open_run, problem, refusal


def test_printers(client: FlaskClient) -> None:
    found = client.get("/api/v1/printers").get_json()["printers"]
    assert [(one["name"], one["state"], one["labels_waiting"]) for one in found] == [
        ("zebra-1", "unknown", 0),
        ("archive", "unknown", 0),
    ]


def test_printer_that_is_gone(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path)) as service:
        client = service.web.test_client()
        open_run(client)
        issue(client)
    lines = {"line-1": {"printer": "archive"}, "line-2": {"printer": "archive"}}
    path = plants.write_site(tmp_path, printers={"zebra-1": None}, lines=lines)
    with plants.opened(path) as service:
        client = service.web.test_client()
        response = client.get("/api/v1/jobs/1/labels.png")
        assert refusal(response) == (5004, "There is no printer 'zebra-1'.")


def test_health(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.get_json()) == (200, {"status": "ok"})


def test_readiness(service: Service, client: FlaskClient) -> None:
    class Spooler:
        alive = True

        def wake(self, printer: str) -> None:
            raise AssertionError(printer)

    response = client.get("/readyz")
    assert (response.status_code, response.get_json()) == (
        503,
        {
            "status": "not ready",
            "findings": [
                "spooler: one of its threads has ended. Restart the service; see its log."
            ],
            "remarks": [],
        },
    )
    service.site.spooler = Spooler()
    response = client.get("/readyz")
    service.site.spooler = None
    ready = {"status": "ready", "findings": [], "remarks": []}
    assert (response.status_code, response.get_json()) == (200, ready)


def test_metrics_are_prometheus_text(client: FlaskClient) -> None:
    response = client.get("/metrics")
    assert response.headers["Content-Type"] == "text/plain; version=1.0.0; charset=utf-8"
    assert b"labeler_serials_issued_total 0.0\n" in response.data


def test_numbers_of_refusals_are_explained(client: FlaskClient) -> None:
    listed = client.get("/api/v1/errors").get_json()["errors"]
    assert listed[0] == {"number": 1001, "title": "The request is malformed", "status": 400}
    for one in listed:
        assert client.get(f"/api/v1/errors/{one['number']}").get_json() == one
    assert client.get("/api/v1/errors/1").get_json() == problem(
        1005, "No refusal has number 1.", "GET /api/v1/errors."
    )

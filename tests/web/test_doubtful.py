"""Doubtful labels over HTTP: listed page by page, and decided about."""

from flask.testing import FlaskClient

from labeler.app import Service
from labeler.production.printing import spool
from labeler.production.site import Site
from labeler.units import LabelState
from tests import plants
from tests.web.asking import issue, open_run, problem, refusal

AT = "2026-11-23T12:00:00.000Z"


def doubt(site: Site) -> None:
    """Make the first label doubtful."""
    with site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=1)
    spool.claim(site, [(label, "d" * 64) for label in labels], odometer=7)
    spool.settle(site, labels, LabelState.DOUBTFUL, why="test")


def test_doubtful_labels_are_listed_and_decided(service: Service, client: FlaskClient) -> None:
    open_run(client)
    issue(client)
    assert client.get("/api/v1/doubtful").get_json() == {"doubtful": [], "next": None}
    doubt(service.site)
    assert client.get("/api/v1/doubtful").get_json() == {
        "doubtful": [
            {
                "id": 1,
                "job": 1,
                "printer": "zebra-1",
                "serial": plants.FIRST,
                "run": 1,
                "odometer": 7,
                "sent_at": AT,
                "known": {"why": "test"},
                "advice": "Nobody can tell: look for it, or scan it.",
            }
        ],
        "next": None,
    }
    finding = {"decision": "print_again", "reason": "nichts da – leer", "operator": "mk"}
    response = client.post("/api/v1/doubtful/1", json=finding)
    assert (response.status_code, response.get_json()) == (
        200,
        {"label": 1, "state": "not_printed", "job": 2},
    )
    assert client.post("/api/v1/doubtful/1", json=finding).get_json() == problem(
        5003,
        f"Label 1 of serial '{plants.FIRST}' is 'not_printed', not doubtful.",
        "Nothing needs deciding.",
    )
    assert refusal(client.post("/api/v1/doubtful/9", json=finding)) == (
        5002,
        "There is no label 9.",
    )


def test_list_doubtful_page_by_page(any_client: FlaskClient) -> None:
    def page(query: str) -> tuple[list[int], int | None]:
        found = any_client.get(f"/api/v1/doubtful{query}").get_json()
        return [label["id"] for label in found["doubtful"]], found["next"]

    open_run(any_client)
    issue(any_client, quantity=5)
    site: Site = any_client.application.extensions["labeler.site"]
    for _ in range(5):
        doubt(site)
    assert page("") == ([1, 2, 3, 4, 5], None)
    assert page("?limit=2") == ([1, 2], 2)
    assert page("?limit=2&after=2") == ([3, 4], 4)
    assert page("?limit=1&after=4") == ([5], None)
    assert page("?after=5") == ([], None)

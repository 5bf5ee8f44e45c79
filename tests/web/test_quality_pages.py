"""What QA's pages are asked wrongly is refused in a sentence, as the API refuses it."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from labeler.production import issuing, runs
from tests import plants
from tests.plants import order, trigger
from tests.web import accessing

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return somebody's browser, on a plant that has issued two serials."""
    with plants.opened(plants.write_site(tmp_path_factory.mktemp("site"))) as service:
        runs.open_run(service.site, order())
        issuing.issue_labels(service.site, trigger("a", quantity=2))
        yield accessing.visitor(service, "ab", "qa", "operator").client


@pytest.mark.parametrize(
    "path",
    [
        "/verify?scan=x",
        "/verify?scan=99999999999999999999",
        "/units/X?label=x",
        "/runs/1/balance/nothing",
        "/runs/1/balance/issued?after=x",
        "/recalls?state=lost",
        "/recalls/new?runs=x",
        "/recalls/new?from=yesterday",
        "/ranges?run=x",
        "/ranges/nothing?run=1",
        "/ranges/issued?series=controller-sn",
        "/exports/file?source=units&form=csv&run=x",
    ],
)
def test_page_asked_wrongly_is_refused_as_a_bad_value(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=PAGE)
    assert (answer.status_code, "1002 · " in answer.text) == (422, True), answer.text[-900:]


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("/units/NOBODY", 3001),
        (f"/units/{plants.FIRST}?label=99", 5002),
        ("/runs/9/balance/encoded", 2003),
        ("/runs/9/hours", 2003),
        ("/recalls/lost", 6010),
        ("/ranges?run=9", 2003),
        ("/ranges?series=lost&first=A&last=B", 3008),
        ("/exports/file?source=lost&form=csv", 6020),
    ],
)
def test_page_of_what_is_not_there_says_so(client: FlaskClient, path: str, number: int) -> None:
    assert f"{number} · " in client.get(path, headers=PAGE).text


@pytest.mark.parametrize(
    ("path", "form", "number"),
    [
        ("/verify", {"station": "qa-1"}, 1002),
        ("/verify/photo", {}, 1002),
        (f"/units/{plants.FIRST}", {"do": "eat", "key": "k" * 8}, 1002),
        (f"/units/{plants.FIRST}", {"do": "destroy", "key": "k" * 8}, 1002),
        ("/runs/1/reconcile", {}, 2021),
        ("/runs/1/reconcile", {"difference": "2", "reason": "r"}, 1002),
        ("/runs/1/release", {}, 2021),
        ("/runs/1/certificate", {}, 6040),
        ("/recalls", {"name": "R 1", "reason": "r", "lots": "L"}, 1002),
        ("/recalls/lost/close", {"reason": "r"}, 6010),
    ],
)
def test_form_sent_wrongly_changes_nothing_and_is_refused(
    client: FlaskClient, path: str, form: dict[str, str], number: int
) -> None:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get("/verify").text)[0]
    answer = client.post(path, data=form | {"csrf_token": token}, headers=PAGE)
    assert f"{number} · " in answer.text, answer.text[-900:]


def test_form_of_a_unit_sent_twice_does_it_once(client: FlaskClient) -> None:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get("/verify").text)[0]
    form = {"do": "move", "location": "Hall 2", "key": "TWICE2TWICE"}
    form["csrf_token"] = token
    for _ in range(2):
        answer = client.post(f"/units/{plants.FIRST}", data=form, headers=PAGE)
        assert answer.status_code == 303
    page = client.get(f"/units/{plants.FIRST}", headers=PAGE).text
    assert page.count("Unit moved") == 1 + page.count("It is on the record: Unit moved.")


def test_what_is_done_on_pages_stands_in_the_trail_as_done_there(client: FlaskClient) -> None:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get("/verify").text)[0]
    before = client.get("/api/v1/audit?limit=1").get_json()["audit"][0]["seq"]
    forms = {
        f"/units/{plants.FIRST}": {"do": "move", "location": "Hall 3", "key": "CHANNEL2PAGE"},
        "/verify": {"scan": plants.FIRST, "station": "bench"},
        "/recalls": {"name": "R1", "reason": "cracks", "runs": "1"},
        "/recalls/R1/close": {"reason": "mended"},
    }
    for path, form in forms.items():
        answer = client.post(path, data=form | {"csrf_token": token}, headers=PAGE)
        assert answer.status_code == 303, answer.text
    rows = client.get(f"/api/v1/audit?order=asc&after={before}").get_json()["audit"]
    assert {(row["who"], row["channel"]) for row in rows} == {("ab", "page")}
    assert {"unit_moved", "recall_opened", "recall_closed"} <= {row["what"] for row in rows}

"""Pages are for people who signed in: the way there, the way back, and forms of other sites."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labeler.app import Service
from tests import plants
from tests.web import accessing

PEOPLE = {"Accept": "text/html"}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    path = plants.write_site(tmp_path, access={"this_machine": "admin"})
    with plants.opened(path) as opened:
        accessing.add(opened, "mk", "operator")
        yield opened


def token_of(answer: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', answer.get_data(as_text=True))
    assert found is not None
    return found[1]


def sign_in(
    client: FlaskClient, *, password: str = accessing.PASSWORD, **more: str
) -> TestResponse:
    token = token_of(client.get("/sign-in", headers=PEOPLE))
    form = {"csrf_token": token, "name": "mk", "password": password, **more}
    return client.post("/sign-in", data=form, headers=PEOPLE)


def test_a_page_leads_whoever_is_not_signed_in_to_the_way_in_and_back(service: Service) -> None:
    client = service.web.test_client()
    led = client.get("/units?state=sampled", headers=PEOPLE)
    assert (led.status_code, led.headers["Location"]) == (
        303,
        "/sign-in?back=/units?state%3Dsampled",
    )
    back = sign_in(client, back="/units?state=sampled")
    assert (back.status_code, back.headers["Location"]) == (303, "/units?state=sampled")
    assert client.get("/units", headers=PEOPLE).status_code == 200


def test_this_machine_may_use_the_api_and_still_signs_in_to_see_pages(service: Service) -> None:
    client = service.web.test_client()
    assert client.get("/api/v1/units").status_code == 200
    assert client.get("/units").status_code == 401


def test_the_way_back_never_leads_to_another_site(service: Service) -> None:
    for back in ("//elsewhere.example/x", "https://elsewhere.example", "/\\elsewhere.example"):
        answer = sign_in(service.web.test_client(), back=back)
        assert answer.headers["Location"] == "/", back


def test_a_wrong_password_keeps_the_name_and_says_what_is_wrong(service: Service) -> None:
    answer = sign_in(service.web.test_client(), password="wrong", how="password")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert 'value="mk"' in text
    assert "Name and password do not fit." in text


def test_a_sign_in_without_the_token_of_its_page_is_refused(service: Service) -> None:
    form = {"name": "mk", "password": accessing.PASSWORD}
    answer = service.web.test_client().post("/sign-in", data=form)
    assert (answer.status_code, answer.get_json()["number"]) == (403, 7005)


def test_a_one_time_password_leads_to_a_password_of_ones_own_first(service: Service) -> None:
    made = service.web.test_client().post("/api/v1/accounts/mk/reset", json={}).get_json()
    client = service.web.test_client()
    answer = sign_in(client, password=made["one_time_password"])
    assert answer.headers["Location"] == "/password"
    assert client.get("/units", headers=PEOPLE).headers["Location"] == "/password"
    page = client.get("/password", headers=PEOPLE)
    form = {"csrf_token": token_of(page), "old": made["one_time_password"]}
    mine = "five green lathes hum"
    differ = client.post("/password", data=form | {"new": mine, "again": "x"}, headers=PEOPLE)
    assert (differ.status_code, "differ" in differ.get_data(as_text=True)) == (422, True)
    done = client.post("/password", data=form | {"new": mine, "again": mine}, headers=PEOPLE)
    assert (done.status_code, done.headers["Location"]) == (303, "/")
    assert client.get("/units", headers=PEOPLE).status_code == 200


def test_signing_out_ends_the_session_and_not_only_the_cookie(service: Service) -> None:
    client = service.web.test_client()
    sign_in(client)
    kept = client.get_cookie("labeler_session")
    assert kept is not None
    token = token_of(client.get("/units", headers=PEOPLE))
    client.post("/sign-out", data={"csrf_token": token}, headers=PEOPLE)
    client.set_cookie("labeler_session", kept.value)
    assert client.get("/units", headers=PEOPLE).status_code == 303


def test_a_part_that_htmx_asks_for_leads_the_whole_page_to_the_way_in(service: Service) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/units"}
    answer = service.web.test_client().get("/units", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in?back=/units")


def test_an_operator_sees_no_accounts_and_is_told_who_does(service: Service) -> None:
    client = service.web.test_client()
    sign_in(client)
    assert "/accounts" not in client.get("/units", headers=PEOPLE).get_data(as_text=True)
    refused = client.get("/accounts", headers=PEOPLE)
    assert (
        refused.status_code,
        "lacks the permission admin" in refused.get_data(as_text=True),
    ) == (
        403,
        True,
    )

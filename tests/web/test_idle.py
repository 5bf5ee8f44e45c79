"""A session ends where nobody does anything, also behind a page that follows what happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labeler.app import Service
from labeler.web.access import BY_ITSELF
from tests import plants
from tests.plants import Clock
from tests.web import accessing

LINE = "/lines/line-1"
REFRESH = {
    "HX-Request": "true",
    "HX-Current-URL": f"http://localhost{LINE}?wall=1",
    BY_ITSELF: "yes",
}
BADGE = {"badge": "B-1001", "pin": "4711"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(tmp_path: Path, clock: Clock) -> Iterator[Service]:
    rules = {"this_machine": "none", "session_idle_min": 30, "pin_idle_min": 10}
    with plants.opened(plants.write_site(tmp_path, access=rules), clock=clock) as opened:
        accessing.add(opened, "mk", "operator")
        yield opened


def refresh(client: FlaskClient) -> TestResponse:
    """Ask as an open page does by itself."""
    return client.get(LINE, headers=REFRESH)


def listen(client: FlaskClient) -> int:
    """Open the page's stream of events and leave it."""
    with client.get("/api/v1/events", buffered=False) as answer:
        return answer.status_code


def by_badge(service: Service) -> FlaskClient:
    admin = accessing.visitor(service, "boss", "admin")
    given = admin.ask("POST", "/api/v1/accounts/mk/badge", json=BADGE)
    assert given.status_code == 200, given.get_json()
    client = service.web.test_client()
    assert client.post("/api/v1/session", json=BADGE).status_code == 201
    return client


def assert_led_to_sign_in(answer: TestResponse) -> None:
    led = f"/sign-in?back={LINE}?wall%3D1"
    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (204, led)


def test_an_open_page_keeps_no_session_alive_and_leads_to_the_way_in(
    service: Service, clock: Clock
) -> None:
    client = accessing.signed_in(service.web.test_client(), "mk").client
    for _ in range(29):
        clock.go_on(minutes=1)
        assert (refresh(client).status_code, listen(client)) == (200, 200)
    clock.go_on(minutes=1)
    assert_led_to_sign_in(refresh(client))
    assert client.get("/api/v1/events").status_code == 401


def test_what_somebody_does_keeps_his_session(service: Service, clock: Clock) -> None:
    visitor = accessing.signed_in(service.web.test_client(), "mk")
    for _ in range(4):
        clock.go_on(minutes=20)
        assert visitor.client.get(LINE, headers={"Accept": "text/html"}).status_code == 200
        clock.go_on(minutes=5)
        assert refresh(visitor.client).status_code == 200
    clock.go_on(minutes=20)
    # What changes something was done by somebody, whatever it says of itself.
    form = {"csrf_token": visitor.csrf, "text": "AC2632700001K"}
    visitor.client.post(f"{LINE}/scan", data=form, headers=REFRESH)
    clock.go_on(minutes=25)
    assert refresh(visitor.client).status_code == 200


def test_a_touch_screen_goes_by_the_time_of_badges(service: Service, clock: Clock) -> None:
    client = by_badge(service)
    clock.go_on(minutes=9)
    assert refresh(client).status_code == 200
    assert client.get(LINE, headers={"Accept": "text/html"}).status_code == 200
    clock.go_on(minutes=9)
    assert (refresh(client).status_code, listen(client)) == (200, 200)
    clock.go_on(minutes=1)
    assert_led_to_sign_in(refresh(client))


def test_a_session_that_may_be_idle_a_minute_lasts_while_somebody_works(
    tmp_path: Path, clock: Clock
) -> None:
    rules = {"this_machine": "none", "session_idle_min": 1}
    path = plants.write_site(tmp_path / "short", access=rules)
    with plants.opened(path, clock=clock) as service:
        accessing.add(service, "short", "operator")
        client = accessing.signed_in(service.web.test_client(), "short").client
        for _ in range(6):
            clock.go_on(seconds=30)
            assert client.get("/api/v1/runs").status_code == 200
        clock.go_on(seconds=60)
        assert client.get("/api/v1/runs").status_code == 401

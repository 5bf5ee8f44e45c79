"""A stream of events ends with what let its listener in: his session, or his program's key."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from labeler.app import Service
from labeler.production.access import accounts, api_keys, sessions
from labeler.production.access.accounts import AccountChange
from labeler.web import streams
from tests import plants
from tests.plants import Clock
from tests.web import accessing
from tests.web.accessing import ADMIN, Visitor

EVENTS = "/api/v1/events"
STILL_HERE = b": still here\n\n"
IDLE_MIN = 30
LONGEST_H = 12

pytestmark = pytest.mark.usefixtures("talkative")


@pytest.fixture
def talkative(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a stream say at each turn that it is there, and turn at once."""
    monkeypatch.setattr(streams, "POLL_S", 0.0)
    monkeypatch.setattr(streams, "HEARTBEAT_S", 0.0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(tmp_path: Path, clock: Clock, database_url: str) -> Iterator[Service]:
    rules = {
        "this_machine": "none",
        "session_idle_min": IDLE_MIN,
        "session_absolute_h": LONGEST_H,
    }
    path = plants.write_site(tmp_path / "site", database=database_url, access=rules)
    with plants.opened(path, clock=clock) as opened:
        yield opened


@pytest.fixture
def listener(service: Service) -> Visitor:
    return accessing.visitor(service, "mk", "operator")


def listen(client: FlaskClient, **headers: str) -> Iterator[bytes]:
    """Open the stream; return what comes behind its greeting."""
    answer = client.get(EVENTS, buffered=False, headers=headers)
    assert answer.status_code == 200
    pieces = iter(answer.response)
    assert bytes(next(pieces)).startswith(b"retry: ")  # type: ignore[arg-type]
    return pieces  # type: ignore[return-value]


def assert_goes_on(pieces: Iterator[bytes]) -> None:
    assert [next(pieces) for _ in range(3)] == [STILL_HERE] * 3


def assert_ended(service: Service, pieces: Iterator[bytes]) -> None:
    assert next(pieces, None) is None
    places = service.web.extensions["labeler.streams"]
    assert places.taken == 0  # and another stream may have its place


def sign_out(service: Service, listener: Visitor) -> None:
    assert listener.ask("DELETE", "/api/v1/session").status_code == 200


def sign_out_everywhere(service: Service, listener: Visitor) -> None:
    accounts.sign_out_everywhere(service.site, "mk", by=ADMIN)


def disable(service: Service, listener: Visitor) -> None:
    accounts.set_disabled(service.site, "mk", is_disabled=True, by=ADMIN)


def give_another_password(service: Service, listener: Visitor) -> None:
    accounts.reset_password(service.site, "mk", by=ADMIN)


def give_other_roles(service: Service, listener: Visitor) -> None:
    accounts.change(service.site, "mk", AccountChange(roles=["auditor"]), by=ADMIN)


@pytest.mark.parametrize(
    "end",
    [sign_out, sign_out_everywhere, disable, give_another_password, give_other_roles],
    ids=lambda one: one.__name__,
)
def test_stream_ends_within_a_second_of_its_session(
    service: Service, listener: Visitor, clock: Clock, end: Callable[[Service, Visitor], None]
) -> None:
    accessing.add(service, "boss", "admin")  # the last admin could not be disabled
    pieces = listen(listener.client)
    assert_goes_on(pieces)
    end(service, listener)
    clock.now += sessions.GLIMPSE
    assert_ended(service, pieces)


def test_stream_ends_when_nobody_did_anything_for_too_long(
    service: Service, listener: Visitor, clock: Clock
) -> None:
    pieces = listen(listener.client)
    for _ in range(IDLE_MIN - 1):
        clock.go_on(minutes=1)
        assert next(pieces) == STILL_HERE  # which keeps no session alive
    clock.go_on(minutes=1)
    assert_ended(service, pieces)


def test_stream_ends_when_its_session_lasted_long_enough(
    service: Service, listener: Visitor, clock: Clock
) -> None:
    pieces = listen(listener.client)
    step = timedelta(minutes=IDLE_MIN - 1)
    for _ in range(int(timedelta(hours=LONGEST_H) / step)):
        clock.now += step
        assert listener.client.get("/api/v1/session").status_code == 200
        assert next(pieces) == STILL_HERE
    clock.now += step
    assert_ended(service, pieces)


def test_stream_of_another_session_of_the_same_account_goes_on(
    service: Service, listener: Visitor, clock: Clock
) -> None:
    other = accessing.signed_in(service.web.test_client(), "mk")
    ended, going_on = listen(listener.client), listen(other.client)
    sign_out(service, listener)
    clock.now += sessions.GLIMPSE
    assert next(ended, None) is None
    assert_goes_on(going_on)


def test_stream_of_a_key_ends_when_the_key_is_revoked(service: Service, clock: Clock) -> None:
    header = accessing.key(service, "read")
    pieces = listen(service.web.test_client(), **header)
    assert_goes_on(pieces)
    with service.site.store.read() as transaction:
        public_id = api_keys.list_keys(transaction)[0]["id"]
    api_keys.revoke(service.site, public_id, by=ADMIN)
    assert_ended(service, pieces)


def test_stream_of_this_machine_has_nothing_to_end_with(tmp_path: Path, clock: Clock) -> None:
    path = plants.write_site(tmp_path / "open", access={"this_machine": "auditor"})
    with plants.opened(path, clock=clock) as service:
        pieces = listen(service.web.test_client())
        clock.go_on(hours=1000)
        assert_goes_on(pieces)

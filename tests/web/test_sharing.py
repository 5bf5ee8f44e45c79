"""What open pages fetch by themselves: made once for all, and never shown to the wrong person."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labeler.app import Service
from labeler.production import issuing, runs
from labeler.production.printing import spool
from labeler.units import LabelState
from labeler.web.pages import line, sharing, visitor
from tests import plants
from tests.plants import order, trigger, until
from tests.web import accessing
from tests.web.accessing import Visitor

LINE = "/lines/line-1"
BY_ITSELF = {"HX-Request": "true", "HX-Trigger": "now", "X-By-Itself": "yes"}


class Maker:
    """Counts how often the page of a line was made, and may do something while it is."""

    def __init__(self, make: Callable[[str], dict[str, Any]]) -> None:
        self._make = make
        self.made = 0
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, name: str) -> dict[str, Any]:
        self.made += 1
        self.meanwhile()
        return self._make(name)


class Ticks:
    """A stop watch that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def go_on(self, seconds: float) -> None:
        self.now += seconds


class Door:
    """The lock of whoever makes, which says how many wait before it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.waiting = 0

    def locked(self) -> bool:
        return self._lock.locked()

    def __enter__(self) -> None:
        self.waiting += 1
        self._lock.acquire()
        self.waiting -= 1

    def __exit__(self, *_: object) -> None:
        self._lock.release()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with plants.opened(plants.write_site(tmp_path / "site")) as opened:
        runs.open_run(opened.site, order(quantity=100))
        issuing.issue_labels(opened.site, trigger("k1", quantity=2))
        yield opened


@pytest.fixture
def mk(service: Service) -> Visitor:
    return accessing.visitor(service, "mk", "operator")


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Ticks:
    found = Ticks()
    monkeypatch.setattr(sharing, "time", SimpleNamespace(monotonic=found.monotonic))
    return found


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> Maker:
    found = Maker(line._now)
    monkeypatch.setattr(line, "_now", found)
    return found


@pytest.fixture
def shared(service: Service) -> sharing.Shared:
    """Return what the service keeps, with a door at which one sees who waits."""
    found = sharing.Shared()
    found._lock = Door()  # type: ignore[assignment]
    service.web.extensions["labeler.shared"] = found
    return found


def ask(client: FlaskClient, path: str = LINE, **headers: str) -> TestResponse:
    """Ask as an open page does by itself."""
    answer = client.get(path, headers={**BY_ITSELF, **headers})
    assert answer.status_code == 200, answer.text
    return answer


def is_behind(answer: TestResponse) -> bool:
    return answer.headers.get(sharing.BEHIND) == "yes"


def write(service: Service, key: str) -> str:
    """Let something happen on the line; return its serial."""
    return issuing.issue_labels(service.site, trigger(key)).serials[0]


def doubt(service: Service) -> None:
    """Let nobody know what became of the labels, so that the page has forms."""
    with service.site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=10)
    spool.claim(service.site, [(label, "d" * 64) for label in labels], odometer=0)
    spool.settle(service.site, labels, LabelState.DOUBTFUL, why="nobody knows")


def test_part_is_kept_for_half_a_second_and_says_that_it_is_behind(
    service: Service, mk: Visitor, ticks: Ticks, maker: Maker
) -> None:
    first = ask(mk.client)
    assert not is_behind(first)
    serial = write(service, "k2")
    ticks.go_on(0.49)
    second = ask(mk.client)
    assert (second.text, is_behind(second), maker.made) == (first.text, True, 1)
    ticks.go_on(0.01)
    third = ask(mk.client)
    assert (serial in third.text, is_behind(third), maker.made) == (True, False, 2)


def test_part_is_not_behind_where_nothing_happened_and_is_made_again_for_printers(
    mk: Visitor, ticks: Ticks, maker: Maker
) -> None:
    ask(mk.client)
    ticks.go_on(0.4)
    assert not is_behind(ask(mk.client))
    assert maker.made == 1
    ticks.go_on(0.2)  # what printers say of themselves is in no commit
    assert not is_behind(ask(mk.client))
    assert maker.made == 2


def test_whoever_made_it_rests_nine_times_as_long_as_it_took(
    service: Service, mk: Visitor, ticks: Ticks, maker: Maker
) -> None:
    maker.meanwhile = lambda: ticks.go_on(0.1)
    ask(mk.client)  # made until 0.1, at rest until 1.0
    write(service, "k2")
    ticks.go_on(0.8)
    assert (is_behind(ask(mk.client)), maker.made) == (True, 1)
    ticks.go_on(0.2)
    assert (is_behind(ask(mk.client)), maker.made) == (False, 2)


def test_whoever_has_just_done_something_sees_it_at_once(
    service: Service, mk: Visitor, ticks: Ticks, maker: Maker
) -> None:
    maker.meanwhile = lambda: ticks.go_on(0.1)
    ask(mk.client)
    serial = write(service, "k2")
    own = ask(mk.client, **{"X-Own-Act": "yes"})
    assert (serial in own.text, is_behind(own), maker.made) == (True, False, 2)
    assert ask(mk.client).text == own.text
    assert maker.made == 2


def test_nothing_is_older_than_four_seconds_however_long_it_took(
    service: Service, mk: Visitor, ticks: Ticks, maker: Maker
) -> None:
    maker.meanwhile = lambda: ticks.go_on(3.0)
    ask(mk.client)
    write(service, "k2")
    ticks.go_on(0.9)
    assert (is_behind(ask(mk.client)), maker.made) == (True, 1)
    ticks.go_on(0.2)
    assert (is_behind(ask(mk.client)), maker.made) == (False, 2)


def test_others_get_what_there_is_while_one_makes_it_anew(
    service: Service, mk: Visitor, ticks: Ticks, maker: Maker
) -> None:
    old = ask(mk.client)
    write(service, "k2")
    ticks.go_on(0.6)
    seen: list[TestResponse] = []
    other = accessing.signed_in(service.web.test_client(), "mk").client
    maker.meanwhile = lambda: seen.append(ask(other))
    new = ask(mk.client)
    assert maker.made == 2
    assert [(is_behind(one), _without_token(one)) for one in seen] == [(True, _without_token(old))]
    assert _without_token(new) != _without_token(old)


def test_who_waits_for_the_first_one_gets_the_same(
    service: Service, mk: Visitor, maker: Maker, shared: sharing.Shared
) -> None:
    door: Any = shared._lock
    other = accessing.signed_in(service.web.test_client(), "mk").client
    seen: list[TestResponse] = []
    thread = threading.Thread(target=lambda: seen.append(ask(other)))

    def let_another_come() -> None:
        thread.start()
        until(lambda: door.waiting == 1)

    maker.meanwhile = let_another_come
    made = ask(mk.client)
    thread.join(timeout=20)
    assert [_without_token(one) for one in seen] == [_without_token(made)]
    assert maker.made == 1


def test_person_who_looks_himself_gets_what_is_true_now(
    service: Service, mk: Visitor, ticks: Ticks, maker: Maker
) -> None:
    ask(mk.client)
    serial = write(service, "k2")
    whole = mk.client.get(LINE, headers={"Accept": "text/html"})
    assert serial in whole.text
    assert sharing.BEHIND not in whole.headers
    assert maker.made == 2


def test_who_may_do_something_else_or_reads_another_language_gets_his_own(
    service: Service, mk: Visitor, ticks: Ticks, maker: Maker
) -> None:
    doubt(service)
    reader = accessing.visitor(service, "reader", "auditor")
    english = ask(mk.client)
    assert "/doubtful/1" in english.text
    assert "/doubtful/1" not in ask(reader.client).text
    german = ask(mk.client, **{"Accept-Language": "de"})
    assert "Etiketten sind zweifelhaft" in german.text
    assert "labels are doubtful" in english.text
    other_line = ask(mk.client, "/lines/line-2")
    assert "labels are doubtful" in other_line.text
    assert maker.made == 4
    assert "labels are doubtful" in ask(mk.client).text
    assert maker.made == 4


def test_persons_who_may_do_the_same_share_all_but_the_token_of_their_forms(
    service: Service, mk: Visitor, ticks: Ticks, maker: Maker
) -> None:
    doubt(service)
    other = accessing.visitor(service, "nn", "operator")
    mine, his = ask(mk.client), ask(other.client)
    assert maker.made == 1
    assert mk.csrf != other.csrf
    for answer, own, foreign in ((mine, mk, other), (his, other, mk)):
        assert answer.text.count(f'name="csrf_token" value="{own.csrf}"') == 2
        assert foreign.csrf not in answer.text
        assert visitor.STAND_IN not in answer.text
    assert _without_token(mine) == _without_token(his)
    # And what is kept holds neither of them.
    kept = service.web.extensions["labeler.shared"]._made.values()
    for one in kept:
        assert mk.csrf not in one.markup
        assert other.csrf not in one.markup
    form = {"csrf_token": other.csrf, "decision": "printed"}
    assert other.client.post(f"{LINE}/doubtful/1", data=form).status_code == 303


def test_a_page_that_could_not_be_made_keeps_nobody_waiting(
    service: Service, mk: Visitor, ticks: Ticks, maker: Maker
) -> None:
    def fail() -> None:
        maker.meanwhile = lambda: None
        raise ZeroDivisionError

    maker.meanwhile = fail
    service.web.config["PROPAGATE_EXCEPTIONS"] = False
    assert mk.client.get(LINE, headers=BY_ITSELF).status_code == 500
    assert visitor.STAND_IN not in ask(mk.client).text
    assert maker.made == 2


def test_only_so_much_is_kept(
    service: Service, mk: Visitor, ticks: Ticks, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "_MOST", 2)
    for number in range(5):
        ask(mk.client, f"{LINE}?wall={number}")
        assert len(service.web.extensions["labeler.shared"]._made) <= 2
    assert maker.made == 5


def test_pages_are_told_how_often_they_may_ask(service: Service, mk: Visitor, ticks: Ticks) -> None:
    streams = service.web.extensions["labeler.streams"]
    assert ask(mk.client).headers[sharing.PACE] == "500"
    places = [streams.take() for _ in range(8)]
    few = ask(mk.client).headers[sharing.PACE]
    for one in places:
        one.give_back()
    assert few == str(sharing.pace_ms(8))
    assert sharing.pace_ms(100) == 4000


def _without_token(answer: TestResponse) -> str:
    text = answer.text
    for before in text.split('name="csrf_token" value="')[1:]:
        text = text.replace(before.partition('"')[0], "TOKEN")
    return text

"""The newsroom: the record is read once for all listeners, and none misses anything."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from labeler.app import Service
from labeler.production import streaming
from labeler.production.streaming import Cursor, Wish
from labeler.units import LabelState
from labeler.web import newsroom
from labeler.web.newsroom import News, Newsroom
from tests import plants
from tests.plants import NOON
from tests.web.asking import issue, open_run
from tests.web.test_events import ALL, change, parsed, settle

START = Cursor(event=0, printer_event=0)


class Ticks:
    """A stop watch that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def service(tmp_path: Path, database_url: str) -> Iterator[Service]:
    with plants.opened(plants.write_site(tmp_path / "site", database=database_url)) as opened:
        yield opened


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Ticks:
    found = Ticks()
    monkeypatch.setattr(newsroom, "time", SimpleNamespace(monotonic=found.monotonic))
    return found


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return how the record is read from now on: for all, or for one who is behind."""
    found: list[str] = []
    read_on = streaming.read_on

    def note(transaction: Any, wish: Wish, reached: Cursor, *, limit: int) -> Any:
        found.append("all" if wish is newsroom._ALL else "one")
        return read_on(transaction, wish, reached, limit=limit)

    monkeypatch.setattr(streaming, "read_on", note)
    return found


@pytest.fixture
def room(service: Service, ticks: Ticks) -> Newsroom:
    return Newsroom(service.site)


def labels(service: Service, count: int, key: str = "k1") -> None:
    """Issue so many labels, in a run that is open."""
    issue(service.web.test_client(), key, quantity=count)


def said(news: list[News]) -> list[str]:
    """Return what somebody hears: topic and what it is about."""
    return [
        f"{one.message.topic} {one.message.content.get('serial') or one.message.content['state']}"
        for one in news
    ]


def hear(room: Newsroom, wish: Wish = ALL, reached: Cursor = START) -> tuple[list[str], Cursor]:
    """Ask until there is nothing more; return what was heard, and how far that reaches."""
    found: list[str] = []
    while True:
        news, after = room.since(wish, reached, newer_s=0.0)
        found += said(news)
        if after == reached:
            return found, after
        reached = after


def everything(service: Service, wish: Wish = ALL) -> list[str]:
    """Return what the record itself says, from its beginning."""
    with service.site.store.read() as transaction:
        found, _ = streaming.read_on(transaction, wish, START, limit=1000)
    return [f"{one.topic} {one.content.get('serial') or one.content['state']}" for one in found]


def happen(service: Service, rounds: int, first: int = 0) -> None:
    """Let a label be printed and the printer say something, again and again."""
    for number in range(first, first + rounds):
        settle(service, LabelState.PRINTED)
        change(service, at=NOON + timedelta(minutes=number), sentence=str(number))


@pytest.fixture
def busy(service: Service) -> Service:
    """Return a service with twenty labels that wait."""
    open_run(service.web.test_client(), quantity=100)
    labels(service, 20)
    return service


def test_record_is_read_once_for_all_who_ask_within_the_time(
    busy: Service, room: Newsroom, ticks: Ticks, reads: list[str]
) -> None:
    _, present = room.since(ALL, START, newer_s=0.45)
    reads.clear()
    happen(busy, 2)
    for _ in range(5):
        assert room.since(ALL, present, newer_s=0.45) == ([], present)
    assert reads == []
    ticks.now += 0.45
    found = [room.since(ALL, present, newer_s=0.45) for _ in range(5)]
    assert [len(news) for news, _ in found] == [4] * 5
    assert reads == ["all"]
    after = found[-1][1]
    assert room.since(ALL, after, newer_s=0.45) == ([], after)


def test_each_hears_what_he_wants_only(busy: Service, room: Newsroom) -> None:
    _, present = hear(room)
    settle(busy, LabelState.PRINTED)
    settle(busy, LabelState.DOUBTFUL, why="nobody knows")
    change(busy)
    wishes = (
        (ALL, 3),
        (Wish(topics=frozenset({"labels"})), 1),
        (Wish(topics=frozenset({"doubtful"})), 1),
        (Wish(topics=frozenset({"printers"})), 1),
        (Wish(topics=frozenset({"jobs"})), 0),
        (Wish(topics=ALL.topics, printer="zebra-1"), 3),
        (Wish(topics=ALL.topics, printer="archive"), 0),
        (Wish(topics=ALL.topics, run=1), 3),  # a printer is nobody's
        (Wish(topics=frozenset({"labels", "doubtful"}), run=2), 0),
    )
    for wish, count in wishes:
        heard, after = hear(room, wish, present)
        assert (len(heard), wish) == (count, wish)
        assert after == hear(room, ALL, present)[1]  # who wants little is as far as who wants all
        assert heard == [one for one in everything(busy, wish) if one in heard]


def test_who_comes_first_and_has_missed_a_little_misses_nothing(
    busy: Service, room: Newsroom, reads: list[str]
) -> None:
    happen(busy, 5)
    heard, _ = hear(room)
    assert "one" not in reads
    assert sorted(heard) == sorted(everything(busy))


def test_who_is_far_behind_reads_a_page_at_a_time_by_himself(
    busy: Service, room: Newsroom, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newsroom, "KEPT", 3)
    monkeypatch.setattr(newsroom, "PAGE", 4)
    happen(busy, 6)
    with busy.site.store.read() as transaction:
        present = streaming.present(transaction)
    assert room.since(ALL, present, newer_s=0.0) == ([], present)  # begins the room
    reads.clear()
    news, _ = room.since(ALL, START, newer_s=60.0)
    assert (len(news), reads) == (8, ["one"])  # of labels a page, and of printers
    heard, after = hear(room)
    assert sorted(heard) == sorted(everything(busy))
    assert len(heard) == 12
    assert room.since(ALL, after, newer_s=60.0) == ([], after)
    for wish in (Wish(topics=frozenset({"labels"})), Wish(topics=ALL.topics, printer="archive")):
        assert sorted(hear(room, wish)[0]) == sorted(everything(busy, wish))


def test_news_are_kept_up_to_a_limit_and_who_needs_older_ones_reads_them(
    busy: Service, room: Newsroom, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newsroom, "KEPT", 5)
    monkeypatch.setattr(newsroom, "PAGE", 3)
    _, begun = hear(room, reached=_present(busy))
    happen(busy, 3)
    middle = hear(room, reached=begun)[1]
    happen(busy, 3, first=3)
    last, _ = hear(room, reached=middle)
    assert len(last) == 6
    assert len(room._news) == 5
    assert room._floor != begun
    reads.clear()
    heard, _ = hear(room, reached=begun)
    assert "one" in reads
    assert sorted(heard) == sorted(everything(busy))


def test_room_in_which_nobody_listened_begins_anew(
    busy: Service, room: Newsroom, ticks: Ticks, reads: list[str]
) -> None:
    heard, gone = hear(room)
    assert heard == []
    happen(busy, 3)
    ticks.now += 5.5
    present = _present(busy)
    reads.clear()
    # Whoever comes now for the first time hears nothing of what was meanwhile, which nobody reads.
    assert room.since(ALL, present, newer_s=0.45) == ([], present)
    assert reads == ["all"]
    assert list(room._news) == []
    # Who comes back hears it all the same.
    assert sorted(hear(room, reached=gone)[0]) == sorted(everything(busy))
    happen(busy, 1, first=3)
    assert len(hear(room, reached=present)[0]) == 2


def test_room_that_was_looked_at_lately_keeps_its_news(
    busy: Service, room: Newsroom, ticks: Ticks
) -> None:
    _, begun = hear(room)
    happen(busy, 1)
    hear(room, reached=begun)
    kept = list(room._news)
    ticks.now += 4.9
    hear(room, reached=begun)
    assert list(room._news) == kept
    assert len(kept) == 2


def test_listeners_at_any_place_hear_the_rest_and_nothing_twice(
    busy: Service, room: Newsroom
) -> None:
    happen(busy, 4)
    whole, _ = room.since(ALL, START, newer_s=0.0)
    reached = START
    for place, one in enumerate(whole, start=1):
        reached = newsroom._later(reached, one.message.cursor)
        assert hear(room, reached=reached)[0] == said(whole[place:])


def test_ids_that_are_told_lead_on_from_where_they_stand(busy: Service, room: Newsroom) -> None:
    happen(busy, 3)
    news, after = room.since(ALL, START, newer_s=0.0)
    blocks = list(parsed(newsroom.told(news, START).decode()))
    assert [name for _, name, _ in blocks] == [one.message.topic for one in news]
    assert newsroom.told([], START) == b""
    with busy.site.store.read() as transaction:
        for place, (name, _, _) in enumerate(blocks, start=1):
            _, cursor = streaming.begin(busy.site, transaction, ALL, since=name)
            assert hear(room, reached=cursor)[0] == said(news[place:])
    assert blocks[-1][0] == str(after)


def _present(service: Service) -> Cursor:
    with service.site.store.read() as transaction:
        return streaming.present(transaction)

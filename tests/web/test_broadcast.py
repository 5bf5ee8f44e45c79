"""Streams that the server goes on with: they hold no thread, and end one by one."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from labeler.app import Service
from labeler.units import LabelState
from labeler.web import newsroom, streams
from tests import plants
from tests.plants import until
from tests.web.asking import issue, open_run
from tests.web.serving import running as serving
from tests.web.test_events import settle

REQUEST = b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
STATE = b"GET /api/v1/errors HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
TIMEOUT_S = 10.0


class Running:
    """A plant that is served by two threads, with more listeners than these."""

    def __init__(self, service: Service, port: int) -> None:
        self.service = service
        self._port = port

    def send(self, data: bytes) -> socket.socket:
        """Connect and send something."""
        connection = socket.create_connection(("127.0.0.1", self._port), timeout=TIMEOUT_S)
        connection.sendall(data)
        return connection

    @property
    def free(self) -> int:
        """How many streams may still begin."""
        return 200 - int(self.service.web.extensions["labeler.streams"].taken)


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(streams, "POLL_S", 0.01)
    with plants.opened(plants.write_site(tmp_path)) as service, serving(service.web) as (port, _):
        yield Running(service, port)


def read_until(connection: socket.socket, done: Callable[[bytes], bool]) -> bytes:
    """Read until what was received will do."""
    received = b""
    while not done(received):
        piece = connection.recv(65_536)
        assert piece, received
        received += piece
    return received


def rest(connection: socket.socket) -> bytes:
    """Return everything up to the end of the connection."""
    pieces = []
    while piece := connection.recv(65_536):
        pieces.append(piece)
    return b"".join(pieces)


def has_greeting(received: bytes) -> bool:
    return b'"zebra-1"' in received


def test_twenty_streams_leave_both_threads_to_others(running: Running) -> None:
    ears = [running.send(REQUEST) for _ in range(20)]
    for ear in ears:
        read_until(ear, has_greeting)
    with closing(running.send(STATE)) as other:
        assert rest(other).startswith(b"HTTP/1.1 200")
    assert running.free == 180
    assert sum(one.name == "broadcast" for one in threading.enumerate()) == 1
    for ear in ears:
        ear.close()


def test_who_hangs_up_gives_his_place_back_though_nothing_happens(running: Running) -> None:
    ear = running.send(REQUEST)
    read_until(ear, has_greeting)
    assert running.free == 199
    ear.close()
    until(lambda: running.free == 200)
    until(lambda: all(one.name != "broadcast" for one in threading.enumerate()))
    with closing(running.send(REQUEST)) as again:  # the thread begins anew
        assert has_greeting(read_until(again, has_greeting))


@pytest.mark.parametrize("second", [STATE, REQUEST, b"nonsense\r\n\r\n"])
def test_what_is_sent_behind_a_stream_is_not_answered_into_it(
    running: Running, second: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_S", 0.05)
    with closing(running.send(REQUEST + second)) as ear:
        ear.sendall(second)
        received = read_until(ear, lambda got: got.count(b": still here") >= 3)
    assert received.count(b"HTTP/1.1") == 1
    assert b"Connection: close\r\n" in received
    until(lambda: running.free == 200)


def test_stream_of_http_1_0_comes_as_it_is(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_S", 0.05)
    request = REQUEST.replace(b"HTTP/1.1", b"HTTP/1.0")
    with closing(running.send(request)) as ear:
        received = read_until(ear, lambda got: got.count(b": still here") >= 2)
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"chunked" not in head
    assert body.startswith(b"retry: 2000\n\nid: ")
    assert body.endswith(b": still here\n\n")


def test_a_page_hears_that_there_is_news_and_looks_for_itself(running: Running) -> None:
    brief = REQUEST.replace(b"/events ", b"/events?brief=yes ")
    open_run(running.service.web.test_client())
    with closing(running.send(brief)) as ear:
        begun = read_until(ear, lambda got: b"retry: 2000\n\n" in got)
        issue(running.service.web.test_client(), quantity=3)
        settle(running.service, LabelState.PRINTED, count=3)
        received = begun + read_until(ear, lambda got: b"count" in got)
    assert b"zebra-1" not in received
    news = re.findall(rb'id: [0-9]+-0\nevent: news\ndata: \{"count": ([0-9])\}\n\n', received)
    assert news == [b"3"]


def test_streams_end_whole_when_the_service_stops(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path)) as service:
        with serving(service.web) as (port, _):
            ear = Running(service, port).send(REQUEST)
            read_until(ear, has_greeting)
        assert rest(ear).endswith(b"0\r\n\r\n")
        ear.close()
        assert Running(service, port).free == 200


def test_all_come_back_after_the_record_could_not_be_read(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = newsroom.Newsroom.since
    threads = threading.excepthook
    told: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", told.append)

    def broken(*_: Any, **__: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    ears = [running.send(REQUEST) for _ in range(3)]
    for ear in ears:
        read_until(ear, has_greeting)
    monkeypatch.setattr(newsroom.Newsroom, "since", broken)
    for ear in ears:
        rest(ear)
        ear.close()
    until(lambda: running.free == 200)
    until(lambda: len(told) == 1)
    assert told[0].exc_type is OperationalError
    monkeypatch.setattr(newsroom.Newsroom, "since", read)
    monkeypatch.setattr(threading, "excepthook", threads)
    with closing(running.send(REQUEST)) as again:
        assert has_greeting(read_until(again, has_greeting))


def test_a_stream_is_sent_whole_while_the_loop_of_the_server_turns_all_the_time(
    running: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_S", 0.0)
    ears = [running.send(REQUEST) for _ in range(12)]
    received = [read_until(ear, has_greeting) for ear in ears]
    asking = b"GET /api/v1/errors HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with closing(running.send(asking)) as other:
        for _ in range(300):
            read_until(other, lambda got: got.endswith((b"}\n", b"}")))
            other.sendall(asking)
    for ear, begun in zip(ears, received, strict=True):
        text = begun + read_until(ear, lambda got: got.count(b": still here") >= 50)
        beats = text[text.index(b": still here") :].count(b"E\r\n: still here\n\n\r\n")
        assert beats >= 40
        ear.close()
    assert [one.message for one in caplog.records if one.levelname == "ERROR"] == []

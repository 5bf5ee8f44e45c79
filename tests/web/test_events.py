"""The stream of what happens, over a real connection."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask.testing import FlaskClient

from labeler.app import Service
from labeler.production import streaming
from labeler.production.printing import printer_history, spool
from labeler.production.printing.printer_history import Change
from labeler.production.site import PrinterState
from labeler.production.streaming import Cursor, Wish
from labeler.units import LabelState
from labeler.web import streams
from tests import plants
from tests.plants import NOON, until
from tests.web.asking import issue, open_run, refusal
from tests.web.serving import running

EVENTS = "/api/v1/events"
ALL = Wish(topics=frozenset(streaming.TOPICS))


@pytest.fixture
def any_service(tmp_path: Path, database_url: str) -> Iterator[Service]:
    """Return the plant on each kind of database."""
    with plants.opened(plants.write_site(tmp_path / "site", database=database_url)) as opened:
        yield opened


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the record all the time."""
    monkeypatch.setattr(streams, "POLL_S", 0.01)


def change(service: Service, state: str = "stopped", **given: Any) -> None:
    """Write that zebra-1 is in another condition."""
    usual = {"printer": "zebra-1", "at": NOON, "reasons": ("paused",), "sentence": "Paused."}
    row = Change(**{**usual, "state": state, "label_count": 7, **given})
    service.site.store.write(lambda t: printer_history.append(t, [row], keep=100))


def settle(service: Service, state: LabelState, count: int = 1, **known: Any) -> None:
    """Send the oldest labels of zebra-1 and settle them."""
    with service.site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=count)
    spool.claim(service.site, [(label, "d" * 64) for label in labels], odometer=0)
    spool.settle(service.site, labels, state, **known)


def made(service: Service, quantity: int = 3) -> FlaskClient:
    """Open a run and issue labels."""
    client = service.web.test_client()
    open_run(client)
    issue(client, quantity=quantity)
    return client


def read(service: Service, after: Cursor, wish: Wish = ALL, limit: int = 100) -> list[str]:
    """Return what a listener hears: id, topic and what it is about."""
    with service.site.store.read() as transaction:
        messages, _ = streaming.read_on(transaction, wish, after, limit=limit)
    return [
        f"{one.topic} {one.content.get('kind', one.content.get('state'))} {one.content['printer']}"
        for one in messages
    ]


def test_listener_hears_labels_doubtful_labels_and_printers(any_service: Service) -> None:
    made(any_service)
    start = Cursor(event=0, printer_event=0)
    settle(any_service, LabelState.PRINTED, odometer_before=0, odometer_after=1)
    settle(any_service, LabelState.DOUBTFUL, why="nobody knows")
    change(any_service, at=NOON + timedelta(seconds=1))
    assert read(any_service, start) == [
        "label label_printed zebra-1",
        "doubtful label_doubtful zebra-1",
        "printer stopped zebra-1",
    ]
    for topics, count in (({"labels"}, 1), ({"doubtful"}, 1), ({"printers"}, 1)):
        assert len(read(any_service, start, Wish(topics=frozenset(topics)))) == count
    assert read(any_service, start, Wish(topics=ALL.topics, printer="archive")) == []
    assert len(read(any_service, start, Wish(topics=frozenset({"labels"}), run=1))) == 1
    assert read(any_service, start, Wish(topics=frozenset({"labels"}), run=2)) == []


def test_pages_of_any_size_tell_everything_once(any_service: Service) -> None:
    made(any_service, quantity=4)
    for number in range(4):
        settle(any_service, LabelState.PRINTED)
        change(any_service, at=NOON - timedelta(minutes=number), sentence=str(number))
    whole = read(any_service, Cursor(event=0, printer_event=0))
    assert len(whole) == 8
    for limit in (1, 2, 3, 5):
        cursor, told, ids = Cursor(event=0, printer_event=0), [], set()
        while True:
            with any_service.site.store.read() as transaction:
                page, cursor = streaming.read_on(transaction, ALL, cursor, limit=limit)
            if not page:
                break
            told += [json.dumps(one.content, default=str) for one in page]
            ids |= {str(one.cursor) for one in page}
        assert (len(told), len(set(told)), len(ids)) == (8, 8, 8), limit


def test_listener_who_comes_back_with_any_id_misses_nothing(any_service: Service) -> None:
    made(any_service, quantity=3)
    for number in range(3):
        settle(any_service, LabelState.PRINTED)
        change(any_service, at=NOON - timedelta(minutes=number), sentence=str(number))
    start = Cursor(event=0, printer_event=0)
    with any_service.site.store.read() as transaction:
        messages, _ = streaming.read_on(transaction, ALL, start, limit=100)
        contents = [one.content for one in messages]
        for heard, message in enumerate(messages, start=1):
            since = str(message.cursor)
            _, cursor = streaming.begin(any_service.site, transaction, ALL, since=since)
            rest, _ = streaming.read_on(transaction, ALL, cursor, limit=100)
            assert sorted(map(str, contents[:heard] + [one.content for one in rest])) == sorted(
                map(str, contents)
            )


class Ear:
    """Reads a stream of events in a thread of its own."""

    def __init__(self, address: str, **headers: str) -> None:
        self.events: list[tuple[str, str, dict[str, Any]]] = []
        self.text = ""
        self.ended = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, args=(address, headers), daemon=True)
        self._thread.start()

    def _listen(self, address: str, headers: dict[str, str]) -> None:
        with (
            httpx.Client(trust_env=False) as client,
            client.stream("GET", address, headers=headers, timeout=30) as response,
        ):
            for piece in response.iter_text():
                self.text += piece
                self.events = list(parsed(self.text))
                if self._stop.is_set():
                    return
        self.ended = True

    def hang_up(self) -> None:
        self._stop.set()


def parsed(text: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield id, name and data of each whole event."""
    for block in text.split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            yield fields["id"], fields["event"], json.loads(fields["data"])


@contextmanager
def served(service: Service, threads: int = 6) -> Iterator[tuple[str, Callable[[], None]]]:
    """Serve the plant; give its address, and what stops the server."""
    with running(service.web, threads=threads) as (port, server):
        yield f"http://127.0.0.1:{port}", server.stop


@pytest.mark.usefixtures("quick")
def test_stream_begins_with_the_printers_and_goes_on_with_what_happens(service: Service) -> None:
    made(service)
    service.site.printer_states["zebra-1"] = PrinterState(
        state="stopped", reasons=("paused",), since=NOON, sentence="Paused."
    )
    with served(service) as (address, _):
        ear = Ear(address + EVENTS)
        until(lambda: len(ear.events) == 2)
        settle(service, LabelState.PRINTED, odometer_before=0, odometer_after=1)
        until(lambda: len(ear.events) == 3)
        change(service, "idle", reasons=(), sentence="")
        until(lambda: len(ear.events) == 4)
        ear.hang_up()
    assert ear.text.startswith("retry: 2000\n\n")
    assert [(name, data.get("state")) for _, name, data in ear.events] == [
        ("printer", "stopped"),
        ("printer", "unknown"),
        ("label", None),
        ("printer", "idle"),
    ]
    assert ear.events[0][2] == {
        "printer": "zebra-1",
        "at": "2026-11-23T12:00:00.000Z",
        "state": "stopped",
        "reasons": ["paused"],
        "sentence": "Paused.",
        "label_count": None,
    }
    label = ear.events[2][2]
    assert label == {
        "at": "2026-11-23T12:00:00.000Z",
        "kind": "label_printed",
        "label": 1,
        "job": 1,
        "position": 1,
        "printer": "zebra-1",
        "run": 1,
        "serial": plants.FIRST,
        "detail": {"odometer_before": 0, "odometer_after": 1},
    }


@pytest.mark.usefixtures("quick")
def test_stream_goes_on_behind_the_last_event_id(service: Service) -> None:
    made(service)
    settle(service, LabelState.PRINTED)
    settle(service, LabelState.SENT)
    with served(service) as (address, _):
        whole = Ear(f"{address}{EVENTS}?after=0-0")
        until(lambda: len(whole.events) == 2)
        rest = Ear(address + EVENTS, **{"Last-Event-ID": whole.events[0][0]})
        until(lambda: rest.events == whole.events[1:])
        settle(service, LabelState.DOUBTFUL)
        until(lambda: [name for _, name, _ in rest.events] == ["label", "doubtful"])
        for ear in (whole, rest):
            ear.hang_up()


@pytest.mark.usefixtures("quick")
def test_streams_are_only_so_many_and_triggers_go_on(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path, http={"streams_max": 2, "threads": 4})
    with plants.opened(path) as service, served(service, threads=4) as (address, _):
        ears = [Ear(address + EVENTS) for _ in range(2)]
        until(lambda: all(ear.events for ear in ears))
        with httpx.Client(base_url=address, trust_env=False) as client:
            refused = client.get(EVENTS)
            assert (refused.status_code, refused.json()["number"]) == (503, 9007)
            assert refused.json()["detail"] == (
                "2 streams of events are open, as many as http.streams_max allows."
            )
            order = {"product": "AC-100", "line": "line-1", "quantity": 5}
            assert client.post("/api/v1/runs", json=order).status_code == 201
            headers = {"Idempotency-Key": "k1"}
            issued = client.post("/api/v1/lines/line-1/labels", json={}, headers=headers)
            assert issued.status_code == 201
            for ear in ears:
                ear.hang_up()
            settle(service, LabelState.PRINTED)  # they hear of it, and are gone
            again: list[Ear] = []

            def free() -> bool:
                again.append(Ear(address + EVENTS))
                until(lambda: again[-1].text or not again[-1]._thread.is_alive())
                return "retry" in again[-1].text

            until(free)
            again[-1].hang_up()


@pytest.mark.usefixtures("quick")
def test_stop_of_the_server_ends_streams(service: Service) -> None:
    with served(service) as (address, stop):
        ear = Ear(address + EVENTS)
        until(lambda: len(ear.events) == 2)
        stop()
        until(lambda: ear.ended)


@pytest.mark.usefixtures("quick")
def test_heartbeats_are_sent_while_nothing_happens(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_S", 0.05)
    with served(service) as (address, _):
        ear = Ear(address + EVENTS)
        until(lambda: ear.text.count(": still here\n\n") >= 3)
        ear.hang_up()


@pytest.mark.usefixtures("quick")
def test_slow_listener_is_dropped_and_can_come_back(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "UNSENT_BYTES_MAX", 1000)
    with served(service) as (address, _):
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.sendall(f"GET {EVENTS} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            places = service.web.extensions["labeler.streams"]
            until(lambda: places.taken == 1)
            number = 0
            while places.taken and number < 300:
                change(service, sentence=f"{number} " + "x" * 20_000)
                number += 1
            until(lambda: places.taken == 0)


def test_head_and_refusals_hold_no_place(client: FlaskClient, service: Service) -> None:
    places = service.web.extensions["labeler.streams"]
    for _ in range(20):
        assert client.head(EVENTS).status_code == 200
        assert refusal(client.get(f"{EVENTS}?run=7"))[0] == 2003
        assert refusal(client.get(f"{EVENTS}?printer=x"))[0] == 5004
        assert refusal(client.get(f"{EVENTS}?topics=weather"))[0] == 1002
        for answer in (
            client.get(EVENTS, headers={"Last-Event-ID": "x"}),
            client.get(f"{EVENTS}?after=x"),
        ):
            assert refusal(answer) == (
                1002,
                (
                    "Last-Event-ID, or after, is 'x': expected the id of an event here, such as "
                    "'217-52'."
                ),
            )
    assert places.taken == 0


def test_id_of_another_record_is_no_reason_to_wait(service: Service) -> None:
    with service.site.store.read() as transaction:
        _, cursor = streaming.begin(service.site, transaction, ALL, since="999-999")
    assert cursor == Cursor(event=0, printer_event=0)

"""SIGTERM and Ctrl-C: what was begun is finished, what was acknowledged is kept."""

import http.client
import json
import signal
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from printers.emulator import VirtualPrinter
from tests.e2e import books
from tests.e2e.harness import Api, Service, SiteFolder, make_site, serving, wait_until

CLIENTS = 12
PROMPT_S = 0.1
"""A client that is slower between an answer, or its connecting, and its request may be left out."""
STOPS = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["term", "ctrl-c"])


@dataclass(kw_only=True)
class Line:
    """A client that triggers as fast as it can until the service is gone."""

    name: str
    keeps_alive: bool
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    """Keys that got 503."""
    cut: list[str] = field(default_factory=list)
    """Keys whose answer did not come whole over a connection that stood."""
    last_said_close: bool = False
    was_late: bool = False

    def work(self, site: SiteFolder) -> None:
        """Trigger until nobody listens any more."""
        door = None
        ready_at = 0.0
        for number in range(100_000):
            key = f"{self.name}-{number}"
            if door is None:
                door = http.client.HTTPConnection("127.0.0.1", site.http_port, timeout=20)
                try:
                    door.connect()
                except OSError:
                    return
                ready_at = time.monotonic()
            asked_at = time.monotonic()
            try:
                body = json.dumps({"quantity": 1})
                headers = {"Content-Type": "application/json", "Idempotency-Key": key}
                if not self.keeps_alive:
                    headers["Connection"] = "close"
                door.request("POST", "/api/v1/lines/line-1/labels", body, headers)
                answer = door.getresponse()
                content = json.loads(answer.read())
            except (OSError, http.client.HTTPException, ValueError) as error:
                if asked_at - ready_at < PROMPT_S:
                    self.cut.append(f"{key}: {error!r}")
                else:
                    self.was_late = True
                door.close()
                door = None
                continue
            ready_at = time.monotonic()
            if answer.status == 201:
                self.acknowledged[key] = content["serials"]
            else:
                assert answer.status == 503
                self.refused.append(key)
            self.last_said_close = answer.getheader("Connection") == "close"
            if self.last_said_close:
                door.close()
                door = None


@pytest.mark.parametrize("keeps_alive", [True, False], ids=["keep-alive", "connection-each"])
def test_sigterm_among_requests_cuts_none_and_loses_nothing(tmp_path, keeps_alive):
    site = make_site(tmp_path / "site")  # its printer is off: only serials matter here
    with Service(site) as service:
        with Api(site) as api:
            run = api.open_run(90_000)
        lines = [Line(name=f"line{n}", keeps_alive=keeps_alive) for n in range(CLIENTS)]
        threads = [threading.Thread(target=line.work, args=(site,)) for line in lines]
        for thread in threads:
            thread.start()
        wait_until(lambda: sum(len(line.acknowledged) for line in lines) > 100)
        assert service.stop() == 0
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()
        assert [line.cut for line in lines] == [[]] * CLIENTS
        assert [line.last_said_close or line.was_late for line in lines] == [True] * CLIENTS
        assert service.log[-1]["event"] == "service.stopped"
        assert "server.drain_timeout" not in {line["event"] for line in service.log}
    with serving(site) as (_, api):
        told = {key: found for line in lines for key, found in line.acknowledged.items()}
        serials = [serial for found in told.values() for serial in found]
        assert len(set(serials)) == len(serials) == api.get(f"/runs/{run}")["issued"]
        for key, found in list(told.items())[::20]:
            assert api.issue(key) == {
                "serials": found, "run": run, "job": api.issue(key)["job"], "replayed": True,
            }  # fmt: skip


@STOPS
def test_labels_in_the_spool_are_printed_after_the_next_start(tmp_path, number):
    site = make_site(tmp_path / "site")
    with Service(site) as service, Api(site) as api:
        api.open_run(100)
        reply = api.issue("k", 15)
        wait_until(lambda: api.printer()["state"] == "stopped")  # it is off
        service.send(number)
        assert service.wait() == 0
    with (
        VirtualPrinter(port=site.printer_port) as printer,
        serving(site) as (_, api),
    ):
        job = api.wait_for_job(reply["job"], "completed")
        assert books.printed(printer) == reply["serials"]
        assert {label["state"] for label in job["labels"]} == {"printed"}


@STOPS
def test_labels_inside_the_printer_at_the_stop_are_known_to_be_printed_later(tmp_path, number):
    with VirtualPrinter(port=0, label_time_s=0.02) as printer:
        site = make_site(tmp_path / "site", printer_port=printer.port)
        with Service(site) as service, Api(site) as api:
            api.open_run(100)
            reply = api.issue("k", 15)
            wait_until(lambda: printer.label_count >= 2)
            printer.pause()
            wait_until(lambda: api.printer()["reasons"] == ["paused"])
            service.send(number)
            assert service.wait() == 0
        count = printer.label_count
        assert 2 <= count < 15
        with serving(site) as (_, api):
            wait_until(lambda: api.printer()["reasons"] == ["paused"])
            assert printer.label_count == count
            printer.resume()
            api.wait_for_job(reply["job"], "completed")
            assert books.printed(printer) == reply["serials"]
            assert api.get("/doubtful") == {"doubtful": [], "next": None}


def test_an_idle_service_stops_soon(tmp_path):
    site = make_site(tmp_path / "site")
    with Service(site) as service, socket.create_connection(("127.0.0.1", site.http_port)):
        start = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - start < 5


def test_a_half_sent_request_does_not_hold_up_the_stop_for_ever(tmp_path):
    site = make_site(tmp_path / "site")
    site.change("http", drain_timeout_s=1.0)
    with (
        Service(site) as service,
        socket.create_connection(("127.0.0.1", site.http_port)) as client,
    ):
        client.sendall(
            b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
        )
        time.sleep(0.3)
        start = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - start < 6
        assert log_events(service)[-3:] == [
            "server.drain_timeout", "service.drained", "service.stopped",
        ]  # fmt: skip


def log_events(service: Service) -> list[Any]:
    """Return the names of what the service logged."""
    return [line["event"] for line in service.log]

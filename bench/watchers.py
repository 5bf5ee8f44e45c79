"""Open live pages: what fifty browsers ask of the service while they show a line.

Its own process, one thread, plain sockets. Each page has a stream of events and a connection for
its refreshes, and does as static/live.js does: it fetches its part again when an event says so, not
more than twice a second or than the service says, not faster than a quarter of what the service can
answer, and every five seconds besides. It ends when its input does, and prints its findings as
JSON.
"""

import argparse
import json
import select
import selectors
import socket
import sys
import time
from dataclasses import dataclass

HOST = "127.0.0.1"
SOONEST_S = 0.5
ANYWAY_S = 5.0
QUICKER_THAN_ANSWERS = 4.0
EVENTS = "/api/v1/events?brief=yes"
NEWS = b"event: news"
_STEP_S = 0.02


@dataclass(slots=True, eq=False)
class Page:
    """One browser with one live page."""

    stream: socket.socket
    refreshes: socket.socket
    request: bytes
    is_due: bool = True
    asked_at: float | None = None
    began: float = 0.0
    took: float = 0.0
    pace: float = SOONEST_S
    received: bytes = b""
    is_streaming: bool = False


class Watchers:
    """Pages that are open."""

    def __init__(self, port: int, cookies: list[str], *, pages: int, lines: list[str]) -> None:
        self.refreshed = 0
        self.events = 0
        self.took_s: list[float] = []
        self._selector = selectors.DefaultSelector()
        self._pages = []
        for number in range(pages):
            cookie = cookies[number % len(cookies)]
            common = f"Host: {HOST}:{port}\r\nCookie: labeler_session={cookie}\r\n"
            head = f"{common}HX-Request: true\r\nHX-Trigger: now\r\nX-By-Itself: yes\r\n\r\n"
            page = Page(
                stream=socket.create_connection((HOST, port), timeout=30),
                refreshes=socket.create_connection((HOST, port), timeout=30),
                request=f"GET {lines[number % len(lines)]} HTTP/1.1\r\n{head}".encode(),
            )
            page.stream.sendall(f"GET {EVENTS} HTTP/1.1\r\n{common}\r\n".encode())
            self._selector.register(page.stream, selectors.EVENT_READ, (page, self._hear))
            self._selector.register(page.refreshes, selectors.EVENT_READ, (page, self._answer))
            self._pages.append(page)

    def run(self) -> None:
        """Follow what happens until the input ends; say once all pages were shown."""
        is_told = False
        while not select.select([sys.stdin], [], [], 0)[0]:
            now = time.perf_counter()
            for page in self._pages:
                self._ask(page, now)
            for key, _ in self._selector.select(_STEP_S):
                page, take = key.data
                take(page)
            if not is_told and all(page.is_streaming and page.took for page in self._pages):
                is_told = True
                self.refreshed = 0
                self.took_s.clear()
                print("open", flush=True)

    def _ask(self, page: Page, now: float) -> None:
        if page.asked_at is not None:
            return
        wait = max(page.pace, QUICKER_THAN_ANSWERS * page.took)
        if (page.is_due and now >= page.began + wait) or now >= page.began + ANYWAY_S:
            page.is_due, page.began, page.asked_at = False, now, now
            page.refreshes.sendall(page.request)

    def _hear(self, page: Page) -> None:
        piece = page.stream.recv(65_536)
        if not page.is_streaming and not piece.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(f"Expected a stream of events, got {piece[:200]!r}.")
        page.is_streaming = True
        heard = piece.count(NEWS)
        self.events += heard
        page.is_due = page.is_due or heard > 0

    def _answer(self, page: Page) -> None:
        piece = page.refreshes.recv(262_144)
        if not piece:
            raise ConnectionError("The service closed the connection of a page.")
        page.received += piece
        head, separator, body = page.received.partition(b"\r\n\r\n")
        if not separator:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(f"Expected 200, got {head[:200]!r}.")
        if len(body) < int(head[head.index(b"Content-Length: ") + 16 :].partition(b"\r\n")[0]):
            return
        page.received = b""
        page.is_due = page.is_due or b"X-Behind: " in head
        if b"X-Pace: " in head:
            page.pace = int(head.partition(b"X-Pace: ")[2].partition(b"\r\n")[0]) / 1000
        page.took = time.perf_counter() - (page.asked_at or 0.0)
        page.asked_at = None
        self.refreshed += 1
        self.took_s.append(page.took)


def main() -> None:
    """Read the arguments, open the pages, print the findings once the input ends."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("port", type=int)
    arguments.add_argument("--pages", type=int, default=50)
    arguments.add_argument("--cookie", action="append", required=True)
    arguments.add_argument("--page", action="append", required=True)
    given = arguments.parse_args()
    watchers = Watchers(given.port, given.cookie, pages=given.pages, lines=given.page)
    began = time.perf_counter()
    watchers.run()
    took = sorted(watchers.took_s) or [0.0]
    found = {
        "refreshes_per_s": watchers.refreshed / (time.perf_counter() - began),
        "events": watchers.events,
        "p50_ms": 1000 * took[len(took) // 2],
    }
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()

"""From a trigger to the first byte at its printer: the load generator and the printers in one.

Its own process, one thread, plain sockets. Each client has a line and a printer of its own, sends a
trigger, and waits both for the answer and for a byte at its printer, then rests a little. Against a
server without printers it waits for the answer alone. Prints its findings as JSON.
"""

import argparse
import json
import selectors
import socket
import time
import uuid
from dataclasses import dataclass

HOST = "127.0.0.1"
BODY = b'{"quantity": 1, "print": true}'
PAUSE_S = 0.25
"""Between two triggers of a client."""
STEP_S = 0.002
"""How late a trigger may be sent."""
WARM_UP_TIMEOUT_S = 30.0


@dataclass(slots=True, eq=False)
class Client:
    """One line: its connection, and the printer that its labels go to."""

    head: bytes
    connection: socket.socket
    port: socket.socket | None
    sent_at: float = 0.0
    has_answer: bool = True
    has_label: bool = True
    next_at: float = 0.0


class Arrivals:
    """Clients and their printers."""

    def __init__(self, port: int, path: str, *, clients: int, first_printer: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._clients = []
        self.latencies_s: list[float] = []
        for number in range(clients):
            own = path.replace("LINE", f"line-{number}")
            head = (
                f"POST {own} HTTP/1.1\r\nHost: {HOST}:{port}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(BODY)}\r\nIdempotency-Key: {uuid.uuid4().hex}-"
            ).encode()
            listener = None
            if first_printer:
                listener = socket.create_server((HOST, first_printer + number))
                self._selector.register(listener, selectors.EVENT_READ, ("printer", number))
            connection = socket.create_connection((HOST, port), timeout=30)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(connection, selectors.EVENT_READ, ("answer", number))
            self._clients.append(Client(head=head, connection=connection, port=listener))

    def run(self, seconds: float) -> list[float]:
        """Trigger for so long; return how long each took, in seconds, sorted.

        Before that each client has a trigger that is not counted: printers are connected by it.
        """
        self._turn(time.perf_counter() + WARM_UP_TIMEOUT_S, until=len(self._clients))
        if len(self.latencies_s) < len(self._clients):
            raise TimeoutError(f"Not every line had a label within {WARM_UP_TIMEOUT_S:g} s.")
        self.latencies_s.clear()
        self._turn(time.perf_counter() + seconds)
        if not self.latencies_s:
            raise TimeoutError(f"No line had a label within {seconds:g} s.")
        return sorted(self.latencies_s)

    def _turn(self, end: float, *, until: int | None = None) -> None:
        """Trigger until ``end``, or until so many triggers were measured."""
        began = time.perf_counter()
        for number, client in enumerate(self._clients):
            client.next_at = began + PAUSE_S * number / len(self._clients)
        while (now := time.perf_counter()) < end and len(self.latencies_s) != until:
            for client in self._clients:
                if client.has_answer and client.has_label and now >= client.next_at:
                    self._send(client)
            for key, _ in self._selector.select(STEP_S):
                kind, number = key.data
                getattr(self, f"_{kind}")(key.fileobj, self._clients[number])

    def _send(self, client: Client) -> None:
        client.has_answer, client.has_label = False, client.port is None
        client.sent_at = time.perf_counter()
        key = time.monotonic_ns()
        client.connection.sendall(b"%b%d\r\n\r\n%b" % (client.head, key, BODY))

    def _answer(self, connection: socket.socket, client: Client) -> None:
        answer = connection.recv(65_536)
        if not answer.startswith(b"HTTP/1.1 201") and not client.has_answer:
            raise ConnectionError(f"Expected 201, got {answer[:200]!r}.")
        client.has_answer = True
        self._over(client, is_measured=client.port is None)

    def _printer(self, listener: socket.socket, client: Client) -> None:
        taken, _ = listener.accept()
        number = self._clients.index(client)
        self._selector.register(taken, selectors.EVENT_READ, ("label", number))

    def _label(self, taken: socket.socket, client: Client) -> None:
        if not taken.recv(65_536):
            self._selector.unregister(taken)
            taken.close()
            return
        if not client.has_label:
            client.has_label = True
            self._over(client, is_measured=True)

    def _over(self, client: Client, *, is_measured: bool) -> None:
        now = time.perf_counter()
        client.next_at = now + PAUSE_S
        if is_measured:
            self.latencies_s.append(now - client.sent_at)


def main() -> None:
    """Read the arguments, trigger, print the findings."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("port", type=int)
    arguments.add_argument("path")
    arguments.add_argument("--clients", type=int, default=16)
    arguments.add_argument("--first-printer", type=int, default=0)
    arguments.add_argument("--seconds", type=float, default=4.0)
    given = arguments.parse_args()
    arrivals = Arrivals(
        given.port, given.path, clients=given.clients, first_printer=given.first_printer
    )
    found = arrivals.run(given.seconds)
    p50, p99 = (1000 * found[len(found) * part // 100] for part in (50, 99))
    print(json.dumps({"count": len(found), "p50_ms": p50, "p99_ms": p99}))


if __name__ == "__main__":
    main()

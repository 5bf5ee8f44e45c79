"""The load generator: keep-alive clients that send the next POST when the last one is answered.

Its own process, one thread, plain sockets, no import beyond the standard library: it must cost
little CPU beside the server it measures, and the same for both sides. Prints its findings as JSON.
"""

import argparse
import json
import selectors
import socket
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1"
BODY = b'{"quantity": 1, "print": true}'
ANSWER_TIMEOUT_S = 30.0


@dataclass(slots=True, eq=False)
class Client:
    """One connection."""

    connection: socket.socket
    received: bytes = b""
    sent_at: float = 0.0
    count: int = 0


@dataclass(slots=True)
class Findings:
    """What was seen; the counts and times only inside the measured window."""

    statuses: Counter[int] = field(default_factory=Counter)
    bodies: list[bytes] = field(default_factory=list)
    latencies_s: list[float] = field(default_factory=list)


class Load:
    """Clients that keep one server busy."""

    def __init__(self, port: int, path: str, *, clients: int, key: str | None) -> None:
        proof = "" if key is None else f"Authorization: Bearer {key}\r\n"
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nContent-Type: application/json\r\n"
            f"{proof}Content-Length: {len(BODY)}\r\nIdempotency-Key: {uuid.uuid4().hex}-"
        ).encode()
        self._next_key = 0
        self._selector = selectors.DefaultSelector()
        self._clients = [
            Client(socket.create_connection((HOST, port), timeout=ANSWER_TIMEOUT_S))
            for _ in range(clients)
        ]
        for client in self._clients:
            client.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(client.connection, selectors.EVENT_READ, client)

    def run(self, *, warm_up_s: float, seconds: float) -> dict[str, Any]:
        """Keep every client busy for ``warm_up_s`` + ``seconds``; wait for the last answers."""
        found = Findings()
        start = time.perf_counter() + warm_up_s
        end = start + seconds
        for one in self._clients:
            self._send(one)
        open_clients = len(self._clients)
        cpu_before = time.process_time()
        while open_clients:
            ready = self._selector.select(ANSWER_TIMEOUT_S)
            if not ready:
                raise TimeoutError(f"No answer within {ANSWER_TIMEOUT_S:g} s.")
            for key, _ in ready:
                client: Client = key.data
                if not self._receive(client, found):
                    continue
                now = time.perf_counter()
                if start <= now < end:
                    client.count += 1
                    found.latencies_s.append(now - client.sent_at)
                if now < end:
                    self._send(client)
                else:
                    self._selector.unregister(client.connection)
                    client.connection.close()
                    open_clients -= 1
        busy = (time.process_time() - cpu_before) / (warm_up_s + seconds)
        return self._report(found, seconds=seconds, busy=busy)

    def _send(self, client: Client) -> None:
        self._next_key += 1
        client.sent_at = time.perf_counter()
        client.connection.sendall(b"%b%09d\r\n\r\n%b" % (self._head, self._next_key, BODY))

    def _receive(self, client: Client, found: Findings) -> bool:
        """Take in what has come; return whether an answer is complete."""
        piece = client.connection.recv(65_536)
        if not piece:
            raise ConnectionError("The server closed a connection in the middle of the load.")
        client.received += piece
        head, separator, body = client.received.partition(b"\r\n\r\n")
        if not separator or len(body) < _content_length(head):
            return False
        found.statuses[int(head[9:12])] += 1
        found.bodies.append(body)
        client.received = b""
        return True

    def _report(self, found: Findings, *, seconds: float, busy: float) -> dict[str, Any]:
        counts = [client.count for client in self._clients]
        latencies = sorted(found.latencies_s) or [0.0]
        return {
            "per_s": sum(counts) / seconds,
            "slowest_client": min(counts) * len(counts) / max(1, sum(counts)),
            "p50_ms": 1000 * latencies[len(latencies) // 2],
            "p99_ms": 1000 * latencies[len(latencies) * 99 // 100],
            "statuses": dict(found.statuses),
            "answers": len(found.bodies),
            "distinct_answers": len(set(found.bodies)),
            "generator_cpu": busy,
        }


def _content_length(head: bytes) -> int:
    start = head.index(b"Content-Length: ") + 16
    return int(head[start:].partition(b"\r\n")[0])


def main() -> None:
    """Read the arguments, load the server, print the findings."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("port", type=int)
    arguments.add_argument("path")
    arguments.add_argument("--clients", type=int, default=16)
    arguments.add_argument("--warm-up", type=float, default=0.5)
    arguments.add_argument("--seconds", type=float, default=2.0)
    arguments.add_argument("--key", help="an API key that each request says")
    given = arguments.parse_args()
    load = Load(given.port, given.path, clients=given.clients, key=given.key)
    print(json.dumps(load.run(warm_up_s=given.warm_up, seconds=given.seconds)))


if __name__ == "__main__":
    main()

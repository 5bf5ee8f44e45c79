"""A plant behind the server that it has in life, on a free port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from labeler.web.edge import Limits
from labeler.web.own_certificate import OwnCertificate
from labeler.web.server import Place, Server
from tests.e2e.harness import free_port

ROOM = Limits(body_max_bytes=262_144, import_max_bytes=262_144)


@contextmanager
def running(
    app: Flask,
    *,
    threads: int = 2,
    limits: Limits = ROOM,
    certificate: OwnCertificate | None = None,
) -> Iterator[tuple[int, Server]]:
    """Serve ``app``, by TLS with a ``certificate``; give port and server."""
    port = free_port()
    place = Place(host="127.0.0.1", port=port, certificate=certificate)
    server = Server(app, place, threads=threads, limits=limits)
    thread = threading.Thread(target=server.run, kwargs={"drain_timeout_s": 10})
    thread.start()
    try:
        yield port, server
    finally:
        server.stop()
        thread.join(timeout=20)
        assert not thread.is_alive()

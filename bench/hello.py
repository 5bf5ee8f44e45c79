"""The ceiling over HTTP: a JSON POST that does nothing, on the server software of the service.

Same server class, same threads, same Flask, same JSON provider; no database, no label. What the
service could reach if issuing cost nothing. /slow is for the harness's own test.
"""

import argparse
import time

from flask import Flask, Response, request

from labeler.web import api
from labeler.web.edge import Limits
from labeler.web.server import Place, Server

SLOW_S = 0.1
"""What /slow takes; with 16 threads that leaves at most 160 requests a second."""


def make_app() -> Flask:
    """Return the application: POST /hello reads a JSON body and answers with one."""
    app = Flask("bench.hello", static_folder=None)
    app.json = api.Json(app)

    @app.post("/hello")
    def hello() -> Response:
        body = request.get_json()
        return api.answer({"hello": "world", "quantity": body["quantity"]}, 201)

    @app.post("/slow")
    def slow() -> Response:
        time.sleep(SLOW_S)
        return hello()

    return app


def main() -> None:
    """Serve until SIGTERM."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("port", type=int)
    arguments.add_argument("--threads", type=int, default=16)
    given = arguments.parse_args()
    server = Server(
        make_app(),
        Place(host="127.0.0.1", port=given.port),
        threads=given.threads,
        limits=Limits(body_max_bytes=262_144, import_max_bytes=262_144),
    )
    server.handle_signals()
    server.run(drain_timeout_s=5)


if __name__ == "__main__":
    main()

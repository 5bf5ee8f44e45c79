"""The API as commands see it: the running service's, or one in this process."""

import io
import json
import ssl
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from typing_extensions import override

from labeler import app, config, store
from labeler.commands import hints
from labeler.errors import (
    BAD_CONFIG,
    INTERNAL,
    STORE_HELD,
    STORE_UNAVAILABLE,
    Kind,
    Refusal,
)
from labeler.production.access import command_proof

TIMEOUT_S = 60.0
TRIES = 4
"""How often a request that got no answer is sent; safe, since a trigger carries its key."""

_DOCUMENT = {"type", "title", "status", "detail", "number", "hint"}
"""What every problem document has."""


class Api:
    """Requests to /api/v1 that return JSON or raise Refusal."""

    PAGE = 500
    """Rows of a list asked for at once."""

    def __init__(self, client: httpx.Client, *, running: bool, asked: bool = False) -> None:
        """Wrap a client whose base_url is the service's address."""
        self._client = client
        self.running = running
        """Whether a service runs that prints what is queued."""
        self.asked = asked
        """Whether it is that service that answers, and not this process from the record alone."""

    def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the answer to GET ``path``."""
        given = {name: value for name, value in (parameters or {}).items() if value is not None}
        return self._ask("GET", path, params=given)

    def pages(
        self, path: str, parameters: Mapping[str, Any] | None = None, *, cursor: str
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of the list at GET ``path``, page after page.

        ``cursor`` is the parameter that takes a page's `next`.
        """
        return self.listed(path, parameters, name=path.rpartition("/")[2], cursor=cursor)

    def listed(
        self, path: str, parameters: Mapping[str, Any] | None = None, *, name: str, cursor: str
    ) -> Iterator[dict[str, Any]]:
        """Yield what `pages` does of a list that is called ``name``."""
        given = {"limit": self.PAGE, **(parameters or {})}
        while True:
            page = self.get(path, given)
            yield from page[name]
            if page["next"] is None:
                return
            given[cursor] = page["next"]

    def post(self, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None) -> Any:
        """Return the answer to POST ``path``; ``headers`` with an Idempotency-Key make it retry."""
        tries = TRIES if headers else 1
        return self._ask("POST", path, tries=tries, json=body, headers=headers)

    def patch(self, path: str, body: Any) -> Any:
        """Return the answer to PATCH ``path``."""
        return self._ask("PATCH", path, json=body)

    def patient_post(self, path: str, body: Any = None) -> Any:
        """Return the answer to POST ``path``, however long it takes: a printer is waited for."""
        return self._ask("POST", path, json=body, timeout=None)

    def upload(
        self, path: str, file: Path, *, parameters: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Any:
        """Return the answer to POST ``path`` with a file, streamed; its key makes it retry.

        The answer comes when the whole file has been worked on, however long that takes.
        """
        given = {name: value for name, value in parameters.items() if value is not None}
        for attempt in range(1, TRIES + 1):
            try:
                with file.open("rb") as content:
                    return self._ask(
                        "POST", path, params=given, content=content, headers=headers, timeout=None
                    )
            except Refusal as refusal:
                if refusal.kind.status != 503 or attempt == TRIES:
                    raise
            time.sleep(0.3 * attempt)
        raise AssertionError("the last try returns or raises")

    def download(
        self,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        media_type: str = "*/*",
    ) -> Iterator[bytes]:
        """Yield the answer to GET ``path`` as it comes; refuse (9002) one that breaks off."""
        headers = {"Accept": media_type}
        given = {name: value for name, value in (parameters or {}).items() if value is not None}
        assert "?" not in path  # noqa: S101 httpx takes what is asked from one place only
        try:
            with self._client.stream(
                "GET", f"/api/v1{path}", params=given, headers=headers, timeout=None
            ) as response:
                if not response.is_success:
                    response.read()
                yield from _accepted(response).iter_bytes()
        except httpx.HTTPError as error:
            raise Refusal(
                STORE_UNAVAILABLE,
                f"The answer of the service at {self._client.base_url} broke off: {error}.",
                hint="Look whether it runs, and ask again.",
            ) from error

    def post_lines(self, path: str, body: Any) -> Iterator[Any]:
        """Yield the lines of the NDJSON that POST ``path`` answers, as they come."""
        with self._client.stream("POST", f"/api/v1{path}", json=body, timeout=None) as response:
            if not response.is_success:
                response.read()
            for line in _accepted(response).iter_lines():
                yield json.loads(line)

    def document(
        self, path: str, body: Any = None, *, parameters: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        """Return the file that GET ``path`` answers, or POST if there is a body."""
        method = "GET" if body is None else "POST"
        return self._response(method, path, json=body, params=parameters)

    def _ask(self, method: str, path: str, *, tries: int = 1, **given: Any) -> Any:
        return self._response(method, path, tries=tries, **given).json()

    def _response(self, method: str, path: str, *, tries: int = 1, **given: Any) -> httpx.Response:
        for attempt in range(1, tries + 1):
            try:
                response = self._client.request(method, f"/api/v1{path}", **given)
                if response.status_code != 503 or attempt == tries:
                    return _accepted(response)
            except httpx.HTTPError as error:
                if attempt == tries:
                    raise Refusal(
                        STORE_UNAVAILABLE,
                        f"The service at {self._client.base_url} does not answer: {error}.",
                        hint="Look whether it runs; a trigger may be repeated with its key.",
                    ) from error
            time.sleep(0.3 * attempt)
        raise AssertionError("the last try returns or raises")


def _accepted(response: httpx.Response) -> httpx.Response:
    """Return the response; raise the Refusal that it is."""
    if response.is_success:
        return response
    try:
        problem = response.json()
        kind = Kind(number=problem["number"], title=problem["title"], status=response.status_code)
        extra = {name: value for name, value in problem.items() if name not in _DOCUMENT}
        raise Refusal(kind, problem["detail"], hint=hints.spoken(problem["hint"]), extra=extra)
    except (ValueError, KeyError, TypeError):
        raise Refusal(
            INTERNAL,
            f"The service answered {response.status_code} without a reason.",
            hint="See its log.",
        ) from None


class _Body(io.RawIOBase):
    """The pieces of a request's body as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)


class Streaming(httpx.WSGITransport):
    """An application in this process, to which bodies are streamed as a server would."""

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Hand the request to the application."""
        pieces = iter(request.stream)  # type: ignore[arg-type]

        def streamed(environ: dict[str, Any], start_response: Any) -> Any:
            environ["wsgi.input"] = io.BufferedReader(_Body(pieces))
            environ[IN_PROCESS] = True  # whoever runs it may read and write the record anyway
            return self.app(environ, start_response)

        from labeler.web.access import IN_PROCESS  # quick where a service is asked

        bare = httpx.Request(request.method, request.url, headers=request.headers)
        return httpx.WSGITransport(app=streamed).handle_request(bare)


class _Proof(httpx.Auth):
    """Says with each request that who asks may read the site's key, if he may."""

    def __init__(self, config_file: Path) -> None:
        settings, folder = config.load(config_file)
        try:
            self._pem = store.KeyFile(folder / settings.site.key_file).read()
        except Refusal:  # then it is another user's; the service says what may be done without
            self._pem = None

    @override
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Add the proof."""
        if self._pem is not None:
            path = request.url.path
            proof = command_proof.make(self._pem, method=request.method, path=path, now=app.now())
            request.headers["Authorization"] = f"{command_proof.SCHEME} {proof}"
        yield request


@contextmanager
def connected(config_file: Path) -> Iterator[Api]:
    """Give the API of the site: of the service that holds its database, else in this process."""
    try:
        with app.opened(config_file, who="a labeler command", shared=True) as service:
            transport = Streaming(app=service.web)
            with httpx.Client(transport=transport, base_url="http://labeler") as client:
                yield Api(client, running=store.is_held(service.site.store.engine))
                return
    except Refusal as refusal:
        if refusal.kind != STORE_HELD:
            raise
        address = _holder_address(config_file, refusal)
    proof = _Proof(config_file)
    with httpx.Client(
        base_url=address,
        timeout=TIMEOUT_S,
        trust_env=False,
        auth=proof,
        verify=_trust(config_file, address),
    ) as client:
        yield Api(client, running=True, asked=True)


def _holder_address(config_file: Path, refusal: Refusal) -> str:
    """Return where the service listens that holds the database; raise ``refusal`` if nowhere."""
    settings, _ = config.load(config_file)
    about = store.sqlite.owner(settings.database.url) or {}
    address = str(about.get("address", ""))
    if not address.startswith(("http://", "https://")):
        raise refusal
    return address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def _trust(config_file: Path, address: str) -> ssl.SSLContext | bool:
    """Return whom to take for the service; refuse (9004) where its certificate is not known."""
    if not address.startswith("https://"):
        return False  # nothing to verify, and a third of a second to load the system's trust
    tls = config.load(config_file)[0].http.tls
    if tls is None:
        raise Refusal(
            BAD_CONFIG,
            f"The service at {address} speaks TLS, and {config_file} names no http.tls.certificate "
            "to know it by.",
            hint="Use the config.yaml with which the service was started.",
        )
    from labeler.web.own_certificate import trusting  # quick where a service speaks plain HTTP

    return trusting(Path(tls.certificate))

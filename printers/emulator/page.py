"""A small page of a virtual printer: its labels as pictures, its state, its buttons.

    with VirtualPrinter() as printer, Page(printer, port=8081) as page:
        ...  # look at page.address

It is served by a thread of its own, to this machine only, and asks for news every two seconds. A
browser without scripts shows all the same.
"""

import html
import json
import string
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from printers.emulator import Piece, VirtualPrinter, drawing
from printers.emulator.faults import KINDS

_REFRESH_S = 2
_STOP_S = 0.05
"""How soon it notices that it is to stop."""
_LABELS_SHOWN = 60
_HISTORY_SHOWN = 200
_BODY_BYTES_MAX = 4096
_HOSTS = {"127.0.0.1", "localhost"}
"""Names of this machine. A page of somebody else that is led to us has another name."""
_STATES = {
    "media-out": "Out of labels",
    "ribbon-out": "Out of ribbon",
    "head-open": "Head open",
    "pause": "Paused",
}

Press = Callable[[VirtualPrinter], None]
BUTTONS: dict[str, tuple[str, Press]] = {
    "pause": ("Pause", VirtualPrinter.pause),
    "resume": ("Resume", VirtualPrinter.resume),
    "media-out": ("Take the labels out", VirtualPrinter.media_out),
    "load-media": ("Load labels", VirtualPrinter.load_media),
    "ribbon-out": ("Take the ribbon out", VirtualPrinter.ribbon_out),
    "load-ribbon": ("Load ribbon", VirtualPrinter.load_ribbon),
    "open-head": ("Open the head", VirtualPrinter.open_head),
    "close-head": ("Close the head", VirtualPrinter.close_head),
    "feed": ("Feed", VirtualPrinter.feed),
    "power-cycle": ("Power off and on", VirtualPrinter.power_cycle),
}
"""Name in the form: what stands on it, and what it does."""
_PAIRS = {
    "pause": ("pause", "resume"),
    "media-out": ("media-out", "load-media"),
    "ribbon-out": ("ribbon-out", "load-ribbon"),
    "head-open": ("open-head", "close-head"),
}
"""State: the button that brings it about, and the one that ends it."""
_STYLES = {end: ' class="cure"' for _, end in _PAIRS.values()}


class Page:
    """The page of one printer; ``with`` starts and stops it."""

    def __init__(self, printer: VirtualPrinter, *, port: int) -> None:
        """OSError, in a sentence, if the port is taken; 0 takes a free one."""
        self._printer = printer
        page = self

        class Handler(_Handler):
            served = page

        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        except OSError as error:
            raise OSError(
                error.errno,
                f"The page of the virtual printer cannot listen at 127.0.0.1:{port} "
                f"({error.strerror}): expected a free port; choose another (0 takes any).",
            ) from error
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            args=(_STOP_S,),
            name="virtual printer's page",
            daemon=True,
        )
        self._draw = lru_cache(maxsize=256)(self._draw_once)

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def press(self, name: str) -> bool:
        """Press a button; False if there is no such."""
        found = BUTTONS.get(name)
        if found:
            found[1](self._printer)
        return found is not None

    def fault(self, text: str) -> None:
        """Let something go wrong; ValueError if there is no such fault."""
        self._printer.fault(text)

    def piece(self, number: int) -> Piece | None:
        """A piece that came out and is remembered."""
        pieces = self._printer.pieces
        place = number - pieces[0].number if pieces else -1
        return pieces[place] if 0 <= place < len(pieces) else None

    def picture(self, number: int) -> bytes:
        """A label as PNG. Undrawable, in a sentence, where there is none."""
        return self._draw(number)

    def _draw_once(self, number: int) -> bytes:
        piece = self.piece(number)
        if piece is None or not piece.data:
            raise drawing.Undrawable(f"There is no picture of piece {number}.")
        return drawing.draw(piece.data, dpi=self._printer.profile.dpi).png

    def state(self) -> dict[str, object]:
        """What a script would like to know."""
        printer = self._printer
        state = printer.state
        return {
            "uri": printer.uri,
            "on": printer.is_on,
            "stops": sorted(state.stops),
            "label_count": printer.label_count,
            "labels_waiting": state.formats + state.remaining,
            "faults": [str(fault) for fault in printer.waiting_faults],
            "pieces": [piece.entry for piece in printer.pieces[-_LABELS_SHOWN:]],
        }

    def html(self) -> str:
        """The whole page."""
        printer = self._printer
        state, profile = printer.state, printer.profile
        stops = [text for stop, text in _STATES.items() if stop in state.stops]
        shown = "Off" if not printer.is_on else ", ".join(stops) or "Ready"
        pieces = reversed(printer.pieces[-_LABELS_SHOWN:])
        waiting = "".join(
            f'<span class="count">waits: <b>{html.escape(str(fault))}</b></span>'
            for fault in printer.waiting_faults
        )
        return _template().substitute(
            refresh_s=_REFRESH_S,
            title=html.escape(f"{shown} · {profile.model}"),
            model=html.escape(profile.model),
            uri=html.escape(printer.uri),
            dpi=profile.dpi,
            state=html.escape(shown),
            state_class="" if shown == "Ready" else "stopped",
            label_count=printer.label_count,
            waiting=state.formats + state.remaining,
            faults=waiting,
            buttons="".join(_buttons(frozenset(state.stops))),
            kinds="".join(f'<option value="{name}">{kind.meaning}' for name, kind in KINDS.items()),
            note="" if drawing.is_installed() else html.escape(drawing.MISSING),
            labels="".join(_card(piece) for piece in pieces) or "<p>Nothing came out yet.</p>",
            history=html.escape("\n".join(_lines(printer.history[-_HISTORY_SHOWN:]))),
        )


class _Handler(BaseHTTPRequestHandler):
    served: Page

    def do_GET(self) -> None:
        """The page, its state as JSON, a label as PNG or ZPL."""
        path = urlsplit(self.path).path
        name, _, suffix = path.removeprefix("/labels/").partition(".")
        if not self._is_ours():
            return
        if path == "/":
            self._send(self.served.html().encode(), "text/html; charset=utf-8")
        elif path == "/state.json":
            self._send(json.dumps(self.served.state()).encode(), "application/json")
        elif path.startswith("/labels/") and name.isascii() and name.isdigit():
            self._send_label(int(name), suffix)
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "There is no such page.")

    def do_POST(self) -> None:
        """A button, or a fault."""
        length = self.headers.get("Content-Length", "")
        if not self._is_ours():
            return
        if not length.isdigit() or int(length) > _BODY_BYTES_MAX:
            self._refuse(HTTPStatus.BAD_REQUEST, "Expected a short form.")
            return
        form = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        try:
            if self.path == "/fault":
                self.served.fault(form.get("fault", [""])[0])
            elif self.path != "/press" or not self.served.press(form.get("button", [""])[0]):
                self._refuse(HTTPStatus.NOT_FOUND, "There is no such button.")
                return
        except ValueError as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
            return
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Requests of a page that refreshes itself are no news."""

    def _is_ours(self) -> bool:
        """Refuse other pages that make a browser press our buttons, or that read us by a name."""
        host = self.headers.get("Host", "")
        origin = self.headers.get("Origin", f"http://{host}")
        if host.rpartition(":")[0] in _HOSTS and origin == f"http://{host}":
            return True
        self._refuse(HTTPStatus.FORBIDDEN, "This page is for people at this machine.")
        return False

    def _send_label(self, number: int, suffix: str) -> None:
        piece = self.served.piece(number)
        if piece is None:
            self._refuse(HTTPStatus.NOT_FOUND, f"There is no piece {number}.")
        elif suffix == "zpl":
            self._send(piece.data, "text/plain; charset=utf-8")
        else:
            try:
                self._send(self.served.picture(number), "image/png")
            except drawing.Undrawable as why:
                self._refuse(HTTPStatus.NOT_FOUND, str(why))

    def _send(self, body: bytes, media_type: str, status: int = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        self._send(f"{sentence}\n".encode(), "text/plain; charset=utf-8", status)


@lru_cache(maxsize=1)
def _template() -> string.Template:
    return string.Template(resources.files(__package__).joinpath("page.html").read_text("utf-8"))


def _buttons(stops: frozenset[str]) -> list[str]:
    names = [end if stop in stops else begin for stop, (begin, end) in _PAIRS.items()]
    return [
        f'<button name="button" value="{name}"{_STYLES.get(name, "")}>{BUTTONS[name][0]}</button>'
        for name in (*names, "feed", "power-cycle")
    ]


def _card(piece: Piece) -> str:
    at = time.strftime("%H:%M:%S", time.localtime(piece.at))
    title = {"label": f"Label {piece.odometer}", "torn": "Torn label", "blank": "Blank label"}
    texts = html.escape(" · ".join(piece.texts))
    picture, link = "", ""
    if piece.data:
        address = f"/labels/{piece.number}"
        picture = f'<object type="image/png" data="{address}.png"><span>No picture.</span></object>'
        link = f' · <a href="{address}.zpl">{len(piece.data)} bytes</a>'
    return (
        f'<figure class="{piece.what}">{picture}<figcaption><b>{title[piece.what]}</b> · {at}{link}'
        f'<div class="texts">{texts}</div></figcaption></figure>'
    )


def _lines(history: list[tuple[float, str]]) -> list[str]:
    return [
        f"{time.strftime('%H:%M:%S', time.localtime(at))}  {what}" for at, what in reversed(history)
    ]

"""One request of waitress, to the end of its answer, which may go on and on."""

from contextlib import suppress
from typing import Any

from typing_extensions import override
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.task import WSGITask

from labeler.web import streams, this_machine
from labeler.web.streams import Listener


class _Joined:
    """A channel that keeps what is written to it, to be sent in one piece."""

    def __init__(self, channel: HTTPChannel) -> None:
        self._channel = channel
        self.pieces: list[bytes] = []

    def write_soon(self, data: bytes) -> None:
        self.pieces.append(bytes(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)


class _Outlet:
    """The way to who asked, for an answer that goes on and on."""

    def __init__(self) -> None:
        self.listener: Listener | None = None

    def keep(self, listener: Listener) -> None:
        """Tell ``listener`` more once the answer has begun."""
        self.listener = listener


class _Kept:
    """An answer that has begun and goes on; it holds no thread."""

    def __init__(self, task: "Task") -> None:
        self._task = task
        self._channel: Any = task.channel

    @property
    def is_open(self) -> bool:
        """Whether somebody is at the other end; the loop reads, and so hears of it."""
        return bool(self._channel.connected)

    @property
    def unsent_bytes(self) -> int:
        """What waits to be taken."""
        return int(self._channel.total_outbufs_len)

    def write(self, data: bytes) -> None:
        """Send some more; whoever is gone is not open any more."""
        with suppress(ClientDisconnected, OSError):
            self._task.write(data)

    def end(self, *, at_once: bool) -> None:
        """End the answer as it should end, or let go of who takes nothing."""
        channel = self._channel
        if at_once:
            channel.will_close = True
        else:
            with suppress(ClientDisconnected, OSError):
                self._task.finish_kept()
            channel.close_when_flushed = True
        channel.kept = False
        with suppress(OSError):  # the server is gone, and its loop with it
            channel.server.pull_trigger()


class Task(WSGITask):
    """One request; while we drain, its answer says that the connection ends with it."""

    channel: Any

    def __init__(self, channel: Any, request: Any) -> None:
        """Begin with a request of a connection."""
        super().__init__(channel, request)
        self._outlet = _Outlet()

    @override
    def get_environment(self) -> dict[str, Any]:
        """Return the WSGI environment, with the way to who asked."""
        environ: dict[str, Any] = super().get_environment()
        environ[streams.OUTLET] = self._outlet
        # waitress takes away what proxies say before the application sees it.
        if this_machine.is_forwarded(environ):
            environ[this_machine.FORWARDED] = True
        return environ

    @override
    def write(self, data: bytes) -> None:
        """Send the header together with the first data: one packet, one system call less."""
        if self.wrote_header:
            super().write(data)
            return
        channel = self.channel
        joined = _Joined(channel)
        self.channel = joined
        try:
            super().write(data)
        finally:
            self.channel = channel
        channel.write_soon(b"".join(joined.pieces))

    @override
    def execute(self) -> None:
        if getattr(self.channel.server, "draining", False):
            headers: dict[str, str] = self.request.headers  # type: ignore[attr-defined]
            headers["CONNECTION"] = "close"
        super().execute()

    @override
    def service(self) -> None:
        """Answer; what was to be kept and could not begin is given up."""
        try:
            super().service()
        finally:
            if self._outlet.listener is not None and not self.channel.kept:
                self._outlet.listener.close()

    @override
    def finish(self) -> None:
        """End the answer, or hand it over to the thread that goes on with it."""
        if self._outlet.listener is None:
            super().finish()
            return
        channel = self.channel
        self.close_on_finish = False
        with channel.requests_lock:
            for later in channel.requests[1:]:  # an answer that goes on is a connection's last
                later.close()
            del channel.requests[1:]
        channel.kept = True
        channel.server.broadcast.add(_Kept(self), self._outlet.listener)

    def finish_kept(self) -> None:
        """Say that an answer that went on is whole."""
        super().finish()

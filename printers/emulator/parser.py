"""What a ZPL printer takes out of a stream of bytes, however the reads cut it."""

import re
from dataclasses import dataclass

_QUESTION = rb"~HQ[A-Z]{2}|~(?!HQ)[A-Z]{2}"
_IN_FORMAT = re.compile(rb"\^XZ|" + _QUESTION, re.IGNORECASE)
_BETWEEN = re.compile(rb"\^XA|" + _QUESTION + rb"|! U1 [^\r\n]*\r?\n", re.IGNORECASE)
_FORMAT_BYTES_MAX = 4_194_304
_TOKEN_BYTES_MAX = 256
_BEGINNING_BYTES = 64
_CANCELLING = ("~JA", "~JX")
"""Commands that also forget the format that is just arriving (manual, ~JA and ~JX)."""


@dataclass(frozen=True, kw_only=True)
class Format:
    """A whole label format."""

    data: bytes
    """From ^XA to ^XZ, without the immediate commands that came in between."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """An immediate command, also one in the middle of a format."""

    name: str
    """Upper case, for example ~HS or ~HQES."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A Set-Get-Do line."""

    line: str
    """What stood behind "! U1 ", for example: getvar "odometer.total_label_count"."""


Event = Format | Command | Setting


class Parser:
    """The state of one connection."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._searched = 0
        self._format = bytearray()
        self.receiving = False
        """True while a format has begun and has not ended."""

    @property
    def unfinished(self) -> bytes:
        """The beginning of a format that has begun and has not ended; b"" if there is none."""
        whole = self._format[:_BEGINNING_BYTES] + self._rest[:_BEGINNING_BYTES]
        return bytes(whole) if self.receiving else b""

    def feed(self, data: bytes) -> list[Event]:
        """What has become complete with these bytes."""
        self._rest += data
        events: list[Event] = []
        while True:
            pattern = _IN_FORMAT if self.receiving else _BETWEEN
            match = pattern.search(self._rest, self._searched)
            if match is None:
                break
            token, start, end = bytes(match[0]), match.start(), match.end()
            events += self._take(token, start)
            del match  # It locks the buffer.
            del self._rest[:end]
            self._searched = 0
        self._trim()
        return events

    def _take(self, token: bytes, start: int) -> list[Event]:
        if self.receiving:
            self._format += self._rest[:start]
        if token[:1] == b"~":
            name = token.decode("ascii").upper()
            if self.receiving and name in _CANCELLING:
                self._format.clear()
                self.receiving = False
            return [Command(name=name)]
        if token[:1] == b"!":
            return [Setting(line=token[5:].decode("latin-1").strip())]
        self._format += token
        self.receiving = not self.receiving
        if self.receiving:
            return []
        whole = bytes(self._format)
        self._format.clear()
        return [Format(data=whole)]

    def _trim(self) -> None:
        """Keep what may still become a token, and no more than a printer's memory."""
        if self.receiving:
            self._searched = max(0, len(self._rest) - len(b"~HQES"))
            if len(self._format) + len(self._rest) > _FORMAT_BYTES_MAX:
                self._format.clear()
                self._rest.clear()
                self._searched = 0
                self.receiving = False
            return
        last = max(self._rest.rfind(sign) for sign in (b"^", b"~", b"!"))
        if last < 0 or len(self._rest) - last > _TOKEN_BYTES_MAX:
            self._rest.clear()
        else:
            del self._rest[:last]
        self._searched = 0

"""rfc2217://host:port?baudrate=9600&..., a serial port in the network that is set from here.

Parameters: those of serial:, and user_timeout_ms. A terminal server (ser2net, Moxa, Digi ...) sets
its line as told and confirms it; what it does not confirm is refused, since a label sent at another
speed is lost without a word. flow=dsrdtr works here, as it is the server that watches the line.

It is an own client because pyserial 3.5's has no write timeout, loses the count of a broken write,
ignores the server's "suspend", and empties the server's buffer when it connects: the label that a
slow line is still printing.
"""

import struct
import time
from collections.abc import Callable

from printers.connection import Connection
from printers.errors import TransportError
from printers.transports import _addresses, _lines, _raw, _stream, _telnet
from printers.transports._stream import BrokenError, StalledError, Stream

SCHEME = "rfc2217"
REPLIES = True
DOCUMENTS = False
REWRITABLE = False

_FORM = _addresses.Form(
    scheme=SCHEME,
    expected="rfc2217://host:port with a port from 1 to 65535",
    example="rfc2217://10.0.0.8:4001?baudrate=9600&flow=xonxoff",
    parameters={**_lines.PARAMETERS, **_stream.PARAMETERS},
)
_SET_BAUDRATE, _SET_DATASIZE, _SET_PARITY, _SET_STOPSIZE, _SET_CONTROL = 1, 2, 3, 4, 5
_SUSPEND, _RESUME = 8, 9
_FROM_SERVER = 100
"""A server answers with the number of the command and 100 (RFC 2217, section 3)."""
_PARITY = {"N": 1, "O": 2, "E": 3}
_FLOW = {"none": 1, "xonxoff": 2, "rtscts": 3, "dsrdtr": 19}
_DTR_ON, _RTS_ON = 8, 11
_PIECE_BYTES = 4096
"""After so many bytes it is looked whether the server wants a pause."""


def check_uri(uri: str) -> None:
    """ValueError unless it is rfc2217://host:port and known parameters."""
    _addresses.parse(uri, form=_FORM)


def connect(uri: str, *, timeout_s: float) -> "Rfc2217Connection":
    """Connect and set the line within the time, or TransportError."""
    deadline = time.monotonic() + timeout_s
    address = _addresses.parse(uri, form=_FORM)
    stream = _stream.open_stream(address, timeout_s=timeout_s)
    connection = Rfc2217Connection(address.uri, stream, line=_lines.line(dict(address.parameters)))
    try:
        connection.negotiate(deadline=deadline)
    except BrokenError as error:
        connection.close()
        raise TransportError(
            f"Printer {address.uri} cannot be set up: {error}; expected a terminal server that "
            f"sets its line by RFC 2217 within {timeout_s:g} s; see what mode its port is in, or "
            "use socket:// if it has a raw mode only."
        ) from error
    return connection


class Rfc2217Connection(Connection):
    """A connection to a terminal server's port."""

    def __init__(self, uri: str, stream: Stream, *, line: _lines.Line) -> None:
        self._uri = uri
        self._stream = stream
        self._line = line
        self._pace = _lines.Pace(line)
        self._telnet = _telnet.Telnet()
        self._agreed: set[tuple[int, int]] = set()
        """What we said to the server's options and ours, so that no answer is answered."""
        self._refused: set[int] = set()
        """Options that the server refused."""
        self._told: dict[int, bytes] = {}
        """What the server said last to each of our commands."""
        self._is_suspended = False

    def negotiate(self, *, deadline: float) -> None:
        """Agree on RFC 2217 and set the line until then, or BrokenError that says what failed."""
        for verb, option in (
            (_telnet.WILL, _telnet.COM_PORT),
            (_telnet.WILL, _telnet.BINARY),
            (_telnet.DO, _telnet.BINARY),
            (_telnet.DO, _telnet.SUPPRESS_GO_AHEAD),
        ):
            self._say(verb, option, deadline=deadline)
        self._await(
            lambda: _telnet.COM_PORT in self._told or _telnet.COM_PORT in self._refused,
            what="an answer to the question whether it sets serial lines",
            deadline=deadline,
        )
        if _telnet.COM_PORT in self._refused:
            raise BrokenError("it refuses to set serial lines")
        self._set_line(self._line, deadline=deadline)

    def _set_line(self, line: _lines.Line, *, deadline: float) -> None:
        # The flow control is not last, so that who answers it at all has answered by the end.
        wanted = {
            _SET_CONTROL: bytes([_FLOW[line.flow]]),
            _SET_BAUDRATE: struct.pack("!I", line.baudrate),
            _SET_DATASIZE: bytes([line.bytesize]),
            _SET_PARITY: bytes([_PARITY[line.parity]]),
            _SET_STOPSIZE: bytes([line.stopbits]),
        }
        self._told.clear()
        for command, value in wanted.items():
            self._command(command, value, deadline=deadline)
        self._await(
            lambda: (
                {one + _FROM_SERVER for one in wanted} - {_SET_CONTROL + _FROM_SERVER}
                <= self._told.keys()
            ),
            what="its confirmation of the line's parameters",
            deadline=deadline,
        )
        for command, value in wanted.items():
            found = self._told.get(command + _FROM_SERVER)
            if command == _SET_CONTROL and line.flow == "none":
                continue  # some servers do not answer that, and there is nothing to lose
            if found != value:
                name = ("flow", "baudrate", "bytesize", "parity", "stopbits")[command % 5]
                raise BrokenError(f"it does not confirm {name}={getattr(line, name)}")
        self._command(_SET_CONTROL, bytes([_DTR_ON]), deadline=deadline)
        if line.flow != "rtscts":
            self._command(_SET_CONTROL, bytes([_RTS_ON]), deadline=deadline)

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        """Hand all of data to the operating system, or TransportError with bytes_written."""
        since = time.monotonic()
        deadline = since + timeout_s
        written = 0
        piece = b""
        try:
            self._listen(timeout_s=0, deadline=deadline)
            for start in range(0, len(data), _PIECE_BYTES):
                written, piece = start, b""
                self._await(lambda: not self._is_suspended, what="its leave", deadline=deadline)
                piece = _telnet.escaped(data[start : start + _PIECE_BYTES])
                self._stream.push(piece, deadline=deadline)
        except StalledError as stalled:
            raise _raw.stalled_error(
                self._uri,
                StalledError(str(stalled), sent=written + _telnet.carried(piece[: stalled.sent])),
                name=name,
                size=len(data),
                timeout_s=timeout_s,
            ) from None
        except BrokenError as broken:
            sent = written + _telnet.carried(piece[: broken.sent])
            raise _raw.gone_error(
                self._uri, BrokenError(str(broken), sent=sent), name=name
            ) from broken
        self._pace.handed_over(len(data), since=since)

    def read(self, *, timeout_s: float) -> bytes:
        """What has arrived; b"" when nothing came in time; TransportError if the peer is gone."""
        deadline = time.monotonic() + timeout_s
        try:
            while not self._telnet.data:
                left_s = deadline - time.monotonic()
                if not self._listen(timeout_s=left_s, deadline=deadline) and left_s <= 0:
                    return b""
        except BrokenError as broken:
            if not self._telnet.data:
                raise _raw.unanswered_error(self._uri, BrokenError(str(broken))) from broken
        found = bytes(self._telnet.data)
        self._telnet.data.clear()
        return found

    def unsent_s(self) -> float:
        """Return the seconds until the server's line can have sent all of it, at the earliest."""
        return self._pace.unsent_s()

    def close(self) -> None:
        """Close the socket; bytes on their way still go out."""
        self._stream.close()

    def _await(self, condition: Callable[[], bool], *, what: str, deadline: float) -> None:
        while not condition():
            left_s = deadline - time.monotonic()
            if not self._listen(timeout_s=left_s, deadline=deadline) and left_s <= 0:
                raise StalledError(f"{what} did not come in time")

    def _listen(self, *, timeout_s: float, deadline: float) -> bool:
        """Take what arrives, and do and answer what it asks for; False if nothing came in time."""
        arrived = self._stream.pull(timeout_s=max(0.0, timeout_s))
        self._telnet.feed(arrived)
        for verb, option in self._telnet.requests:
            self._answer(verb, option, deadline=deadline)
        self._telnet.requests.clear()
        for suboption in self._telnet.suboptions:
            if suboption[:1] == bytes([_telnet.COM_PORT]) and len(suboption) > 1:
                self._obey(suboption[1], suboption[2:])
        self._telnet.suboptions.clear()
        return bool(arrived)

    def _answer(self, verb: int, option: int, *, deadline: float) -> None:
        """RFC 854: agree to what we speak, refuse the rest, and never answer an answer."""
        if verb in (_telnet.DONT, _telnet.WONT):
            self._refused |= {option} if verb == _telnet.DONT else set()
            return
        if option == _telnet.COM_PORT:
            self._told[option] = b""
        known = option in (_telnet.BINARY, _telnet.SUPPRESS_GO_AHEAD, _telnet.COM_PORT)
        yes, no = (_telnet.WILL, _telnet.WONT) if verb == _telnet.DO else (_telnet.DO, _telnet.DONT)
        self._say(yes if known else no, option, deadline=deadline)

    def _obey(self, command: int, value: bytes) -> None:
        if command % _FROM_SERVER in (_SUSPEND, _RESUME):  # some servers leave the 100 out
            self._is_suspended = command % _FROM_SERVER == _SUSPEND
        else:
            self._told[command] = value

    def _say(self, verb: int, option: int, *, deadline: float) -> None:
        if (verb, option) not in self._agreed:
            self._agreed.add((verb, option))
            self._stream.push(bytes([_telnet.IAC, verb, option]), deadline=deadline)

    def _command(self, command: int, value: bytes, *, deadline: float) -> None:
        message = _telnet.suboption(_telnet.COM_PORT, bytes([command]) + value)
        self._stream.push(message, deadline=deadline)

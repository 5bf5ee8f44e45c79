r"""The bytes of Telnet (RFC 854) without a connection: what is data, what is negotiated.

>>> telnet = Telnet()
>>> telnet.feed(bytes([65, IAC, IAC, IAC, DO, BINARY]))
>>> telnet.data, telnet.requests
(bytearray(b'A\xff'), [(253, 0)])
"""

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
BINARY, SUPPRESS_GO_AHEAD, COM_PORT = 0, 3, 44
"""Options: RFC 856, RFC 858, RFC 2217."""

_SUBOPTION_BYTES_MAX = 1024


class Telnet:
    """Takes what arrives apart; the three lists are the caller's to empty."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.requests: list[tuple[int, int]] = []
        """DO, DONT, WILL or WONT, and the option."""
        self.suboptions: list[bytes] = []
        """What stood between IAC SB and IAC SE."""
        self._command: int | None = None
        self._suboption: bytearray | None = None

    def feed(self, arrived: bytes) -> None:
        """Take bytes, wherever they were cut."""
        for byte in arrived:
            if self._command is None:
                if byte == IAC:
                    self._command = IAC
                else:
                    self._keep(byte)
            elif self._command == IAC:
                self._command = self._interpret(byte)
            else:
                self.requests.append((self._command, byte))
                self._command = None

    def _interpret(self, byte: int) -> int | None:
        """Take the byte behind an IAC; return what waits for its option."""
        if byte in (DO, DONT, WILL, WONT):
            return byte
        if byte == IAC:
            self._keep(byte)
        elif byte == SB:
            self._suboption = bytearray()
        elif byte == SE and self._suboption is not None:
            self.suboptions.append(bytes(self._suboption))
            self._suboption = None
        return None

    def _keep(self, byte: int) -> None:
        if self._suboption is None:
            self.data.append(byte)
        elif len(self._suboption) < _SUBOPTION_BYTES_MAX:
            self._suboption.append(byte)


def escaped(data: bytes) -> bytes:
    r"""The data as it travels: each 255 twice.

    >>> escaped(b"a\xff").hex()
    '61ffff'
    """
    return data.replace(b"\xff", b"\xff\xff")


def carried(travelled: bytes) -> int:
    """How many bytes of data stand in the beginning of escaped data; half a pair counts as one.

    >>> carried(bytes.fromhex("61ffff62")), carried(bytes.fromhex("61ff"))
    (3, 2)
    """
    return len(travelled) - travelled.count(IAC) // 2


def suboption(option: int, value: bytes) -> bytes:
    """IAC SB option value IAC SE."""
    return bytes([IAC, SB, option]) + escaped(value) + bytes([IAC, SE])

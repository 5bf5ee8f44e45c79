"""A printer that answers what a test wants, and answers that printers gave."""

import time
from typing import Self

READY = (
    b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n"
    b"\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n"
    b"\x021234,0\x03\r\n"
)
"""The example of the manual, ~HS "Host Status Return", with nothing the matter."""

NO_TROUBLE = (
    b"\x02\r\n  PRINTER STATUS\r\n"
    b"   ERRORS:         0 00000000 00000000\r\n"
    b"   WARNINGS:       0 00000000 00000000\r\n\x03"
)
"""~HQES as a printer lays it out."""

IDENTITY = b"\x02ZD621-300dpi,V93.21.05Z,12,8176KB,CUTTER\x03\r\n"


def troubles(errors: str = "0 00000000 00000000", warnings: str = "0 00000000 00000000") -> bytes:
    """Return an answer to ~HQES."""
    found = NO_TROUBLE.decode().replace("ERRORS:         0 00000000 00000000", f"ERRORS: {errors}")
    return found.replace("WARNINGS:       0 00000000 00000000", f"WARNINGS: {warnings}").encode()


class Printer:
    """A connection that answers what it was told to, in pieces."""

    def __init__(self, *pieces: bytes, before: bytes = b"") -> None:
        self.pieces = list(pieces)
        self.before = [before] if before else []
        self.written: list[bytes] = []

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        self.written.append(data)

    def read(self, *, timeout_s: float) -> bytes:
        queue = self.pieces if self.written else self.before
        if not queue:
            time.sleep(timeout_s)
        return queue.pop(0) if queue else b""

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass


class Talker(Printer):
    """A connection that answers each question as it was told to; silence for all others."""

    def __init__(self, answers: dict[bytes, bytes]) -> None:
        super().__init__()
        self.answers = answers

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        super().write(data, name=name, timeout_s=timeout_s)
        if data in self.answers:
            self.pieces.append(self.answers[data])

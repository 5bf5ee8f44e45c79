"""A serial line's parameters, wherever its plug is."""

import time
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, cast

from printers.transports._addresses import Parameter

PARAMETERS = MappingProxyType(
    {
        "baudrate": Parameter(default="9600", minimum=1, maximum=4_000_000),
        "bytesize": Parameter(default="8", choices=("7", "8")),
        "parity": Parameter(default="N", choices=("N", "E", "O")),
        "stopbits": Parameter(default="1", choices=("1", "2")),
        "flow": Parameter(default="none", choices=("none", "xonxoff", "rtscts", "dsrdtr")),
    }
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """How a serial line is set, which has to be as in the printer."""

    baudrate: int
    """Bits per second."""
    bytesize: int
    """Data bits."""
    parity: Literal["N", "E", "O"]
    stopbits: int
    flow: Literal["none", "xonxoff", "rtscts", "dsrdtr"]
    """How the printer says that its buffer is full."""

    def seconds(self, size: int) -> float:
        """Return how long so many bytes take, with their start, parity and stop bits."""
        bits = 1 + self.bytesize + (self.parity != "N") + self.stopbits
        return size * bits / self.baudrate


class Pace:
    """When bytes can have left that a driver or a terminal server took at once."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._end_s = 0.0

    def handed_over(self, size: int, *, since: float) -> None:
        """Hear that so many bytes were handed over, the first one then (``time.monotonic``)."""
        self._end_s = max(self._end_s, since) + self._line.seconds(size)

    def unsent_s(self) -> float:
        """Return the seconds until the last byte can have left, at the earliest."""
        return max(0.0, self._end_s - time.monotonic())


def line(parameters: dict[str, str]) -> Line:
    """The line of checked parameters."""
    return Line(
        baudrate=int(parameters["baudrate"]),
        bytesize=int(parameters["bytesize"]),
        parity=cast(Literal["N", "E", "O"], parameters["parity"]),
        stopbits=int(parameters["stopbits"]),
        flow=cast(Literal["none", "xonxoff", "rtscts", "dsrdtr"], parameters["flow"]),
    )

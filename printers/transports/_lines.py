"""A serial line's parameters, wherever its plug is."""

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


def line(parameters: dict[str, str]) -> Line:
    """The line of checked parameters."""
    return Line(
        baudrate=int(parameters["baudrate"]),
        bytesize=int(parameters["bytesize"]),
        parity=cast(Literal["N", "E", "O"], parameters["parity"]),
        stopbits=int(parameters["stopbits"]),
        flow=cast(Literal["none", "xonxoff", "rtscts", "dsrdtr"], parameters["flow"]),
    )

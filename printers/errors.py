"""What this library refuses, and what can go wrong on the way to a printer."""


class Unprintable(ValueError):
    """The data or the label cannot be printed.

    ``str()`` is a whole sentence: what, which value, what was expected, what to do.
    """


class TransportError(OSError):
    """Bytes could not be carried to or from a printer. ``str()`` is a whole sentence."""

    bytes_written: int
    """How many bytes of this write were handed over, to the operating system or to the device that
    keeps documents. Those behind them surely never left; those before may arrive, even late.
    0: surely nothing left."""
    bytes_acknowledged: int | None
    """How many bytes of the last write the machine at the other end has taken, where the operating
    system tells: TCP on Linux. None: unknown. Taken is not printed, and not taken may be: it was
    only the acknowledgement that got lost."""
    is_about_data: bool
    """The device refused the data itself, and would refuse it again: a format it does not know, a
    document too large. Not the line, not the device."""

    def __init__(
        self,
        message: str,
        *,
        bytes_written: int = 0,
        bytes_acknowledged: int | None = None,
        is_about_data: bool = False,
    ) -> None:
        super().__init__(message)
        self.bytes_written = bytes_written
        self.bytes_acknowledged = bytes_acknowledged
        self.is_about_data = is_about_data


class GivenUp(Exception):
    """Who asked a printer had something better to do; what it would have said is not known."""

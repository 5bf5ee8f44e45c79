"""What this library refuses, and what can go wrong on the way to a printer."""


class Unprintable(ValueError):
    """The data or the label cannot be printed.

    ``str()`` is a whole sentence: what, which value, what was expected, what to do.
    """


class TransportError(OSError):
    """Bytes could not be carried to or from a printer. ``str()`` is a whole sentence."""

    bytes_written: int
    """How many bytes of this write the operating system had accepted. 0: surely nothing left."""

    def __init__(self, message: str, *, bytes_written: int = 0) -> None:
        super().__init__(message)
        self.bytes_written = bytes_written


class GivenUp(Exception):
    """Who asked a printer had something better to do; what it would have said is not known."""

"""Serial numbers and labels for production lines: issued once, printed, recorded for good."""

__version__ = "0.1.0"

"""Serial numbers and labels for production lines: issued once, printed honestly, recorded for good."""

__version__ = "0.1.0"

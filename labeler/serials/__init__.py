"""The serial engine: pure rules for making, reading and checking serials.

It knows no clock, file, socket or random source; moments and numbers are handed in.

>>> series = parse_pattern("{counter:6,start=100000}{check:luhn}")
>>> from datetime import UTC, datetime
>>> series.format(counter=100000, at=datetime(2026, 11, 23, tzinfo=UTC))
'1000009'
"""

from labeler.serials.errors import CounterExhausted, InvalidSerial, PatternError, SerialError
from labeler.serials.pattern import TEXT_LENGTH_MAX, parse_pattern
from labeler.serials.series import ParsedSerial, Series

__all__ = [
    "TEXT_LENGTH_MAX",
    "CounterExhausted",
    "InvalidSerial",
    "ParsedSerial",
    "PatternError",
    "SerialError",
    "Series",
    "parse_pattern",
]

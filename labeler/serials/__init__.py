"""The serial engine: pure rules for making, reading and checking serials.

It knows no clock, file, socket or random source; moments and numbers are handed in.

>>> series = parse_pattern("{counter:6,start=100000}{check:luhn}")
>>> from datetime import UTC, datetime
>>> series.format(counter=100000, at=datetime(2026, 11, 23, tzinfo=UTC))
'1000009'
"""

from labeler.serials.definition import Definition, define, identify
from labeler.serials.errors import CounterExhausted, InvalidSerial, PatternError, SerialError
from labeler.serials.identified import Identifier
from labeler.serials.occasions import Calendar, Occasion, Shift
from labeler.serials.pattern import parse_pattern
from labeler.serials.permutation import Permutation, fingerprint
from labeler.serials.pieces import TEXT_LENGTH_MAX
from labeler.serials.series import ParsedSerial, Series
from labeler.serials.vocabulary import Vocabulary
from labeler.serials.words import WordFilter

__all__ = [
    "TEXT_LENGTH_MAX",
    "Calendar",
    "CounterExhausted",
    "Definition",
    "Identifier",
    "InvalidSerial",
    "Occasion",
    "ParsedSerial",
    "PatternError",
    "Permutation",
    "SerialError",
    "Series",
    "Shift",
    "Vocabulary",
    "WordFilter",
    "define",
    "fingerprint",
    "identify",
    "parse_pattern",
]

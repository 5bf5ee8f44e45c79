"""A site's own words, its calendar and a moment, for the tests of patterns."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from labeler.serials import Calendar, Occasion, Series, Shift, Vocabulary, parse_pattern
from labeler.serials.alphabets import Alphabet
from labeler.serials.codes import make_table

BERLIN = ZoneInfo("Europe/Berlin")
SHIFTS = (
    Shift(name="A", start=time(6)),
    Shift(name="B", start=time(14)),
    Shift(name="C", start=time(22)),
)
CALENDAR = Calendar(zone=BERLIN, day_start=time(6), shifts=SHIFTS)
NOON = datetime(2026, 11, 23, 12, tzinfo=BERLIN)
OWN = Vocabulary(
    alphabets={"vowels": Alphabet(name="vowels", characters="AEIOU")},
    code_tables={
        "half": make_table("half", of="month", codes={m: "HL"[m > 6] for m in range(1, 13)})
    },
    shifts=("A", "B", "C"),
)


def series(pattern: str) -> Series:
    return parse_pattern(pattern, own=OWN)


def at(text: str) -> Occasion:
    return CALENDAR.occasion(datetime.fromisoformat(text).replace(tzinfo=BERLIN))

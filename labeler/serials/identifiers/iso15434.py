"""ISO/IEC 15434: the envelope in which a Data Matrix carries fields that name themselves.

Standard: ISO/IEC 15434:2019, sections 5 and 6: `[)>` RS, then each format's two digits, its fields
with GS between them, RS, and EOT at the end. Format 05 holds GS1 AIs, 06 ASC MH10 data
identifiers, 12 the text element identifiers of ATA Spec 2000.

>>> label = parse("[)>␞06␝17V1ABC5␝1P4711␝S000123␞␄")
>>> label.envelopes
(Envelope(format='06', fields=('17V1ABC5', '1P4711', 'S000123')),)
>>> build([("06", ["17V1ABC5", "1P4711", "S000123"])]) == label
True
>>> validate("[)>␞06␝17V1ABC5␄")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: ISO 15434 message \
'[)>␞06␝17V1ABC5␄' is broken: expected [)> RS at the beginning and RS EOT at the end; look \
whether the scanner sends control characters.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from labeler.serials.identifiers._errors import InvalidIdentifier

KIND = "ISO 15434 message"
EOT, GS, RS = "\x04", "\x1d", "\x1e"
HEADER = f"[)>{RS}"
FORMATS = ("05", "06", "12")
_PICTURES = str.maketrans({"␄": EOT, "␝": GS, "␞": RS})
_VISIBLE = str.maketrans({EOT: "␄", GS: "␝", RS: "␞"})
_NAMED = re.compile("<(EOT|GS|RS)>")
_FIELD = re.compile(r"[ -~]+")


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """The fields of one format."""

    format: str
    """05, 06 or 12."""
    fields: tuple[str, ...]
    """Each with its identifier in front."""

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            expected = "05 (AIs), 06 (data identifiers) or 12 (text element identifiers)"
            problem = f"is not read here: expected {expected}; use one of them."
            raise InvalidIdentifier(self.format, kind="ISO 15434 format", problem=problem)
        if not self.fields:
            problem = "has no field: expected one or more; give them."
            raise InvalidIdentifier(self.format, kind="ISO 15434 format", problem=problem)
        for field in self.fields:
            if not _FIELD.fullmatch(field):
                problem = "is wrong: expected one or more printable ASCII characters; correct it."
                raise InvalidIdentifier(field, kind="ISO 15434 field", problem=problem)


@dataclass(frozen=True, kw_only=True)
class Message:
    """Envelopes, one after the other."""

    envelopes: tuple[Envelope, ...]
    """At least one."""

    def __str__(self) -> str:
        return self.text.translate(_VISIBLE)

    @property
    def text(self) -> str:
        """As the symbol carries it, control characters and all."""
        bodies = (GS.join((one.format, *one.fields)) + RS for one in self.envelopes)
        return HEADER + "".join(bodies) + EOT


def compact(text: str) -> str:
    """The text with control characters where pictures (␞) or names (<RS>) of them stand.

    >>> compact("[)><RS>06<GS>S1<RS><EOT>") == build([("06", ["S1"])]).text
    True
    """
    names = {"EOT": EOT, "GS": GS, "RS": RS}
    real = text.strip(" \t\r\n").translate(_PICTURES)
    return _NAMED.sub(lambda found: names[found.group(1)], real)


def validate(text: str) -> str:
    """The message as the symbol carries it, or InvalidIdentifier."""
    return parse(text).text


def parse(text: str) -> Message:
    """The envelopes of a message as a scanner sends it, or as people write it down."""
    bare = compact(text)
    if not (bare.startswith(HEADER) and bare.endswith(RS + EOT)):
        problem = (
            "is broken: expected [)> RS at the beginning and RS EOT at the end; look whether the"
            " scanner sends control characters."
        )
        raise InvalidIdentifier(text, kind=KIND, problem=problem)
    bodies = bare.removeprefix(HEADER).removesuffix(RS + EOT).split(RS)
    return build((body[:2], body[3:].split(GS) if body[2:3] == GS else []) for body in bodies)


def build(envelopes: Iterable[tuple[str, Iterable[str]]]) -> Message:
    """The message of formats and their fields."""
    made = tuple(Envelope(format=one, fields=tuple(fields)) for one, fields in envelopes)
    if not made:
        raise InvalidIdentifier("", kind=KIND, problem="is empty: expected an envelope; give one.")
    return Message(envelopes=made)

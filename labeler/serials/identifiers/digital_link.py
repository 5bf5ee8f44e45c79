"""GS1 Digital Link URI: a GS1 key as a web address, for QR codes that phones can open.

Standard: GS1 Digital Link Standard, URI Syntax, release 1.4: sections 4.4 to 4.9 (keys and their
qualifiers in the path, other AIs in the query), 4.12 (canonical form), 5.1 (percent-encoding of
reserved characters). Only the uncompressed form with numeric AIs, which is the only canonical one.

>>> link = parse("https://example.com/p/01/9506000134352/21/A%2F7?17=270331&linkType=gs1:pip")
>>> link.message.bracketed(), link.stem
('(01)09506000134352(21)A/7(17)270331', 'https://example.com/p')
>>> link.uri(), link.uri(stem="https://id.example.com")
('https://id.gs1.org/01/09506000134352/21/A%2F7?17=270331', \
'https://id.example.com/01/09506000134352/21/A%2F7?17=270331')
>>> validate("https://example.com/21/7")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: Digital Link URI 'https://example.com/21/7' \
has no GS1 key in its path: expected /01/ and a GTIN, /00/ and an SSCC or the like; correct it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urlsplit

from labeler.serials.identifiers import element_string
from labeler.serials.identifiers._errors import InvalidIdentifier

KIND = "Digital Link URI"
CANONICAL_STEM = "https://id.gs1.org"
QUALIFIERS = {
    "00": (),
    "01": ("22", "10", "21", "235"),
    "253": (),
    "255": (),
    "401": (),
    "402": (),
    "414": ("254", "7040"),
    "415": ("8020",),
    "417": ("7040",),
    "8003": (),
    "8004": ("7040",),
    "8006": ("22", "10", "21"),
    "8010": ("8011",),
    "8013": (),
    "8017": ("8019",),
    "8018": ("8019",),
}
"""Primary key -> AIs that may follow it in the path, in this order (section 4.7 and 4.8)."""

_STEM = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~-]+)*", re.ASCII)
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, kw_only=True)
class DigitalLink:
    """A GS1 key and what else the address says."""

    message: element_string.ElementString
    """Primary key first, then its qualifiers in their order, then the AIs of the query."""
    stem: str = CANONICAL_STEM
    """What stands before the key: scheme, host, and a path if the owner has one."""

    def __str__(self) -> str:
        return self.uri(stem=self.stem)

    def uri(self, *, stem: str = CANONICAL_STEM) -> str:
        """The address, canonical (section 4.12) or on another host."""
        if not _STEM.fullmatch(stem):
            problem = "is no beginning of an address: expected one such as https://id.example.com."
            raise InvalidIdentifier(stem, kind="Digital Link stem", problem=problem)
        key, *others = self.message.elements
        in_path = [key, *(one for one in others if one.ai in QUALIFIERS[key.ai])]
        path = "".join(f"/{one.ai}/{quote(one.value, safe='')}" for one in in_path)
        query = "&".join(
            f"{one.ai}={quote(one.value, safe='')}" for one in others if one not in in_path
        )
        return f"{stem}{path}?{query}" if query else stem + path


def compact(text: str) -> str:
    """The address without spaces around it."""
    return text.strip(" \t\r\n")


def validate(text: str) -> str:
    """The canonical address, or InvalidIdentifier."""
    return parse(text).uri()


def parse(text: str) -> DigitalLink:
    """What a Digital Link URI says, but for its fragment and query keys that are no numbers."""
    uri = compact(text)
    if re.search(r"[^!-~]", uri) or _BROKEN_ESCAPE.search(uri):
        problem = "has a character that no address has: expected it as % and two digits."
        raise InvalidIdentifier(text, kind=KIND, problem=problem)
    parts = _split(uri)
    prefix, pairs = _path_pairs(parts.path, text=text)
    stem = f"{parts.scheme.lower()}://{parts.netloc}{prefix}"
    if not _STEM.fullmatch(stem):
        problem = "is no web address: expected https://, a host and the key's path; correct it."
        raise InvalidIdentifier(text, kind=KIND, problem=problem)
    return build([*pairs, *_query_pairs(parts.query)], stem=stem)


def build(pairs: list[tuple[str, str]], *, stem: str = CANONICAL_STEM) -> DigitalLink:
    """The Digital Link of AIs and values, in any order, one of them a primary key.

    >>> build([("21", "7"), ("01", "09506000134352")]).uri()
    'https://id.gs1.org/01/09506000134352/21/7'
    >>> build([("21", "7")])
    Traceback (most recent call last):
    labeler.serials.identifiers._errors.InvalidIdentifier: Element string '(21)7' makes no Digital \
Link: expected exactly one primary key, such as (01) or (00), got none.
    """
    message = element_string.build(pairs)
    keys = [one for one in message.elements if one.ai in QUALIFIERS]
    if len(keys) != 1:
        found = " and ".join(f"({one.ai})" for one in keys) or "none"
        problem = (
            "makes no Digital Link: expected exactly one primary key, such as (01) or (00),"
            f" got {found}."
        )
        raise InvalidIdentifier(message.bracketed(), kind="Element string", problem=problem)
    order = (keys[0].ai, *QUALIFIERS[keys[0].ai])
    first = [one for ai in order for one in message.elements if one.ai == ai]
    rest = sorted((one for one in message.elements if one not in first), key=lambda one: one.ai)
    return DigitalLink(message=element_string.ElementString(elements=(*first, *rest)), stem=stem)


def _split(uri: str) -> SplitResult:
    try:
        return urlsplit(uri)
    except ValueError:
        problem = "has no host that an address can have: correct it."
        raise InvalidIdentifier(uri, kind=KIND, problem=problem) from None


def _path_pairs(path: str, *, text: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the primary key, and the key and its qualifiers with their values."""
    segments = path.removesuffix("/").split("/")
    for place, segment in enumerate(segments):
        ais, values = segments[place::2], segments[place + 1 :: 2]
        if len(ais) == len(values) and _is_key_path(segment, ais[1:]):
            pairs = list(zip(ais, map(unquote, values), strict=True))
            if segment == "01":
                pairs[0] = ("01", pairs[0][1].zfill(14))
            return "/".join(segments[:place]), pairs
    problem = (
        "has no GS1 key in its path: expected /01/ and a GTIN, /00/ and an SSCC or the like;"
        " correct it."
    )
    raise InvalidIdentifier(text, kind=KIND, problem=problem)


def _is_key_path(key: str, qualifiers: list[str]) -> bool:
    """Whether the AIs are a primary key and its qualifiers, in their order."""
    allowed = iter(QUALIFIERS.get(key, ()))
    return key in QUALIFIERS and all(qualifier in allowed for qualifier in qualifiers)


def _query_pairs(query: str) -> Iterator[tuple[str, str]]:
    """AIs of the query; a plus sign is a plus sign, since no value holds a space."""
    for part in re.split("[&;]", query):
        key, _, value = part.partition("=")
        if re.fullmatch(r"\d+", key, re.ASCII):
            yield key, unquote(value)

"""The service's sentences in the language of whoever asks.

The service says in English why it refuses something, with the values in it: so it stands in its
log, in the record and in the API. A page that speaks another language finds by which text of the
source a sentence was made, and says the translation of that text with the same values. One whose
text is not known stays English, and is marked so. See docs/decisions/0053.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from babel.messages.pofile import read_po

from labeler.web import texts

NAMED = re.compile(r"\{([a-z_]\w*)\}")
"""A value in a text."""
_BETWEEN = re.compile(r"(?<=[.!?]) (?=[A-Z'])")
"""Where one sentence ends and the next one begins."""
_LENGTH_MAX = 2000
"""Characters of a sentence that is looked up."""
PHRASES = (
    "a list of at most {high} entries",
    "a list of {low} to {high} entries",
    "a number",
    "a number above {low}",
    "a number above {low}, {high} at most",
    "a number from {low} to {high}",
    "a number, {high} at most",
    "a number, {low} at least",
    "a time",
    "a whole number",
    "a whole number above {low}",
    "a whole number from {low} to {high}",
    "a whole number, {high} at most",
    "a whole number, {low} at least",
    "keys with values ({known})",
    "one of {choices}",
    "text",
    "text of at least {low} characters",
    "text of at most {high} characters",
    "text of {low} to {high} characters",
    "true or false",
    *("1 character", "{count} characters", "1 file", "{count} files", "1 label", "{count} labels"),
    *("1 line", "{count} lines", "1 module", "{count} modules", "1 number", "{count} numbers"),
    *("1 serial", "{count} serials"),
)
"""Values that are made of words: what `labeler.findings` expects, what `labeler.units` counts."""
_INNER_LETTERS_MIN = 10
"""Letters of the text itself that a value must have to be taken for a sentence of its own."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A sentence as a page says it."""

    text: str
    language: str


@dataclass(frozen=True, kw_only=True)
class _Text:
    """A text with named values, and its translation."""

    pieces: tuple[str, ...]
    """What stands before, between and behind its values."""
    names: tuple[str, ...]
    """What its values are called, in order."""
    longest: str
    """The longest piece of it that is no value: a sentence without it is another one."""
    letters: int
    """How many letters of it are no value."""
    translation: str


def said(sentence: str) -> Said:
    """Return a sentence as it is said to whoever asks."""
    language = texts.language()
    found = translated(sentence, language) if sentence and language != "en" else None
    if found is None:
        return Said(text=sentence, language="en" if sentence else language)
    return Said(text=found, language=language)


@lru_cache(maxsize=512)
def translated(sentence: str, language: str) -> str | None:
    """Return a sentence in a language; None where its text is not known.

    >>> translated("Line 'hall-2' has no open run.", "de")
    "Auf Linie 'hall-2' ist kein Auftrag offen."
    """
    if len(sentence) > _LENGTH_MAX:
        return None
    parts = _BETWEEN.split(sentence)
    for size in range(len(parts), 0, -1):  # a text may have several sentences
        first = _translated(" ".join(parts[:size]), language, least=1)
        rest = parts[size:]
        following = translated(" ".join(rest), language) if first is not None and rest else ""
        if first is not None and following is not None:
            return f"{first} {following}".strip()
    return None


def _translated(sentence: str, language: str, *, least: int) -> str | None:
    for text in _texts(language):
        if text.letters < least:
            break
        if text.longest not in sentence:
            continue
        values = _values(text, sentence)
        if values is not None and not any(_BETWEEN.search(one) for one in values.values()):
            return _filled(text.translation, values, language)
    return None


def _values(text: _Text, sentence: str) -> dict[str, str] | None:
    """Return the values that make a text the sentence, each as short as may be; None: none do.

    One pass, whatever somebody has written into a value: a regular expression would try each way
    in which its pieces may stand.
    """
    first, *between = text.pieces
    if not sentence.startswith(first):
        return None
    at, values = len(first), []
    for number, piece in enumerate(between, start=1):
        is_last = number == len(between)
        end = len(sentence) - len(piece) if is_last else sentence.find(piece, at)
        if end < at or not sentence.startswith(piece, end):
            return None
        values.append(sentence[at:end])
        at = end + len(piece)
    return dict(zip(text.names, values, strict=True)) if at == len(sentence) else None


def _filled(translation: str, values: Mapping[str, str], language: str) -> str:
    """Put values into a translation; one that is a sentence of its own is translated, too."""

    def value(match: re.Match[str]) -> str:
        own = values[match[1]]
        return _translated(own, language, least=_INNER_LETTERS_MIN) or own

    return NAMED.sub(value, translation)


@cache
def _texts(language: str) -> tuple[_Text, ...]:
    """Return the texts of a language: those first that say most themselves."""
    place = resources.files("labeler.web").joinpath("translations", "sentences", f"{language}.po")
    with place.open("rb") as file:
        catalogue = read_po(file, locale=language)
    known = [_text(str(one.id), str(one.string)) for one in catalogue if one.id and one.string]
    return tuple(sorted(known, key=lambda one: -one.letters))


def _text(source: str, translation: str) -> _Text:
    parts = NAMED.split(source)  # pieces of the text and names of its values take turns
    pieces, names = tuple(parts[::2]), tuple(parts[1::2])
    letters = sum(one.isalpha() for piece in pieces for one in piece)
    return _Text(
        pieces=pieces,
        names=names,
        longest=max(pieces, key=len),
        letters=max(letters, _INNER_LETTERS_MIN) if source in PHRASES else letters,
        translation=translation,
    )

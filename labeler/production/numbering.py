"""The plant's number series: what config.yaml says of them, checked and made ready to draw from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from labeler import spelling
from labeler.production import testing
from labeler.serials import (
    Calendar,
    Definition,
    Identifier,
    PatternError,
    Permutation,
    SerialError,
    Series,
    Shift,
    Vocabulary,
    WordFilter,
    codes,
    define,
    fingerprint,
    identified,
    identify,
    occasions,
    words,
)
from labeler.serials.alphabets import make_alphabet
from labeler.settings import IdentifierType, SeriesSettings, Settings

SECRET_NUMBERS_MIN = 2**40
"""Of so many numbers at least a secret is one: fewer are tried by a machine overnight."""


class Finding(NamedTuple):
    """What is wrong with a value of config.yaml."""

    keys: tuple[str, ...]
    said: str
    fault: PatternError | None = None
    """Where in a pattern it is wrong."""


@dataclass(frozen=True, kw_only=True)
class PlantSeries:
    """A number series as config.yaml says it now."""

    name: str
    definition: Definition
    key: bytes | None = field(default=None, repr=False)
    """The key of a permuted series."""
    change: str | None = None
    """continue or restart: what becomes of the counter when this is a new version."""
    low_water: int = 0
    """Of a pool: with so many numbers left, or fewer, somebody should import more."""
    secret: bool = False
    """Whether its texts are printed once, and never shown."""

    @property
    def series(self) -> Series:
        """The rule that makes its serials."""
        return self.definition.series


def permutation(definition: Definition, *, key: bytes | None, name: str) -> Permutation | None:
    """Return how a permuted series shows its numbers, or None for another kind."""
    number = definition.series.number
    if number.kind != "permuted" or key is None:
        return None
    radix = len(number.alphabet.characters)
    return Permutation(key=key, radix=radix, width=number.width, tweak=name.encode())


def word_filter(definition: Definition) -> WordFilter | None:
    """Return what keeps unwanted words out of its serials, if anything shall."""
    return WordFilter(definition.words) if definition.words else None


def calendar(settings: Settings) -> Calendar:
    """Return the site's clock."""
    site = settings.site
    return Calendar(
        zone=ZoneInfo(site.timezone),
        day_start=time.fromisoformat(site.day_start),
        shifts=_shifts(settings),
    )


def _shifts(settings: Settings) -> tuple[Shift, ...]:
    return tuple(
        Shift(name=name, start=time.fromisoformat(start))
        for name, start in settings.site.shifts.items()
    )


def read(settings: Settings) -> tuple[dict[str, PlantSeries], list[Finding]]:
    """Return the series config.yaml defines, and everything that is wrong with them."""
    own, findings = vocabulary(settings)
    unwanted = unwanted_words(settings)
    series: dict[str, PlantSeries] = {}
    for name, entry in settings.series.items():
        try:
            key = _key(entry)
            definition = define(
                entry.pattern,
                own=own,
                words=unwanted if entry.word_filter else (),
                unguessable=entry.unguessable,
                key=fingerprint(key) if key else None,
            )
            if entry.identifier is not None:
                definition = identify(definition, _identifier(entry, entry.identifier))
        except _KeyFault as fault:
            findings.append(Finding(("series", name, "key"), str(fault)))
            continue
        except SerialError as error:
            place = error if isinstance(error, PatternError) else None
            findings.append(Finding(("series", name, "pattern"), str(error), place))
            continue
        findings += _of_entry(name, entry, definition, key=key)
        series[name] = PlantSeries(
            name=name,
            definition=definition,
            key=key,
            change=entry.change,
            low_water=entry.low_water or 0,
            secret=entry.secret,
        )
    return series, findings


def _of_entry(
    name: str, entry: SeriesSettings, definition: Definition, *, key: bytes | None
) -> Iterator[Finding]:
    """Yield what is wrong with a series whose pattern can be read."""
    for said in _check_key(definition, key, name=name):
        yield Finding(("series", name, "key"), said)
    for what, said in _misplaced(entry):
        yield Finding(("series", name, what), said)
    if entry.low_water is not None and definition.series.kind != "pool":
        said = "only a series with {imported:…} has a pool that runs low; remove it."
        yield Finding(("series", name, "low_water"), said)
    if entry.secret:
        for said in _weak(definition):
            yield Finding(("series", name, "secret"), said)
    try:
        testing.require_apart(definition.series)
    except PatternError as error:
        yield Finding(("series", name, "pattern"), str(error), error)


def _weak(definition: Definition) -> Iterator[str]:
    """Yield why nobody should call these texts secrets."""
    number = definition.series.number
    if number.kind not in ("permuted", "random"):
        instead = f"write {{random:{number.width}}} or {{permuted:{number.width}}}"
        yield (
            f"a {definition.series.kind} series keeps no secret, since others know or can guess "
            f"its texts; {instead}, or leave secret out."
        )
    elif number.count < SECRET_NUMBERS_MIN:
        yield (
            f"{number.count} numbers are soon tried: a secret needs 2**40 = {SECRET_NUMBERS_MIN} "
            "or more; write a wider number or a larger alphabet."
        )


class _KeyFault(ValueError):
    """A text that is no key; it is never repeated."""


def _key(entry: SeriesSettings) -> bytes | None:
    if entry.key is None:
        return None
    text = entry.key.get_secret_value().strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) not in (16, 24, 32):
        raise _KeyFault("expected 32, 48 or 64 hexadecimal digits, got something else.")
    return key


def _check_key(definition: Definition, key: bytes | None, *, name: str) -> Iterator[str]:
    permuted = definition.series.kind == "permuted"
    if permuted and key is None:
        yield (
            "is missing: expected 32, 48 or 64 hexadecimal digits in the environment as "
            f"{spelling.variable('series', name, 'key')}, or in the file "
            f"{spelling.secret_file('series', name, 'key')} of the folder LABELER_SECRETS_DIR; "
            "make one with: openssl rand -hex 32."
        )
    if key is not None and not permuted:
        yield "only a series with {permuted:…} has a key; remove it."


def _identifier(entry: SeriesSettings, type_: IdentifierType) -> Identifier:
    return Identifier(
        type=type_,
        company_prefix_length=entry.company_prefix_length
        if type_ in identified.WITH_COMPANY_PREFIX
        else None,
        notation=entry.notation if type_ in identified.WITH_NOTATION else None,
    )


def _misplaced(entry: SeriesSettings) -> Iterator[tuple[str, str]]:
    """Yield keys that say nothing of such a series, and what to do about them."""
    only = "only a series with identifier:"
    has_prefix = entry.identifier in identified.WITH_COMPANY_PREFIX
    if entry.company_prefix_length is not None and not has_prefix:
        yield (
            "company_prefix_length",
            f"{only} sscc, grai, giai or sgtin_serial has one; remove it.",
        )
    if entry.notation is not None and entry.identifier not in identified.WITH_NOTATION:
        yield "notation", f"{only} eui48 or eui64 has one; remove it."


def unwanted_words(settings: Settings) -> tuple[str, ...]:
    """Return the words that a series with a word_filter leaves out."""
    return words.DEFAULT_WORDS if settings.words is None else tuple(settings.words)


def vocabulary(settings: Settings) -> tuple[Vocabulary, list[Finding]]:
    """Return the site's own words for patterns, and what is wrong with them."""
    findings: list[Finding] = []
    alphabets, tables = {}, {}
    for name, characters in settings.alphabets.items():
        try:
            alphabets[name] = make_alphabet(name, characters)
        except SerialError as error:
            findings.append(Finding(("alphabets", name), str(error)))
    for name, table in settings.code_tables.items():
        try:
            tables[name] = codes.make_table(name, of=table.of, codes=table.codes)
        except SerialError as error:
            findings.append(Finding(("code_tables", name), str(error)))
    shifts = _shifts(settings)
    problem = occasions.check_shifts(shifts)
    if problem:
        findings.append(Finding(("site", "shifts"), problem))
    names = tuple(shift.name for shift in shifts)
    return Vocabulary(alphabets=alphabets, code_tables=tables, shifts=names), findings

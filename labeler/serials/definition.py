"""The definition of a series: its pattern and everything else that decides what its serials are.

It is what a version of a series pins, as canonical JSON text: two definitions are the same if their
texts are. Of a site's own words it holds those the pattern uses, so a change of another alphabet
makes no new version. It holds no key, only the fingerprint that tells whether a key is the same.

>>> definition = define("AC{counter:5}")
>>> definition.text, definition.limit
('{"pattern":"AC{counter:5}"}', 99999)
>>> read(definition.text) == definition
True
>>> define("{random:8}", unguessable=True).limit
10000
>>> define("{counter:8}", unguessable=True)
Traceback (most recent call last):
labeler.serials.errors.SerialError: A counter can be guessed: who knows one serial knows the next; \
write {permuted:8} or {random:8}, or leave unguessable out.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from labeler.serials.alphabets import Alphabet
from labeler.serials.codes import CodePart, make_table
from labeler.serials.errors import SerialError
from labeler.serials.fields import RunPart, ShiftPart
from labeler.serials.identified import Identifier
from labeler.serials.numbers import Number
from labeler.serials.pattern import parse_pattern, read_fields
from labeler.serials.proving import prove
from labeler.serials.series import Series
from labeler.serials.vocabulary import NONE, Vocabulary

GUESS_MAX = 10_000
"""One number in so many may be issued where nobody may guess one: EU 2016/161, Art. 4 (c)."""
UNGUESSABLE_LENGTH_MAX = 20
"""EU 2016/161, Art. 4 (b) (i)."""
RANDOM_SHARE = 2
"""One number in so many of a random series is issued; then most draws would be of taken ones."""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What decides which serials a series makes."""

    pattern: str
    alphabets: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Own alphabets it uses: name -> characters."""
    code_tables: Mapping[str, tuple[str, Mapping[int, str]]] = field(
        default_factory=dict, hash=False
    )
    """Own code tables it uses: name -> date part, codes."""
    shifts: tuple[str, ...] = ()
    """The site's shifts, if it shows one."""
    words: tuple[str, ...] = ()
    """Words that may not stand in a serial."""
    unguessable: bool = False
    """Whether who knows its serials must not be able to guess another (EU 2016/161, Art. 4)."""
    key: str | None = None
    """Fingerprint of the key of a permuted series."""
    identifier: Identifier | None = None
    """What its serials are, where others have standardised it."""

    @cached_property
    def series(self) -> Series:
        """The series it defines."""
        return parse_pattern(self.pattern, own=self.own)

    @cached_property
    def text(self) -> str:
        """Itself as JSON: keys sorted, empty ones left out."""
        content: dict[str, Any] = {
            "pattern": self.pattern,
            "alphabets": dict(self.alphabets),
            "code_tables": {
                name: {"of": of, "codes": {str(value): code for value, code in codes.items()}}
                for name, (of, codes) in self.code_tables.items()
            },
            "shifts": list(self.shifts),
            "words": list(self.words),
            "unguessable": self.unguessable,
            "key": self.key,
            "identifier": None if self.identifier is None else _filled(vars(self.identifier)),
        }
        filled = _filled(content)
        return json.dumps(filled, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def limit(self) -> int:
        """How many serials it may issue; in each period, if its counter begins again."""
        count = self.series.number.count
        if self.unguessable:
            return count // GUESS_MAX
        return count // RANDOM_SHARE if self.series.kind == "random" else count

    @property
    def own(self) -> Vocabulary:
        """The site's own words that its pattern uses."""
        return Vocabulary(
            alphabets={
                name: Alphabet(name=name, characters=characters)
                for name, characters in self.alphabets.items()
            },
            code_tables={
                name: make_table(name, of=of, codes=codes)
                for name, (of, codes) in self.code_tables.items()
            },
            shifts=self.shifts,
        )


def define(
    pattern: str,
    *,
    own: Vocabulary = NONE,
    words: Sequence[str] = (),
    unguessable: bool = False,
    key: str | None = None,
) -> Definition:
    """Return the definition of a series, or PatternError or SerialError with what is wrong."""
    series = parse_pattern(pattern, own=own)
    alphabets = [f.alphabet for f in series.fields if isinstance(f, Number | RunPart)]
    tables = [f.table for f in series.fields if isinstance(f, CodePart)]
    definition = Definition(
        pattern=pattern,
        alphabets={a.name: a.characters for a in alphabets if a.name in own.alphabets},
        code_tables={t.name: (t.of.name, t.codes) for t in tables if t.name in own.code_tables},
        shifts=own.shifts if any(isinstance(f, ShiftPart) for f in series.fields) else (),
        words=tuple(sorted(words)),
        unguessable=unguessable,
        key=key,
    )
    if unguessable:
        _check_unguessable(definition)
    return definition


def identify(definition: Definition, identifier: Identifier) -> Definition:
    """Return it as the definition of such identifiers, or PatternError where a text could be none.

    >>> identify(define("35209900{counter:6}{check:imei}"), Identifier(type="imei")).text
    '{"identifier":{"type":"imei"},"pattern":"35209900{counter:6}{check:imei}"}'
    """
    prove(identifier, read_fields(definition.pattern, own=definition.own))
    return replace(definition, identifier=identifier)


def read(text: str) -> Definition:
    """Return the definition whose `text` this is."""
    content = json.loads(text)
    tables = content.get("code_tables", {})
    identifier = content.get("identifier")
    return Definition(
        pattern=content["pattern"],
        alphabets=content.get("alphabets", {}),
        code_tables={
            name: (table["of"], {int(value): code for value, code in table["codes"].items()})
            for name, table in tables.items()
        },
        shifts=tuple(content.get("shifts", ())),
        words=tuple(content.get("words", ())),
        unguessable=content.get("unguessable", False),
        key=content.get("key"),
        identifier=None if identifier is None else Identifier(**identifier),
    )


def _filled(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if value}


def _check_unguessable(definition: Definition) -> None:
    series = definition.series
    width = series.number.width
    if series.kind == "sequential":
        raise SerialError(
            f"A counter can be guessed: who knows one serial knows the next; write"
            f" {{permuted:{width}}} or {{random:{width}}}, or leave unguessable out."
        )
    if series.text_length > UNGUESSABLE_LENGTH_MAX:
        raise SerialError(
            f"A serial that nobody may guess has at most {UNGUESSABLE_LENGTH_MAX} characters"
            f" (EU 2016/161, Art. 4), this one has {series.text_length}; write a shorter pattern."
        )
    if not definition.limit:
        raise SerialError(
            f"Of {series.number.count} numbers none could be issued, since nobody may guess one in"
            f" {GUESS_MAX} (EU 2016/161, Art. 4); write a wider number."
        )

"""A site's own words in patterns: its alphabets, its code tables, its shifts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from labeler.serials import alphabets
from labeler.serials.alphabets import Alphabet
from labeler.serials.codes import CODE_TABLES, CodeTable
from labeler.serials.errors import SerialError, shown


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What a pattern may name beside what every site has."""

    alphabets: Mapping[str, Alphabet] = field(default_factory=dict, hash=False)
    code_tables: Mapping[str, CodeTable] = field(default_factory=dict, hash=False)
    shifts: tuple[str, ...] = ()
    """Names of the shifts, of one length."""

    def alphabet(self, name: str) -> Alphabet:
        """The alphabet of that name, or a SerialError that lists the names there are."""
        return alphabets.alphabet(name, own=self.alphabets)

    def code_table(self, name: str) -> CodeTable:
        """The code table of that name, or a SerialError that lists the names there are."""
        known = {**CODE_TABLES, **self.code_tables}
        if name not in known:
            raise SerialError(f"No code table {shown(name)}: expected one of {', '.join(known)}.")
        return known[name]


NONE = Vocabulary()
"""Only what every site has."""

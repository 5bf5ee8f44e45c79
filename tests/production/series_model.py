"""The series that the machine of series lets live, and what a run of one may issue next."""

from dataclasses import dataclass
from typing import Any

from labeler.production import testing
from labeler.serials import Definition, Permutation, WordFilter

KEY = "2b7e151628aed2a6abf7158809cf4f3c"

WORDS = ["BA", "C0"]

SERIES: dict[str, list[dict[str, Any]]] = {
    "plain": [
        {"pattern": "A{counter:3}"},
        {"pattern": "A{counter:3,step=7}"},
        {"pattern": "A{counter:3:hex}"},
        {"pattern": "B{counter:4,start=50,step=3}{check:iso7064_mod_37_36}"},
    ],
    "daily": [
        {"pattern": "D{date:%y%j}{counter:3,reset=day}"},
        {"pattern": "D{date:%y%j}{counter:3}"},
        {"pattern": "E{date:%G%V}{counter:3,reset=week}{check:iso7064_mod_37_36}"},
        {"pattern": "E{run:number:5}{counter:2,reset=run}"},
    ],
    "words": [
        {"pattern": "W{counter:2:hex,start=180}", "word_filter": True},
        {"pattern": "W{counter:2:hex}"},
    ],
    "permuted": [
        {"pattern": "P{permuted:6}"},
        {"pattern": "Q{permuted:5:alnum}", "word_filter": True},
    ],
    "random": [{"pattern": "R{random:2}"}, {"pattern": "R{random:3:hex}", "word_filter": True}],
    "pool": [{"pattern": "L{imported:3}", "low_water": 3}],
}
"""Series -> what config.yaml says of it, now and later. No two series make the same text."""

Period = tuple[str, int, str]
"""Series, epoch and period: where a counter counts."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A run as the record has it."""

    id: int
    series: str
    epoch: int
    definition: Definition
    is_test: bool = False

    @property
    def kind(self) -> str:
        kind = self.definition.series.kind
        return "sequential" if self.is_test and kind == "pool" else kind

    @property
    def permutation(self) -> Permutation:
        number = self.definition.series.number
        radix = len(number.alphabet.characters)
        key = bytes.fromhex(KEY)
        tweak = testing.permuted_as(self.series) if self.is_test else self.series
        return Permutation(key=key, radix=radix, width=number.width, tweak=tweak.encode())

    @property
    def step(self) -> int:
        return self.definition.series.number.step

    def has_word(self, number: int) -> bool:
        text = self.definition.series.number_text(number)
        return WordFilter(self.definition.words).finds(text) is not None

    def following(self, place: int) -> int | None:
        """Return the first number from there that the run may issue; None if it is used up."""
        number = self.definition.series.number
        if self.kind != "sequential":
            while place < self.definition.limit:
                if self.kind == "random" or not self.has_word(self.permutation.apply(place)):
                    return place
                place += 1
            return None
        place += (number.start - place) % number.step
        while place <= number.last and self.has_word(place):
            place += number.step
        return place if place <= number.last else None

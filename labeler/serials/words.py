"""Words that no serial should spell, and the numbers that do not spell one.

Letters and digits that count through every combination come to swear words too, sooner or later,
and somebody reads them on a product. A filter also sees what only looks like a word: 5H1T.

>>> words = WordFilter(("shit", "merde"))
>>> words.finds("AC5H1T9"), words.finds("ACSH1P9")
('shit', None)
>>> list(clean_numbers(range(3), ("AC", "SHIT", "AD").__getitem__, words=words))
[0, 2]
>>> WordFilter(("Schweinehund", "Mist!"))
Traceback (most recent call last):
labeler.serials.errors.SerialError: Unwanted word 'Mist!' has '!' as character 5: expected letters \
A to Z and digits only, which a serial may have; write the word without it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from string import ascii_letters, digits

from labeler.serials.errors import SerialError, shown

LOOK_ALIKES = {"A": "4", "B": "8", "E": "3", "I": "1", "L": "1", "O": "0", "S": "5", "T": "7"}
"""Letter -> the digit that is read as this letter inside a word."""

WORD_LENGTH_MIN = 2
"""A single character would forbid a large part of all numbers."""

DEFAULT_WORDS = (
    # English
    *("ANUS", "ARSE", "ASS", "BITCH", "BOOB", "COCK", "CRAP", "CUM", "CUNT", "DAMN", "DICK", "FAG"),
    *("FART", "FUCK", "FUK", "NAZI", "NIGG", "PENIS", "PISS", "POOP", "PORN", "PUSSY", "RAPE"),
    *("SEX", "SHIT", "SLUT", "SUCK", "TITS", "TWAT", "VAGINA", "WANK", "WHORE"),
    # German
    *("ARSCH", "DEPP", "DUMM", "FICK", "FOTZE", "HITLER", "HURE", "IDIOT", "KACK", "KOTZ", "MORD"),
    *("NUTTE", "PIMMEL", "SCHEIS", "SCHLAMPE", "SAU", "TITTE", "TROTTEL", "WICHS"),
    # French
    *("BITE", "BORDEL", "CHATTE", "CONNE", "CUL", "ENCULE", "FOUTRE", "MERDE", "NIQUE", "PUTE"),
    *("SALAUD", "SALOP"),
    # Spanish
    *("CABRON", "CHINGA", "JODER", "MARICA", "MIERDA", "PENDEJO", "PINGA", "POLLA"),
    *("PUTA", "PUTO", "TETAS", "VERGA", "ZORRA"),
)
"""A short list for a start; a site that wants another one writes its own."""


@dataclass(frozen=True)
class WordFilter:
    """Finds unwanted words in texts, in capitals and small letters, whole or as a part."""

    words: tuple[str, ...] = DEFAULT_WORDS
    """Letters A to Z and digits. A digit of a word stands for itself only."""

    def __post_init__(self) -> None:
        for word in self.words:
            _require_word(word)

    def finds(self, text: str) -> str | None:
        """The first unwanted word in the text as the list writes it, or None.

        Of two that begin at the same character it is the longer one.
        """
        match = self._pattern.search(text)
        if match is None:
            return None
        found = match.group()
        return next(word for word in self._by_length if re.fullmatch(_expression(word), found))

    @cached_property
    def _by_length(self) -> list[str]:
        return sorted(self.words, key=len, reverse=True)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """All words as one expression; without groups, which would make it six times as slow."""
        return re.compile("|".join(map(_expression, self._by_length)) or "(?!)")


def clean_numbers(
    numbers: Iterable[int], text_of: Callable[[int], str], *, words: WordFilter
) -> Iterator[int]:
    """Those numbers, in their order, whose text has no unwanted word.

    `text_of` writes what varies: a word in a series' literal text would leave no number at all.
    It ends when the numbers end, so hand in a range, not an endless count.
    """
    return (number for number in numbers if words.finds(text_of(number)) is None)


def _expression(word: str) -> str:
    return "".join(f"[{c}{c.lower()}{LOOK_ALIKES.get(c, '')}]" for c in word.upper())


def _require_word(word: str) -> None:
    for place, character in enumerate(word, start=1):
        if character not in ascii_letters + digits:
            raise SerialError(
                f"Unwanted word {shown(word)} has {character!r} as character {place}: expected"
                f" letters A to Z and digits only, which a serial may have; write the word without"
                f" it."
            )
    if len(word) < WORD_LENGTH_MIN:
        raise SerialError(
            f"Unwanted word {shown(word)} is too short: expected {WORD_LENGTH_MIN} or more"
            f" characters, or it would forbid too many numbers; leave it out."
        )

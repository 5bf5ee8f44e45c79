"""A label as fixed text with gaps, so that a label costs only its gaps.

Almost every value is plain: printable ASCII that no command, escape or invocation begins with. Its
fields are then one formatting each, which is several times as fast as asking everything that could
be wrong with them. What is not surely plain goes the exact way, with the same result.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from printers.label import Content, Field, fields

Values = Mapping[str, str]
Filler = Callable[[Values], str | None]

_PLAIN = re.compile(r"[ !-=?-\[\]`-}]*")
"""Printable ASCII without ^ ~ _ > and the backslash."""


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A place in a label that waits for values."""

    exact: Filler
    """Returns what stands there, in ASCII; None where the values need other fields. Unprintable
    for values that the label cannot show.
    """
    quick: Filler | None = None
    """The same for plain values; None also for those that need a closer look."""
    names: tuple[str, ...] = ()
    """The fields that ``quick`` shows."""


def is_plain(text: str) -> bool:
    """Whether a text stands for itself in field data."""
    return _PLAIN.fullmatch(text) is not None


def quick_filler(content: Content, prefix: str = "") -> Callable[[Values], str] | None:
    """What fills a content with plain values behind a prefix; None if its own text is not plain."""
    own = "".join([part for part in content if isinstance(part, str)])
    if not is_plain(own):
        return None
    parts = [part.replace("%", "%%") if isinstance(part, str) else "%s" for part in content]
    pattern, names = prefix + "".join(parts), fields(content)
    if len(names) > 1:
        pick = itemgetter(*names)
        return lambda values: pattern % pick(values)
    [name] = names
    if content[-1] == Field(name):
        start = prefix + own
        return lambda values: start + values[name]
    return lambda values: pattern % values[name]


class Skeleton:
    """Fixed texts and gaps in order."""

    def __init__(self, pieces: Sequence[str | Gap]) -> None:
        self._parts: list[str] = [""]
        self._exact: list[tuple[int, Filler]] = []
        self._quick: list[tuple[int, Filler]] = []
        for piece in pieces:
            if isinstance(piece, str):
                self._parts[-1] += piece
                continue
            self._exact.append((len(self._parts), piece.exact))
            self._quick.append((len(self._parts), piece.quick or piece.exact))
            self._parts += ["", ""]
        gaps = [piece for piece in pieces if isinstance(piece, Gap)]
        names = sorted({name for gap in gaps for name in gap.names})
        self._shown = itemgetter(*names) if len(names) > 1 else None
        self._only = names[0] if len(names) == 1 else None

    def fill(self, values: Values) -> bytes | None:
        """The label; None where a value needs other fields. Unprintable as the gaps say."""
        if self._are_plain(values):
            parts = self._parts.copy()
            for index, make in self._quick:
                data = make(values)
                if data is None:
                    break
                parts[index] = data
            else:
                return "".join(parts).encode("ascii")
        return self._fill_exactly(values)

    def _fill_exactly(self, values: Values) -> bytes | None:
        parts = self._parts.copy()
        for index, make in self._exact:
            data = make(values)
            if data is None:
                return None
            parts[index] = data
        return "".join(parts).encode("ascii")

    def _are_plain(self, values: Values) -> bool:
        try:
            if self._only is not None:
                return _PLAIN.fullmatch(values[self._only]) is not None
            if self._shown is not None:
                return _PLAIN.fullmatch("".join(self._shown(values))) is not None
        except KeyError:  # The exact way says which, in a sentence.
            pass
        return False

"""The commands of a label as fields: each with its data decoded and its pictures in place."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from printers.designs import charsets, graphics
from printers.designs.formats import Unfolded
from printers.designs.tokens import Token
from printers.errors import Unprintable

_SETTINGS = {"^BY", "^CF", "^LH", "^FW", "^LR", "^MU", "^PA"}
"""They hold until the next one of their kind, and need no ^FS."""
_PROMPT = re.compile(r'0*([0-9]{1,4})\s*(?:"([^"]*)")?.*')


@dataclass(kw_only=True)
class DesignField:
    """What stands between two ^FS."""

    tokens: list[Token] = field(default_factory=list)
    """Commands that place and draw it, settings among them; no data."""
    data: Token | None = None
    """Its ^FD or ^FV."""
    text: str | None = None
    """What that says."""
    number: str | None = None
    """Of its ^FN."""
    name: str | None = None
    """What its ^FN is to be asked for by."""
    pictures: dict[int, str] = field(default_factory=dict)
    """Place among ``tokens`` -> the ^GF that is drawn there."""

    @property
    def is_assignment(self) -> bool:
        """Whether it only says what a numbered field elsewhere holds."""
        return self.number is not None and all(one.name in _SETTINGS for one in self.tokens)


def read_fields(unfolded: Unfolded, *, is_utf8: bool) -> list[DesignField]:
    """The fields of a label, in order; the last one may hold settings only."""
    return list(_Reader(unfolded, is_utf8=is_utf8).read(unfolded.tokens))


class _Reader:
    """What is in force while the commands go by."""

    def __init__(self, unfolded: Unfolded, *, is_utf8: bool) -> None:
        self._pictures = unfolded.pictures
        self._is_utf8 = is_utf8
        self._set: str | None = None
        self._indicator: bytes | None = None
        self._field = DesignField()

    def read(self, tokens: Iterable[Token]) -> Iterator[DesignField]:
        for token in tokens:
            if token.name == "^FS":
                yield self._finish()
                continue
            self._require_end(token)
            self._take(token)
        open_end = self._field.data
        if open_end is not None:
            raise _not_ended(open_end)
        yield self._finish()

    def _finish(self) -> DesignField:
        done, self._field = self._field, DesignField()
        self._indicator = None
        return done

    def _require_end(self, token: Token) -> None:
        """Nothing but ^FS stands behind field data; a ^CI there is for the next field."""
        if self._field.data is not None and token.name != "^CI":
            raise _not_ended(self._field.data)

    def _take(self, token: Token) -> None:
        here = self._field
        match token.name:
            case "^CI":
                self._set = charsets.character_set(token)
            case "^FH":
                indicator = token.data.strip()[:1]
                self._indicator = indicator or b"_"
            case "^FN":
                found = _PROMPT.fullmatch(token.text)
                if found is None:
                    raise Unprintable(
                        f"{token.where}: ^FN{token.text[:20]}: expected the number of a field; "
                        "export the design again."
                    )
                here.number, here.name = found[1], found[2]
            case "^FD" | "^FV":
                here.data = token
                here.text = charsets.decode(
                    token, indicator=self._indicator, number=self._set, is_utf8=self._is_utf8
                )
            case "^GF":
                here.pictures[len(here.tokens)] = graphics.inline(token).command()
                here.tokens.append(token)
            case "^XG" | "^IM":
                bitmap = graphics.recalled(token, self._pictures)
                here.pictures[len(here.tokens)] = bitmap.command()
                here.tokens.append(token)
            case "^FA":
                pass  # How much room the printer reserves for a ^FN that it will not see.
            case _:
                here.tokens.append(token)


def _not_ended(data: Token) -> Unprintable:
    return Unprintable(
        f"{data.where}: {data.name} begins field data, and another command stands in "
        "them: expected ^FS at their end, and ^ and ~ in them as _5E and _7E behind ^FH; correct "
        "the file."
    )

"""A field that waits for values: what makes its ^FD, by the command that draws it.

Literals of a design stay in the words of its command (``QA,`` of ^BQ, ``>;`` of ^BC); values are
data and nothing but data. So each command says here how a value is written, or refuses it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from printers import fonts
from printers.designs import symbols
from printers.designs.escaping import escape
from printers.designs.symbols import Write
from printers.designs.tokens import Token
from printers.errors import Unprintable
from printers.label import Content, Field, fill

OPEN, CLOSE = "\ue000", "\ue001"
"""Around the number of an open place in a design that was read: no text of a design has these."""
_PLACE = re.compile(f"{OPEN}([0-9]+){CLOSE}")
_PLAIN = re.compile(r"[ -\[\]-~]*")
"""ASCII but for the backslash: any font of any printer has it."""
_RESIDENT = re.compile("[0-9A-Z]")
_INVISIBLE = ("Cc", "Cs", "Zl", "Zp")


@dataclass(frozen=True, kw_only=True)
class Slot:
    """The data of one field of a design, with open places."""

    literals: tuple[str, ...]
    """The design's own words before, between and behind the places."""
    contents: tuple[Content, ...]
    """What stands in each place."""
    write: Write
    is_resident: bool
    """Whether a font that every printer has draws it."""

    @property
    def is_fixed(self) -> bool:
        """Whether no value changes it."""
        return not any(isinstance(part, Field) for content in self.contents for part in content)

    def data(self, values: Mapping[str, str], characters: str | None) -> str:
        """What stands between ^FH^FD and ^FS; Unprintable if a value cannot stand there.

        ``characters`` is what the printer's own font can draw; None where that is not known yet.
        """
        filled = [fill(content, values) for content in self.contents]
        for value in filled:
            if not _PLAIN.fullmatch(value):
                _require_visible(value)
                if self.is_resident and characters is not None:
                    _require_native(value, characters)
        return escape(self.write(self.literals, filled))


def prepare(commands: Sequence[Token], text: str, *, contents: Mapping[str, Content]) -> Slot:
    """The slot of a field with these commands and this text; Unprintable if it cannot be filled."""
    pieces = _PLACE.split(text)
    literals, numbers = tuple(pieces[::2]), pieces[1::2]
    symbol = [token for token in commands if symbols.is_symbol(token.name)]
    names = {token.name for token in commands}
    if "^GS" in names and numbers:
        raise Unprintable(
            "^GS draws a sign that a letter chooses: expected no placeholder in its data; take it "
            "out of the design."
        )
    chosen = [token.text[:1].upper() for token in commands if token.name == "^A"]
    if symbol:
        write = symbols.writer(symbol[-1], literals)
    elif "^TB" in names:
        write = _write_text_block
    else:
        write = _write_block if "^FB" in names else symbols.joined
    return Slot(
        literals=literals,
        contents=tuple(contents[number] for number in numbers),
        write=write,
        # The characters of a font that somebody put into the printer are not known here.
        is_resident=not symbol and (not chosen or bool(_RESIDENT.fullmatch(chosen[-1]))),
    )


def _write_block(literals: Sequence[str], values: Sequence[str]) -> str:
    """^FB reads a backslash as the beginning of a line break or a soft hyphen."""
    return symbols.joined(literals, [value.replace("\\", "\\\\") for value in values])


def _write_text_block(literals: Sequence[str], values: Sequence[str]) -> str:
    for value in values:
        if "<" in value:
            raise Unprintable(
                f"Value {value!r} stands in a ^TB text block, which takes < for a command of its "
                "own: expected none; remove it, or make the field a ^FB block."
            )
    return symbols.joined(literals, values)


def _require_visible(value: str) -> None:
    for at, character in enumerate(value, start=1):
        if unicodedata.category(character) in _INVISIBLE:
            raise Unprintable(
                f"Value {value!r} has control character U+{ord(character):04X} at position {at}: "
                "expected characters that can be seen; remove it."
            )


def _require_native(value: str, characters: str) -> None:
    """A design has chosen the printer's own font: of one that is not trusted, ASCII is.

    But for the backslash, which ^A0 draws as a cent sign in some printers, under ^CI28 too.
    """
    known = "ascii" if characters == "none" else characters
    wrong = next((one for one in value if one == "\\" or not fonts.is_native(one, known)), None)
    if wrong is not None:
        raise Unprintable(
            f"Value {value!r} has character U+{ord(wrong):04X}: expected characters of the "
            f"printer's own font ({known}), which the design draws it with; change the value, or "
            "rebuild the design as a template."
        )

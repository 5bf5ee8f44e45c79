"""A field that waits for values: what makes its ^FD, by the command that draws it.

Literals of a design stay in the words of its command (``QA,`` of ^BQ, ``>;`` of ^BC); values are
data and nothing but data. So each command says here how a value is written, or refuses it.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from printers import fonts
from printers.designs import symbols
from printers.designs.escaping import escape
from printers.designs.tokens import Token
from printers.errors import Unprintable
from printers.label import Content, Field, fill

Write = Callable[[Sequence[str], Sequence[str]], str]
"""Field data, not yet escaped, of literals and values that take turns, a literal first and last."""

_RESIDENT = re.compile("[0-9A-Z]")
_CHARACTERS = {"none": "ascii"}
"""A design has chosen the printer's own font: of one that is not trusted, ASCII is."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One field of a design with open places."""

    content: Content
    write: Write
    is_text: bool
    """Whether a font of the printer draws it, and not a symbology."""

    def data(self, values: Mapping[str, str], characters: str) -> str:
        """What stands between ^FH^FD and ^FS; Unprintable if a value cannot stand there."""
        literals, filled = [""], []
        for part in self.content:
            if isinstance(part, Field):
                value = fill((part,), values)
                _require_characters(part.name, value, characters if self.is_text else None)
                filled.append(value)
                literals.append("")
            else:
                literals[-1] += part
        return escape(self.write(literals, filled))


def prepare(commands: Sequence[Token], content: Content) -> Slot:
    """The slot of a field with these commands; Unprintable if it cannot take values at all."""
    literals = [part for part in content if isinstance(part, str)]
    drawing = [token for token in commands if symbols.is_symbol(token.name)]
    if drawing:
        write = symbols.writer(drawing[-1], literals, is_open=len(literals) < len(content))
        return Slot(content=content, write=write, is_text=False)
    names = {token.name for token in commands}
    if "^GS" in names and len(literals) < len(content):
        raise Unprintable("^GS draws a sign that is chosen by a letter: expected no placeholder.")
    blocks = [name for name in ("^FB", "^TB") if name in names]
    chosen = [token.text[:1].upper() for token in commands if token.name == "^A"]
    return Slot(
        content=content,
        write={"^FB": _write_block, "^TB": _write_text_block}[blocks[0]] if blocks else _write_text,
        # The characters of a font that was put into the printer are not known here.
        is_text=not chosen or _RESIDENT.fullmatch(chosen[-1]) is not None,
    )


def _write_text(literals: Sequence[str], values: Sequence[str]) -> str:
    return symbols.joined(literals, values)


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


def _require_characters(name: str, value: str, characters: str | None) -> None:
    for at, character in enumerate(value, start=1):
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            raise Unprintable(
                f"Field {name!r} has control character U+{ord(character):04X} at position {at} of "
                f"{value!r}: expected characters that can be seen; remove it."
            )
    known = _CHARACTERS.get(characters or "", characters)
    if known is not None and not fonts.is_native(value, known):
        wrong = next(one for one in value if not fonts.is_native(one, known))
        raise Unprintable(
            f"Field {name!r} has character U+{ord(wrong):04X} in {value!r}: expected characters of "
            f"the printer's own font ({known}), which the design draws it with; change the value, "
            "or rebuild the design as a template."
        )

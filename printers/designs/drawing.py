"""A design ready to be filled: fixed commands with gaps, which a language only joins to its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from printers.designs import symbols
from printers.designs.escaping import escape
from printers.designs.fields import DesignField, read_fields
from printers.designs.formats import Unfolded
from printers.designs.slots import Slot, prepare
from printers.designs.tokens import tokenise
from printers.label import Design

_BEFORE = "^CI28^LH0,0^FWN^LRN^CFA,9,5^BY2,3,10\n"
"""What a printer holds when it is switched on, where a design says nothing of its own. ^BY above
all: ^BQ is moved down by its height, and a printer keeps it from job to job."""
_AFTER = "^LH0,0^FWN^LRN"
"""What is drawn behind a design is not moved or turned by it."""
_AFTER_SOME = {"^MU": "^MUD", "^PA": "^PA0,0,0,0"}
"""The same of settings that few designs make: what takes each back."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Fixed text and slots in turn; there is one text more."""

    texts: tuple[str, ...]
    slots: tuple[Slot, ...]
    characters: str
    """What the printer's own font can draw."""

    def fill(self, values: Mapping[str, str]) -> str:
        """The commands of one label, in ASCII; Unprintable if a value cannot stand in them."""
        data = [slot.data(values, self.characters) for slot in self.slots]
        return symbols.joined(self.texts, data)


def compile_design(design: Design, *, characters: str) -> Drawing:
    """The drawing of a design that ``designs.read`` made, for a printer with such a font."""
    tokens, is_utf8 = tokenise(design.data, design.name)
    texts, slots = [_BEFORE], list[Slot]()
    for one in read_fields(Unfolded(tokens=tokens), is_utf8=is_utf8):
        texts[-1] += head(one)
        if one.text is not None:
            slot = prepare(one.tokens, one.text, contents=design.fields)
            texts[-1] += "^FH^FD"
            if slot.is_fixed:
                texts[-1] += slot.data({}, characters)
            else:
                slots.append(slot)
                texts.append("")
        texts[-1] += tail(one)
    made = {token.name for token in tokens}
    some = "".join([reset for name, reset in _AFTER_SOME.items() if name in made])
    texts[-1] += f"{_AFTER}{some}\n"
    return Drawing(texts=tuple(texts), slots=tuple(slots), characters=characters)


def written(field: DesignField) -> str:
    """A field in the words of ``Design.data``."""
    data = "" if field.text is None else f"^FH^FD{escape(field.text)}"
    return head(field) + data + tail(field)


def head(field: DesignField) -> str:
    """The commands of a field up to its data."""
    return "".join(
        field.pictures.get(index) or f"{token.name}{symbols.stated(token)}"
        for index, token in enumerate(field.tokens)
    )


def tail(field: DesignField) -> str:
    """The end of a field, if there is anything to end."""
    return "^FS\n" if field.tokens or field.text is not None else ""

"""A design ready to be filled: fixed commands with gaps, which a language only joins to its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from printers.designs import symbols
from printers.designs.fields import read_fields
from printers.designs.formats import Unfolded
from printers.designs.slots import Slot, prepare
from printers.designs.tokens import Token, tokenise
from printers.errors import Unprintable
from printers.label import Design

_BEFORE = "^CI28^MUD^LH0,0^FWN^LRN^CFA,9,5^BY2,3,10\n"
"""What a printer holds when it is switched on, where a design says nothing of its own. ^BY above
all: ^BQ is moved down by its height, and a printer keeps it from job to job."""
_AFTER = "^CI28^MUD^LH0,0^FWN^LRN\n"
"""What is drawn behind a design is not moved or turned by it."""
_PLACES = {"^A", "^FO", "^FT"}


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Fixed text and slots in turn; there is one text more."""

    texts: tuple[str, ...]
    slots: tuple[Slot, ...]

    def fill(self, values: Mapping[str, str], characters: str) -> str:
        """The commands of one label, in ASCII; Unprintable if a value cannot stand in them.

        ``characters`` is what the printer's own font can draw (``Device.characters``).
        """
        data = [slot.data(values, characters) for slot in self.slots]
        return symbols.joined(self.texts, data)


def compile_design(design: Design) -> Drawing:
    """The drawing of a design; Unprintable if it is not one that ``designs.read`` made."""
    tokens, is_utf8 = tokenise(design.data, design.name)
    texts, slots = [_BEFORE], []
    for one in read_fields(Unfolded(tokens=tokens), is_utf8=is_utf8):
        texts[-1] += commands(one.tokens, one.pictures)
        if one.number is not None:
            if one.number not in design.fields:
                raise Unprintable(
                    f"Design {design.name!r} has a field {one.number} and no content for it: "
                    "expected a design that designs.read made; read the file again."
                )
            slots.append(prepare(one.tokens, design.fields[one.number]))
            texts[-1] += "^FH^FD"
            texts.append("")
        elif one.text is not None:
            texts[-1] += f"^FH^FD{escaped(one.text)}"
        texts[-1] += "^FS\n" if one.tokens or one.text is not None else ""
    texts[-1] += _AFTER
    return Drawing(texts=tuple(texts), slots=tuple(slots))

"""A file of a label program to a Design: what it draws, and where values belong."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from printers.designs import symbols
from printers.designs.drawing import written
from printers.designs.fields import DesignField, read_fields
from printers.designs.formats import unfold
from printers.designs.slots import CLOSE, OPEN, prepare
from printers.designs.tokens import tokenise
from printers.errors import Unprintable
from printers.label import Content, Design

ContentOf = Callable[[str], Content]
"""A text with placeholders in braces to a content."""

_BRACES = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")
_OWN_FONT = re.compile(r"@[^,]*,[^,]*,[^,]*,\s*([^Z\s][^,]*)", re.IGNORECASE)


def read(
    data: bytes,
    *,
    name: str,
    content_of: ContentOf,
    fields: Mapping[str, str] = MappingProxyType({}),
    dpi: int | None = None,
) -> Design:
    """The design in a file's bytes; Unprintable, with its line and column, for what it may not do.

    ``name`` is the file's, for people. ``fields`` says what fields with a number (^FN) hold, by
    number or by the name they are asked for with. Those texts, and placeholders in the design's
    own, are read by ``content_of``; what that refuses with Unprintable gets line and column.
    ``dpi`` is that of the printer the design is made for: where given, no other one draws it.
    """
    tokens, is_utf8 = tokenise(data, name)
    unfolded = unfold(tokens, name)
    found = read_fields(unfolded, is_utf8=is_utf8)
    _assign(found)
    _require_known(name, found, fields)
    reader = _Reader(content_of, fields)
    body = "".join([written(reader.opened(one)) for one in found if not one.is_assignment])
    return Design(
        name=name,
        data=f"^CI28\n{body}".encode("ascii"),
        fields=MappingProxyType(reader.contents),
        dpi=dpi,
        notes=(*unfolded.notes, *reader.notes),
    )


class _Reader:
    """Collects the contents of open places, and what is worth a word."""

    def __init__(self, content_of: ContentOf, fields: Mapping[str, str]) -> None:
        self._content_of = content_of
        self._fields = fields
        self.contents: dict[str, Content] = {}
        self.notes: list[str] = []

    def opened(self, one: DesignField) -> DesignField:
        """The field with numbered places where values belong, known to take values."""
        self._note_fonts(one)
        mapped = self._mapped(one)
        if one.text is None and mapped is None:
            return one
        place = one.data or one.tokens[0]
        try:
            if mapped is not None:
                one.text = self._replaced(one, mapped)
            elif one.text is not None:
                self._require_unused(one.text)
                one.text = _BRACES.sub(self._brace, one.text)
            slot = prepare(one.tokens, one.text or "", contents=self.contents)
            if slot.is_fixed:
                slot.data({}, None)
        except Unprintable as wrong:
            raise Unprintable(f"{place.where}: {wrong}") from None
        return one

    def _mapped(self, one: DesignField) -> str | None:
        """What the template says a field with a number holds."""
        if one.number is None:
            return None
        for key in (one.number, one.name):
            if key is not None and key in self._fields:
                return self._fields[key]
        if one.text is None or not _BRACES.search(one.text):
            what = f"shows {one.text!r} on every label" if one.text else "stays empty"
            called = f" ({one.name})" if one.name else ""
            where = (one.data or one.tokens[0]).where
            self.notes.append(
                f"{where}: field {one.number}{called} has no content and {what}: give it one under "
                "fields, or write a placeholder into its data."
            )
        return None

    def _replaced(self, one: DesignField, text: str) -> str:
        """A value in place of a field's own data, of which ^BQ keeps level and mode."""
        prefix = ""
        if any(token.name == "^BQ" for token in one.tokens):
            stated = symbols.QR_PREFIX.match(text)
            default = symbols.QR_PREFIX.match(one.text or "")
            prefix = (stated or default or [""])[0]
            text = text[stated.end() :] if stated else text
        return prefix + self._place(self._content_of(text))

    def _brace(self, found: re.Match[str]) -> str:
        text = found[0]
        if text in ("{{", "}}"):
            return text[0]
        if len(text) == 1:
            raise Unprintable(
                f"a single {text!r} at position {found.start() + 1} of its data: expected a "
                f"placeholder such as {{serial}}; write {text * 2!r} for the character itself."
            )
        return self._place(self._content_of(text))

    def _place(self, content: Content) -> str:
        number = str(len(self.contents) + 1)
        self.contents[number] = content
        return f"{OPEN}{number}{CLOSE}"

    def _require_unused(self, text: str) -> None:
        if OPEN in text or CLOSE in text:
            raise Unprintable(
                "its data hold a character of private use, U+E000 or U+E001: expected none; "
                "remove it."
            )

    def _note_fonts(self, one: DesignField) -> None:
        for token in one.tokens:
            found = _OWN_FONT.match(token.text) if token.name == "^A" else None
            if found:
                self.notes.append(
                    f"{token.where}: the font {found[1]} must be in the printer: where it is "
                    "missing, another one is printed without a word."
                )


def _assign(found: list[DesignField]) -> None:
    """Give each field with a number and no data what another field of that number says."""
    defaults: dict[str, DesignField] = {}
    assigned: dict[str, DesignField] = {}
    for one in found:
        if one.number is not None and one.data is not None:
            (assigned if one.is_assignment else defaults).setdefault(one.number, one)
    for one in found:
        number = one.number or ""
        source = assigned.get(number) or (defaults.get(number) if one.data is None else None)
        if source is not None and not one.is_assignment:
            one.text, one.data = source.text, source.data
            one.name = one.name or source.name


def _require_known(name: str, found: list[DesignField], fields: Mapping[str, str]) -> None:
    drawn = [one for one in found if one.number is not None and not one.is_assignment]
    known = {key for one in drawn for key in (one.number, one.name) if key}
    for key in fields:
        if key not in known:
            listed = ", ".join(sorted(known)) or "none, since it has no ^FN"
            raise Unprintable(
                f"Design {name!r} has no field {key!r}: expected one of {listed}; correct the key "
                "under fields."
            )

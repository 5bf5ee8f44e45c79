"""In which forms labels and pages show the serial and the identifiers of a unit.

A form is named as label templates name it: `identifiers.mac_1` is the address in the notation of
its series, `serial.digital_link` the serial as a web address, `gs1.fnc1` the unit by its GTIN, lot
and serial. A test's forms begin as its serials do, so that no scanner takes one for a real one.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from labeler import templates
from labeler.serials import Definition, Identifier, SerialError, presenting
from printers.errors import Unprintable

ITEM = "gs1"
"""What forms of the unit by its GTIN are called."""
SERIAL = "serial"
_HEX = "0123456789ABCDEF"
_HEX_DIGITS: Mapping[str, int] = {
    "epc_hex": 24, "epc_hex_170": 44, "epc_hex_198": 52, "epc_hex_202": 52,
}  # fmt: skip
"""Form of an RFID tag -> its digits: whole words of 16 bits (GS1 EPC Tag Data Standard, 15.1.1)."""
_ESCAPED = ("digital_link", "epc_uri")
"""Forms in which some characters become three: %2F for a slash."""


@dataclass(frozen=True, kw_only=True)
class Presentation:
    """What decides in which forms the units of a product can be shown."""

    serial: Definition
    identifiers: Mapping[str, Definition]
    gtin: str = ""
    """Empty if the product has none."""
    lot: str = ""
    prefix: str = ""
    """What test serials begin with; of production nothing."""
    hidden: Mapping[str, str] | None = None
    """Name of an identifier -> what stands for its text where that is a secret."""

    def names(self, of: str) -> tuple[str, ...]:
        """Return the forms that there are of serial, gs1 or identifiers.NAME."""
        if of == ITEM:
            length = self._company_prefix_length
            return presenting.item_names(company_prefix_length=length) if self.gtin else ()
        identifier = self._definition(of).identifier
        return ("text",) if identifier is None else presenting.names(identifier)

    def refusal(self, shown: Collection[str]) -> str | None:
        """Return what is wrong with these placeholders; None if there are all these forms."""
        for placeholder in sorted(shown):
            form = templates.form_of(placeholder)
            if form is not None and form.name not in self.names(form.of):
                return self._no_such_form(placeholder, form.of)
        return None

    def write(self, placeholder: str, *, serial: str, texts: Mapping[str, str | None]) -> str:
        """Return how a unit's label shows a placeholder; Unprintable where it cannot.

        ``texts`` are the unit's identifiers, None of one that is hidden.
        """
        form = templates.form_of(placeholder)
        if form is None:
            raise Unprintable(f"'{{{placeholder}}}' is no form of a serial or identifier.")
        try:
            if form.of == ITEM:
                return self._item(serial, form.name)
            name = form.of.removeprefix(templates.IDENTIFIER)
            text = serial if form.of == SERIAL else texts[name]
            if text is None:
                return (self.hidden or {})[name]
            return self._form(self._definition(form.of), text, form.name)
        except SerialError as error:
            raise Unprintable(f"'{{{placeholder}}}' cannot be shown: {error}") from error

    def every(self, *, serial: str, texts: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
        """Yield placeholder and text of each form that a unit has, secrets left out."""
        known = [name for name, text in texts.items() if text is not None]
        for of in (SERIAL, ITEM, *(templates.IDENTIFIER + name for name in known)):
            for name in self.names(of):
                placeholder = f"{of}.{name}"
                with suppress(Unprintable):  # a form that this text cannot have, such as SGTIN-96
                    yield placeholder, self.write(placeholder, serial=serial, texts=texts)

    def widest(self, placeholder: str, measure: Callable[[str], float]) -> str:
        """Return the widest text of a placeholder, by a measure of its characters."""
        form = templates.form_of(placeholder)
        if form is None:
            return self._widest_text(self.serial, measure)
        if form.name in _HEX_DIGITS:
            digits = max(_HEX, key=measure) * _HEX_DIGITS[form.name]
            return digits if form.of == ITEM else self.prefix + digits
        if form.name in _ESCAPED:
            plain = measure

            def measure(character: str) -> float:
                return sum(map(plain, quote(character, safe="")))

        if form.of == ITEM:
            serial = self._widest_text(self.serial, measure)
            return self.write(placeholder, serial=serial, texts={})
        return self._widest_form(placeholder, self._definition(form.of), measure)

    def _widest_form(
        self, placeholder: str, series: Definition, measure: Callable[[str], float]
    ) -> str:
        """Return the form of the widest text, its check digit made right: digits are alike wide."""
        text = self._widest_text(series, measure)
        name = placeholder.split(".")[1]
        for last in series.series.characters_at(series.series.text_length)[:-1]:
            with suppress(Unprintable):
                right = text[:-1] + last
                return self.write(placeholder, serial=right, texts={name: right})
        return self.write(placeholder, serial=text, texts={name: text})

    def _widest_text(self, series: Definition, measure: Callable[[str], float]) -> str:
        places = range(1, series.series.text_length + 1)
        widest = [max(series.series.characters_at(place), key=measure) for place in places]
        return self.prefix + "".join(widest)

    def _definition(self, of: str) -> Definition:
        return self.serial if of == SERIAL else self.identifiers[of.removeprefix("identifiers.")]

    @property
    def _company_prefix_length(self) -> int | None:
        identifier = self.serial.identifier
        return identifier.company_prefix_length if _is_sgtin(identifier) and identifier else None

    def _item(self, serial: str, name: str) -> str:
        item = presenting.Item(gtin=self.gtin, serial=serial, lot=self.lot or None)
        length = self._company_prefix_length
        made = presenting.present_item(item, company_prefix_length=length, wanted=(name,))
        return made[name]

    def _form(self, series: Definition, text: str, name: str) -> str:
        identifier = series.identifier
        if name == "text" and (identifier is None or identifier.notation in (None, "plain")):
            return text
        if identifier is None:
            raise SerialError(f"its series says nothing of its form {name}; give it an identifier.")
        bare = text.removeprefix(self.prefix)
        return self.prefix + presenting.present(identifier, bare, wanted=(name,))[name]

    def _no_such_form(self, placeholder: str, of: str) -> str:
        known = ", ".join(f"{{{of}.{name}}}" for name in self.names(of))
        if of == ITEM and not self.gtin:
            return (
                f"shows '{{{placeholder}}}', and the product has no GTIN. Give it one, or show the "
                'element only where there is one: show_if: "{product.gtin}".'
            )
        return (
            f"shows '{{{placeholder}}}', a form that its series does not make. Known: {known}. "
            "More come of identifier: and company_prefix_length: in the series."
        )


def _is_sgtin(identifier: Identifier | None) -> bool:
    return identifier is not None and identifier.type == "sgtin_serial"

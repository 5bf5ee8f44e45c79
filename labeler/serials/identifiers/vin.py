"""VIN: the Vehicle Identification Number, 17 digits and capital letters without I, O and Q.

Standard: ISO 3779 (content) and ISO 3780 (the maker's code); 49 CFR 565.15 (North America: check
digit in position 9, tables III to V; model year in position 10, table VII). Elsewhere position 9
is the maker's own: `parse(text, has_check_digit=False)`.

>>> car = parse("1M8GDM9AXKP042788")
>>> car.wmi, car.vds, car.vis, car.serial
('1M8', 'GDM9AX', 'KP042788', '042788')
>>> car.model_years
(1989, 2019)
>>> make("1M8", "GDM9A", year_code="K", plant="P", serial="042788").text
'1M8GDM9AXKP042788'
>>> validate("1M8GDM9A1KP042788")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: VIN '1M8GDM9A1KP042788' has a wrong check \
character: expected 'X' at position 9, got '1'; scan or type it again.
"""

from dataclasses import dataclass
from string import digits

from labeler.serials.checks import vin as scheme
from labeler.serials.identifiers._errors import InvalidIdentifier
from labeler.serials.identifiers._texts import (
    CAPITALS,
    require_characters,
    require_check_character,
    require_length,
    without,
)

KIND = "VIN"
LENGTH = 17
ALPHABET = scheme.SCHEME.alphabet
YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"
"""Position 10, from 1980 on; after 30 years it begins again (table VII). No U, Z or 0."""
FIRST_YEAR = 1980
_CHECK_PLACE, _PLANT_PLACE, _YEAR_PLACE = 8, 10, 9


@dataclass(frozen=True, kw_only=True)
class Vin:
    """A VIN; its check digit is right if it has one."""

    text: str
    """All 17 characters."""
    has_check_digit: bool = True
    """Whether position 9 is a check digit: so in North America and China."""

    def __post_init__(self) -> None:
        require_characters(self.text, kind=KIND, alphabet=ALPHABET)
        require_length(self.text, kind=KIND, lengths=(LENGTH,))
        require_characters(self.text[-4:], kind="End of a VIN", alphabet=digits)
        if self.has_check_digit:
            expected = _check_character(self.text)
            require_check_character(self.text, kind=KIND, place=_CHECK_PLACE, expected=expected)

    def __str__(self) -> str:
        return self.text

    @property
    def wmi(self) -> str:
        """World Manufacturer Identifier, positions 1 to 3. With a 9 at its end see `serial`."""
        return self.text[:3]

    @property
    def vds(self) -> str:
        """Vehicle Descriptor Section, positions 4 to 9: model, body, engine, check digit."""
        return self.text[3:9]

    @property
    def vis(self) -> str:
        """Vehicle Indicator Section, positions 10 to 17: year, plant, serial."""
        return self.text[9:]

    @property
    def plant(self) -> str:
        """Position 11."""
        return self.text[_PLANT_PLACE]

    @property
    def serial(self) -> str:
        """Positions 12 to 17; 15 to 17 where a maker of few vehicles has 12 to 14 for its code."""
        return self.text[-3:] if self.wmi[-1] == "9" else self.text[-6:]

    @property
    def maker(self) -> str:
        """The maker's whole code: three characters, or six for makers of few vehicles.

        >>> parse("1A9GDM9A1KP042788", has_check_digit=False).maker
        '1A9042'
        """
        return self.wmi + self.text[11:14] if self.wmi[-1] == "9" else self.wmi

    @property
    def model_years(self) -> tuple[int, ...]:
        """The years from 1980 to 2039 that position 10 can mean: two, or none.

        The code alone never tells which of the two. Where position 10 holds no year code, as in
        Europe it need not, there are none.
        """
        code = self.text[_YEAR_PLACE]
        if code not in YEAR_CODES:
            return ()
        first = FIRST_YEAR + YEAR_CODES.index(code)
        return (first, first + len(YEAR_CODES))

    @property
    def model_year_of_light_vehicle(self) -> int | None:
        """The year of a passenger car or a light truck made for North America.

        There position 7 tells the two apart: a digit until 2009, a letter from 2010 on
        (565.15(d)(1)). It holds for no other vehicle.

        >>> parse("1M8GDM9AXKP042788").model_year_of_light_vehicle
        1989
        """
        years = self.model_years
        return years[self.text[6] not in digits] if years else None


def compact(text: str) -> str:
    """The text in capitals without spaces and hyphens."""
    return without(text, " -").translate(CAPITALS)


def validate(text: str) -> str:
    """The VIN, its check digit right, or InvalidIdentifier."""
    return parse(text).text


def parse(text: str, *, has_check_digit: bool = True) -> Vin:
    """The VIN of a text as typed or scanned."""
    return Vin(text=compact(text), has_check_digit=has_check_digit)


def year_code(model_year: int) -> str:
    """What stands in position 10 for that model year.

    >>> year_code(2026), year_code(2010), year_code(1980)
    ('T', 'A', 'A')
    >>> year_code(2040)
    Traceback (most recent call last):
    labeler.serials.identifiers._errors.InvalidIdentifier: Model year '2040' has no code in table \
VII: expected 1980 to 2039.
    """
    last = FIRST_YEAR + 2 * len(YEAR_CODES) - 1
    if not FIRST_YEAR <= model_year <= last:
        problem = f"has no code in table VII: expected {FIRST_YEAR} to {last}."
        raise InvalidIdentifier(str(model_year), kind="Model year", problem=problem)
    return YEAR_CODES[(model_year - FIRST_YEAR) % len(YEAR_CODES)]


def make(wmi: str, descriptor: str, *, year_code: str, plant: str, serial: str) -> Vin:
    """The VIN of its parts, the check digit added.

    `descriptor` is the five characters before the check digit, `serial` the last six.
    """
    parts = {"WMI": (wmi, 3), "VDS": (descriptor, 5), "Plant": (plant, 1), "Serial": (serial, 6)}
    for name, (part, length) in parts.items():
        require_characters(part, kind=f"{name} of a VIN", alphabet=ALPHABET)
        require_length(part, kind=f"{name} of a VIN", lengths=(length,))
    require_characters(year_code, kind="Year code of a VIN", alphabet=YEAR_CODES)
    require_length(year_code, kind="Year code of a VIN", lengths=(1,))
    text = f"{wmi}{descriptor}0{year_code}{plant}{serial}"
    return Vin(text=text[:_CHECK_PLACE] + _check_character(text) + text[_CHECK_PLACE + 1 :])


def _check_character(text: str) -> str:
    """What belongs in position 9, whatever stands there."""
    return scheme.compute(text[:_CHECK_PLACE] + text[_CHECK_PLACE + 1 :])

"""UDI by GS1: the Unique Device Identification of a medical device.

Standard: 21 CFR 801.40 and EU 2017/745, annex VI part C; GS1 General Specifications, section 2.1.8
(healthcare) with AI (01) as UDI-DI, what the device is, and (11), (17), (10), (21) as UDI-PI, what
was made. HIBC's UDI-DI is in hibcc.py.

>>> device = parse("(01)09506000134352(11)260101(17)281231(10)A1(21)7")
>>> device.di.digits, device.lot, device.serial
('09506000134352', 'A1', '7')
>>> device.expiry, device.expiry_date(reference_year=2026)
('281231', datetime.date(2028, 12, 31))
>>> device.pi
'(11)260101(17)281231(10)A1(21)7'
>>> validate("(17)281231(21)7")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: UDI '(17)281231(21)7' has no device \
identifier: expected AI (01) and a GTIN; scan all of it.
"""

from dataclasses import dataclass
from datetime import date

from labeler.serials.identifiers import _forms, element_string, gtin
from labeler.serials.identifiers._errors import InvalidIdentifier

KIND = "UDI"
_PARTS = {"11": "made", "17": "expiry", "10": "lot", "21": "serial"}
"""AI -> field, in the order in which a label shows them."""


@dataclass(frozen=True, kw_only=True)
class Udi:
    """A device identifier and what is known of the production."""

    di: gtin.Gtin
    """UDI-DI: labeler, model and package."""
    made: str | None = None
    """Day of manufacture, YYMMDD."""
    expiry: str | None = None
    """Day of expiry, YYMMDD; 00 is the month's last day."""
    lot: str | None = None
    """One to 20 characters."""
    serial: str | None = None
    """One to 20 characters."""

    def __post_init__(self) -> None:
        self.element_string()

    def __str__(self) -> str:
        return self.element_string().bracketed()

    def element_string(self) -> element_string.ElementString:
        """AI (01), then dates, lot and serial; values of fixed length first."""
        return element_string.build([("01", self.di.digits), *self._pi_pairs()])

    @property
    def pi(self) -> str:
        """UDI-PI in brackets; empty where only the device identifier is known."""
        return str(self).removeprefix(f"(01){self.di.digits}")

    def expiry_date(self, *, reference_year: int) -> date | None:
        """The last day of use, seen from a year; None where none is given."""
        if self.expiry is None:
            return None
        element = element_string.Element(ai="17", value=self.expiry)
        return element.date(reference_year=reference_year)

    def _pi_pairs(self) -> list[tuple[str, str]]:
        values = {ai: getattr(self, field) for ai, field in _PARTS.items()}
        return [(ai, value) for ai, value in values.items() if value is not None]


def compact(text: str) -> str:
    """The text without what a scanner puts in front."""
    return _forms.compact(text)


def validate(text: str) -> str:
    """The UDI in brackets, its AIs in a label's order, or InvalidIdentifier."""
    return str(parse(text))


def parse(text: str) -> Udi:
    """The UDI of an element string or a Digital Link URI, its AIs in any order.

    >>> parse("(01)09506000134352(00)106141412345678908")
    Traceback (most recent call last):
    labeler.serials.identifiers._errors.InvalidIdentifier: UDI \
'(01)09506000134352(00)106141412345678908' holds AI (00): expected (01)(11)(17)(10)(21); read it \
as element_string.
    """
    message = _forms.elements_of(text)
    for one in message.elements:
        if one.ai != "01" and one.ai not in _PARTS:
            allowed = "".join(f"({ai})" for ai in ("01", *_PARTS))
            problem = f"holds AI ({one.ai}): expected {allowed}; read it as element_string."
            raise InvalidIdentifier(text, kind=KIND, problem=problem)
    di = message.get("01")
    if di is None:
        problem = "has no device identifier: expected AI (01) and a GTIN; scan all of it."
        raise InvalidIdentifier(text, kind=KIND, problem=problem)
    parts = {field: message.get(ai) for ai, field in _PARTS.items()}
    return Udi(di=gtin.parse(di), **parts)

"""GRAI: the Global Returnable Asset Identifier: crates, kegs, trolleys that come back.

Standard: GS1 General Specifications, section 2.3.1 and 3.9.3 (AI 8003: 0, 13 digits with check
digit, up to 16 characters of serial); EPC Tag Data Standard 1.13, sections 6.3.4 and 14.5.4
(GRAI-96, GRAI-170). An EPC needs the serial; the AI does not.

>>> crate = make("0614141", "12345", serial="5678")
>>> str(crate), crate.asset_type
('(8003)006141411234525678', '0614141123452')
>>> crate.tag(company_prefix_length=7, filter_value=3).hex
'3374257BF40C0E400000162E'
>>> parse("urn:epc:id:grai:0614141.12345.5678") == crate
True
>>> validate("(8003)006141411234535678")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: AI (8003) '006141411234535678' has a wrong \
check digit: expected '2' at position 14, got '3'; scan or type it again.
"""

from dataclasses import dataclass

from labeler.serials.checks import gs1_mod10
from labeler.serials.identifiers import _epc, _forms, digital_link, element_string
from labeler.serials.identifiers._errors import InvalidIdentifier
from labeler.serials.identifiers._texts import (
    require_charset_82,
    require_check_digit,
    require_digits,
)

KIND = "GRAI"
AI = "8003"
SERIAL_LENGTH_MAX = 16


@dataclass(frozen=True, kw_only=True)
class Grai:
    """A returnable asset, or a kind of them."""

    asset_type: str
    """13 digits: company prefix, asset type, check digit."""
    serial: str = ""
    """Which one of them; empty where the whole kind is meant."""

    def __post_init__(self) -> None:
        require_digits(self.asset_type, kind="GRAI asset type", lengths=(13,))
        require_check_digit(self.asset_type, kind="GRAI asset type")
        if self.serial:
            require_charset_82(self.serial, kind="GRAI serial", longest=SERIAL_LENGTH_MAX)

    def __str__(self) -> str:
        return self.element_string().bracketed()

    def element_string(self) -> element_string.ElementString:
        """With AI (8003), whose value begins with a 0."""
        return element_string.build([(AI, f"0{self.asset_type}{self.serial}")])

    def digital_link(self, *, stem: str = digital_link.CANONICAL_STEM) -> str:
        """Its web address, canonical or on the company's own host."""
        value = f"0{self.asset_type}{self.serial}"
        return digital_link.build([(AI, value)]).uri(stem=stem)

    def epc(self, *, company_prefix_length: int) -> _epc.Epc:
        """Divided where the GS1 Company Prefix ends; refused without a serial.

        >>> make("0614141", "12345").epc(company_prefix_length=7)
        Traceback (most recent call last):
        labeler.serials.identifiers._errors.InvalidIdentifier: GRAI '0614141123452' has no serial: \
an EPC names one asset, not a kind; give it one.
        """
        _epc.require_prefix_length(company_prefix_length)
        if not self.serial:
            problem = "has no serial: an EPC names one asset, not a kind; give it one."
            raise InvalidIdentifier(self.asset_type, kind=KIND, problem=problem)
        return _epc.Epc(
            key=_epc.GRAI,
            company_prefix=self.asset_type[:company_prefix_length],
            reference=self.asset_type[company_prefix_length:-1],
            serial=self.serial,
        )

    def tag(
        self, *, company_prefix_length: int, filter_value: int = 0, scheme: str = "grai-96"
    ) -> _epc.Tag:
        """For an RFID tag; grai-96 holds numbers only, grai-170 every serial."""
        epc = self.epc(company_prefix_length=company_prefix_length)
        return _epc.make_tag(epc, scheme=scheme, filter_value=filter_value)


def compact(text: str) -> str:
    """The text without what a scanner puts in front."""
    return _forms.compact(text)


def validate(text: str) -> str:
    """The GRAI with its AI in brackets, or InvalidIdentifier."""
    return str(parse(text))


def parse(text: str) -> Grai:
    """The GRAI of an element string, a Digital Link URI, an EPC URN, a tag URI or a tag's hex."""
    epc = _epc.read(text, key=_epc.GRAI)
    if epc is not None:
        return make(epc.company_prefix, epc.reference, serial=epc.serial)
    value = _forms.values_of(text, kind=KIND, ais=(AI,))[AI]
    return Grai(asset_type=value[1:14], serial=value[14:])


def read_tag(text: str) -> _epc.Tag:
    """A tag URI or a tag's hex with its filter value and where the company prefix ends."""
    return _epc.read_tag(text, key=_epc.GRAI)


def make(company_prefix: str, asset_type: str, *, serial: str = "") -> Grai:
    """The GRAI of a company's asset type: 12 digits together, the check digit added."""
    require_digits(company_prefix, kind="GS1 Company Prefix", lengths=range(4, 13))
    body = company_prefix + asset_type
    require_digits(body, kind="GS1 Company Prefix and asset type", lengths=(12,))
    return Grai(asset_type=body + gs1_mod10.compute(body), serial=serial)

"""SGTIN: a GTIN and a serial, which together name one unit in all the world.

Standard: GS1 General Specifications, section 3.5.2 (AI 21: one to 20 characters of character set
82); EPC Tag Data Standard 1.13, sections 6.3.1, 7.3 (the correspondence, GTIN-8 in 7.3.2) and
14.5.1 (SGTIN-96, SGTIN-198); GS1 Digital Link, URI Syntax.

>>> unit = parse("(01)80614141123458(21)6789")
>>> unit.element_string().fnc1(), unit.digital_link(stem="https://example.com")
('0180614141123458216789', 'https://example.com/01/80614141123458/21/6789')
>>> unit.epc(company_prefix_length=7).urn
'urn:epc:id:sgtin:0614141.812345.6789'
>>> tag = unit.tag(company_prefix_length=7, filter_value=3)
>>> tag.uri, tag.hex
('urn:epc:tag:sgtin-96:3.0614141.812345.6789', '3074257BF7194E4000001A85')
>>> parse(tag.hex) == unit
True
>>> parse("(01)80614141123458(21)0042").tag(company_prefix_length=7)
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: EPC tag \
'sgtin-96:1.0614141.812345.0042' cannot hold serial '0042': expected a number below 274877906944 \
without zeros in front; use sgtin-198.
"""

from dataclasses import dataclass

from labeler.serials.checks import gs1_mod10
from labeler.serials.identifiers import _epc, _forms, digital_link, element_string, gtin
from labeler.serials.identifiers._errors import InvalidIdentifier
from labeler.serials.identifiers._texts import require_charset_82

KIND = "SGTIN"
AIS = ("01", "21")
SERIAL_LENGTH_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Sgtin:
    """One unit of one kind."""

    gtin: gtin.Gtin
    """What kind of thing it is."""
    serial: str
    """Which one of them."""

    def __post_init__(self) -> None:
        require_charset_82(self.serial, kind="SGTIN serial", longest=SERIAL_LENGTH_MAX)

    def __str__(self) -> str:
        return self.element_string().bracketed()

    def element_string(self) -> element_string.ElementString:
        """AI (01) and AI (21)."""
        return element_string.build([("01", self.gtin.digits), ("21", self.serial)])

    def digital_link(self, *, stem: str = digital_link.CANONICAL_STEM) -> str:
        """Its web address, canonical or on the company's own host."""
        return digital_link.build([("01", self.gtin.digits), ("21", self.serial)]).uri(stem=stem)

    def epc(self, *, company_prefix_length: int) -> _epc.Epc:
        """Divided where the GS1 Company Prefix ends; a GTIN-8's always has eight digits.

        >>> make("95010939", "1").epc(company_prefix_length=8).urn
        'urn:epc:id:sgtin:00000950.01093.1'
        """
        _epc.require_prefix_length(company_prefix_length)
        digits = self.gtin.digits
        if self.gtin.length == 8 and company_prefix_length != 8:
            problem = f"is a GTIN-8: expected company_prefix_length 8, got {company_prefix_length}."
            raise InvalidIdentifier(digits, kind="GTIN", problem=problem)
        end = 1 + company_prefix_length
        return _epc.Epc(
            key=_epc.SGTIN,
            company_prefix=digits[1:end],
            reference=digits[0] + digits[end:-1],
            serial=self.serial,
        )

    def tag(
        self, *, company_prefix_length: int, filter_value: int = 1, scheme: str = "sgtin-96"
    ) -> _epc.Tag:
        """For an RFID tag; sgtin-96 holds numbers only, sgtin-198 every serial."""
        epc = self.epc(company_prefix_length=company_prefix_length)
        return _epc.make_tag(epc, scheme=scheme, filter_value=filter_value)


def compact(text: str) -> str:
    """The text without what a scanner puts in front."""
    return _forms.compact(text)


def validate(text: str) -> str:
    """GTIN and serial in brackets, or InvalidIdentifier."""
    return str(parse(text))


def parse(text: str) -> Sgtin:
    """The SGTIN of an element string, a Digital Link URI, an EPC URN, a tag URI or a tag's hex."""
    epc = _epc.read(text, key=_epc.SGTIN)
    if epc is None:
        values = _forms.values_of(text, kind=KIND, ais=AIS)
        return make(values["01"], values["21"])
    body = epc.reference[0] + epc.company_prefix + epc.reference[1:]
    return make(body + gs1_mod10.compute(body), epc.serial)


def read_tag(text: str) -> _epc.Tag:
    """A tag URI or a tag's hex with its filter value and where the company prefix ends.

    >>> read_tag("3074257BF7194E4000001A85").uri
    'urn:epc:tag:sgtin-96:3.0614141.812345.6789'
    """
    return _epc.read_tag(text, key=_epc.SGTIN)


def make(gtin_text: str, serial: str) -> Sgtin:
    """The SGTIN of a GTIN in any length and a serial."""
    return Sgtin(gtin=gtin.parse(gtin_text), serial=serial)

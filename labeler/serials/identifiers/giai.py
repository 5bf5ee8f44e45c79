"""GIAI: the Global Individual Asset Identifier: one machine, tool or container of a company.

Standard: GS1 General Specifications, section 2.3.2 and 3.9.4 (AI 8004: company prefix and asset
reference, up to 30 characters together); EPC Tag Data Standard 1.13, sections 6.3.5 and 14.5.5
(GIAI-96, GIAI-202). It has no check digit.

>>> press = make("0614141", "32a/b")
>>> str(press), press.epc(company_prefix_length=7).urn
('(8004)061414132a/b', 'urn:epc:id:giai:0614141.32a%2Fb')
>>> make("0614141", "5678").tag(company_prefix_length=7, filter_value=3).hex
'3474257BF40000000000162E'
>>> press.tag(company_prefix_length=7)
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: EPC tag 'giai-96:0.0614141.32a%2Fb' cannot \
hold serial '32a/b': expected a number below 288230376151711744 without zeros in front; use \
giai-202.
"""

from dataclasses import dataclass

from labeler.serials.identifiers import _epc, _forms, digital_link, element_string
from labeler.serials.identifiers._texts import require_charset_82, require_digits

KIND = "GIAI"
AI = "8004"
LENGTH_MAX = 30


@dataclass(frozen=True, kw_only=True)
class Giai:
    """One asset."""

    text: str
    """Company prefix and asset reference; nothing in it tells where one ends."""

    def __post_init__(self) -> None:
        require_digits(self.text[:4], kind="Beginning of a GIAI", lengths=(4,))
        require_charset_82(self.text, kind=KIND, longest=LENGTH_MAX)

    def __str__(self) -> str:
        return self.element_string().bracketed()

    def element_string(self) -> element_string.ElementString:
        """With AI (8004)."""
        return element_string.build([(AI, self.text)])

    def digital_link(self, *, stem: str = digital_link.CANONICAL_STEM) -> str:
        """Its web address, canonical or on the company's own host."""
        return digital_link.build([(AI, self.text)]).uri(stem=stem)

    def epc(self, *, company_prefix_length: int) -> _epc.Epc:
        """Divided where the GS1 Company Prefix ends."""
        _epc.require_prefix_length(company_prefix_length)
        return _epc.Epc(
            key=_epc.GIAI,
            company_prefix=self.text[:company_prefix_length],
            serial=self.text[company_prefix_length:],
        )

    def tag(
        self, *, company_prefix_length: int, filter_value: int = 0, scheme: str = "giai-96"
    ) -> _epc.Tag:
        """For an RFID tag; giai-96 holds numbers only, giai-202 every reference."""
        epc = self.epc(company_prefix_length=company_prefix_length)
        return _epc.make_tag(epc, scheme=scheme, filter_value=filter_value)


def compact(text: str) -> str:
    """The text without what a scanner puts in front."""
    return _forms.compact(text)


def validate(text: str) -> str:
    """The GIAI with its AI in brackets, or InvalidIdentifier."""
    return str(parse(text))


def parse(text: str) -> Giai:
    """The GIAI of an element string, a Digital Link URI, an EPC URN, a tag URI or a tag's hex."""
    epc = _epc.read(text, key=_epc.GIAI)
    if epc is not None:
        return make(epc.company_prefix, epc.serial)
    return Giai(text=_forms.values_of(text, kind=KIND, ais=(AI,))[AI])


def read_tag(text: str) -> _epc.Tag:
    """A tag URI or a tag's hex with its filter value and where the company prefix ends."""
    return _epc.read_tag(text, key=_epc.GIAI)


def make(company_prefix: str, asset_reference: str) -> Giai:
    """The GIAI of a company's asset."""
    require_digits(company_prefix, kind="GS1 Company Prefix", lengths=range(4, 13))
    longest = LENGTH_MAX - len(company_prefix)
    require_charset_82(asset_reference, kind="GIAI asset reference", longest=longest)
    return Giai(text=company_prefix + asset_reference)

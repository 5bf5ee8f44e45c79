"""SSCC: the Serial Shipping Container Code, which names one pallet, case or parcel.

Standard: GS1 General Specifications, section 2.2.1 (logistic units), 3.3.1 (AI 00) and 7.9.1 (check
digit); EPC Tag Data Standard 1.13, sections 6.3.2 and 14.5.2 (SSCC-96).

>>> pallet = make("0614141", "234567890", extension_digit="1")
>>> pallet.digits, str(pallet)
('106141412345678908', '(00)106141412345678908')
>>> pallet.tag(company_prefix_length=7, filter_value=3).hex
'3174257BF4499602D2000000'
>>> parse("urn:epc:id:sscc:0614141.1234567890") == pallet
True
>>> validate("106141412345678907")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: SSCC '106141412345678907' has a wrong check \
digit: expected '8' at position 18, got '7'; scan or type it again.
"""

from dataclasses import dataclass

from labeler.serials.checks import gs1_mod10
from labeler.serials.identifiers import _epc, _forms, digital_link, element_string
from labeler.serials.identifiers._texts import require_check_digit, require_digits

KIND = "SSCC"
AI = "00"


@dataclass(frozen=True, kw_only=True)
class Sscc:
    """An SSCC whose check digit is right."""

    digits: str
    """All 18 of them: extension digit, company prefix, serial reference, check digit."""

    def __post_init__(self) -> None:
        require_digits(self.digits, kind=KIND, lengths=(18,))
        require_check_digit(self.digits, kind=KIND)

    def __str__(self) -> str:
        return self.element_string().bracketed()

    @property
    def extension_digit(self) -> str:
        """The first digit; the company uses it as it likes, to have ten times the numbers."""
        return self.digits[0]

    @property
    def check_digit(self) -> str:
        """The last digit."""
        return self.digits[-1]

    def element_string(self) -> element_string.ElementString:
        """With AI (00)."""
        return element_string.build([(AI, self.digits)])

    def digital_link(self, *, stem: str = digital_link.CANONICAL_STEM) -> str:
        """Its web address, canonical or on the company's own host.

        >>> parse("106141412345678908").digital_link()
        'https://id.gs1.org/00/106141412345678908'
        """
        return digital_link.build([(AI, self.digits)]).uri(stem=stem)

    def epc(self, *, company_prefix_length: int) -> _epc.Epc:
        """Divided where the GS1 Company Prefix ends."""
        _epc.require_prefix_length(company_prefix_length)
        end = 1 + company_prefix_length
        return _epc.Epc(
            key=_epc.SSCC,
            company_prefix=self.digits[1:end],
            reference=self.digits[0] + self.digits[end:-1],
        )

    def tag(self, *, company_prefix_length: int, filter_value: int = 2) -> _epc.Tag:
        """For an RFID tag, as SSCC-96; filter value 2 is a full case for transport."""
        epc = self.epc(company_prefix_length=company_prefix_length)
        return _epc.make_tag(epc, scheme="sscc-96", filter_value=filter_value)


def compact(text: str) -> str:
    """The text without spaces and what a scanner puts in front.

    >>> compact("(00) 1 0614141 234567890 8")
    '(00)106141412345678908'
    """
    return _forms.compact(text).replace(" ", "")


def validate(text: str) -> str:
    """The SSCC with its AI in brackets, or InvalidIdentifier."""
    return str(parse(text))


def parse(text: str) -> Sscc:
    """The SSCC of 18 digits, an element string, a Digital Link URI or any form of an EPC."""
    bare = compact(text)
    epc = _epc.read(bare, key=_epc.SSCC)
    if epc is not None:
        body = epc.reference[0] + epc.company_prefix + epc.reference[1:]
        return Sscc(digits=body + gs1_mod10.compute(body))
    if len(bare) == 18 and bare.isdigit():
        return Sscc(digits=bare)
    return Sscc(digits=_forms.values_of(text.replace(" ", ""), kind=KIND, ais=(AI,))[AI])


def read_tag(text: str) -> _epc.Tag:
    """A tag URI or a tag's hex with its filter value and where the company prefix ends."""
    return _epc.read_tag(text, key=_epc.SSCC)


def make(company_prefix: str, serial_reference: str, *, extension_digit: str = "0") -> Sscc:
    """The SSCC of a company's number: 16 digits together, the check digit added."""
    require_digits(extension_digit, kind="Extension digit", lengths=(1,))
    require_digits(company_prefix, kind="GS1 Company Prefix", lengths=range(4, 13))
    body = company_prefix + serial_reference
    require_digits(body, kind="GS1 Company Prefix and serial reference", lengths=(16,))
    body = extension_digit + body
    return Sscc(digits=body + gs1_mod10.compute(body))

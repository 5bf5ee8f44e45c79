"""IMEI: the International Mobile Equipment Identity, which names a phone or a modem.

Standard: 3GPP TS 23.003, sections 6.2.1 (IMEI: TAC of eight digits, serial of six, check digit)
and 6.2.2 (IMEISV: software version of two digits in place of the check digit), annex B (the check
digit is Luhn's).

>>> phone = make("35209900", 176148)
>>> phone.text, phone.tac, phone.serial, str(phone)
('352099001761481', '35209900', '176148', '35-209900-176148-1')
>>> parse("35-209900-176148-23").software_version
'23'
>>> validate("352099001761482")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: IMEI '352099001761482' has a wrong check \
digit: expected '1' at position 15, got '2'; scan or type it again.
"""

from dataclasses import dataclass

from labeler.serials.checks import luhn
from labeler.serials.identifiers._errors import InvalidIdentifier
from labeler.serials.identifiers._texts import require_check_character, require_digits, without

KIND = "IMEI"
SERIAL_MAX = 999_999


@dataclass(frozen=True, kw_only=True)
class Imei:
    """An IMEI, and the software version if it was read from an IMEISV."""

    text: str
    """15 digits, the last one the check digit."""
    software_version: str | None = None
    """Two digits; None where it was an IMEI."""

    def __post_init__(self) -> None:
        require_digits(self.text, kind=KIND, lengths=(15,))
        expected = luhn.compute(self.text[:-1])
        require_check_character(self.text, kind=KIND, place=14, expected=expected)
        if self.software_version is not None:
            require_digits(self.software_version, kind="Software version", lengths=(2,))

    def __str__(self) -> str:
        return "-".join((self.text[:2], self.text[2:8], self.serial, self.check_digit))

    @property
    def tac(self) -> str:
        """Type Allocation Code: the model, as the GSMA has registered it."""
        return self.text[:8]

    @property
    def serial(self) -> str:
        """Which device of the model."""
        return self.text[8:14]

    @property
    def check_digit(self) -> str:
        """The last digit. It is never sent over the air."""
        return self.text[14]


def compact(text: str) -> str:
    """The text without spaces, hyphens and slashes."""
    return without(text, " -/")


def validate(text: str) -> str:
    """The 15 digits of an IMEI or of the device an IMEISV means, or InvalidIdentifier."""
    return parse(text).text


def parse(text: str) -> Imei:
    """The IMEI of 15 digits, or of an IMEISV's 16; these have no check digit to be wrong."""
    bare = compact(text)
    require_digits(bare, kind=KIND, lengths=(15, 16))
    if len(bare) == 15:
        return Imei(text=bare)
    body = bare[:14]
    return Imei(text=body + luhn.compute(body), software_version=bare[14:])


def make(tac: str, number: int) -> Imei:
    """The IMEI of a device: its model's TAC, its number, the check digit.

    >>> make("35209900", 1_000_000)
    Traceback (most recent call last):
    labeler.serials.identifiers._errors.InvalidIdentifier: TAC '35209900' has no number 1000000: \
expected 0 to 999999; have another TAC allocated.
    """
    require_digits(tac, kind="TAC", lengths=(8,))
    if not 0 <= number <= SERIAL_MAX:
        problem = f"has no number {number}: expected 0 to {SERIAL_MAX}; have another TAC allocated."
        raise InvalidIdentifier(tac, kind="TAC", problem=problem)
    body = f"{tac}{number:06d}"
    return Imei(text=body + luhn.compute(body))

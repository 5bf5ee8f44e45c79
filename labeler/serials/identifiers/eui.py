"""EUI-48 and EUI-64: MAC addresses, and the blocks a maker of devices gets from the IEEE.

Standard: IEEE Std 802-2014, clause 8 (EUI-48, EUI-64, the I/G and U/L bits of the first octet);
IEEE Registration Authority, Guidelines for Use of EUI, OUI and CID (MA-L, MA-M, MA-S); RFC 4291,
appendix A (modified EUI-64).

>>> address = parse("00-1b-c5-0a-b1-23")
>>> str(address), address.format(notation="dots", upper=False), address.oui
('00:1B:C5:0A:B1:23', '001b.c50a.b123', '00:1B:C5')
>>> str(address.modified_eui_64())
'02:1B:C5:FF:FE:0A:B1:23'
>>> block = make_block("001BC50AB")
>>> block.name, str(block.first), str(block.last), block.size
('MA-S', '00:1B:C5:0A:B0:00', '00:1B:C5:0A:BF:FF', 4096)
>>> str(block.at(3, step=4))
'00:1B:C5:0A:B0:0C'
>>> make_block("03:1B:C5")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: EUI block '031BC5' is no block of universal \
addresses: its multicast bit and its local bit are set, expected neither; use the prefix the IEEE \
has assigned.
"""

import re
from dataclasses import dataclass
from string import digits
from typing import Literal

from labeler.serials.identifiers._errors import InvalidIdentifier
from labeler.serials.identifiers._texts import CAPITALS, require_characters, without

KIND = "EUI"
BLOCKS = {24: "MA-L", 28: "MA-M", 36: "MA-S"}
"""Bits of the assigned prefix -> the IEEE's name of the block."""
Notation = Literal["colons", "hyphens", "dots", "plain"]
_NOTATIONS = {"colons": (":", 2), "hyphens": ("-", 2), "dots": (".", 4), "plain": ("", 2)}
_HEX = digits + "ABCDEF"
_MULTICAST, _LOCAL = 1, 2
"""Bits of the first octet: I/G and U/L (clause 8.2)."""


@dataclass(frozen=True, kw_only=True)
class Eui:
    """An address of 48 or 64 bits."""

    digits: str
    """12 or 16 hexadecimal digits, letters in capitals."""

    def __post_init__(self) -> None:
        require_characters(self.digits, kind=KIND, alphabet=_HEX)
        if len(self.digits) not in {12, 16}:
            problem = (
                f"has {len(self.digits)} hexadecimal digits: expected 12 for an EUI-48 or 16 for"
                " an EUI-64; give all of it."
            )
            raise InvalidIdentifier(self.digits, kind=KIND, problem=problem)

    def __str__(self) -> str:
        return self.format()

    def format(self, *, notation: Notation = "colons", upper: bool = True) -> str:
        """As colons, hyphens, dots (Cisco) or plain digits, in capitals or not."""
        separator, width = _NOTATIONS[notation]
        text = self.digits if upper else self.digits.lower()
        return separator.join(text[place : place + width] for place in range(0, len(text), width))

    @property
    def bits(self) -> int:
        """48 or 64."""
        return len(self.digits) * 4

    @property
    def number(self) -> int:
        """The address as a number."""
        return int(self.digits, 16)

    @property
    def oui(self) -> str:
        """The first three octets; they name the maker only in blocks of the size MA-L."""
        return self.format()[:8]

    @property
    def is_multicast(self) -> bool:
        """Whether it is an address of a group (I/G bit)."""
        return bool(int(self.digits[:2], 16) & _MULTICAST)

    @property
    def is_local(self) -> bool:
        """Whether somebody made it up, without the IEEE (U/L bit)."""
        return bool(int(self.digits[:2], 16) & _LOCAL)

    def modified_eui_64(self) -> "Eui":
        """The interface identifier of IPv6: FF FE in the middle, the U/L bit turned over.

        >>> parse("0000000000000001").modified_eui_64()
        Traceback (most recent call last):
        labeler.serials.identifiers._errors.InvalidIdentifier: EUI '0000000000000001' is an \
EUI-64: expected an EUI-48; use it as it is.
        """
        if self.bits != 48:
            problem = "is an EUI-64: expected an EUI-48; use it as it is."
            raise InvalidIdentifier(self.digits, kind=KIND, problem=problem)
        first = int(self.digits[:2], 16) ^ _LOCAL
        return Eui(digits=f"{first:02X}{self.digits[2:6]}FFFE{self.digits[6:]}")


@dataclass(frozen=True, kw_only=True)
class Block:
    """Addresses that begin with a prefix the IEEE has assigned."""

    prefix: str
    """6, 7 or 9 hexadecimal digits, letters in capitals."""
    bits: Literal[48, 64] = 48
    """How long its addresses are."""

    def __post_init__(self) -> None:
        require_characters(self.prefix, kind="EUI block", alphabet=_HEX)
        if len(self.prefix) * 4 not in BLOCKS:
            problem = (
                f"has {len(self.prefix)} hexadecimal digits: expected 6 for MA-L, 7 for MA-M or 9"
                " for MA-S; give all of it."
            )
            raise InvalidIdentifier(self.prefix, kind="EUI block", problem=problem)
        first = int(self.prefix[:2], 16)
        flags = {"multicast": first & _MULTICAST, "local": first & _LOCAL}
        wrong = " and ".join(f"its {name} bit" for name, is_set in flags.items() if is_set)
        if wrong:
            verb = "are" if all(flags.values()) else "is"
            problem = (
                f"is no block of universal addresses: {wrong} {verb} set, expected neither; use"
                " the prefix the IEEE has assigned."
            )
            raise InvalidIdentifier(self.prefix, kind="EUI block", problem=problem)

    @property
    def name(self) -> str:
        """MA-L, MA-M or MA-S."""
        return BLOCKS[len(self.prefix) * 4]

    @property
    def size(self) -> int:
        """How many addresses it has."""
        return int(2 ** (self.bits - len(self.prefix) * 4))

    @property
    def first(self) -> Eui:
        """Its lowest address."""
        return self.at(0)

    @property
    def last(self) -> Eui:
        """Its highest address."""
        return self.at(self.size - 1)

    def at(self, index: int, *, step: int = 1) -> Eui:
        """The address of a device, from 0; `step` is how many addresses a device takes.

        All addresses of the device lie in the block.

        >>> make_block("001BC50AB").at(1024, step=4)
        Traceback (most recent call last):
        labeler.serials.identifiers._errors.InvalidIdentifier: EUI block '001BC50AB' has no device \
1024: expected 0 to 1023, with 4 addresses each; use another block.
        """
        last = self.size // max(step, 1) - 1
        if not (0 <= index <= last and step >= 1):
            problem = (
                f"has no device {index}: expected 0 to {last}, with {step} addresses each; use"
                " another block."
            )
            raise InvalidIdentifier(self.prefix, kind="EUI block", problem=problem)
        width = self.bits // 4
        return Eui(digits=f"{int(self.prefix.ljust(width, '0'), 16) + index * step:0{width}X}")

    def holds(self, address: Eui) -> bool:
        """Whether the address is one of its own.

        >>> make_block("001BC50AB").holds(parse("001BC50AC000"))
        False
        """
        return address.bits == self.bits and address.digits.startswith(self.prefix)


def compact(text: str) -> str:
    """The digits in capitals without colons, hyphens and dots."""
    return without(text, ":-.").translate(CAPITALS)


_WRITTEN = re.compile(
    r"[0-9A-F]+|[0-9A-F]{2}(:[0-9A-F]{2})+|[0-9A-F]{2}(-[0-9A-F]{2})+|[0-9A-F]{4}(\.[0-9A-F]{4})+"
)


def validate(text: str) -> str:
    """The address in capitals with colons, or InvalidIdentifier."""
    return str(parse(text))


def parse(text: str) -> Eui:
    """The address in any of the notations, but not in a mixture of them."""
    address = Eui(digits=compact(text))
    if _WRITTEN.fullmatch(text.strip(" \t\r\n").translate(CAPITALS)):
        return address
    problem = (
        f"mixes notations: expected one such as {address}, {address.format(notation='dots')} or"
        f" {address.digits}; write it in one of them."
    )
    raise InvalidIdentifier(text, kind=KIND, problem=problem)


def make_block(prefix: str, *, bits: Literal[48, 64] = 48) -> Block:
    """The block of a prefix as the IEEE lists it; its number of digits tells its size."""
    return Block(prefix=compact(prefix), bits=bits)

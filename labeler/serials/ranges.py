"""Ranges of numbers that somebody else assigned: MAC addresses of a block, IMEIs of a TAC.

They become the numbers of a pool. Standards: see `identifiers.eui` and `identifiers.imei`.

>>> addresses = mac_range("00:1B:C5:0A:B0:00/36", step=4)
>>> addresses.count, addresses.at(0), addresses.at(1023)
(1024, '001BC50AB000', '001BC50ABFFC')
>>> phones = imei_range("35209900", first=0, last=499_999)
>>> phones.count, phones.at(176148)
(500000, '352099001761481')
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labeler.serials.errors import SerialError, shown
from labeler.serials.identifiers import eui, imei

_BITS = 48


@dataclass(frozen=True, kw_only=True)
class NumberRange:
    """Numbers in order, each made when it is asked for."""

    name: str
    """What it is, for the record."""
    count: int
    """How many there are."""
    at: Callable[[int], str]
    """From 0 to below the count."""

    def __iter__(self) -> Iterator[str]:
        """Yield all of them."""
        return map(self.at, range(self.count))


def mac_range(text: str, *, step: int = 1) -> NumberRange:
    """The addresses `first..last` or `prefix/bits`, one of `step`, as plain hexadecimal digits.

    `step` is how many addresses a device takes; all those of the last one lie in the range.

    >>> mac_range("00:1B:C5:0A:B0:00..00:1B:C5:0A:B0:0F").count
    16
    >>> mac_range("00:1B:C5:0A:B0:01/36")
    Traceback (most recent call last):
    labeler.serials.errors.SerialError: MAC block '00:1B:C5:0A:B0:01/36' begins within itself: \
expected zeros after its first 36 bits, such as 00:1B:C5:0A:B0:00/36; write the block as it was \
assigned.
    """
    first, last = _ends(text)
    _require_universal(text, first)
    count = (last - first + 1) // step if step >= 1 else 0
    if count < 1:
        raise SerialError(
            f"MAC block {shown(text)} holds no device of {step} addresses: expected a last address"
            f" behind the first, and a step of 1 to {max(1, last - first + 1)}; correct one of"
            f" them."
        )
    name = f"MAC block {text}" + (f", step {step}" if step > 1 else "")
    return NumberRange(
        name=name, count=count, at=lambda place: f"{first + place * step:0{_BITS // 4}X}"
    )


def imei_range(tac: str, *, first: int = 0, last: int = imei.SERIAL_MAX) -> NumberRange:
    """The IMEIs of a TAC from one number to another, with check digits.

    >>> imei_range("35209900", first=7, last=3)
    Traceback (most recent call last):
    labeler.serials.errors.SerialError: TAC '35209900' has no numbers from 7 to 3: expected the \
first one not behind the last; exchange them.
    """
    imei.make(tac, first)
    imei.make(tac, last)
    if last < first:
        raise SerialError(
            f"TAC {shown(tac)} has no numbers from {first} to {last}: expected the first one not"
            f" behind the last; exchange them."
        )
    return NumberRange(
        name=f"TAC {tac}, {first:06d} to {last:06d}",
        count=last - first + 1,
        at=lambda place: imei.make(tac, first + place).text,
    )


def _ends(text: str) -> tuple[int, int]:
    begin, dots, end = text.partition("..")
    if dots:
        return _address(begin), _address(end)
    prefix, slash, bits = text.partition("/")
    if not (slash and bits.isascii() and bits.isdigit() and 1 <= int(bits) <= _BITS):
        raise SerialError(
            f"MAC block {shown(text)} is neither a range nor a prefix: expected for example"
            f" 00:1B:C5:0A:B0:00..00:1B:C5:0A:BF:FF or 001BC50AB/36; write one of these."
        )
    size = 1 << (_BITS - int(bits))
    digits = eui.compact(prefix).ljust(_BITS // 4, "0")
    first = _address(digits)
    if first % size:
        block = eui.Eui(digits=f"{first - first % size:012X}")
        raise SerialError(
            f"MAC block {shown(text)} begins within itself: expected zeros after its first"
            f" {bits} bits, such as {block}/{bits}; write the block as it was assigned."
        )
    return first, first + size - 1


def _address(text: str) -> int:
    address = eui.parse(text)
    if address.bits != _BITS:
        raise SerialError(
            f"MAC address {shown(text)} has {address.bits} bits: expected {_BITS}; leave two octets"
            f" out, or import a list."
        )
    return address.number


def _require_universal(text: str, first: int) -> None:
    """Refuse addresses the IEEE assigns to nobody: of groups, or made up (clause 8.2)."""
    address = eui.Eui(digits=f"{first:012X}")
    if address.is_multicast or address.is_local:
        raise SerialError(
            f"MAC block {shown(text)} is no block of universal addresses: its multicast bit or its"
            f" local bit is set, expected neither; use the prefix the IEEE has assigned."
        )

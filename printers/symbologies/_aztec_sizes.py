"""Sizes of Aztec symbols, ISO/IEC 24778 table 1, and how much data is in a drawn one.

>>> [(size.columns, size.version, size.room_bits(23)) for size in SIZES[:3]]
[(15, 1, 50), (19, 2, 135), (23, 3, 252)]
"""

import math
from dataclasses import dataclass
from functools import cached_property

_COMPACT_CODEWORDS_MAX = 61


@dataclass(frozen=True, kw_only=True)
class Size:
    """A size of symbol."""

    layers: int
    """How many rings of data there are around the core."""
    compact: bool
    """Whether the core is the small one."""

    @property
    def version(self) -> int:
        """Its number at zxing-cpp: compact 1 to 4, then the 32 full sizes."""
        return self.layers if self.compact else self.layers + 4

    @cached_property
    def columns(self) -> int:
        """Modules a side, reference grid included."""
        if self.compact:
            return 11 + 4 * self.layers
        without_grid = 14 + 4 * self.layers
        return without_grid + 1 + 2 * ((without_grid // 2 - 1) // 15)

    @property
    def codeword_bits(self) -> int:
        """Bits of a codeword."""
        return next(
            bits for most, bits in ((2, 6), (8, 8), (22, 10), (32, 12)) if self.layers <= most
        )

    def room_bits(self, percent: int) -> int:
        """Bits of data that surely fit beside that percentage of check words and three more.

        A codeword carries one bit less where a bit must be stuffed; at worst all
        of them. The core of a compact symbol counts 64 codewords of data, of
        which zxing-cpp leaves three to check words, too.
        """
        bits = (88 if self.compact else 112) + 16 * self.layers
        total = bits * self.layers // self.codeword_bits
        data = total - math.ceil(total * percent / 100) - 3
        return max(0, min(data, _COMPACT_CODEWORDS_MAX) if self.compact else data) * (
            self.codeword_bits - 1
        )


SIZES = (
    *(Size(layers=layers, compact=True) for layers in range(1, 5)),
    *(Size(layers=layers, compact=False) for layers in range(4, 33)),
)
"""From the smallest on; a full symbol of less than four layers has less room than a compact one."""


def data_bits(rows: tuple[str, ...], size: Size) -> int:
    """How many bits of data a symbol holds at most, read from its mode message.

    The message lies around the core, clockwise from its top left: two bits that are the layers less
    one and six that are the codewords less one, in a full symbol five and eleven.
    """
    centre = size.columns // 2
    reach = 5 if size.compact else 7
    along = [offset for offset in range(2 - reach, reach - 1) if offset or size.compact]
    ring = [rows[centre - reach][centre + offset] for offset in along]
    ring += [rows[centre + offset][centre + reach] for offset in along]
    message = "".join(ring)
    start, end = (2, 8) if size.compact else (5, 16)
    return (int(message[start:end], 2) + 1) * size.codeword_bits


def _kinds() -> bytes:
    """A character of the same kind for each byte: what the tables of modes tell apart.

    What may stand in a pair of the punctuation table stands for itself, and so does the space.
    """
    themselves = b" ,.:\r\n"
    kinds = []
    for byte in range(256):
        character = chr(byte)
        if byte in themselves:
            kinds.append(byte)
        elif byte > 127:
            kinds.append(0xAA)
        elif character.isalnum():
            kinds.append(ord("5") if character.isdigit() else ord("M" if byte < 97 else "m"))
        elif byte == 0 or 14 <= byte <= 26:
            kinds.append(0x0E)
        else:
            kinds.append(ord("@" if character in "@\\^_`|~\x7f" or byte < 32 else "+"))
    return bytes(kinds)


KINDS = _kinds()
"""For ``bytes.translate``: texts that translate alike are encoded in as many bits."""

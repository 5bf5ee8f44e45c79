"""Which places of a lease a report is about: a bit each, so a million fit in 125 KB.

They are durable before the first unit is changed: so a crash leaves no report half done.

>>> places = Places(20)
>>> places.add(3), places.add(17), places.add(3)
(True, True, False)
>>> places.count, places.behind(0, limit=1), places.behind(4, limit=10)
(2, [3], [17])
>>> Places.unpacked(places.packed).digest == places.digest
True
"""

import hashlib
import zlib
from typing import Self

_BYTES_AT_ONCE = 1024


class Places:
    """A set of places, counted from 0."""

    def __init__(self, size: int) -> None:
        """Begin with none of ``size``."""
        self._bytes = bytearray((size + 7) // 8)
        self.count = 0

    def add(self, place: int) -> bool:
        """Add a place; return whether it is new."""
        byte, bit = place >> 3, 1 << (place & 7)
        if self._bytes[byte] & bit:
            return False
        self._bytes[byte] |= bit
        self.count += 1
        return True

    def behind(self, first: int, *, limit: int) -> list[int]:
        """Return at most ``limit`` places from ``first`` on, ascending."""
        found: list[int] = []
        for start in range(first >> 3, len(self._bytes), _BYTES_AT_ONCE):
            block = self._bytes[start : start + _BYTES_AT_ONCE]
            if not any(block):
                continue
            for byte, bits in enumerate(block, start=start):
                if not bits:
                    continue
                found += [byte * 8 + bit for bit in range(8) if bits >> bit & 1]
                if len(found) > limit + 8:
                    break
            found = [place for place in found if place >= first]
            if len(found) >= limit:
                break
        return found[:limit]

    def shared(self, other: "Places") -> int:
        """Return how many places both have."""
        return (self.bits & other.bits).bit_count()

    @property
    def bits(self) -> int:
        """Them as one number."""
        return int.from_bytes(self._bytes, "little")

    @property
    def digest(self) -> str:
        """SHA-256 of them: equal for equal sets."""
        return hashlib.sha256(self._bytes.rstrip(b"\0")).hexdigest()

    @property
    def packed(self) -> bytes:
        """Them as the record keeps them."""
        return zlib.compress(self._bytes.rstrip(b"\0"), 6)

    @classmethod
    def unpacked(cls, content: bytes) -> Self:
        """Return what was packed."""
        made = cls(0)
        made._bytes = bytearray(zlib.decompress(content))
        made.count = made.bits.bit_count()
        return made

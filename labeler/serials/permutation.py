"""A permutation: every number of a domain becomes another one, so that neighbours look unrelated.

A counter counts; whoever sees two serials of it knows how many units were made between them. Sent
through a permutation with a secret key, the numbers still never repeat, since it maps the domain
onto itself, and can be turned back, but tell nothing without the key.

Standard: NIST SP 800-38G, algorithms 7 and 8 (FF1), with AES; its revision 1 (second public draft,
February 2025) asks for a domain of a million numbers or more, section 5.2. Radix and width are
those of the counter, and a tweak, which is no secret, gives each series a permutation of its own.

>>> key = bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3C")
>>> permutation = Permutation(key=key, radix=10, width=10, tweak=b"")
>>> permutation.apply(123456789), permutation.invert(2433477484)
(2433477484, 123456789)
>>> permutation
Permutation(radix=10, width=10, tweak=b'')
>>> Permutation(key=key, radix=10, width=5, tweak=b"")
Traceback (most recent call last):
labeler.serials.errors.SerialError: Width 5 of radix 10 is too narrow for a permutation: expected \
1000000 numbers or more (NIST SP 800-38G Rev. 1), or they could be tried one by one; write a width \
of at least 6.
>>> permutation.apply(10**10)
Traceback (most recent call last):
labeler.serials.errors.SerialError: Number 10000000000 is not one of the permutation's: expected 0 \
to 9999999999.
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from labeler.serials.errors import SerialError

KEY_LENGTHS = (16, 24, 32)
"""Bytes of a key of AES-128, AES-192 and AES-256."""
RADIX_MAX = 2**16
"""SP 800-38G, section 5.1."""
DOMAIN_MIN = 1_000_000
"""The numbers a permutation has at least. Fewer can be tried one by one."""
FINGERPRINT_LENGTH = 16
"""Characters of a key's fingerprint."""

_ROUNDS = 10
_BLOCK = 16
"""Bytes of a block of AES."""


@dataclass(frozen=True, kw_only=True)
class Permutation:
    """A one-to-one map of 0 to radix**width - 1 onto itself, which a secret key chooses.

    One of them may be used by many threads.
    """

    key: bytes = field(repr=False)
    """The secret: 16, 24 or 32 random bytes. Neither `repr()` nor a refusal shows it."""
    radix: int
    """How many characters the counter's alphabet has."""
    width: int
    """How many characters the counter takes."""
    tweak: bytes
    """What else chooses the permutation, such as the name of a series. It is no secret."""

    def __post_init__(self) -> None:
        _require_key(self.key)
        if not 2 <= self.radix <= RADIX_MAX:
            raise SerialError(
                f"Radix {self.radix} has no permutation: expected 2 to {RADIX_MAX}, the number of"
                f" characters of the alphabet."
            )
        least = next(width for width in range(2, 21) if self.radix**width >= DOMAIN_MIN)
        if self.width < least:
            raise SerialError(
                f"Width {self.width} of radix {self.radix} is too narrow for a permutation:"
                f" expected {DOMAIN_MIN} numbers or more (NIST SP 800-38G Rev. 1), or they could"
                f" be tried one by one; write a width of at least {least}."
            )

    @cached_property
    def size(self) -> int:
        """How many numbers it maps."""
        return int(self.radix**self.width)

    def apply(self, number: int) -> int:
        """The number that takes the place of `number` (algorithm 7, encryption)."""
        self._require(number)
        mix = self._mix
        left, right = divmod(number, self._split)
        for head, modulus in self._rounds:
            left, right = right, (left + mix(head | right)) % modulus
        return left * self._split + right

    def invert(self, number: int) -> int:
        """The number whose place `number` has taken (algorithm 8, decryption)."""
        self._require(number)
        mix = self._mix
        left, right = divmod(number, self._split)
        for head, modulus in reversed(self._rounds):
            left, right = (right - mix(head | left)) % modulus, left
        return left * self._split + right

    def _require(self, number: int) -> None:
        if not 0 <= number < self.size:
            raise SerialError(
                f"Number {number} is not one of the permutation's: expected 0 to {self.size - 1}."
            )

    @cached_property
    def _split(self) -> int:
        """What divides a number into its halves: radix**v, the right one being the longer."""
        return int(self.radix ** (self.width - self.width // 2))

    @cached_property
    def _half_length(self) -> int:
        """The b of step 3: how many bytes the longer half takes."""
        return ((self._split - 1).bit_length() + 7) // 8

    @cached_property
    def _rounds(self) -> Sequence[tuple[int, int]]:
        """Of each round, its number in front of the place of a half, and its modulus."""
        shift = 8 * self._half_length
        moduli = (self.size // self._split, self._split)
        return [(number << shift, moduli[number % 2]) for number in range(_ROUNDS)]

    @cached_property
    def _mix(self) -> Callable[[int], int]:
        """Steps 6.i to 6.iv: a round's number and a half -> what is added to the other half.

        What is enciphered begins with the same blocks for every number; they are chained here.
        """
        # An object of AES in C, kept: whole blocks in ECB leave nothing behind between two calls.
        cipher = Cipher(AES(self.key), ECB()).encryptor().update  # noqa: S305
        tail_length = 1 + self._half_length
        varying_length = -(-tail_length // _BLOCK) * _BLOCK
        constant = self._parameters + self.tweak
        constant += bytes(-(len(constant) + tail_length) % _BLOCK)
        place = len(constant) + tail_length - varying_length
        chained = int.from_bytes(_chain(cipher, constant[:place])) << 8 * (varying_length - _BLOCK)
        head = chained ^ (int.from_bytes(constant[place:]) << 8 * tail_length)
        output_length = 4 * -(-self._half_length // 4) + 4
        if varying_length == _BLOCK and output_length <= _BLOCK:
            return _one_block(cipher, head=head, output_length=output_length)
        return _many_blocks(cipher, head=head, length=varying_length, output_length=output_length)

    @cached_property
    def _parameters(self) -> bytes:
        """The block P of step 5."""
        return b"".join(
            [
                b"\x01\x02\x01",
                self.radix.to_bytes(3),
                bytes([_ROUNDS, self.width // 2 % 256]),
                self.width.to_bytes(4),
                len(self.tweak).to_bytes(4),
            ]
        )


def fingerprint(key: bytes) -> str:
    """Sixteen characters that are the same for the same key, and tell nothing else about it.

    >>> fingerprint(bytes(16)), fingerprint(bytes(24))
    ('63dd3ccca3b51f06', 'd25e82b9ea345473')
    >>> fingerprint(b"secret")
    Traceback (most recent call last):
    labeler.serials.errors.SerialError: The key of a permutation has 6 bytes: expected 16, 24 or \
32; make one of 32 random bytes and keep it.
    """
    _require_key(key)
    # HMAC fills a short key up with zeros, so the length must be part of what it signs.
    text = f"labeler: permutation key of {len(key)} bytes"
    return hmac.digest(key, text.encode(), "sha256").hex()[:FINGERPRINT_LENGTH]


def _require_key(key: bytes) -> None:
    if len(key) not in KEY_LENGTHS:
        raise SerialError(
            f"The key of a permutation has {len(key)} bytes: expected 16, 24 or 32; make one of"
            f" 32 random bytes and keep it."
        )


def _chain(cipher: Callable[[bytes], bytes], text: bytes) -> bytes:
    """The PRF of algorithm 6: the last block of CBC, beginning with zeros."""
    chained = bytes(_BLOCK)
    for start in range(0, len(text), _BLOCK):
        chained = cipher(_xor(chained, text[start : start + _BLOCK]))
    return chained


def _one_block(
    cipher: Callable[[bytes], bytes], *, head: int, output_length: int
) -> Callable[[int], int]:
    """The usual case: a half, its round and the end of the tweak fit into one block."""
    shift = 8 * (_BLOCK - output_length)
    from_bytes = int.from_bytes

    def mix(tail: int) -> int:
        return from_bytes(cipher((head ^ tail).to_bytes(_BLOCK))) >> shift

    return mix


def _many_blocks(
    cipher: Callable[[bytes], bytes], *, head: int, length: int, output_length: int
) -> Callable[[int], int]:
    """A half of more than twelve bytes: it takes several blocks, or needs several (step 6.iii)."""
    counters = [number.to_bytes(_BLOCK) for number in range(1, -(-output_length // _BLOCK))]

    def mix(tail: int) -> int:
        chained = _chain(cipher, (head ^ tail).to_bytes(length))
        blocks = [chained, *(cipher(_xor(chained, counter)) for counter in counters)]
        return int.from_bytes(b"".join(blocks)[:output_length])

    return mix


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(_BLOCK)

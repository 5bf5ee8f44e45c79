"""The site's key: ECDSA on P-256 with SHA-256 (FIPS 186-5, section 6; SP 800-186, section 3.2.1.3).

Signatures are r and s, 32 bytes each; of s and its negative, which proves as much, the lower one
is written, and the other one refused, so that a signature is one text. A public key is its point,
compressed, 33 bytes (SEC 1, section 2.3.3). Both are written in base64url without padding (RFC
4648, section 5). A key's fingerprint is the first half of SHA-256 over its SubjectPublicKeyInfo, in
hexadecimal.
"""

import base64
import hashlib
import re
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from labeler.certificates.errors import CertificateError

_CURVE: Final = ec.SECP256R1()
_HASH: Final = ec.ECDSA(hashes.SHA256())
_HALF_BYTES: Final = 32
_ORDER: Final = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551
"""Of P-256 (SP 800-186, section 3.2.1.3)."""
_FINGERPRINT = re.compile(r"[0-9a-f]{32}")


class PublicKey:
    """A key with which anybody proves what the site signed."""

    def __init__(self, key: ec.EllipticCurvePublicKey) -> None:
        """Wrap a key on P-256."""
        self._key = key

    @property
    def text(self) -> str:
        """It, as statements and seals carry it: 44 characters."""
        form = serialization.PublicFormat.CompressedPoint
        return write(self._key.public_bytes(serialization.Encoding.X962, form))

    @property
    def pem(self) -> str:
        """It, as a file (RFC 7468, section 13)."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self._key.public_bytes(serialization.Encoding.PEM, form).decode("ascii")

    @property
    def fingerprint(self) -> str:
        """What names it: 32 hexadecimal digits."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        der = self._key.public_bytes(serialization.Encoding.DER, form)
        return hashlib.sha256(der).hexdigest()[:32]

    def proves(self, signature: str, content: bytes) -> bool:
        """Return whether its owner signed ``content``."""
        try:
            halves = read(signature, size=2 * _HALF_BYTES)
            r, s = (int.from_bytes(half) for half in (halves[:32], halves[32:]))
            if s > _ORDER // 2:
                return False  # anybody makes it of the other one, without the key
            self._key.verify(encode_dss_signature(r, s), content, _HASH)
        except (CertificateError, InvalidSignature):
            return False
        return True


class SecretKey:
    """The key with which the site signs."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        """Wrap a key on P-256."""
        self._key = key

    @property
    def public(self) -> PublicKey:
        """What others need."""
        return PublicKey(self._key.public_key())

    def sign(self, content: bytes) -> str:
        """Return the signature of ``content``: 86 characters."""
        r, s = decode_dss_signature(self._key.sign(content, _HASH))
        low = min(s, _ORDER - s)
        return write(r.to_bytes(_HALF_BYTES) + low.to_bytes(_HALF_BYTES))


def make_pem() -> bytes:
    """Return a new secret key as a file (RFC 5958, unencrypted)."""
    return ec.generate_private_key(_CURVE).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def read_secret(pem: bytes) -> SecretKey:
    """Return the secret key of a file; raises CertificateError."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CertificateError("it is no secret key in PEM without a password") from error
    if not (isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == _CURVE.name):
        raise CertificateError("it is a key of another kind: expected ECDSA on P-256")
    return SecretKey(key)


def read_public(text: str) -> PublicKey:
    """Return the public key of a PEM file, or of a statement's 44 characters."""
    try:
        if text.lstrip().startswith("-----BEGIN"):
            key = serialization.load_pem_public_key(text.encode())
        else:
            key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, read(text, size=33))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateError("it is no public key") from error
    if not (isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == _CURVE.name):
        raise CertificateError("it is a key of another kind: expected ECDSA on P-256")
    return PublicKey(key)


def read_fingerprint(text: str) -> str | None:
    """Return the fingerprint that a person typed, or None if it is none.

    >>> read_fingerprint("0123 4567 89AB cdef 0123 4567 89ab cdef")
    '0123456789abcdef0123456789abcdef'
    >>> read_fingerprint("0123") is None
    True
    """
    found = re.sub(r"[\s:-]", "", text).lower()
    return found if _FINGERPRINT.fullmatch(found) else None


def spaced(fingerprint: str) -> str:
    """Return a fingerprint for people.

    >>> spaced("0123456789abcdef")
    '0123 4567 89ab cdef'
    """
    return " ".join(re.findall("....", fingerprint))


def write(content: bytes) -> str:
    """Return bytes as base64url without padding.

    >>> write(b"labeler")
    'bGFiZWxlcg'
    """
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def read(text: str, *, size: int) -> bytes:
    """Return the bytes that were written so; raise CertificateError for any other text.

    One text only stands for some bytes, so that nobody writes a signature in another way.

    >>> read("bGFiZWxlcg", size=7)
    b'labeler'
    >>> read("bGFiZWxlch", size=7)
    Traceback (most recent call last):
    labeler.certificates.errors.CertificateError: 'bGFiZWxlch' is not base64url of 7 bytes
    """
    try:
        content = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        content = b""
    if len(content) != size or write(content) != text:
        raise CertificateError(f"'{text[:20]}' is not base64url of {size} bytes")
    return content

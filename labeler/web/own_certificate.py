"""The certificate with which the service itself speaks TLS: read, judged, and read again.

Whoever renews it replaces two files, one after the other. So files that changed are read once they
have stayed the same from one look to the next, and what was good goes on until what is new is good.
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from labeler.errors import BAD_CONFIG, Refusal

WARN_DAYS: Final = 30
"""So long before its end the log and /readyz begin to say so."""
_SAID_AGAIN: Final = timedelta(days=1)

_PARTIAL_CHAIN: Final = ssl.VERIFY_X509_PARTIAL_CHAIN
_NO_CHECK_TIME: Final = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL, for which Python has no name."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Files:
    """Where certificate and key lie, in PEM."""

    certificate: Path
    key: Path

    def look(self) -> tuple[tuple[int, int, int], ...]:
        """Return what changes when a file is written anew or replaced; empty where one lacks."""
        try:
            seen = [one.stat() for one in (self.certificate, self.key)]
        except OSError:
            return ()
        return tuple((one.st_ino, one.st_size, one.st_mtime_ns) for one in seen)


@dataclass(frozen=True, kw_only=True)
class _Read:
    context: ssl.SSLContext
    ends_at: datetime


@dataclass(kw_only=True)
class OwnCertificate:
    """What new connections are secured with."""

    files: Files
    clock: Callable[[], datetime]
    _now: _Read = field(init=False)
    _seen: tuple[tuple[int, int, int], ...] = field(init=False)
    _before: tuple[tuple[int, int, int], ...] = field(init=False)
    _said_at: datetime | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Read the files; refuse (9004) what cannot be served with."""
        self._seen = self._before = self.files.look()
        self._now = _read(self.files)
        self._warn()

    @property
    def context(self) -> ssl.SSLContext:
        """How a connection that comes now is secured."""
        return self._now.context

    def keep(self) -> None:
        """Read files that have changed, and say once a day that the end is near."""
        found, before = self.files.look(), self._before
        self._before = found
        if found == before and found != self._seen:
            self._seen = found
            self._renew()
        self._warn()

    def remarks(self) -> list[str]:
        """Return what people should know of it: that it ends soon, or has ended."""
        left = self._now.ends_at - self.clock()
        if left > timedelta(days=WARN_DAYS):
            return []
        when = f"{self._now.ends_at:%Y-%m-%d %H:%M} UTC"
        said = f"ended at {when}" if left <= timedelta(0) else f"ends at {when}"
        sentence = (
            f"http.tls: the certificate {self.files.certificate} {said}. Put a new one and its "
            "key in place; the service takes it up by itself."
        )
        return [sentence]

    def _renew(self) -> None:
        try:
            self._now = _read(self.files)
        except Refusal as refusal:
            log.warning("tls.not_renewed", why=refusal.sentence, hint="The one before goes on.")
            return
        self._said_at = None
        log.info("tls.renewed", ends_at=self._now.ends_at.isoformat())

    def _warn(self) -> None:
        now = self.clock()
        if self._said_at is not None and now - self._said_at < _SAID_AGAIN:
            return
        self._said_at = now
        for sentence in self.remarks():
            log.warning("tls.ends_soon", why=sentence)


def trusting(certificate: Path) -> ssl.SSLContext:
    """Return how a command knows its own site's service: by that one certificate and no other.

    It asks at 127.0.0.1, for which certificates are not made out, and also on the day after the
    certificate's end: so neither name nor time counts, and only the holder of its key passes.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_flags |= _PARTIAL_CHAIN | _NO_CHECK_TIME
    leaf = _leaf(certificate)
    context.load_verify_locations(cadata=leaf.public_bytes(Encoding.DER))
    return context


def _read(files: Files) -> _Read:
    leaf = _leaf(files.certificate)
    _bytes_of(files.key, what="key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(files.certificate, files.key, password=_asked)
    except _PassphraseError:
        raise _refused(
            files.key,
            "is locked with a passphrase, and nobody is there to type it",
            "Take it out (openssl pkey -in FILE -out NEW), and let nobody else read the file.",
        ) from None
    except ssl.SSLError as error:
        raise _unfit(files, error) from error
    return _Read(context=context, ends_at=leaf.not_valid_after_utc)


class _PassphraseError(Exception):
    """OpenSSL asks for one."""


def _asked() -> str:
    raise _PassphraseError


def _unfit(files: Files, error: ssl.SSLError) -> Refusal:
    if error.reason == "KEY_VALUES_MISMATCH":
        return _refused(
            files.key,
            f"is not the key of the first certificate in {files.certificate}",
            "Name the key with which that certificate was asked for, and put the service's own "
            "certificate first in its file.",
        )
    if (error.reason or "").endswith("KEY_TOO_SMALL"):
        return _refused(
            files.certificate,
            "has too short a key",
            "Make one of 2048 bits (RSA) or 256 bits (EC) at least.",
        )
    return _refused(
        files.key,
        f"cannot be used with {files.certificate}: {error.reason or error}",
        "Expected PEM: -----BEGIN PRIVATE KEY-----.",
    )


def _leaf(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(_bytes_of(path, what="certificate"))[0]
    except ValueError as error:
        raise _refused(
            path,
            "holds no certificate in PEM",
            "Expected -----BEGIN CERTIFICATE----- and what follows it; convert DER with openssl "
            "x509 -inform der -in FILE -out NEW.",
        ) from error


def _bytes_of(path: Path, *, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refused(
            path,
            f"cannot be read: {error.strerror}",
            f"Put the {what} there, or name another file, and let the service's user read it.",
        ) from error


def _refused(path: Path, why: str, hint: str) -> Refusal:
    return Refusal(BAD_CONFIG, f"http.tls: {path} {why}.", hint=hint)

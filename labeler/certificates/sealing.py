"""A PDF that is sealed: two comment lines behind its end, which viewers pass over.

    %labeler-statement LC1;site=…;sig=…
    %labeler-seal 1 key=… sig=…

The statement is the one that its QR says. The seal signs every byte before its own line, and that
line can be written in one way only; so a change of any byte of the file shows.
"""

import re
from dataclasses import dataclass
from typing import Final

from labeler.certificates import statement
from labeler.certificates.errors import CertificateError
from labeler.certificates.keys import PublicKey, SecretKey, read_public
from labeler.certificates.statement import Statement

_STATEMENT: Final = b"%labeler-statement "
_SEAL: Final = re.compile(rb"%labeler-seal 1 key=([\w-]{44}) sig=([\w-]{86})\n\Z", re.ASCII)
_PURPOSE: Final = b"labeler-seal 1\n"
"""What stands before a file's bytes when they are signed: no statement is ever taken for a seal."""


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A sealed file, taken apart."""

    statement: Statement | None
    """None: what it says is no statement."""
    key: PublicKey
    is_proved: bool
    """Whether its key sealed exactly these bytes; whose key that is, it cannot tell."""


def seal(pdf: bytes, line: str, *, key: SecretKey) -> bytes:
    """Return a PDF with its statement, sealed."""
    content = pdf + b"\n" + _STATEMENT + line.encode("ascii") + b"\n"
    signature = key.sign(_PURPOSE + content)
    return content + f"%labeler-seal 1 key={key.public.text} sig={signature}\n".encode("ascii")


def take_apart(file: bytes) -> Sealed:
    """Return what a sealed file says; raise CertificateError where there is no seal at its end."""
    found = _SEAL.search(file)
    if found is None:
        raise CertificateError(
            "there is no seal at its end: it was cut, something was added, or it never had one"
        )
    content, (key_text, signature) = file[: found.start()], found.groups()
    key = read_public(key_text.decode("ascii"))
    proved = key.proves(signature.decode("ascii"), _PURPOSE + content)
    return Sealed(statement=_statement(content), key=key, is_proved=proved)


def _statement(content: bytes) -> Statement | None:
    _, found, line = content.rstrip(b"\n").rpartition(b"\n" + _STATEMENT)
    try:
        return statement.read(line.decode("ascii")) if found else None
    except (CertificateError, UnicodeDecodeError):
        return None

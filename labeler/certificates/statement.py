"""The figures of a run as one line that the site signed: what the QR of a certificate says.

    LC1;site=Demo;run=1;state=released;product=AC-100;…;issued=300;…;key=…;sig=…

Anybody reads it with a telephone, and proves it with the site's public key alone. Names are those
of FIELDS, in that order; values are percent-encoded (RFC 3986, section 2.1) where they have to be.
`digest` and `head` are the first 16 bytes of what the certificate shows in full, in hexadecimal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from labeler.certificates import keys
from labeler.certificates.errors import CertificateError
from labeler.certificates.keys import PublicKey, SecretKey, read_public

KIND: Final = "LC1"
"""What it begins with: a labeler certificate, first edition."""
FIELDS: Final = (
    "site", "run", "state", "mode", "product", "lot", "at", "issued", "commissioned", "sampled",
    "scrapped", "destroyed", "unused", "difference", "first", "last", "digest", "head",
)  # fmt: skip
"""What it says, in this order."""
DIGESTS: Final = ("digest", "head")
"""Those of FIELDS that are the beginning of a hash, in base64url, which is shorter in a code."""
DIGEST_BYTES: Final = 16
_SAFE: Final = " !$&'()*+,/:?@_-.~"
LENGTH_MAX: Final = 2000


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a site said of a run, and with which key."""

    said: Mapping[str, str]
    """Name of FIELDS -> what it said."""
    key: PublicKey
    signature: str
    content: bytes
    """What was signed."""

    @property
    def is_proved(self) -> bool:
        """Whether its key signed it; whose key that is, it cannot tell."""
        return self.key.proves(self.signature, self.content)


def write(said: Mapping[str, str], *, key: SecretKey) -> str:
    """Return the signed line."""
    own = ";".join(f"{name}={quote(said[name], safe=_SAFE)}" for name in FIELDS)
    text = f"{KIND};{own};key={key.public.text}"
    return f"{text};sig={key.sign(text.encode('ascii'))}"


def read(line: str) -> Statement:
    """Return what a line says; raise CertificateError for one that no site wrote so.

    Whether it is proved is another question. A value that could have been written in another way
    was not written by us.
    """
    text, found, signature = line.strip().rpartition(";sig=")
    parts = text.split(";")
    names = [part.partition("=")[0] for part in parts[1:]]
    if not found or len(line) > LENGTH_MAX or parts[0] != KIND or names != [*FIELDS, "key"]:
        raise CertificateError("it is no statement of a run certificate")
    values = [part.partition("=")[2] for part in parts[1:]]
    said = {name: unquote(value) for name, value in zip(FIELDS, values, strict=False)}
    if any(
        quote(said[name], safe=_SAFE) != value for name, value in zip(FIELDS, values, strict=False)
    ):
        raise CertificateError("it is no statement of a run certificate")
    key = read_public(values[-1])
    return Statement(said=said, key=key, signature=signature, content=text.encode("ascii"))


def for_people(said: Mapping[str, str]) -> dict[str, str]:
    """Return what a statement says, its digests in hexadecimal, as the certificate's page has them.

    A digest that is none stays as it is: somebody else's key may have signed anything.

    >>> for_people({"run": "7", "digest": "rn9_mcZsok-fHXeevjTXcw", "head": ""})
    {'run': '7', 'digest': 'ae7f7f99c66ca24f9f1d779ebe34d773', 'head': ''}
    """
    return {name: _hex(text) if name in DIGESTS else text for name, text in said.items()}


def _hex(text: str) -> str:
    try:
        return keys.read(text, size=DIGEST_BYTES).hex() if text else text
    except CertificateError:
        return text

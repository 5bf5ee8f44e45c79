"""Say whether a certificate is right: its file, or the statement that its QR says.

What a site signed is proved by its public key alone. That the key is the site's own is known only
to who was given its fingerprint by the site.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

from labeler.certificates import keys, sealing, statement
from labeler.certificates.errors import CertificateError
from labeler.certificates.statement import KIND, Statement

Verdict = Literal["valid", "intact", "changed", "other_key"]
"""*intact*: as somebody signed it; nobody said whose key it has to be."""

PDF: Final = b"%PDF-"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was found."""

    verdict: Verdict
    sentence: str
    said: dict[str, str] = field(default_factory=dict)
    """What its statement says of the run; empty where that is not as it was signed."""
    fingerprint: str = ""
    """Of the key that signed it."""


def check_pdf(file: bytes, *, fingerprint: str | None) -> Checked:
    """Return whether a PDF is as the site sealed it; ``fingerprint`` is that of the site's key."""
    try:
        sealed = sealing.take_apart(file)
    except CertificateError as error:
        return Checked(verdict="changed", sentence=f"The file was changed: {error}.")
    own = sealed.key.fingerprint
    if not sealed.is_proved:
        return _changed(sealed.statement, fingerprint=fingerprint)
    found = sealed.statement
    if found is None or found.key.fingerprint != own or not found.is_proved:
        sentence = "The statement in the file is not what its key signed."
        return Checked(verdict="changed", sentence=sentence, fingerprint=own)
    return _whose(found, what="The file", fingerprint=fingerprint)


def check_line(line: str, *, fingerprint: str | None) -> Checked:
    """Return whether a statement is as the site signed it; raises CertificateError for another."""
    try:
        found = statement.read(line)
    except CertificateError as error:
        if not line.startswith(f"{KIND};"):
            raise
        return Checked(verdict="changed", sentence=f"The statement was changed: {error}.")
    if not found.is_proved:
        sentence = "The statement was changed: its figures are not what its key signed."
        return Checked(verdict="changed", sentence=sentence, fingerprint=found.key.fingerprint)
    return _whose(found, what="The statement", fingerprint=fingerprint)


def _changed(found: Statement | None, *, fingerprint: str | None) -> Checked:
    """Return that the file was changed, and whether its figures at least are as they were."""
    sentence = "The file was changed after it was sealed"
    if found is None or not found.is_proved:
        return Checked(verdict="changed", sentence=f"{sentence}, and so was its statement.")
    own = found.key.fingerprint
    if fingerprint not in (None, own):
        sentence = f"{sentence}; its statement is signed by another key."
        return Checked(verdict="changed", sentence=sentence, fingerprint=own)
    return Checked(
        verdict="changed",
        sentence=f"{sentence}; what its statement says is as it was signed.",
        said=dict(found.said),
        fingerprint=own,
    )


def _whose(found: Statement, *, what: str, fingerprint: str | None) -> Checked:
    own = found.key.fingerprint
    shown = keys.spaced(own)
    if fingerprint is None:
        verdict: Verdict = "intact"
        sentence = (
            f"{what} is as somebody signed it, with the key {shown}. Whether that is the site's "
            "key was not checked."
        )
    elif fingerprint != own:
        verdict, sentence = "other_key", f"{what} is signed by another key: {shown}."
    else:
        verdict, sentence = "valid", f"{what} is as the site signed it."
    return Checked(verdict=verdict, sentence=sentence, said=dict(found.said), fingerprint=own)

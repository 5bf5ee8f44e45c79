"""labeler run certificate, labeler certificate verify, labeler site key."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from labeler.commands import client, output
from labeler.errors import BAD_KEY, NO_PHOTO, NOT_A_CERTIFICATE, Refusal

STATEMENT = "LC1;"
"""What the text of a certificate's QR begins with."""
_FILE_MAX_BYTES = 64 * 1024 * 1024


@click.command("certificate")
@click.argument("run_id", type=int)
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file.  [default: run-N-certificate.pdf]",
)
@click.option("--operator", help="Who wants it: the audit trail keeps that.")
@click.pass_obj
def make(config_file: Path, run_id: int, out: Path | None, operator: str | None) -> None:
    """Write the certificate of run RUN_ID, which is closed, reconciled or released, as a PDF."""
    asked = {} if operator is None else {"operator": operator}
    with client.connect(config_file) as api:
        found = api.document(f"/runs/{run_id}/certificate", parameters=asked)
    target = out or Path(f"run-{run_id}-certificate.pdf")
    with output.listing(target) as file:
        file.write(found.content)
    with output.aside(target):
        click.echo(f"Certificate of run {run_id}: {target}.")


@click.group()
def certificate() -> None:
    """Check the certificates of runs."""


@certificate.command("verify")
@click.argument("file")
@click.option(
    "--key",
    metavar="FILE|FINGERPRINT",
    help="The site's public key, or its fingerprint.  [default: this site's own, if there is one]",
)
@output.json_option
@click.pass_obj
def verify(config_file: Path, file: str, key: str | None, as_json: bool) -> None:
    """Say whether FILE is as the site signed it: the PDF, a photo of its QR, or the QR's text.

    It needs no service, no database and no network. Exit code 0: valid; 1: anything else.
    """
    from labeler.certificates import checking, statement

    fingerprint = _own(config_file) if key is None else _given(key)
    content = file.encode() if file.startswith(STATEMENT) else _read(Path(file))
    if content.startswith(checking.PDF):
        found = checking.check_pdf(content, fingerprint=fingerprint)
    else:
        found = checking.check_line(_line(content), fingerprint=fingerprint)
    told = statement.for_people(found.said)
    if as_json:
        output.show_json({**asdict(found), "said": told})
    else:
        click.echo(f"{found.verdict}: {found.sentence}")
        if told:
            output.show_fields(told, tuple(told))
        if found.verdict == "intact":
            click.echo("Say which key it has to be: --key FINGERPRINT, as the site gave it to you.")
    if found.verdict != "valid":
        raise SystemExit(1)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_FILE_MAX_BYTES)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}.") from None


def _line(content: bytes) -> str:
    """Return the statement that a text or a photo shows; refuse (6041) what shows none."""
    try:
        text = content.decode("ascii").strip()
    except UnicodeDecodeError:
        found = [one.partition(STATEMENT) for one in _codes(content)]
        texts = [mark + rest for _, mark, rest in found if mark]
        text = texts[0] if len(texts) == 1 else ""
    if not text.startswith(STATEMENT):
        raise Refusal(
            NOT_A_CERTIFICATE,
            "The file is no certificate, and shows no QR code of one, or those of several.",
            hint="Give the PDF, a sharp photo of the whole code, or the text it says.",
        )
    return text


def _codes(content: bytes) -> list[str]:
    """Return what the codes on a photo say; refuse (6041) a file that is no picture."""
    from labeler.production.quality import photos

    try:
        # What stands before a text is the symbology identifier (ISO/IEC 15424).
        return photos.codes(content)
    except Refusal as refusal:
        if refusal.kind != NO_PHOTO:
            raise
        raise Refusal(
            NOT_A_CERTIFICATE,
            "The file is neither a PDF, nor a whole PNG or JPEG picture of "
            f"{photos.PIXELS_MAX:,} pixels at most, nor the text of a certificate's code.",
            hint="Give the PDF, a sharp photo of the whole code, or the text it says.",
        ) from refusal


def _given(key: str) -> str:
    """Return the fingerprint that was meant; refuse (6042) what is no key."""
    from labeler.certificates import keys
    from labeler.certificates.errors import CertificateError

    fingerprint = keys.read_fingerprint(key)
    if fingerprint is not None:
        return fingerprint
    try:
        return keys.read_public(_read(Path(key)).decode("ascii")).fingerprint
    except (CertificateError, UnicodeDecodeError) as error:
        raise Refusal(
            BAD_KEY,
            f"{key} cannot be used: expected a public key in PEM, or a fingerprint of 32 "
            "hexadecimal digits.",
            hint="The site prints both: labeler site key.",
        ) from error


def _own(config_file: Path) -> str | None:
    """Return the fingerprint of this site's key; None where there is no site or it has none."""
    if not config_file.exists():
        return None
    from labeler import config
    from labeler.certificates import keys

    settings, folder = config.load(config_file)
    path = folder / settings.site.key_file
    return keys.read_secret(_read(path)).public.fingerprint if path.exists() else None


@click.command("key")
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the public key to this file.",
)
@output.json_option
@click.pass_obj
def key(config_file: Path, out: Path | None, as_json: bool) -> None:
    """Print the public key that proves this site's certificates, and its fingerprint."""
    with client.connect(config_file) as api:
        found: dict[str, Any] = api.get("/site/key")
    if out is not None:
        out.write_text(found["pem"], encoding="ascii")
    if as_json:
        output.show_json(found)
        return
    click.echo(f"fingerprint  {found['fingerprint']}")
    click.echo(found["pem"].rstrip() if out is None else f"Public key: {out}.")

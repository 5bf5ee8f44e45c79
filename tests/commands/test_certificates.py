"""labeler run balance, reconcile, release, certificate; labeler certificate verify; site key."""

import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from labeler import cli
from tests.commands.answers import Run, refusal, said

DEVIATION = ("--deviation", "lost", "--approved-by", "qa", "--difference", 2)


@pytest.fixture
def closed(run: Run) -> Run:
    """Return commands of a plant with a closed run of two units of which nobody knows."""
    run("run", "open", "AC-100", "line-1", 2)
    run("issue", "line-1", "-n", 2, "--no-print")
    run("run", "close", 1)
    return run


@pytest.fixture
def paper(closed: Run, tmp_path: Path) -> Path:
    """Return the certificate of that run."""
    path = tmp_path / "run.pdf"
    assert said(closed("run", "certificate", 1, "-o", path)) == (
        0,
        f"Certificate of run 1: {path}.\n",
    )
    return path


def shown(run: Run, *words: Any) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def lines(run: Run, *words: Any) -> list[list[str]]:
    """Return what a command that did its work printed, word by word."""
    code, text = said(run(*words))
    assert code == 0
    return [line.split() for line in text.splitlines()]


def test_run_is_balanced_reconciled_and_released(closed: Run) -> None:
    run = closed
    found = lines(run, "run", "balance", 1)
    assert [found[1], found[7], found[9][:2]] == [
        ["issued", "2"],
        ["difference", "2"],
        ["handed_out", "2"],
    ]
    assert len(shown(run, "run", "balance", 1, "--list", "handed_out")) == 2
    assert said(run("run", "balance", 1, "--list", "encoded")) == (0, "None.\n")
    assert refusal(run("run", "reconcile", 1, "--operator", "mk"))[0] == 2030
    assert run("run", "reconcile", 1, "--operator", "mk", *DEVIATION[:2]).exit_code == 2
    assert ["approved", "by", "qa"] in lines(
        run, "run", "reconcile", 1, "--operator", "mk", *DEVIATION
    )
    assert ["approved", "by", "qa"] in lines(run, "run", "balance", 1), "as it was signed"
    assert said(run("run", "release", 1, "--operator", "qa")) == (0, "Run 1 is released by qa.\n")
    assert shown(run, "run", "show", 1)["state"] == "released"


def test_certificate_is_verified_by_its_file_its_text_and_a_photo(
    closed: Run, paper: Path, tmp_path: Path
) -> None:
    run, key = closed, tmp_path / "key.pem"
    fingerprint = shown(run, "site", "key", "-o", key)["fingerprint"]
    document = pypdfium2.PdfDocument(paper)
    photo = tmp_path / "photo.png"
    document[len(document) - 1].render(scale=200 / 72).to_pil().save(photo)
    document.close()
    text = paper.read_bytes().split(b"%labeler-statement ")[1].split(b"\n")[0].decode()
    listed = tmp_path / "code.txt"
    listed.write_text(text + "\n")
    for what in (paper, photo, text, listed):
        for given in ((), ("--key", key), ("--key", fingerprint)):
            found = shown(run, "certificate", "verify", what, *given)
            assert (found["verdict"], found["said"]["issued"]) == ("valid", "2")


def test_digests_are_verified_in_the_form_that_the_paper_shows(closed: Run, paper: Path) -> None:
    found = shown(closed, "certificate", "verify", paper)["said"]
    document = pypdfium2.PdfDocument(paper)
    words = document[len(document) - 1].get_textpage().get_text_range().split()
    document.close()
    for name in ("digest", "head"):
        assert len(found[name]) == 32
        [full] = [word for word in words if word.startswith(found[name])]
        assert len(full) == 64
    printed = lines(closed, "certificate", "verify", paper)
    assert ["digest", found["digest"]] in printed


def test_verifying_needs_no_site(closed: Run, paper: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    fingerprint = shown(closed, "site", "key")["fingerprint"]
    words = ["--config", str(tmp_path / "none.yaml"), "certificate", "verify", str(paper)]
    found = CliRunner().invoke(cli.cli, [*words, "--key", fingerprint])
    assert (found.exit_code, found.stdout.splitlines()[0]) == (
        0,
        "valid: The file is as the site signed it.",
    )
    unsaid = CliRunner().invoke(cli.cli, words)
    assert (unsaid.exit_code, unsaid.stdout[:7]) == (1, "intact:"), "nobody said whose key"


def test_certificate_that_was_changed_is_not_valid(closed: Run, paper: Path) -> None:
    paper.write_bytes(paper.read_bytes().replace(b"issued=2", b"issued=1"))
    found = closed("certificate", "verify", paper)
    assert (found.exit_code, found.stdout) == (
        1,
        "changed: The file was changed after it was sealed, and so was its statement.\n",
    )


def test_what_is_no_certificate_or_no_key_is_refused(
    closed: Run, paper: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("AC2632700001K")
    assert refusal(closed("certificate", "verify", other)) == (
        6041,
        "The file is no certificate, and shows no QR code of one, or those of several.",
    )
    other.write_text("Größe: 7", encoding="utf-8")
    assert refusal(closed("certificate", "verify", other)) == (
        6041,
        (
            "The file is neither a PDF, nor a whole PNG or JPEG picture of 50,000,000 pixels at "
            "most, nor the text of a certificate's code."
        ),
    )
    assert refusal(closed("certificate", "verify", paper, "--key", other)) == (
        6042,
        (
            f"{other} cannot be used: expected a public key in PEM, or a fingerprint of 32 "
            "hexadecimal digits."
        ),
    )
    assert closed("certificate", "verify", tmp_path / "none.pdf").exit_code == 2

"""A certificate is valid, or it is said what is not: its file, its figures, its key."""

from collections.abc import Callable

import pytest

from labeler.certificates import checking, keys, sealing, statement
from labeler.certificates.errors import CertificateError
from labeler.certificates.keys import SecretKey

KEY = keys.read_secret(keys.make_pem())
OTHER = keys.read_secret(keys.make_pem())
OWN = KEY.public.fingerprint
SAID = {
    **dict.fromkeys(statement.FIELDS, "0"),
    "site": "Werk Süd; 100 %",
    "run": "7",
    "lot": "",
    "issued": "300",
    "first": "AC2632700001K",
}
PDF = b"%PDF-1.4\nsome page\n%%EOF\n"


def line(key: SecretKey = KEY, **changes: str) -> str:
    """Return a signed statement."""
    return statement.write({**SAID, **changes}, key=key)


def sealed(key: SecretKey = KEY, **changes: str) -> bytes:
    """Return a sealed file."""
    return sealing.seal(PDF, line(key, **changes), key=key)


def verdict(file: bytes, fingerprint: str | None = OWN) -> tuple[str, str]:
    """Return what is said of a file."""
    found = checking.check_pdf(file, fingerprint=fingerprint)
    return found.verdict, found.sentence


def test_file_and_statement_are_valid_as_they_were_signed() -> None:
    found = checking.check_pdf(sealed(), fingerprint=OWN)
    assert (found.verdict, found.said, found.fingerprint) == ("valid", SAID, OWN)
    assert found.sentence == "The file is as the site signed it."
    assert checking.check_line(line(), fingerprint=OWN).sentence == (
        "The statement is as the site signed it."
    )


def test_any_byte_that_is_changed_in_a_file_is_noticed() -> None:
    file = sealed()
    for place in range(len(file)):
        for bit in (0x01, 0x20):
            changed = bytearray(file)
            changed[place] ^= bit
            assert verdict(bytes(changed))[0] in ("changed", "other_key"), place
            assert verdict(bytes(changed), None)[0] == "changed", place


def test_any_byte_that_is_changed_in_a_statement_is_noticed() -> None:
    text = line()
    for place in range(len(text)):
        changed = text[:place] + chr(ord(text[place]) ^ 0x01) + text[place + 1 :]
        try:
            found = checking.check_line(changed, fingerprint=OWN)
        except CertificateError:
            assert place < len("LC1;"), "only what is no statement at all"
            continue
        assert found.verdict == "changed", place


def negative(signature: str) -> str:
    """Return the other s that proves the same content, as anybody may compute it."""
    halves = keys.read(signature, size=64)
    order = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551
    return keys.write(halves[:32] + (order - int.from_bytes(halves[32:])).to_bytes(32))


def test_signature_is_written_in_one_way_only() -> None:
    for _ in range(8):  # each is as likely to come out high as low
        said, _, signature = line().rpartition(";sig=")
        assert checking.check_line(f"{said};sig={signature}", fingerprint=OWN).verdict == "valid"
        other = f"{said};sig={negative(signature)}"
        assert checking.check_line(other, fingerprint=OWN).verdict == "changed"
    head, _, seal = sealed().rpartition(b"sig=")
    other_seal = negative(seal.decode().strip()).encode()
    assert verdict(head + b"sig=" + other_seal + b"\n")[0] == "changed"


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (
            lambda file: file.replace(b"some page", b"same page"),
            (
                "The file was changed after it was sealed; what its statement says is as it was "
                "signed."
            ),
        ),
        (
            lambda file: file.replace(b"issued=300", b"issued=299"),
            "The file was changed after it was sealed, and so was its statement.",
        ),
        (
            lambda file: file[:-1],
            (
                "The file was changed: there is no seal at its end: it was cut, something was "
                "added, or it never had one."
            ),
        ),
        (
            lambda file: file + b"\n",
            (
                "The file was changed: there is no seal at its end: it was cut, something was "
                "added, or it never had one."
            ),
        ),
        (
            lambda file: file.replace(line_of(file), line(run="8").encode()),
            (
                "The file was changed after it was sealed; what its statement says is as it was "
                "signed."
            ),
        ),
        (
            lambda file: file.replace(line_of(file), line(OTHER).encode()),
            "The file was changed after it was sealed; its statement is signed by another key.",
        ),
        (
            lambda file: sealing.seal(PDF, line(OTHER), key=KEY),
            "The statement in the file is not what its key signed.",
        ),
    ],
    ids=["page", "figure", "cut", "longer", "statement of another run", "of another key", "mixed"],
)
def test_what_was_changed_is_said(harm: Callable[[bytes], bytes], sentence: str) -> None:
    assert verdict(harm(sealed())) == ("changed", sentence)


def line_of(file: bytes) -> bytes:
    """Return the statement in a file."""
    return file.split(b"%labeler-statement ")[1].split(b"\n")[0]


def test_file_that_somebody_else_signed_is_not_the_sites() -> None:
    shown = keys.spaced(OTHER.public.fingerprint)
    expected = ("other_key", f"The file is signed by another key: {shown}.")
    assert verdict(sealed(OTHER)) == expected
    assert checking.check_line(line(OTHER), fingerprint=OWN).verdict == "other_key"


def test_without_a_key_nobody_says_valid() -> None:
    assert verdict(sealed(), None) == (
        "intact",
        (
            f"The file is as somebody signed it, with the key {keys.spaced(OWN)}. Whether that is "
            "the site's key was not checked."
        ),
    )


def test_seal_of_a_file_is_no_signature_of_a_statement() -> None:
    content = sealed().rpartition(b"%labeler-seal")[0]
    signature = sealed().rstrip(b"\n")[-86:].decode()
    assert not KEY.public.proves(signature, content)


def test_text_that_is_no_statement_is_refused() -> None:
    for text in ("", "AC2632700001K", "https://example.com"):
        with pytest.raises(CertificateError, match="it is no statement of a run certificate"):
            checking.check_line(text, fingerprint=OWN)
    found = checking.check_line(line() + "x", fingerprint=OWN)
    assert found.verdict == "changed"


@pytest.mark.parametrize("text", ["", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n", "A" * 44])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(CertificateError):
        keys.read_public(text)


def test_keys_are_written_and_read_back() -> None:
    public = KEY.public
    for text in (public.pem, public.text):
        assert keys.read_public(text).fingerprint == public.fingerprint
    assert keys.read_fingerprint(keys.spaced(public.fingerprint).upper()) == public.fingerprint
    with pytest.raises(CertificateError, match="it is no secret key in PEM without a password"):
        keys.read_secret(public.pem.encode())

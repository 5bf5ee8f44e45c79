"""Golden labels: every template, in every language, as it was when somebody last looked."""

import pytest

from printers.device import Device
from tests.printers.proof import goldens, labels
from tests.printers.proof.goldens import Goldens
from tests.printers.proof.seeing import LANGUAGES


def drawn(name: str, language: str, **texts: str) -> bytes:
    one = labels.filled(name, {**labels.harmless(name), **texts})
    return one.render(language, Device(dpi=goldens.DPI))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", labels.NAMES)
def test_the_golden_sample_is_unchanged(name, language, golden):
    golden.require_label(name, language, drawn(name, language))


def test_there_is_no_golden_file_without_its_label():
    known = {f"{name}.{language}" for name in labels.NAMES for language in LANGUAGES}
    assert {path.name for path in goldens.FOLDER.iterdir()} == known | {"refusals.txt"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_golden_label_that_breaks_is_shown_beside_what_is_drawn_now(language, tmp_path):
    compared = Goldens(update=False, folder=tmp_path)
    changed = drawn("asset-tag", language, serial="AT-004712")
    with pytest.raises(pytest.fail.Exception) as failed:
        compared.require_label("asset-tag", language, changed)
    shown = tmp_path / f"asset-tag.{language}.difference.png"
    assert str(failed.value).startswith(f"asset-tag.{language} is no longer what it was. ")
    assert str(failed.value).endswith(f" See {shown}; --update-golden keeps what is drawn now.")
    assert shown.read_bytes().startswith(b"\x89PNG")


def test_dots_that_are_packed_otherwise_are_the_same_golden_label():
    assert goldens.unpacked(b"^GFA,2,2,1,:Z64:eNr7zwAAAgABAA==:2B80^FS") == b"^GFA,2,2,1,ff00^FS"

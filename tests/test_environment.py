"""Settings from the environment and from secret files, which beat config.yaml."""

from pathlib import Path

import pytest

from labeler import config
from tests import plants
from tests.test_config import refusal


def test_environment_beats_secret_files_beat_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = plants.write_site(tmp_path / "site", http={"port": 1001, "threads": 3})
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "http__port").write_text("1002\n")
    (secrets / "database__url").write_text("postgresql://me:secret@host/labeler\n")
    monkeypatch.setenv("LABELER_SECRETS_DIR", str(secrets))
    settings, _ = config.load(path)
    assert (settings.http.port, settings.http.threads) == (1002, 3)
    assert settings.database.url == "postgresql://me:secret@host/labeler"
    monkeypatch.setenv("LABELER__HTTP__PORT", "1003")
    monkeypatch.setenv("LABELER__PRINTERS", '{"zebra-1": {"dpi": 300}}')
    settings, _ = config.load(path)
    assert (settings.http.port, settings.printers["zebra-1"].dpi) == (1003, 300)
    assert settings.printers["zebra-1"].language == "zpl"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "LABELER__HTTP__PORT",
            "many",
            (
                "http.port: Input should be a valid integer, unable to parse string as an integer, "
                "got 'many'."
            ),
        ),
        (
            "LABELER__HTTP__PROT",
            "80",
            (
                "http.prot is not a known key. Known here: host, port, threads, body_max_kib, "
                "drain_timeout_s."
            ),
        ),
        (
            "LABELER__LINES",
            '{"line-1": {"printer": "zebra-9"}}',
            "lines.line-1.printer: 'zebra-9' names none of printers. Known: zebra-1, archive.",
        ),
    ],
)
def test_environment_that_is_wrong_is_named_and_not_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    path = plants.write_site(tmp_path, http={"port": 1001})
    monkeypatch.setenv(name, value)
    assert refusal(path) == f"environment or secret files: {sentence}"


def test_environment_that_is_no_json_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER__LINES", "{")
    assert refusal(plants.write_site(tmp_path)).startswith("environment or secret files: ")


def test_secrets_folder_that_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER_SECRETS_DIR", str(tmp_path / "nothing"))
    assert refusal(plants.write_site(tmp_path)).startswith("environment or secret files: ")

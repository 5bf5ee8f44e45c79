"""Settings from the environment and from secret files, which beat config.yaml."""

from pathlib import Path

import pytest

from labeler import config
from tests import plants
from tests.configs import refusal


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


@pytest.mark.parametrize("name", ["AC-100", "ac-100", "AC_100", "ac_100", "Ac-100"])
def test_environment_names_a_product_whatever_its_capitals_and_dashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = plants.write_site(tmp_path)
    monkeypatch.setenv(f"LABELER__PRODUCTS__{name}__NAME", "Other name")
    monkeypatch.setenv("LABELER__PRINTERS__ZEBRA_1__MEDIA__WIDTH_MM", "80")
    settings, _ = config.load(path)
    assert list(settings.products) == ["AC-100"]
    assert settings.products["AC-100"].name == "Other name"
    assert settings.products["AC-100"].series == "controller-sn"
    assert list(settings.printers) == ["zebra-1", "archive"]
    assert settings.printers["zebra-1"].media.width_mm == 80


def test_secret_file_names_a_product_whatever_its_capitals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = plants.write_site(tmp_path / "site")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/products__AC-100__name").write_text("From a file\n")
    monkeypatch.setenv("LABELER_SECRETS_DIR", str(tmp_path / "secrets"))
    assert config.load(path)[0].products["AC-100"].name == "From a file"


def test_environment_may_bring_a_name_of_its_own_in_lower_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER__LINES__LINE-3__PRINTER", "zebra-1")
    settings, _ = config.load(plants.write_site(tmp_path))
    assert list(settings.lines) == ["line-1", "line-2", "line-3"]


def test_environment_that_may_mean_two_names_is_refused_unless_it_writes_one_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = {**plants.CONFIG["products"]["AC-100"], "name": "Twin"}
    path = plants.write_site(tmp_path, products={"Ac_100": twin})
    with monkeypatch.context() as patch:
        patch.setenv("LABELER__PRODUCTS__AC-100__NAME", "First")
        patch.setenv("LABELER__PRODUCTS__Ac_100__NAME", "Second")
        products = config.load(path)[0].products
        assert {name: one.name for name, one in products.items()} == {
            "AC-100": "First",
            "Ac_100": "Second",
        }
    monkeypatch.setenv("LABELER__PRODUCTS__AC_100__NAME", "Which?")
    assert refusal(path) == (
        "environment or secret files: LABELER__PRODUCTS__AC_100__NAME may mean AC-100 or Ac_100: "
        "write it exactly so, or set LABELER__PRODUCTS to a JSON object."
    )


def test_environment_that_says_one_key_twice_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER__PRODUCTS__AC-100__NAME", "First")
    monkeypatch.setenv("LABELER__PRODUCTS__AC_100__NAME", "Second")
    assert refusal(plants.write_site(tmp_path)) == (
        "environment or secret files: LABELER__PRODUCTS__AC-100__NAME and "
        "LABELER__PRODUCTS__AC_100__NAME say the same key: keep one of them."
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "LABELER__HTTP__PORT",
            "many",
            "http.port: expected a whole number from 1 to 65535, got 'many'.",
        ),
        (
            "LABELER__HTTP__PROT",
            "80",
            (
                "http.prot is not a known key. Known here: host, port, threads, body_max_kib, "
                "import_max_mib, drain_timeout_s, streams_max, trusted_proxy, tls."
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

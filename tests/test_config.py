"""config.yaml: what is wrong is refused at the start, with file, line, key, what was expected."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from labeler import app, config
from labeler.errors import Refusal
from printers import transports
from tests import plants
from tests.configs import changed, line_of, refusal


def test_config_of_the_plant_is_read(tmp_path: Path) -> None:
    settings, folder = config.load(plants.write_site(tmp_path))
    assert folder == tmp_path
    assert (settings.site.name, settings.site.timezone) == ("Test plant", "Europe/Berlin")
    assert (settings.http.host, settings.http.port, settings.http.threads) == (
        "127.0.0.1",
        8080,
        16,
    )
    assert settings.spooler.labels_in_flight_max == 200
    assert settings.printers["zebra-1"].dpi == 203
    assert settings.products["AC-100"].gtin == "04012345000009"


def test_reprints_have_reasons_and_no_limits_unless_told(tmp_path: Path) -> None:
    settings, _ = config.load(plants.write_site(tmp_path / "plain"))
    assert settings.reprints.model_dump() == {
        "reasons": ["damaged", "unreadable", "lost", "misapplied"],
        "copies_max": None,
        "second_person": False,
        "operators": [],
    }


@pytest.mark.parametrize(
    ("key", "given", "expected"),
    [
        ("reasons", [], "reasons: expected a list of at least 1 entries, got []."),
        ("reasons", ["a", "b", "a"], "reasons: expected each once, and 'a' stands there twice, "),
        ("operators", ["mk", "mk"], "operators: expected each once, and 'mk' stands there twice, "),
        ("copies_max", -1, "copies_max: expected a whole number, 0 at least, got -1."),
    ],
)
def test_reprints_that_make_no_sense_are_refused(
    tmp_path: Path, key: str, given: Any, expected: str
) -> None:
    path = plants.write_site(tmp_path, reprints={key: given})
    place = f"{path}:{line_of(path, 'reprints', key)}: reprints."
    assert refusal(path).startswith(f"{place}{expected}")


@pytest.mark.parametrize(("reason", "got"), [("", "''"), (" a", "' a'"), ("a\n", "'a\\n'")])
def test_reason_for_reprints_that_cannot_be_chosen_is_refused(
    tmp_path: Path, reason: str, got: str
) -> None:
    path = plants.write_site(tmp_path, reprints={"reasons": ["torn", reason]})
    assert refusal(path) == (
        f"{path}:{line_of(path, 'reprints', 'reasons') + 2}: reprints.reasons.1: expected 1 to 64 "
        f"characters, no space first or last, got {got}."
    )


def test_archive_without_a_printer_is_refused(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path, lines={"line-1": {"printer": None, "archive": "archive"}})
    assert refusal(path) == (
        f"{path}:{line_of(path, 'lines', 'line-1', 'archive')}: lines.line-1.archive: 'archive' "
        "gets the labels that are printed, and the line has no printer. Name one, or leave the "
        "archive out."
    )


def test_config_that_ships_is_right() -> None:
    root = Path(__file__).parent.parent
    settings, folder, plant = app.load(root / "config.yaml")
    assert folder == root
    assert list(plant.series) == list(settings.series)


@pytest.mark.parametrize("name", ["Werk 1 – 100%20", "Halle #2", "what?", "50%", "a&b=c;d+e"])
def test_config_paths_are_relative_to_its_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    path = plants.write_site(folder, templates="templates/")
    (folder / "labeler.db").unlink()
    settings, found = config.load(path)
    assert found == folder
    assert settings.database.url == f"sqlite:///{folder}/labeler.db"
    assert settings.templates == str(folder / "templates")
    with app.opened(path, who="a test", clock=plants.Clock()) as service:
        assert service.site.plant.template("unit-label").name == "unit-label"
        uri = settings.printers["archive"].uri
        with transports.connect(uri, timeout_s=1) as connection:
            connection.write(b"x", name="a.pdf", timeout_s=1)
    assert (folder / "pdf/a.pdf").read_bytes() == b"x"
    assert (folder / "labeler.db").exists()


def test_config_absolute_paths_stay(tmp_path: Path) -> None:
    path = plants.write_site(
        tmp_path / "site",
        database=f"sqlite:///{tmp_path}/else/labeler.db",
        templates=str(tmp_path / "site/templates"),
        printers={"archive": {"uri": f"file:{tmp_path}/pdf/"}},
    )
    settings, _ = config.load(path)
    assert settings.database.url == f"sqlite:///{tmp_path}/else/labeler.db"
    assert settings.templates == str(tmp_path / "site/templates")
    assert settings.printers["archive"].uri == f"file:{tmp_path}/pdf/"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "timezone:",
            "time_zone:",
            (
                "site.time_zone is not a known key. Known here: name, timezone, plant, day_start, "
                "shifts, serial_scope, template_release, mark_file, key_file."
            ),
        ),
        (
            "site:",
            "sight: 1\nsite:",
            (
                "sight is not a known key. Known here: site, database, http, access, log, spooler, "
                "reprints, templates, fonts, printers, printer_groups, lines, series, alphabets, "
                "code_tables, words, products."
            ),
        ),
        (
            "    language: zpl",
            "    language: zpl\n    colour: red",
            (
                "printers.zebra-1.colour is not a known key. Known here: uri, language, dpi, "
                "media, proof, stored_formats, characters, tracking, action, speed_mm_s, darkness, "
                "upside_down, profile, emulated."
            ),
        ),
        (
            "      width_mm: 70",
            "      width_mm: 70\n      width: 70",
            (
                "printers.zebra-1.media.width is not a known key. Known here: width_mm, height_mm, "
                "roll_labels."
            ),
        ),
        ("  name: Test plant", "  name: 7", "site.name: expected text, got 7."),
        (
            "timezone: Europe/Berlin",
            "timezone: Europe/Ulm",
            "site.timezone: expected an IANA time zone such as Europe/Berlin, got 'Europe/Ulm'.",
        ),
        (
            "timezone: Europe/Berlin",
            "timezone: ../../etc",
            "site.timezone: expected an IANA time zone such as Europe/Berlin, got '../../etc'.",
        ),
        (
            "url: sqlite:///labeler.db",
            "url: mysql://host/x",
            (
                "database.url: expected sqlite:///path/to/file.db or postgresql://user@host/name, "
                "got 'mysql://host/x'."
            ),
        ),
        (
            "width_mm: 70",
            "width_mm: 0",
            "printers.zebra-1.media.width_mm: expected a number above 0, 1000 at most, got 0.",
        ),
        (
            "width_mm: 70",
            "width_mm: .nan",
            "printers.zebra-1.media.width_mm: expected a number above 0, 1000 at most, got nan.",
        ),
        (
            "reply_timeout_s: 2",
            "reply_timeout_s: 61",
            "spooler.reply_timeout_s: expected a number above 0, 60 at most, got 61.",
        ),
        (
            "  line-1:",
            "  line 1:",
            (
                "lines.line 1: expected 1 to 64 letters, digits, '_', '.', '-', a letter or digit "
                "first, got 'line 1'."
            ),
        ),
        (
            "template: unit-label",
            "template: ../secret",
            (
                "products.AC-100.template: expected 1 to 64 letters, digits, '_', '.', '-', "
                "a letter or digit first, got '../secret'."
            ),
        ),
        (
            "gtin: 04012345000009",
            "gtin: '123'",
            "products.AC-100.gtin: expected 8, 12, 13 or 14 digits in quotes, got '123'.",
        ),
        (
            "    printer: zebra-1",
            "    printer: zebra-9",
            "lines.line-1.printer: 'zebra-9' names none of printers. Known: zebra-1, archive.",
        ),
        (
            "    printer: zebra-1",
            "    printer: zebra-1\n    archive: attic",
            "lines.line-1.archive: 'attic' names none of printers. Known: zebra-1, archive.",
        ),
        (
            "  controller-sn:",
            "  controller-sn:\n    identifier: mac",
            (
                "series.controller-sn.identifier: expected one of gtin, sgtin_serial, sscc, grai,"
                " giai, lot, vin, imei, eui48, eui64, iuid, got 'mac'."
            ),
        ),
        (
            "series: controller-sn",
            "series: other-sn",
            "products.AC-100.series: 'other-sn' names none of series. Known: controller-sn.",
        ),
    ],
)
def test_config_that_is_wrong_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path, line = changed(tmp_path, old, new)
    line += new.split("\n").index(next(p for p in new.split("\n") if p not in old.split("\n")))
    assert refusal(path) == f"{path}:{line}: {sentence}"


def test_config_names_every_finding(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path, http={"port": 0, "threads": "many"})
    lines = path.read_text().splitlines()
    port, threads = (
        next(n for n, t in enumerate(lines, 1) if k in t) for k in ("port:", "threads:")
    )
    assert refusal(path).splitlines() == [
        f"{path}:{port}: http.port: expected a whole number from 1 to 65535, got 0.",
        (f"{path}:{threads}: http.threads: expected a whole number from 1 to 256, got 'many'."),
    ]


def test_config_without_a_section_is_refused(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path, lines=None)
    assert refusal(path) == f"{path}: lines is missing: expected keys with values."
    path = plants.write_site(tmp_path, printers={"zebra-1": {"uri": None}})
    line = path.read_text().splitlines().index("  zebra-1:") + 1
    assert refusal(path) == f"{path}:{line}: printers.zebra-1.uri is missing: expected text."


def test_config_with_a_doubled_key_is_refused(tmp_path: Path) -> None:
    path, line = changed(tmp_path, "  timezone:", "  name: Again\n  timezone:")
    assert refusal(path) == f"{path}: line {line}: key 'name' stands twice. Keep one of them."


def test_config_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("site: {name: x\n")
    assert refusal(path).startswith(f"{path}: line 2, column 1: expected ',' or '}}'")
    path.write_text("just words\n")
    assert refusal(path) == f"{path}: expected keys such as site:, database:, lines:."
    path.write_text("")
    assert refusal(path) == f"{path}: expected keys such as site:, database:, lines:."
    path.write_bytes(b"site: \xff")
    assert refusal(path).startswith(f"{path}: cannot be read: 'utf-8' codec can't decode byte 0xff")


def test_config_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        config.load(tmp_path / "config.yaml")
    assert (caught.value.kind.number, str(caught.value)) == (
        9004,
        (
            f"There is no {tmp_path}/config.yaml. "
            "Name the site's config.yaml with --config, or make a site: labeler init DIR."
        ),
    )
    assert refusal(tmp_path).startswith(f"{tmp_path}: cannot be read: [Errno 21] Is a directory")


@pytest.mark.parametrize("said", ["2b7e151628aed2a6abf7158809cf4f3c", 1234567812345678])
def test_config_with_the_key_of_a_series_is_refused_and_does_not_repeat_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | int
) -> None:
    monkeypatch.delenv("LABELER__SERIES__CONTROLLER_SN__KEY", raising=False)
    series = {"controller-sn": {"pattern": "P{permuted:8}", "key": said}}
    path = plants.write_site(tmp_path, series=series)
    sentence = (
        f"{path}:{line_of(path, 'series', 'controller-sn', 'key')}: series.controller-sn.key: "
        "a key does not belong into config.yaml; give it as LABELER__SERIES__CONTROLLER_SN__KEY "
        "or as a file in LABELER_SECRETS_DIR."
    )
    assert refusal(path) == sentence
    monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", "00" * 16)
    assert refusal(path) == sentence
    path = plants.write_site(tmp_path, series=series, http={"port": 0})
    assert [line.partition(": ")[2] for line in refusal(path).splitlines()] == [
        sentence.partition(": ")[2],
        "http.port: expected a whole number from 1 to 65535, got 0.",
    ]


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings, _ = config.load(plants.write_site(tmp_path))
    with pytest.raises(ValueError, match="frozen"):
        setattr(settings.http, "port", 1)  # noqa: B010 a type checker refuses it, too
    assert yaml.safe_load((tmp_path / "config.yaml").read_text())["site"]["name"] == "Test plant"

"""config.yaml that can be read, of a plant that cannot be: each is refused with its place."""

from pathlib import Path
from typing import Any

import pytest

from tests import plants
from tests.configs import line_of, refusal

ZEBRA = plants.CONFIG["printers"]["zebra-1"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"series": {"controller-sn": {"pattern": "AC{count:5}"}}},
            "series.controller-sn.pattern: Pattern 'AC{count:5}', character 3: ",
        ),
        (
            {
                "series": {
                    "controller-sn": {
                        "pattern": "10614141{counter:8}{check:gs1_mod10}",
                        "identifier": "sscc",
                    }
                }
            },
            (
                "series.controller-sn.pattern: Pattern '10614141{counter:8}{check:gs1_mod10}',"
                " character 9: An SSCC has 18 characters, and this pattern makes 17; write a number"
                " 9 wide."
            ),
        ),
        (
            {"series": {"controller-sn": {"identifier": "lot", "company_prefix_length": 7}}},
            (
                "series.controller-sn.company_prefix_length: only a series with identifier: sscc,"
                " grai, giai or sgtin_serial has one; remove it."
            ),
        ),
        (
            {"series": {"controller-sn": {"notation": "colons"}}},
            (
                "series.controller-sn.notation: only a series with identifier: eui48 or eui64 has"
                " one; remove it."
            ),
        ),
        (
            {"products": {"AC-100": {"gtin": "04012345000008"}}},
            (
                "products.AC-100.gtin: Serial '04012345000008' fails check scheme gs1_mod10: "
                "expected check character '9', got '8'."
            ),
        ),
        (
            {"printers": {"zebra-1": {"language": "epl"}}},
            "printers.zebra-1.language: 'epl' is not known. Known: pdf, png, svg, tspl, zpl.",
        ),
        (
            {"printers": {"zebra-1": {"uri": "http://printer"}}},
            (
                "printers.zebra-1.uri: Printer address 'http://printer' begins with no known "
                "scheme: expected one of file:, ipp:, ipps:, lpd:, rfc2217:, serial:, socket:, "
                "tcp:, usb:; for example tcp://10.0.0.7:9100."
            ),
        ),
        (
            {"printers": {"zebra-2": {**ZEBRA, "uri": "socket://127.0.0.1:9"}}},
            (
                "printers.zebra-2.uri: printer 'zebra-1' is there, too, and each would count the "
                "labels of the other. Make one printer of them, or set proof: none or status for "
                "both."
            ),
        ),
        (
            {"printers": {"archive": {"proof": "odometer"}}},
            "printers.archive.proof: a 'pdf' printer at file: cannot answer. Expected none.",
        ),
        (
            {"printers": {"archive": {"proof": "odometer", "uri": "ipp://10.0.0.9/ipp/print"}}},
            (
                "printers.archive.proof: a 'pdf' printer at ipp: cannot answer. Expected status or "
                "none."
            ),
        ),
        (
            {
                "series": {"mac": {"pattern": "M{counter:5}"}},
                "products": {
                    "AC-100": {"identifiers": {"mac": "controller-sn"}},
                    "B": {"name": "B", "series": "mac", "template": "unit-label"},
                },
            },
            (
                "products.AC-100.identifiers.mac: series 'controller-sn' makes the serials of "
                "product AC-100. Serials and identifiers are unique each among themselves only, "
                "so a series is for one of them; name another series."
            ),
        ),
        (
            {
                "series": {"pin": {"pattern": "{random:13}", "secret": True}},
                "products": {"AC-100": {"series": "pin"}},
            },
            (
                "products.AC-100.series: series 'pin' is secret, and a serial is shown "
                "everywhere; name another series, or make it an identifier of the product."
            ),
        ),
        (
            {"series": {"pin": {"pattern": "{counter:13}", "secret": True}}},
            (
                "series.pin.secret: a sequential series keeps no secret, since others know or can "
                "guess its texts; write {random:13} or {permuted:13}, or leave secret out."
            ),
        ),
        (
            {"series": {"pin": {"pattern": "{imported:13}", "secret": True}}},
            "series.pin.secret: a pool series keeps no secret, since others know or can guess ",
        ),
        (
            {"series": {"pin": {"pattern": "{random:12}", "secret": True}}},
            (
                "series.pin.secret: 1000000000000 numbers are soon tried: a secret needs 2**40 = "
                "1099511627776 or more; write a wider number or a larger alphabet."
            ),
        ),
        (
            {"alphabets": {"safe": "34679AA"}},
            "alphabets.safe: Alphabet 'safe' ",
        ),
        (
            {"code_tables": {"month": {"of": "month", "codes": {12: "D", 13: "E"}}}},
            ("code_tables.month: Code table 'month' has a code for month 13: expected 1 to 12."),
        ),
        (
            {"code_tables": {"month": {"of": "month", "codes": {12: 4}}}},
            "code_tables.month.codes.12: expected text, got 4.",
        ),
        (
            {"printers": {"archive": {"uri": "file:pdf\0/"}}},
            "printers.archive.uri: Printer address 'file:",
        ),
        (
            {"printers": {"archive": {"emulated": True}}},
            "printers.archive.emulated: the virtual printer needs a tcp:// uri.",
        ),
        (
            {"lines": {"line-1": {"commission": "by_luck"}}},
            (
                "lines.line-1.commission: expected one of by_hand, by_scan, when_printed, got "
                "'by_luck'."
            ),
        ),
        (
            {"lines": {"line-1": {"commission": "when_printed", "printer": None}}},
            (
                "lines.line-1: expected a printer where commission is when_printed, got "
                "{'commission': 'when_printed'}."
            ),
        ),
        (
            {"lines": {"line-1": {"commission": "when_printed", "encoded_when": "buffered"}}},
            (
                "lines.line-1: expected encoded_when printed or verified where commission is "
                "when_printed, got {"
            ),
        ),
    ],
)
def test_plant_that_is_wrong_is_refused(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    path = plants.write_site(tmp_path, **changes)
    line = line_of(path, *sentence.partition(":")[0].split("."))
    assert refusal(path).startswith(f"{path}:{line}: {sentence}")


def test_plant_that_is_wrong_by_the_environment_does_not_blame_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER__PRINTERS", '{"archive": {"uri": "ftp:pdf/"}}')
    assert refusal(plants.write_site(tmp_path)).startswith(
        "environment or secret files: printers.archive.uri: Printer address 'ftp:pdf/' begins "
    )


def test_plant_names_the_place_with_every_finding(tmp_path: Path) -> None:
    languages = {"zebra-1": {"language": "epl"}, "archive": {"language": "ps"}}
    path = plants.write_site(tmp_path, printers=languages)
    assert refusal(path).splitlines() == [
        (
            f"{path}:{line_of(path, 'printers', name, 'language')}: printers.{name}.language: "
            f"'{language}' is not known. Known: pdf, png, svg, tspl, zpl."
        )
        for name, language in (("zebra-1", "epl"), ("archive", "ps"))
    ]


def test_plant_without_a_template_is_refused(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path)
    (tmp_path / "templates/unit-label.yaml").unlink()
    line = line_of(path, "products", "AC-100", "template")
    assert refusal(path) == (
        f"{path}:{line}: There is no template 'unit-label': expected the file "
        f"{tmp_path}/templates/unit-label.yaml."
    )


def test_plant_with_a_wrong_template_is_refused(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path)
    text = {"text": {"x_mm": 1, "y_mm": 1, "text": "{colour}"}}
    plants.write_template(tmp_path, elements=[text])
    line = line_of(path, "products", "AC-100", "template")
    assert refusal(path).startswith(
        f"{path}:{line}: Template 'unit-label', line 9, column 5: '{{colour}}' is not a known "
        "value. Known: serial, "
    )


def test_plant_whose_template_shows_an_unknown_identifier_is_refused(tmp_path: Path) -> None:
    series = {"mac": {"pattern": "M{counter:5}"}}
    products = {"AC-100": {"identifiers": {"mac_1": "mac"}}}
    path = plants.write_site(tmp_path, series=series, products=products)
    text = {"text": {"x_mm": 1, "y_mm": 1, "text": "{identifiers.mac_1} {identifiers.mac_2}"}}
    plants.write_template(tmp_path, elements=[text])
    line = line_of(path, "products", "AC-100", "template")
    assert refusal(path) == (
        f"{path}:{line}: Template 'unit-label' shows '{{identifiers.mac_2}}', which product "
        "'AC-100' does not name. Known: mac_1."
    )


@pytest.mark.parametrize(
    ("identifiers", "sentence"),
    [
        (
            {"mac_1": "mac"},
            (
                "products.AC-100.identifiers.mac_1: 'mac' names none of series. Known: "
                "controller-sn."
            ),
        ),
        (
            {"MAC": "controller-sn"},
            (
                "products.AC-100.identifiers.MAC: expected 1 to 32 small letters, digits and '_', "
                "a letter first, got 'MAC'."
            ),
        ),
    ],
)
def test_config_of_identifiers_that_is_wrong_is_refused(
    tmp_path: Path, identifiers: dict[str, str], sentence: str
) -> None:
    path = plants.write_site(tmp_path, products={"AC-100": {"identifiers": identifiers}})
    line = line_of(path, "products", "AC-100", "identifiers", next(iter(identifiers)))
    assert refusal(path) == f"{path}:{line}: {sentence}"


def test_printers_at_one_place_are_let_be_where_no_odometer_is_asked(tmp_path: Path) -> None:
    printers = {
        "zebra-1": {"proof": "none"},
        "zebra-2": {**ZEBRA, "proof": "status"},
        "papers": plants.CONFIG["printers"]["archive"],
    }
    with plants.opened(plants.write_site(tmp_path, printers=printers)) as service:
        assert list(service.site.plant.printers) == ["zebra-1", "archive", "zebra-2", "papers"]

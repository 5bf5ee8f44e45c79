"""What labels show of a unit: identifiers in their notation, its forms, filters and conditions."""

from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from labeler.errors import Refusal
from labeler.production import filling, issuing, runs, showing, verifying
from labeler.production.site import Site
from labeler.units import RunMode
from tests import plants
from tests.plants import order, trigger
from tests.printers.pictures import picture, scan
from tests.production import carriers
from tests.production.record import refused

GTIN = "04012345000009"
EPC_198 = "3634F4E4E4000020C360C183060C400000000000000000000000"
"""The first unit as an SGTIN-198."""
SSCC_96 = "3154257BF43B9ACA01000000"
"""The first pallet's SSCC as a tag has it."""
QR = {"x_mm": 10, "y_mm": 24, "symbology": "qr", "x_dimension_mm": 0.375}


def sgtin(folder: Path, *elements: dict[str, Any], **series: Any) -> Path:
    """Write a plant whose serials stand beside the product's GTIN."""
    own = {"pattern": "AC{counter:6}", "identifier": "sgtin_serial", "company_prefix_length": 7}
    path = plants.write_site(folder, series={"controller-sn": {**own, **series}})
    plants.write_template(folder, elements=list(elements))
    return path


def lines(site: Site, job: int = 1, *, language: str = "pdf") -> list[str]:
    """Return the lines of the first label of a job, as its PDF has them, sorted."""
    with site.store.read() as transaction:
        document = showing.job_document(site, transaction, job, language=language, position=1)
    text = pypdfium2.PdfDocument(document.content)[0].get_textpage().get_text_range()
    return sorted(str(text).splitlines())


def printed(site: Site, **changes: Any) -> list[str]:
    """Open a run, issue a unit, and return the lines of its label."""
    runs.open_run(site, order(quantity=5, **changes))
    issuing.issue_labels(site, trigger(f"k-{changes}"))
    return lines(site)


def test_an_address_stands_on_the_label_in_the_notation_of_its_series(tmp_path: Path) -> None:
    series = {
        "mac-block": {
            "pattern": "001BC50AB{counter:3:hex,start=0,step=4}",
            "identifier": "eui48",
            "notation": "colons",
        }
    }
    named = {"mac": "mac-block"}
    with carriers.opened(tmp_path, identifiers=named, series=series) as service:
        assert printed(service.site) == ["SN AC00001", "mac 00:1B:C5:0A:B0:00"]


def test_an_archived_document_and_the_label_have_the_same_notation(tmp_path: Path) -> None:
    series = {
        "mac-block": {
            "pattern": "001BC50AB{counter:3:hex}",
            "identifier": "eui48",
            "notation": "dots",
        }
    }
    changes: dict[str, Any] = {"lines": {"line-1": {"archive": "archive"}}, "series": series}
    with carriers.opened(tmp_path, identifiers={"mac": "mac-block"}, **changes) as service:
        site = service.site
        runs.open_run(site, order())
        issuing.issue_labels(site, trigger("k1"))
        for printer in ("zebra-1", "archive"):
            with site.store.read() as transaction:
                [row] = filling.values(site, transaction, carriers.waiting(site, printer))
            assert row["identifiers.mac"] == "001B.C50A.B001"


def test_a_unit_is_shown_by_its_gtin_lot_and_serial(tmp_path: Path) -> None:
    path = sgtin(
        tmp_path,
        *carriers.elements(
            "{gs1.element_string}", "{gs1.epc_uri}", "{gs1.epc_hex_198}", "{serial.element_string}"
        ),
        {"barcode": {**QR, "data": "{gs1.digital_link}"}},
    )
    with plants.opened(path) as service:
        assert printed(service.site, lot="L7") == [
            f"(01){GTIN}(10)L7(21)AC000001",
            "(21)AC000001",
            EPC_198,
            "urn:epc:id:sgtin:4012345.000000.AC000001",
        ]
        with service.site.store.read() as transaction:
            found = showing.job_document(service.site, transaction, 1, language="png", position=1)
        assert scan(picture("png", found.content)) == [
            ("QR Code", f"https://id.gs1.org/01/{GTIN}/10/L7/21/AC000001")
        ]


def test_filters_and_conditions_do_what_they_say_unit_by_unit(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path)
    texts = carriers.elements(
        "{serial|group:4} {number|pad:3} of {run.quantity}",
        "First",
        "Lot {run.lot|or:-} {site.name|cut:6} {run.opened:%d.%m.%Y}",
        "Rev {attributes.revision}",
    )
    texts[1]["text"]["show_if"] = "{number} == 1"
    texts[3]["text"]["show_if"] = "{attributes.revision}"
    plants.write_template(tmp_path, elements=texts)
    with plants.opened(path) as service:
        site = service.site
        assert printed(site) == [
            "AC26 3270 0001 K 001 of 5",
            "First",
            "Lot - Test 23.11.2026",
        ]
        issuing.issue_labels(site, trigger("k2"))
        assert lines(site, 2) == ["AC26 3270 0002 I 002 of 5", "Lot - Test 23.11.2026"]
        runs.close_run(site, 1)
        runs.open_run(site, order(attributes={"revision": "C"}, lot="L7"))
        issuing.issue_labels(site, trigger("k3"))
        assert lines(site, 3)[1:] == ["First", "Lot L7 Test 23.11.2026", "Rev C"]


def refusal(path: Path) -> str:
    """Return what is wrong with a plant."""
    with pytest.raises(Refusal) as caught, plants.opened(path):
        pass
    assert caught.value.kind.number == 9004
    return caught.value.sentence.split("products.AC-100.template: ")[-1].split("template'")[-1]


@pytest.mark.parametrize(
    ("text", "changes", "sentence"),
    [
        (
            "{serial.digital_link}",
            {},
            (
                "Template 'unit-label' shows '{serial.digital_link}', a form that its series does "
                "not make. Known: {serial.text}, {serial.element_string}, {serial.fnc1}. More come "
                "of identifier: and company_prefix_length: in the series."
            ),
        ),
        (
            "{gs1.epc_hex}",
            {"company_prefix_length": None},
            (
                "Template 'unit-label' shows '{gs1.epc_hex}', a form that its series does not "
                "make. Known: {gs1.element_string}, {gs1.fnc1}, {gs1.digital_link}, {gs1.udi_di}, "
                "{gs1.udi_pi}. More come of identifier: and company_prefix_length: in the series."
            ),
        ),
        (
            "{identifiers.mac.plain}",
            {},
            (
                "Template 'unit-label' shows '{identifiers.mac}', which product 'AC-100' does not "
                "name. Known: none."
            ),
        ),
    ],
)
def test_a_form_that_units_never_have_is_refused_at_the_start(
    tmp_path: Path, text: str, changes: dict[str, Any], sentence: str
) -> None:
    path = sgtin(tmp_path, *carriers.elements(text), **changes)
    assert refusal(path).endswith(sentence)


def test_a_template_of_several_products_shows_what_each_has(tmp_path: Path) -> None:
    texts = carriers.elements("{serial}", "{gs1.element_string}", "MAC {identifiers.mac}")
    texts[1]["text"]["show_if"] = "{product.gtin}"
    texts[2]["text"]["show_if"] = "{identifiers.mac}"
    path = plants.write_site(tmp_path, products={"AC-100": {"gtin": None}})
    plants.write_template(tmp_path, elements=texts)
    with plants.opened(path) as service:
        assert printed(service.site) == [plants.FIRST]


def test_a_product_without_gtin_has_no_form_of_it(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path, products={"AC-100": {"gtin": None}})
    with plants.opened(path) as service:
        plants.write_template(tmp_path, elements=carriers.elements("{gs1.fnc1}"))
        assert refused(partial(runs.open_run, service.site, order())) == (
            4001,
            (
                "Template 'unit-label' shows '{gs1.fnc1}', and the product has no GTIN. Give it "
                'one, or show the element only where there is one: show_if: "{product.gtin}".'
            ),
            "Correct the template or the order; nothing was opened.",
        )


def test_a_serial_that_a_form_cannot_hold_is_refused_before_the_first_unit(tmp_path: Path) -> None:
    path = sgtin(tmp_path, *carriers.elements("{gs1.epc_hex}"))
    with plants.opened(path) as service:
        number, sentence, _ = refused(partial(runs.open_run, service.site, order()))
    assert number == 4001
    assert sentence.startswith("'{gs1.epc_hex}' cannot be shown: EPC tag 'sgtin-96:")


def test_a_test_label_shows_forms_that_no_scanner_takes_for_real_ones(tmp_path: Path) -> None:
    texts = ("{serial.element_string}", "{gs1.element_string}", "{serial|group:3}")
    path = sgtin(tmp_path, *carriers.elements(*texts))
    with plants.opened(path) as service:
        assert printed(service.site, mode=RunMode.TEST) == [
            f"(01){GTIN}(21)TEST-AC000001",
            "TES T-A C00 000 1",
            "TEST TEST-(21)AC000001",
        ]


def test_a_test_run_opens_where_forms_have_check_digits(tmp_path: Path) -> None:
    pallet = {
        "pattern": "10614141{counter:9}{check:gs1_mod10}",
        "identifier": "sscc",
        "company_prefix_length": 7,
    }
    texts = ("{serial.element_string}", "{serial.epc_uri|last:10}", "{serial.epc_hex}")
    with plants.opened(sgtin(tmp_path, *carriers.elements(*texts), **pallet)) as service:
        assert printed(service.site, mode=RunMode.TEST) == [
            "1000000001",
            "TEST",
            "TEST-(00)106141410000000019",
            f"TEST-{SSCC_96}",
        ]


def test_the_mark_of_a_test_goes_by_the_width_of_what_filters_make(tmp_path: Path) -> None:
    def frame(written: str) -> list[dict[str, Any]]:
        rows = carriers.elements(*[written] * 9)
        return [*rows, {"text": {"x_mm": 2, "y_mm": 37, "size_mm": 2, "text": "end"}}]

    path = sgtin(tmp_path, *frame("{serial|group:1:---}"))
    with plants.opened(path) as service:
        opening = partial(runs.open_run, service.site, order(mode=RunMode.TEST))
        assert refused(opening)[1].startswith("Label 'unit-label' has no free place for the mark")
        plants.write_template(tmp_path, elements=frame("{serial|last:8}"))
        runs.open_run(service.site, order(mode=RunMode.TEST))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("{identifiers.unlock|last:4}", {}),
        ("{identifiers.unlock}", {"show_if": "{number} == 1"}),
        ("{identifiers.unlock}", {"show_if": "{attributes.revision}"}),
    ],
)
def test_a_secret_must_stand_whole_on_each_label(
    tmp_path: Path, text: str, keys: dict[str, str]
) -> None:
    with carriers.opened(tmp_path) as service:
        [element] = carriers.elements(text)
        element["text"] |= keys
        plants.write_template(tmp_path, elements=[element])
        assert refused(partial(runs.open_run, service.site, order()))[:2] == (
            3016,
            (
                "'unlock' of product 'AC-100' is a secret, and template 'unit-label' does not show "
                "it whole on each label: nobody would ever read it."
            ),
        )


def test_what_people_see_of_a_secret_is_asterisks_whatever_filters_make_of_it(
    tmp_path: Path,
) -> None:
    with carriers.opened(tmp_path) as service:
        texts = carriers.elements("{identifiers.unlock|group:4:-}", "{identifiers.unlock|last:4}")
        plants.write_template(tmp_path, elements=texts)
        assert printed(service.site) == ["****", "****-****-***"]


def test_a_unit_is_looked_up_with_all_its_forms_and_no_secret(
    tmp_path: Path, database_url: str
) -> None:
    own = {"pattern": "AC{counter:6}", "identifier": "sgtin_serial", "company_prefix_length": 7}
    block = {"pattern": "001BC50AB{counter:3:hex}", "identifier": "eui48", "notation": "colons"}
    series = {"controller-sn": own, "mac-block": block}
    with carriers.opened(tmp_path, database_url, series=series) as service:
        runs.open_run(service.site, order(mode=RunMode.TEST, lot="L7"))
        issuing.issue_labels(service.site, trigger("k1"))
        with service.site.store.read() as transaction:
            found = verifying.show_serial(transaction, "TEST-AC000001")
    assert found["identifiers"]["unlock"] is None
    assert found["forms"] == {
        "serial.text": "TEST-AC000001",
        "serial.element_string": "TEST-(21)AC000001",
        "serial.fnc1": "TEST-21AC000001",
        "gs1.element_string": f"(01){GTIN}(10)L7(21)TEST-AC000001",
        "gs1.fnc1": f"01{GTIN}10L7\x1d21TEST-AC000001",
        "gs1.digital_link": f"https://id.gs1.org/01/{GTIN}/10/L7/21/TEST-AC000001",
        "gs1.udi_di": f"(01){GTIN}",
        "gs1.udi_pi": "(10)L7(21)TEST-AC000001",
        "gs1.epc_uri": "urn:epc:id:sgtin:4012345.000000.TEST-AC000001",
        "gs1.epc_hex_198": "3634F4E4E400002A45A7516C186C183060C18800000000000000",
        "identifiers.mac_1.text": "TEST-00:1B:C5:0A:B0:01",
        "identifiers.mac_1.plain": "TEST-001BC50AB001",
        "identifiers.mac_2.text": "TEST-00:1B:C5:0A:B0:02",
        "identifiers.mac_2.plain": "TEST-001BC50AB002",
        "identifiers.imei.text": "TEST-352099000000014",
    }

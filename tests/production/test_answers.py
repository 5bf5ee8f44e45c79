"""What is known: of a serial, of any text, of a job's labels."""

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.production import (
    checking,
    filling,
    issuing,
    meanings,
    runs,
    showing,
    verifying,
)
from labeler.production.printing import spool
from labeler.production.site import Site
from tests import plants
from tests.plants import order, trigger
from tests.production.record import refused, run, serials


def issue(site: Site, quantity: int = 1) -> None:
    runs.open_run(site, order(lot="L1"))
    issuing.issue_labels(site, trigger("k1", quantity=quantity))


def check(site: Site, text: str) -> dict[str, Any]:
    with site.store.read() as transaction:
        return checking.check_text(site, transaction, text, expected=meanings.Expected())


SPACE = ("White space around it was left out.",)
NOBODY: dict[str, Any] = {"state": None, "run": None, "units": [], "near": []}
"""What check tells of a text that no unit has and none is near."""


def test_show_serial_tells_everything_known(site: Site) -> None:
    issue(site, 2)
    with site.store.read() as transaction:
        found = verifying.show_serial(transaction, serials(2)[0])
    assert found == {
        "serial": serials(2)[0],
        "state": "allocated",
        "number": 2,
        "counter": 2,
        "allocated_at": plants.NOON,
        "identifiers": {},
        "secrets": {},
        "forms": {
            "serial.text": serials(2)[0],
            "gs1.element_string": f"(01)04012345000009(10)L1(21){serials(2)[0]}",
            "gs1.fnc1": f"010401234500000910L1\x1d21{serials(2)[0]}",
            "gs1.digital_link": f"https://id.gs1.org/01/04012345000009/10/L1/21/{serials(2)[0]}",
            "gs1.udi_di": "(01)04012345000009",
            "gs1.udi_pi": f"(10)L1(21){serials(2)[0]}",
        },
        "run": run(site, 1),
        "labels": [
            {
                "id": 2,
                "job": 1,
                "purpose": "print",
                "reason": None,
                "copy": 0,
                "printer": "zebra-1",
                "state": "queued",
                "sent_at": None,
                "settled_at": None,
                "digest": None,
                "language": None,
                "dpi": None,
                "program_version": None,
            }
        ],
        "events": [
            {
                "at": plants.NOON,
                "kind": "allocated",
                "channel": "http",
                "label": None,
                "detail": {"key": "k1", "serial": serials(2)[0]},
            }
        ],
    }


@pytest.mark.parametrize("text", ["AC2632700002I", "", "ä", "\0", "x" * 10_000, "' OR 1=1 --"])
def test_show_serial_that_was_never_issued_is_refused(site: Site, text: str) -> None:
    issue(site)
    with site.store.read() as transaction:
        assert refused(partial(verifying.show_serial, transaction, text)) == (
            3001,
            f"Serial '{text}' was never issued here.",
            "POST /api/v1/serials/check, or labeler check, explains what is wrong with a text.",
        )


def test_check_text_that_was_issued_names_its_run(site: Site) -> None:
    issue(site)
    assert check(site, f" {plants.FIRST}\r\n") == {
        "text": plants.FIRST,
        "notes": SPACE,
        "verdict": "issued",
        "identifier": None,
        "sentence": f"Serial '{plants.FIRST}' was issued by run 1 (AC-100 on line-1); "
        "its unit is allocated.",
        "state": "allocated",
        "run": run(site, 1),
        "units": [
            {
                "serial": plants.FIRST,
                "state": "allocated",
                "run": 1,
                "product": "AC-100",
                "line": "line-1",
            }
        ],
        "near": [],
        "series": [
            {
                "series": "controller-sn",
                "pattern": plants.PATTERN,
                "valid": True,
                "fault": None,
                "position": None,
                "counter": 1,
                "place": None,
            }
        ],
    }


def test_check_text_that_a_series_could_make_was_never_issued(site: Site) -> None:
    [text] = serials(77)
    assert check(site, text) == {
        "text": text,
        "notes": (),
        "verdict": "never_issued",
        "identifier": None,
        "sentence": f"Serial '{text}' is well formed, but it was never issued here.",
        **NOBODY,
        "series": [
            {
                "series": "controller-sn",
                "pattern": plants.PATTERN,
                "valid": True,
                "fault": None,
                "position": None,
                "counter": 77,
                "place": None,
            }
        ],
    }


@pytest.mark.parametrize(
    ("text", "position", "sentence"),
    [
        (
            "AC2632700001L",
            13,
            (
                "Serial 'AC2632700001L' fails check scheme iso7064_mod_37_36: "
                "expected check character 'K', got 'L'."
            ),
        ),
        (
            "AC26327OOOO1K",
            8,
            (
                "Serial 'AC26327OOOO1K' is wrong at position 8, counter: "
                "expected one of 0123456789, got 'O'."
            ),
        ),
        (
            "AC1",
            None,
            f"Serial 'AC1' has 3 characters: expected 13 by pattern '{plants.PATTERN}'.",
        ),
        (
            "\0",
            None,
            f"Serial '\\x00' has 1 character: expected 13 by pattern '{plants.PATTERN}'.",
        ),
    ],
)
def test_check_text_that_no_series_makes_says_what_is_wrong(
    site: Site, text: str, position: int | None, sentence: str
) -> None:
    found = check(site, text)
    assert found == {
        "text": text,
        "verdict": "invalid",
        "identifier": None,
        "notes": (),
        "sentence": sentence,
        **NOBODY,
        "series": [
            {
                "series": "controller-sn",
                "pattern": plants.PATTERN,
                "valid": False,
                "fault": sentence,
                "position": position,
                "counter": None,
                "place": None,
            }
        ],
    }


def test_check_text_looks_at_every_series_and_at_past_versions(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path)) as service:
        issue(service.site)
    changed = {"controller-sn": {"pattern": "AC{counter:9}"}, "b-sn": {"pattern": "B{counter:3}"}}
    with plants.opened(plants.write_site(tmp_path, series=changed)) as service:
        found = check(service.site, "B12")
        assert found["sentence"] == (
            "'B12' is not a serial of any of 3 series; see each one's fault."
        )
        assert [(one["series"], one["pattern"]) for one in found["series"]] == [
            ("b-sn", "B{counter:3}"),
            ("controller-sn", "AC{counter:9}"),
            ("controller-sn", plants.PATTERN),
        ]
        assert check(service.site, plants.FIRST)["verdict"] == "issued"
        assert check(service.site, serials(9)[0])["verdict"] == "never_issued"


def document(site: Site, language: str, position: int | None = None) -> showing.Document:
    with site.store.read() as transaction:
        return showing.job_document(site, transaction, 1, language=language, position=position)


def test_show_job_in_the_language_of_its_printer_is_what_is_sent(site: Site) -> None:
    issue(site, 2)
    shown = document(site, "zpl")
    assert (shown.media_type, shown.name) == ("application/vnd.zebra.zpl", "job-00000001.zpl")
    first, second = shown.content.split(b"^XZ\n")[:2]
    assert plants.FIRST.encode() in first
    assert b"No 2 23.11.2026" in second
    with site.store.read() as transaction:
        labels = spool.job_labels(transaction, 1)
        form = site.compiled(site.pinned(transaction, 1), "zebra-1")
        parts = [form.render(row) for row in filling.values(site, transaction, labels)]
    assert b"".join(parts) == shown.content
    assert hashlib.sha256(document(site, "zpl", 1).content).digest() == (
        hashlib.sha256(parts[0]).digest()
    )


def test_show_job_as_pdf_and_png(site: Site) -> None:
    issue(site, 2)
    pdf, png = document(site, "pdf"), document(site, "png", 2)
    assert (pdf.content[:5], pdf.media_type, pdf.name) == (
        b"%PDF-",
        "application/pdf",
        "job-00000001.pdf",
    )
    assert (png.content[:8], png.media_type, png.name) == (
        b"\x89PNG\r\n\x1a\n",
        "image/png",
        "job-00000001-2.png",
    )
    assert document(site, "pdf").content == pdf.content


def test_show_job_uses_what_its_run_pinned(site: Site, tmp_path: Path) -> None:
    issue(site)
    before = document(site, "zpl")
    plants.write_template(tmp_path / "site", media={"width_mm": 60, "height_mm": 40})
    site.forget(1)
    assert document(site, "zpl") == before


def test_show_label_that_the_job_does_not_have_is_refused(site: Site) -> None:
    issue(site, 2)
    assert refused(partial(document, site, "png", 3)) == (
        5002,
        "Job 1 has 2 labels, not 3.",
        "Count from 1.",
    )


def test_show_job_of_a_printer_that_is_gone_is_refused(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path)) as service:
        issue(service.site)
    lines = {"line-1": {"printer": "archive"}, "line-2": {"printer": "archive"}}
    path = plants.write_site(tmp_path, printers={"zebra-1": None}, lines=lines)
    with plants.opened(path) as service:
        assert refused(partial(document, service.site, "zpl")) == (
            5004,
            "There is no printer 'zebra-1'.",
            "Known: archive.",
        )


def test_show_job_that_its_printer_can_no_longer_draw_is_refused(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path)) as service:
        issue(service.site)
    path = plants.write_site(tmp_path, printers={"zebra-1": {"speed_mm_s": 400}})
    with plants.opened(path) as service:
        number, sentence, hint = refused(partial(document, service.site, "zpl"))
        assert (number, hint) == (4001, "Try another language.")
        assert sentence.startswith("Speed 400 mm/s is 16 inches per second: expected 1 to 14 ")

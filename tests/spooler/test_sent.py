"""Labels shown again, years later, exactly as they were sent; and why, where they are not."""

import hashlib
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import insert, select, update

from labeler import __version__
from labeler.app import spooling
from labeler.production import runs
from labeler.production.printing import sent
from labeler.production.site import Site
from labeler.store import schema
from printers.emulator import VirtualPrinter
from tests import plants
from tests.plants import order
from tests.production import carriers
from tests.production.record import refused
from tests.spooler.stations import address, issue, printed, station, until_states

ARCHIVED: dict[str, Any] = {"lines": {"line-1": {"printer": "zebra-1", "archive": "archive"}}}


def shown(site: Site, label_id: int) -> dict[str, Any]:
    with site.store.read() as transaction:
        return sent.show_label(site, transaction, label_id)


def same(site: Site, label_id: int) -> tuple[str, str]:
    found = shown(site, label_id)
    return found["same_as_sent"], found["sentence"]


def drawn(site: Site, label_id: int, language: str) -> bytes:
    with site.store.read() as transaction:
        return sent.document(site, transaction, label_id, language=language).content


def change_label(site: Site, label_id: int, **values: Any) -> None:
    """Make the record say of a label what an earlier version, or another printer, would."""
    label = schema.label
    statement = update(label).where(label.c.id == label_id).values(**values)
    site.store.write(lambda transaction: transaction.execute(statement).rowcount)


@pytest.fixture
def folder(tmp_path: Path, printer: VirtualPrinter) -> Path:
    """Return the folder of a site that printed three labels, and archived them in a document."""
    folder = tmp_path / "site"
    with station(folder, address(printer), **ARCHIVED) as service, spooling(service):
        issue(service.site, quantity=3)
        until_states(service.site, *["printed"] * 3)
        until_states(service.site, *["printed"] * 3, job_id=2)
    return folder


YES = "Drawn again it has the same bytes as sent."


def test_a_label_is_shown_with_all_that_is_known_of_it(
    folder: Path, printer: VirtualPrinter
) -> None:
    with plants.opened(folder / "config.yaml") as service:
        found = shown(service.site, 2)
        travelled = printer.labels[1]
        assert found == {
            "id": 2,
            "serial": printed(printer)[1],
            "run": 1,
            "job": 1,
            "position": 2,
            "purpose": "print",
            "reason": None,
            "copy": 0,
            "printer": "zebra-1",
            "state": "printed",
            "sent_at": plants.NOON,
            "settled_at": plants.NOON,
            "digest": found["digest"],
            "language": "zpl",
            "dpi": 203,
            "program_version": __version__,
            "template": "unit-label",
            "template_version": 1,
            "template_digest": plants.TEMPLATE_DIGEST,
            "template_state": "released",
            "same_as_sent": "yes",
            "sentence": YES,
        }
        again = drawn(service.site, 2, "zpl")
        assert travelled.strip() == again.strip()
        assert hashlib.sha256(again).hexdigest() == found["digest"]
        assert drawn(service.site, 2, "png")[:4] == b"\x89PNG"


def test_labels_that_travelled_in_one_document_are_compared_as_one(folder: Path) -> None:
    with plants.opened(folder / "config.yaml") as service:
        assert [same(service.site, one) for one in (4, 5, 6)] == [("yes", YES)] * 3
        [path] = (folder / "pdf").glob("*.pdf")
        assert hashlib.sha256(path.read_bytes()).hexdigest() == shown(service.site, 5)["digest"]
        document = pypdfium2.PdfDocument(drawn(service.site, 5, "pdf"))
        assert len(document) == 1
        document.close()


def test_a_label_stays_the_same_when_template_product_and_printer_change(
    folder: Path, printer: VirtualPrinter
) -> None:
    printers = {"zebra-1": {"uri": address(printer), "dpi": 300}}
    path = plants.write_site(
        folder, printers=printers, products={"AC-100": {"name": "Another"}}, **ARCHIVED
    )
    plants.write_template(folder, media={"width_mm": 60, "height_mm": 40})
    with plants.opened(path) as service:
        assert same(service.site, 1) == (
            "yes",
            f"{YES} It was sent as zpl at 203 dpi; printer 'zebra-1' is zpl at 300 dpi now.",
        )
        assert same(service.site, 4) == ("yes", YES)


def test_a_label_of_a_printer_that_is_gone_is_shown_all_the_same(folder: Path) -> None:
    path = plants.write_site(
        folder, printers={"zebra-1": None, "archive": {"uri": "file:pdf/"}, "other": {
            "uri": "tcp://127.0.0.1:9", "language": "zpl",
            "media": {"width_mm": 70, "height_mm": 40}}},
        lines={"line-1": {"printer": "other"}, "line-2": {"printer": "other"}},
    )  # fmt: skip
    with plants.opened(path) as service:
        assert same(service.site, 1) == (
            "yes",
            f"{YES} Its printer 'zebra-1' is not in config.yaml any more.",
        )
        change_label(service.site, 1, language=None, dpi=None)
        refusal = (
            "It is not recorded how label 1 was sent to printer 'zebra-1', and config.yaml does "
            "not know that printer any more."
        )
        assert same(service.site, 1) == ("unknown", refusal)
        assert refused(lambda: drawn(service.site, 1, "png")) == (
            4006,
            refusal,
            "Name the printer in config.yaml again to see the label as it would draw it.",
        )


def test_a_label_that_differs_says_why(folder: Path) -> None:
    no = "Drawn again it has other bytes than were sent"
    with plants.opened(folder / "config.yaml") as service:
        site = service.site
        change_label(site, 1, digest="0" * 64)
        assert same(site, 1) == (
            "no",
            (
                f"{no}, though by the same version of the program: something else that labels are "
                "made of has changed, such as the speed of the printer, or site.timezone."
            ),
        )
        change_label(site, 1, program_version="0.0.9")
        version = f"Version 0.0.9 of labeler drew it then, {__version__} does now."
        assert same(site, 1) == ("no", f"{no}. {version}")
        change_label(site, 1, language=None, dpi=None, program_version=None)
        assert same(site, 1) == (
            "no",
            (
                f"{no}: in which language and at how many dpi it was sent is not recorded. Here it "
                "is zpl at 203 dpi, as its printer is now."
            ),
        )
        change_label(site, 2, language=None, dpi=None, program_version=None)
        assert same(site, 2) == ("yes", YES)
        change_label(site, 2, digest=None)
        assert same(site, 2) == ("unknown", "No digest of its bytes was recorded.")


def test_a_label_whose_dates_are_of_another_time_zone_now_differs(folder: Path) -> None:
    path = plants.write_site(folder, site={"timezone": "Pacific/Kiritimati"}, **ARCHIVED)
    with plants.opened(path) as service:
        assert same(service.site, 1)[0] == "no"


def test_a_label_that_waits_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9") as service:
        issue(service.site)
        assert same(service.site, 1) == (
            "unknown",
            "It was not sent yet, so there is nothing to compare.",
        )
        assert drawn(service.site, 1, "zpl").startswith(b"^XA")
        assert refused(lambda: shown(service.site, 9)) == (
            5002,
            "There is no label 9.",
            (
                "The labels of a serial: GET /api/v1/serials/SERIAL/labels, "
                "or labeler label show SERIAL."
            ),
        )


def test_a_label_with_a_secret_shows_asterisks_and_was_never_digested(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    printers = {"zebra-1": {"uri": address(printer)}}
    with carriers.opened(tmp_path, printers=printers, **ARCHIVED) as service, spooling(service):
        runs.open_run(service.site, order())
        issue(service.site)
        until_states(service.site, "printed")
        until_states(service.site, "printed", job_id=2)
        assert same(service.site, 1) == (
            "unknown",
            (
                "It carries a secret (unlock), so nothing that could betray its bytes was kept; "
                "asterisks stand for it here."
            ),
        )
        assert same(service.site, 2) == ("yes", YES)
        assert carriers.HIDDEN.encode() in drawn(service.site, 1, "zpl")


def test_the_labels_of_a_serial_come_with_how_they_were_sent(folder: Path) -> None:
    with plants.opened(folder / "config.yaml") as service:
        site = service.site
        with site.store.read() as transaction:
            serial = transaction.execute(select(schema.unit.c.serial)).scalars().first()
            found = sent.labels_of_serial(transaction, str(serial))
        assert [
            (one["id"], one["purpose"], one["language"], one["dpi"], one["program_version"])
            for one in found
        ] == [(1, "print", "zpl", 203, __version__), (4, "archive", "pdf", 203, __version__)]


def test_a_job_of_another_label_with_the_same_digest_is_left_alone(folder: Path) -> None:
    """A document sent again is a label of its own: only what travelled with it counts."""
    with plants.opened(folder / "config.yaml") as service:
        label, job = schema.label, schema.job

        def add(transaction: Any) -> None:
            rows = transaction.execute(select(label).where(label.c.id.in_([4, 5, 6]))).all()
            old = transaction.execute(select(job).where(job.c.id == 2)).one()
            transaction.execute(insert(job).values(**{**old._mapping, "id": 3}))
            for row in rows:
                again = {**row._mapping, "id": row.id + 3, "job_id": 3}
                transaction.execute(insert(label).values(**again))

        service.site.store.write(add)
        assert [same(service.site, one)[0] for one in (4, 7)] == ["yes", "yes"]

"""Copies on paper: a scanner reads which copy it is, and the record draws the same bytes again."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from labeler.app import spooling
from labeler.production import runs, showing, verifying
from labeler.production.printing import sent
from labeler.production.site import Site
from printers.emulator import VirtualPrinter
from tests import plants
from tests.plants import order
from tests.printers.pictures import picture
from tests.production.copying import reprint
from tests.production.record import at_once
from tests.spooler.stations import address, issue, until_states

QR: dict[str, Any] = {
    "x_mm": 50,
    "y_mm": 18,
    "symbology": "qr",
    "data": "{serial} COPY {copy}",
    "x_dimension_mm": 0.5,
    "show_if": "{copy}",
}


def write_template(folder: Path) -> None:
    """Let copies say so in a square of their own."""
    plants.write_template(folder, elements=[*plants.TEMPLATE["elements"], {"barcode": QR}])


def scanned(label: bytes) -> list[str]:
    """Return what a scanner reads on a label that was printed, its squares only."""
    seen = zxingcpp.read_barcodes(picture("zpl", label))
    return [one.text for one in seen if one.format == zxingcpp.BarcodeFormat.QRCode]


def same_as_sent(site: Site, serial: str) -> list[tuple[int, str]]:
    with site.store.read() as transaction:
        labels = verifying.labels_of(transaction, serial)
        shown = [sent.show_label(site, transaction, one["id"]) for one in labels]
    return [(one["copy"], one["same_as_sent"]) for one in shown]


@contextmanager
def copying(folder: Path, uri: str, **changes: Any) -> Iterator[Site]:
    """Open a plant whose copies say what they are, its printer at ``uri``, and spool."""
    printers = {"zebra-1": {"uri": uri, **changes.pop("printer", {})}}
    path = plants.write_site(folder, printers=printers, **changes)
    write_template(folder)
    with plants.opened(path) as service:
        runs.open_run(service.site, order())
        with spooling(service):
            yield service.site


@pytest.mark.parametrize("kept", [False, True])
def test_scanner_reads_which_copy_it_is(
    tmp_path: Path, database_url: str, printer: VirtualPrinter, kept: bool
) -> None:
    settings = {"stored_formats": kept}
    with copying(tmp_path, address(printer), printer=settings, database=database_url) as site:
        [serial] = issue(site)
        until_states(site, "printed")
        at_once([partial(reprint, site, serial, key=key) for key in "ab"])
        for job_id in (2, 3):
            until_states(site, "printed", job_id=job_id)
        assert [scanned(one) for one in printer.labels] == [
            [],
            [f"{serial} COPY 1"],
            [f"{serial} COPY 2"],
        ]
        assert same_as_sent(site, serial) == [(0, "yes"), (1, "yes"), (2, "yes")]


def test_copy_is_drawn_as_it_would_be_printed(tmp_path: Path, printer: VirtualPrinter) -> None:
    with copying(tmp_path, address(printer)) as site:
        [serial] = issue(site)
        until_states(site, "printed")
        reprint(site, serial)
        until_states(site, "printed", job_id=2)
        with site.store.read() as transaction:
            drawn = sent.document(site, transaction, 2, language="zpl").content
            shown = showing.job_document(site, transaction, 2, language="zpl").content
        assert (scanned(drawn), scanned(shown)) == ([f"{serial} COPY 1"], [f"{serial} COPY 1"])

"""What a printer leaves behind: documents half recorded, labels that moved, runs without a key."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.production import filling, issuing, runs
from labeler.production.printing import job_control
from labeler.production.printing.instructions import Instruction
from labeler.spooler.packing import Packer
from labeler.spooler.parcels import Shelf
from labeler.spooler.window import Window
from printers.emulator import VirtualPrinter
from printers.errors import Unprintable
from tests import plants
from tests.plants import order, trigger, until
from tests.production.record import job, refused
from tests.spooler.stations import issue, spooling, states, station

WISH = Instruction(reason="wrong lot", operator="mk", channel="http")
ARCHIVE: dict[str, Any] = {"lines": {"line-1": {"printer": "archive"}}}


@pytest.mark.parametrize("verb", ["cancel", "move"])
def test_document_that_is_in_its_folder_is_neither_called_not_printed_nor_printed_elsewhere(
    tmp_path: Path, verb: str
) -> None:
    (tmp_path / "pdf" / "index.csv").mkdir(parents=True)  # a list that cannot be written
    with station(tmp_path, "tcp://127.0.0.1:9", **ARCHIVE) as service:
        with spooling(service):
            issue(service.site)
            until(lambda: list((tmp_path / "pdf").glob("*.pdf")))
            until(lambda: service.site.printer_states["archive"].state == "stopped")
        if verb == "cancel":
            found = job_control.cancel(service.site, 1, WISH)
            assert (found["canceled"], found["sending"]) == (0, 1)
        else:
            moved = partial(job_control.move, service.site, 1, WISH, to="zebra-1")
            assert refused(moved)[1].startswith("No label of job 1 waits for another printer")
            assert job(service.site, 1)["labels"][0]["printer"] == "archive"
        assert states(service.site) != ["not_printed"]


def test_label_that_moved_meanwhile_is_not_set_aside_by_the_printer_it_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9") as service:
        issue(service.site)
        calls: list[int] = []

        def broken(*_: Any) -> Any:
            calls.append(1)
            if len(calls) == 2:
                job_control.move(service.site, 1, WISH, to="archive")
            raise Unprintable("A printer of this kind has no such character.")

        monkeypatch.setattr(filling, "values", broken)
        window = Window(10)
        Packer(service.site, "zebra-1", shelf=Shelf(), window=window).next_parcel()
        assert states(service.site) == ["queued"]


def test_run_whose_key_is_not_there_any_more_keeps_no_other_runs_labels_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printer: VirtualPrinter
) -> None:
    series = {"controller-sn": {"pattern": "P{permuted:8}"}, "other": {"pattern": "B{counter:5}"}}
    products = {"B": {"name": "B", "series": "other", "template": "unit-label"}}
    for key in ("0", "1"):
        monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", key * 32)
        path = plants.write_site(
            tmp_path,
            printers={"zebra-1": {"uri": printer.uri}},
            series=series,
            products=products,
        )
        with plants.opened(path) as service:
            if key == "0":
                runs.open_run(service.site, order())
                runs.open_run(service.site, order(line="line-2", product="B"))
                issue(service.site)
                issuing.issue_labels(service.site, trigger("k2", line="line-2"))
                continue
            with spooling(service):
                until(lambda: states(service.site, 2) == ["printed"], timeout_s=5)

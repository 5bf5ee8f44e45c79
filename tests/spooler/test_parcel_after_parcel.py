"""Parcels follow one another without a pause, as large as the printer is quick."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from labeler.production.printing import spool
from labeler.spooler import window
from labeler.spooler.packing import Packer
from labeler.spooler.window import Window
from labeler.units import LabelState
from printers.emulator import VirtualPrinter
from tests.plants import until
from tests.spooler.stations import (
    address,
    details,
    issue,
    printed,
    spooling,
    states,
    station,
    until_states,
)


def found(state: LabelState, count: int) -> list[Any]:
    return [([object()] * count, state, {}), ([], LabelState.DOUBTFUL, {})]


def test_window_is_what_the_printer_prints_in_a_second() -> None:
    size, sizes = Window(60), []
    for passed_s in (0.1, 0.5, 0.9, 1.0, 2.0, 10.0):
        size.hear(found(LabelState.PRINTED, size.labels), passed_s=passed_s)
        sizes.append(size.labels)
    assert sizes == [40, 60, 60, 60, 30, 10]


def test_window_says_nothing_of_a_printer_that_had_little_to_do() -> None:
    size = Window(60)
    size.hear(found(LabelState.PRINTED, 9), passed_s=0.1)
    assert size.labels == 10


def test_window_begins_anew_when_a_label_is_doubtful() -> None:
    size = Window(60)
    size.hear(found(LabelState.PRINTED, 10), passed_s=0.1)
    assert size.labels == 40
    size.hear(found(LabelState.DOUBTFUL, 20), passed_s=0.1)
    assert size.labels == 10


def test_window_is_never_larger_than_the_site_allows() -> None:
    size = Window(3)
    size.hear(found(LabelState.PRINTED, 3), passed_s=0.1)
    assert size.labels == 3


def test_parcels_grow_while_the_printer_is_quick(
    tmp_path: Path, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is rendered before it is known how quick the one before it was."""
    monkeypatch.setattr(window, "WORTH_S", 60.0)
    with station(tmp_path, address(printer)) as service:
        serials = issue(service.site, quantity=100)
        with spooling(service):
            until_states(service.site, *["printed"] * 100)
        with service.site.store.read() as transaction:
            labels = spool.job_labels(transaction, 1)
    assert printed(printer) == list(serials)
    assert Counter(label.odometer for label in labels) == {0: 10, 10: 10, 20: 40, 60: 40}


def test_what_cannot_be_made_does_no_harm_to_labels_on_their_way(
    tmp_path: Path, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The packing of the second job breaks while labels of the first one are on their way."""
    parts = Packer._parts

    def breaks(packer: Packer, labels: Any, *given: Any) -> Any:
        if {label.job_id for label in labels} == {2}:
            raise ZeroDivisionError("a bug")
        return parts(packer, labels, *given)

    monkeypatch.setattr(Packer, "_parts", breaks)
    spooler = {"labels_in_flight_max": 1, "retry_count_max": 1, "retry_delay_max_s": 0.05}
    with station(tmp_path, address(printer), printer={"proof": "none"}, spooler=spooler) as service:
        first, *_ = [issue(service.site, f"k{number}")[0] for number in range(3)]
        with spooling(service):
            until(lambda: states(service.site, 3) == ["sent"])
        assert [states(service.site, number) for number in (1, 2)] == [["sent"], ["held"]]
        assert details(service.site, first, "label_sent") == [{"proof": "none"}]

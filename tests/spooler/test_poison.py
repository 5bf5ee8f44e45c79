"""A job that cannot be made, or that the printer refuses, is held; the queue goes on without it."""

from pathlib import Path
from typing import Any

import pytest

from labeler.spooler import parcels
from labeler.units import LabelState
from printers.emulator import VirtualPrinter
from printers.transports import _ipp_messages as messages
from tests.plants import until
from tests.printers.test_ipp import ACCEPTED, no, ok, printer
from tests.production.record import job
from tests.spooler.stations import (
    details,
    issue,
    printed,
    spooling,
    states,
    station,
    until_states,
    until_stopped,
)

PDF = {"language": "pdf"}


def test_job_whose_labels_break_the_program_is_held_and_the_others_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = parcels.whole
    poison: list[str] = []

    def broken(form: Any, row: Any) -> Any:
        if row["serial"] in poison:
            raise ZeroDivisionError("a bug")
        return whole(form, row)

    monkeypatch.setattr(parcels, "whole", broken)
    with VirtualPrinter(port=0) as zebra, station(tmp_path, zebra.uri) as service:
        [first], [bad, worse], [last] = (
            issue(service.site, "k1"),
            issue(service.site, "k2", 2),
            issue(service.site, "k3"),
        )
        poison.append(worse)
        with spooling(service):
            until_states(service.site, "printed", job_id=3)
        assert printed(zebra) == [first, last]
        found = job(service.site, 2)
        why = "Its labels cannot be made: ZeroDivisionError('a bug')"
        assert (found["state"], found["hold_reason"], found["retry_count"]) == ("held", why, 3)
        assert states(service.site, 2) == ["held", "held"]
        assert details(service.site, bad, "label_held") == [{"why": why, "tries": 3}]


def test_document_that_the_printer_refuses_is_held_and_the_next_one_goes(tmp_path: Path) -> None:
    answers: dict[int, bytes | int] = {messages.PRINT_JOB: no(0x040A, "no PDF here")}
    with printer(answers=answers) as place:
        uri = f"ipp://{place}"
        with station(tmp_path, uri, printer=PDF, spooler={"retry_count_max": 2}) as service:
            [serial] = issue(service.site)
            with spooling(service):
                until_states(service.site, "held")
                answers |= {**ACCEPTED, messages.GET_JOB_ATTRIBUTES: ok(job_state=9)}
                issue(service.site, "k2")
                until_states(service.site, "printed", job_id=2)
            found = job(service.site, 1)
            assert (found["state"], found["retry_count"]) == ("held", 2)
            assert ": IPP status 0x040a, no PDF here; expected a job" in found["hold_reason"]
            assert details(service.site, serial, "label_held") == [
                {"why": found["hold_reason"], "tries": 2}
            ]


def test_printer_that_is_busy_is_tried_again_for_ever(tmp_path: Path) -> None:
    answers: dict[int, bytes | int] = {messages.PRINT_JOB: no(0x0507)}
    got: list[bytes] = []
    with printer(answers=answers, got=got) as place:
        how = {"printer": PDF, "spooler": {"retry_count_max": 1}}
        with station(tmp_path, f"ipp://{place}", **how) as service, spooling(service):
            issue(service.site)
            until_stopped(service.site, "connecting-to-device")
            until(lambda: len(got) > 4)
            assert job(service.site, 1)["retry_count"] == 0
            assert states(service.site) in (["queued"], ["sending"])


@pytest.mark.parametrize(
    ("said", "expected", "known"),
    [
        (ok(job_state=9), LabelState.PRINTED, {"why": "completed"}),
        (ok(job_state=8), LabelState.DOUBTFUL, {"why": "aborted"}),
        (
            ok(job_state=7, time_at_processing=5, job_media_sheets_completed=1),
            LabelState.DOUBTFUL,
            {"why": "canceled", "sheets": 1},
        ),
        (
            messages.encode(
                0,
                [],
                number=1,
                job=[
                    messages.Attribute(messages.ENUM, "job-state", 7),
                    messages.Attribute(0x13, "time-at-processing", ""),
                ],
            ),
            LabelState.NOT_PRINTED,
            {"why": "canceled, and it never began to print it"},
        ),
    ],
)
def test_labels_are_what_the_printer_says_became_of_its_job(
    tmp_path: Path, said: bytes, expected: LabelState, known: dict[str, Any]
) -> None:
    answers = {**ACCEPTED, messages.GET_JOB_ATTRIBUTES: said}
    with (
        printer(answers=answers) as place,
        station(tmp_path, f"ipp://{place}", printer=PDF) as service,
        spooling(service),
    ):
        first, _ = issue(service.site, quantity=2)
        until_states(service.site, expected.value, expected.value)
        assert details(service.site, first, "label_buffered") == [
            {"document": "run-000001-job-00000001.pdf"}
        ]
        word = f"the printer's own word: its job 12 is {known['why']}"
        assert details(service.site, first, f"label_{expected.value}") == [{**known, "why": word}]


@pytest.mark.parametrize(
    ("said", "how"),
    [(ok(job_state=5), {}), (503, {}), (ok(job_state=9), {"proof": "none"})],
)
def test_document_of_which_nothing_more_is_heard_stays_buffered_and_the_next_one_goes(
    tmp_path: Path, said: bytes | int, how: dict[str, str]
) -> None:
    answers = {**ACCEPTED, messages.GET_JOB_ATTRIBUTES: said}
    with printer(answers=answers) as place:
        settings = {"printer": {**PDF, **how}, "spooler": {"proof_timeout_s": 0.1}}
        with station(tmp_path, f"ipp://{place}", **settings) as service, spooling(service):
            issue(service.site)
            issue(service.site, "k2")
            until_states(service.site, "buffered", job_id=2)
            assert states(service.site) == ["buffered"]


def test_stop_does_not_wait_for_a_printer_that_prints(tmp_path: Path) -> None:
    answers = {**ACCEPTED, messages.GET_JOB_ATTRIBUTES: ok(job_state=5)}
    with (
        printer(answers=answers) as place,
        station(tmp_path, f"ipp://{place}", printer=PDF) as service,
    ):
        with spooling(service) as spooler:
            issue(service.site)
            until_states(service.site, "buffered")
        assert not spooler.alive
        assert states(service.site) == ["buffered"]

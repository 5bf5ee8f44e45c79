"""What a queue says of its job, while people say something of the labels, too."""

from pathlib import Path
from typing import Any

import pytest

from labeler.production import verifying
from labeler.production.printing import scanning
from labeler.production.printing.scanning import Scan
from labeler.production.site import Site
from printers.transports import _ipp_messages as messages
from tests.plants import until
from tests.printers.test_ipp import ACCEPTED, ok, printer
from tests.spooler.stations import details, issue, spooling, states, station, until_states

PDF = {"language": "pdf"}
NEVER_BEGUN = messages.encode(
    0,
    [],
    number=1,
    job=[
        messages.Attribute(messages.ENUM, "job-state", 8),
        messages.Attribute(0x13, "time-at-processing", ""),
    ],
)
"""The queue gave the job up before it printed any of it."""


def scan(site: Site, serial: str) -> None:
    scanning.verify(site, Scan(text=serial, operator="mk", channel="http"))


def unit_state(site: Site, serial: str) -> str:
    with site.store.read() as transaction:
        return str(verifying.show_serial(transaction, serial)["state"])


def test_label_that_is_scanned_while_its_queue_prints_keeps_no_other_from_its_word(
    tmp_path: Path,
) -> None:
    answers = {**ACCEPTED, messages.GET_JOB_ATTRIBUTES: ok(job_state=5)}
    with (
        printer(answers=answers) as place,
        station(tmp_path, f"ipp://{place}", printer=PDF) as service,
        spooling(service),
    ):
        first, second, _ = issue(service.site, quantity=3)
        until_states(service.site, "buffered", "buffered", "buffered")
        scan(service.site, first)
        answers[messages.GET_JOB_ATTRIBUTES] = ok(job_state=9)
        until_states(service.site, "verified", "printed", "printed")
        assert details(service.site, second, "label_printed") == [
            {"why": "the printer's own word: its job 12 is completed"}
        ]
        until(lambda: service.site.printer_states["zebra-1"].state != "processing")
        assert service.site.printer_states["zebra-1"].state != "stopped"


@pytest.mark.parametrize(
    ("said", "expected"), [(NEVER_BEGUN, "not_printed"), (ok(job_state=8), "doubtful")]
)
def test_unit_is_not_encoded_any_more_once_its_queue_takes_its_word_back(
    tmp_path: Path, said: bytes, expected: str
) -> None:
    answers: dict[int, Any] = {**ACCEPTED, messages.GET_JOB_ATTRIBUTES: ok(job_state=5)}
    lines = {"line-1": {"encoded_when": "buffered"}}
    with (
        printer(answers=answers) as place,
        station(tmp_path, f"ipp://{place}", printer=PDF, lines=lines) as service,
        spooling(service),
    ):
        first, second = issue(service.site, quantity=2)
        until_states(service.site, "buffered", "buffered")
        assert unit_state(service.site, first) == "encoded"
        scan(service.site, second)
        answers[messages.GET_JOB_ATTRIBUTES] = said
        until_states(service.site, expected, "verified")
        assert unit_state(service.site, first) == "allocated"
        assert unit_state(service.site, second) == "encoded"
        assert states(service.site) == [expected, "verified"]

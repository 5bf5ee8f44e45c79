"""printer move and job cancel: the ways out for labels whose printer is gone."""

import json
from pathlib import Path

import pytest

from labeler.production.printing import spool
from tests import plants
from tests.commands.answers import Run, refusal, said

WHY = ("--reason", "new printer", "--operator", "mk")


@pytest.fixture
def stranded(site: Path, run: Run) -> None:
    """Queue a job of two labels and one of one, begin to send, and take the printer out."""
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1", "-n", 2)
    run("issue", "line-1")
    with plants.opened(site) as service:
        with service.site.store.read() as transaction:
            labels = spool.waiting(transaction, "zebra-1", limit=1)
        spool.claim(service.site, [(label, "d" * 64) for label in labels], odometer=7)
    lines = {"line-1": {"printer": "archive"}, "line-2": {"printer": "archive"}}
    plants.write_site(site.parent, printers={"zebra-1": None}, lines=lines)


@pytest.mark.usefixtures("stranded")
def test_printer_status_shows_a_printer_that_is_gone_and_what_to_do(run: Run) -> None:
    _, shown = said(run("printer", "status"))
    rows = shown.splitlines()
    assert [row.split()[:4] for row in rows[1:3]] == [
        ["archive", "unknown", "0", "0"],
        ["zebra-1", "stopped", "other", "3"],
    ]
    assert rows[3] == (
        "zebra-1: It is not in config.yaml, but labels wait for it: jobs 1, 2. Put it back there "
        "and start again, move them: labeler printer move zebra-1 PRINTER, or cancel each job: "
        "labeler job cancel JOB."
    )


@pytest.mark.usefixtures("stranded")
def test_printer_move_says_what_was_moved_and_what_is_doubtful(run: Run) -> None:
    assert said(run("printer", "move", "zebra-1", "archive", *WHY)) == (
        0,
        (
            "Labels moved from zebra-1 to archive: 2\n"
            "Were on their way and are doubtful: 1; labeler doubtful list\n"
        ),
    )
    assert refusal(run("printer", "move", "zebra-1", "archive", *WHY)) == (
        5004,
        "There is no printer 'zebra-1', and no label waits for it.",
    )
    assert run("printer", "move", "zebra-1", "archive").exit_code == 2


@pytest.mark.usefixtures("stranded")
def test_job_cancel_says_what_was_canceled_and_what_is_doubtful(run: Run) -> None:
    assert said(run("job", "cancel", 1, *WHY)) == (
        0,
        (
            "Labels of job 1 canceled: 1; it is stopped.\n"
            "Were on their way and are doubtful: 1; labeler doubtful list\n"
        ),
    )
    canceled = {"job": 2, "state": "canceled", "canceled": 1, "sending": 0, "doubtful": 0}
    assert json.loads(run("job", "cancel", 2, "--json", *WHY).stdout) == canceled
    assert refusal(run("job", "cancel", 2, *WHY)) == (5006, "No label of job 2 waits.")

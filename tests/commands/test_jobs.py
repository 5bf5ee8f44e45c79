"""job list, hold, release, resume, priority, move; printer pause and resume."""

import json

import pytest

from tests.commands.answers import Run, refusal, said

WHY = ("--reason", "wrong lot", "--operator", "mk")


@pytest.fixture
def queued(run: Run) -> None:
    """Queue a job of three labels and one of one."""
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1", "-n", 3)
    run("issue", "line-1")


@pytest.mark.usefixtures("queued")
def test_job_is_held_ranked_moved_and_resumed(run: Run) -> None:
    assert said(run("job", "hold", 1, *WHY)) == (0, "Labels of job 1 held: 3; it is held.\n")
    assert refusal(run("job", "hold", 1, *WHY))[0] == 5007
    assert said(run("job", "priority", 1, 80, *WHY)) == (
        0,
        "Priority of job 1: 80; of 3 labels.\n",
    )
    assert said(run("job", "move", 1, "archive", *WHY)) == (
        0,
        "Labels of job 1 moved to archive: 3\n",
    )
    assert said(run("job", "resume", 1, "--from", 2, *WHY)) == (
        0,
        (
            "Labels of job 1 released: 2; it is processing.\n"
            "Given up: 1; their serials stay issued.\n"
        ),
    )
    assert refusal(run("job", "release", 1, *WHY))[0] == 5008
    _, shown = said(run("job", "show", 1))
    assert "progress       2 queued, 1 not_printed\n" in shown
    assert "priority       80\n" in shown
    for verb in ("hold", "release", "cancel"):
        assert run("job", verb, 2).exit_code == 2


@pytest.mark.usefixtures("queued")
def test_job_is_resumed_behind_labels_that_somebody_says_exist(run: Run) -> None:
    run("job", "hold", 1, *WHY)
    alone = run("job", "resume", 1, "--printed", *WHY)
    assert alone.exit_code == 2
    assert "--printed is about the labels before one: name it with --from." in alone.stderr
    assert said(run("job", "resume", 1, "--from", 3, "--printed", *WHY)) == (
        0,
        "Labels of job 1 released: 1; it is processing.\nPrinted, as you say: 2.\n",
    )
    _, shown = said(run("job", "show", 1))
    assert "progress       1 queued, 2 printed\n" in shown


@pytest.mark.usefixtures("queued")
def test_jobs_are_listed_with_how_far_they_are(run: Run) -> None:
    run("job", "hold", 1, *WHY)
    _, shown = said(run("job", "list"))
    assert [row.split()[:7] for row in shown.splitlines()[1:]] == [
        ["2", "pending", "print", "zebra-1", "1", "50", "1"],
        ["1", "held", "print", "zebra-1", "1", "50", "3"],
    ]
    assert "3 held    held by mk: wrong lot" in shown
    listed = json.loads(run("job", "list", "--queue", "--json").stdout)
    assert [(one["id"], one["progress"]["queued"]) for one in listed] == [(2, 1)]
    short = run("job", "list", "--limit", 1)
    assert short.stderr.startswith("These are the newest 1; --limit shows more.\n")
    assert said(run("job", "list", "--state", "stopped")) == (0, "No jobs.\n")


def test_printer_is_paused_and_resumed(run: Run) -> None:
    assert said(run("printer", "pause", "zebra-1", *WHY)) == (
        0,
        "Printer zebra-1 is paused. Go on: labeler printer resume zebra-1\n",
    )
    _, shown = said(run("printer", "list"))
    assert "zebra-1: Paused by mk: wrong lot. Go on: labeler printer resume zebra-1.\n" in shown
    resumed = json.loads(run("printer", "resume", "zebra-1", "--json", *WHY).stdout)
    assert resumed["printer"] == "zebra-1"
    assert refusal(run("printer", "resume", "zebra-1", *WHY)) == (
        5010,
        "Nobody paused printer 'zebra-1'.",
    )
    assert run("printer", "pause", "zebra-1").exit_code == 2

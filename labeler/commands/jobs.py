"""labeler job list | show | hold | release | resume | priority | move | cancel."""

import itertools
from pathlib import Path
from typing import Any

import click

from labeler.commands import client, output

STATES = ("pending", "held", "processing", "stopped", "canceled", "aborted", "completed")
"""Those of RFC 8011, section 5.3.7."""


@click.group()
def job() -> None:
    """Look at print jobs, hold them, move them, or cancel one."""


def _post(config_file: Path, job_id: int, verb: str, **body: Any) -> Any:
    given = {name: value for name, value in body.items() if value is not None}
    with client.connect(config_file) as api:
        return api.post(f"/jobs/{job_id}/{verb}", given)


@job.command("list")
@click.option("--printer", help="Of this printer only.")
@click.option("--state", type=click.Choice(STATES))
@click.option("--run", type=int, help="Of this run only.")
@click.option("--queue", is_flag=True, help="Those that wait, the next first.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@output.json_option
@click.pass_obj
def list_jobs(config_file: Path, /, queue: bool, limit: int, as_json: bool, **asked: Any) -> None:
    """List jobs and how far they are: the newest first, or with --queue as they are printed."""
    with client.connect(config_file) as api:
        order = "queue" if queue else "newest"
        wanted = {**asked, "order": order, "limit": min(limit + 1, api.PAGE)}
        given = {name: value for name, value in wanted.items() if value is not None}
        pages = api.pages("/jobs", given, cursor="after")
        found = list(itertools.islice(pages, limit + 1))  # one more says whether there is more
    is_all = len(found) <= limit
    del found[limit:]
    if as_json:
        output.show_json(found)
    elif found:
        rows = [{**one, "labels": progress(one["progress"])} for one in found]
        names = ("id", "state", "purpose", "printer", "run_id", "priority", "labels", "hold_reason")
        output.show_table(rows, (*names, "created_at"))
    else:
        click.echo("No jobs.")
    if not is_all:
        what = "first" if queue else "newest"
        click.echo(f"These are the {what} {limit}; --limit shows more.", err=True)


def progress(counts: dict[str, int]) -> str:
    """Return how many labels are in which state, in words."""
    return ", ".join(f"{count} {state}" for state, count in counts.items() if count)


@job.command("show")
@click.argument("job_id", type=int)
@output.json_option
@click.pass_obj
def show_job(config_file: Path, job_id: int, as_json: bool) -> None:
    """Show print job JOB_ID and what is known of each of its labels."""
    with client.connect(config_file) as api:
        found = api.get(f"/jobs/{job_id}")
    if as_json:
        output.show_json(found)
        return
    names = (
        *("id", "state", "hold_reason", "purpose", "reason", "printer", "printer_group", "run_id"),
        *("priority", "label_count", "progress", "created_at", "settled_at"),
    )
    output.show_fields({**found, "progress": progress(found["progress"])}, names)
    output.show_table(
        found["labels"], ("id", "position", "serial", "copy", "printer", "state", "sent_at")
    )


@job.command("hold")
@click.argument("job_id", type=int)
@output.said("nothing of it is printed for now")
@output.json_option
@click.pass_obj
def hold_job(config_file: Path, /, job_id: int, as_json: bool, **said: str) -> None:
    """Print nothing of job JOB_ID until it is released; the queue behind it goes on."""
    found = _post(config_file, job_id, "hold", **said)
    if as_json:
        output.show_json(found)
        return
    click.echo(f"Labels of job {job_id} held: {found['held']}; it is {found['state']}.")
    _show_sending(found)


@job.command("release")
@click.argument("job_id", type=int)
@output.said("it is printed now")
@output.json_option
@click.pass_obj
def release_job(config_file: Path, /, job_id: int, as_json: bool, **said: str) -> None:
    """Print job JOB_ID, which is held."""
    _show_released(_post(config_file, job_id, "release", **said), as_json)


@job.command("resume")
@click.argument("job_id", type=int)
@click.option(
    "--from",
    "from_position",
    type=click.IntRange(min=1),
    help="The label to go on with, by its position in the job; those before it that wait are "
    "given up.  [default: all that are held]",
)
@click.option(
    "--printed",
    is_flag=True,
    help="Those before it that wait exist, so they are printed on your word. If all of them do, "
    "go on one behind the last.",
)
@output.said("it goes on there")
@output.json_option
@click.pass_obj
def resume_job(config_file: Path, /, job_id: int, as_json: bool, **body: Any) -> None:
    """Go on with job JOB_ID, which is held, at one of its labels. Nothing is sent again."""
    if body["printed"] and body["from_position"] is None:
        raise click.UsageError("--printed is about the labels before one: name it with --from.")
    _show_released(_post(config_file, job_id, "release", **body), as_json)


def _show_released(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        output.show_json(found)
        return
    click.echo(f"Labels of job {found['job']} released: {found['queued']}; it is {found['state']}.")
    if found["printed"]:
        click.echo(f"Printed, as you say: {found['printed']}.")
    if found["not_printed"]:
        click.echo(f"Given up: {found['not_printed']}; their serials stay issued.")
    _show_sending(found)
    for state, positions in found["left"].items():
        listed = ", ".join(map(str, positions))
        click.echo(f"Not sent again, since {state}: {listed}; {_WAYS_OUT.get(state, _REPRINT)}")


_REPRINT = "a new label of one is a reprint."
_WAYS_OUT = {"doubtful": "labeler doubtful list"}


@job.command("priority")
@click.argument("job_id", type=int)
@click.argument("priority", type=click.IntRange(1, 100))
@output.said("it is printed earlier or later")
@output.json_option
@click.pass_obj
def set_priority(
    config_file: Path, /, job_id: int, priority: int, as_json: bool, **said: str
) -> None:
    """Let job JOB_ID go before others of a lower PRIORITY: 100 is printed first, 1 last."""
    body: dict[str, Any] = {"priority": priority, **said}
    found = _post(config_file, job_id, "priority", **body)
    if as_json:
        output.show_json(found)
        return
    click.echo(f"Priority of job {job_id}: {priority}; of {found['labels']} labels.")


@job.command("move")
@click.argument("job_id", type=int)
@click.argument("to")
@output.said("it is printed elsewhere")
@output.json_option
@click.pass_obj
def move_job(config_file: Path, /, job_id: int, as_json: bool, **body: str) -> None:
    """Let printer TO print what waits of job JOB_ID."""
    found = _post(config_file, job_id, "move", **body)
    if as_json:
        output.show_json(found)
        return
    click.echo(f"Labels of job {job_id} moved to {found['to']}: {found['moved']}")
    _show_sending(found)
    output.show_doubtful(found)


@job.command("cancel")
@click.argument("job_id", type=int)
@output.said("nothing more of it is printed")
@output.json_option
@click.pass_obj
def cancel_job(config_file: Path, /, job_id: int, as_json: bool, **said: str) -> None:
    """Print nothing more of job JOB_ID; its serials stay issued."""
    found = _post(config_file, job_id, "cancel", **said)
    if as_json:
        output.show_json(found)
        return
    click.echo(f"Labels of job {job_id} canceled: {found['canceled']}; it is {found['state']}.")
    _show_sending(found)
    output.show_doubtful(found)


def _show_sending(found: dict[str, Any]) -> None:
    if found["sending"]:
        click.echo(f"On their way, and not touched: {found['sending']}")

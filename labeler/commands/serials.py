"""labeler issue | doubtful list | doubtful resolve | doubtful scan."""

import sys
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labeler.commands import client, keys, output, scanning

if TYPE_CHECKING:
    from labeler.commands.api import Api

BLOCK = 100
"""Serials asked for at once."""
POLL_S = 0.5


@click.command()
@click.argument("line")
@click.option("-n", "--quantity", type=click.IntRange(min=1), default=1, show_default=True)
@keys.option
@click.option(
    "--print/--no-print",
    "wanted",
    default=None,
    help="Labels, or serials only; default: labels where the line has a printer.",
)
@click.option("--wait", is_flag=True, help="Wait until the labels are printed, or doubtful.")
@output.json_option
@click.pass_obj
def issue(
    config_file: Path,
    line: str,
    quantity: int,
    key: str | None,
    wanted: bool | None,
    wait: bool,
    as_json: bool,
) -> None:
    """Issue serials of LINE's open run and print their labels.

    A line a unit: its serial and, behind tabs, name=text of each identifier; secrets stand on the
    label only.
    """
    key = key or f"cli-{uuid.uuid4()}"
    replies: list[dict[str, Any]] = []
    with client.connect(config_file) as api:
        try:
            with output.progress() as progress:
                task = progress.add_task("issued", total=quantity)
                for start in range(0, quantity, BLOCK):
                    body: dict[str, Any] = {"quantity": min(BLOCK, quantity - start)}
                    body |= {} if wanted is None else {"print": wanted}
                    headers = {"Idempotency-Key": key if quantity <= BLOCK else f"{key}.{start}"}
                    replies.append(
                        api.post(f"/lines/{client.quote(line)}/labels", body, headers=headers)
                    )
                    progress.advance(task, body["quantity"])
        finally:
            if replies:  # those serials are issued, whatever becomes of the rest and of the wait
                _show_replies(replies, as_json)
        jobs = [reply["job"] for reply in replies if reply["job"] is not None]
        running = api.running
        all_printed = not (wait and running) or _wait(api, jobs)
    if jobs and not running:
        click.echo("No service runs: the labels are printed when it starts.", err=True)
    if not all_printed:
        sys.exit(1)


def _show_replies(replies: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        output.show_json(replies[0] if len(replies) == 1 else replies)
        return
    for reply in replies:
        for unit in reply.get("units") or [{"serial": one} for one in reply["serials"]]:
            carried = [f"{name}={text}" for name, text in unit.get("identifiers", {}).items()]
            click.echo("\t".join([unit["serial"], *carried]))
    if any(reply["replayed"] for reply in replies):
        click.echo("Replayed: this key was served before; these are the same serials.", err=True)


def _wait(api: "Api", jobs: list[int]) -> bool:
    """Wait until no label is on its way; say which are not printed, return whether all are."""
    all_printed = True
    told: dict[str, str] = {}
    with output.progress() as progress:
        task = progress.add_task("printed", total=len(jobs))
        for job in jobs:
            while (found := api.get(f"/jobs/{job}"))["state"] in ("pending", "processing"):
                _say_why(api, found, told)
                time.sleep(POLL_S)
            progress.advance(task)
            states = [label["state"] for label in found["labels"]]
            missing = sum(
                state not in ("printed", "sent", "buffered", "verified") for state in states
            )
            if missing:
                all_printed = False
                sentence = f"{missing} of {len(states)} labels of job {job} are not known to be "
                click.echo(f"{sentence}printed: labeler job show {job}", err=True)
    return all_printed


def _say_why(api: "Api", job: dict[str, Any], told: dict[str, str]) -> None:
    """Say that a job waits for a printer that is stopped; ``told``: printer -> what was said."""
    name = job["printer"]
    printer = api.get(f"/printers/{client.quote(name)}")
    if printer["state"] == "stopped" and told.get(name) != printer["sentence"]:
        told[name] = printer["sentence"]
        click.echo(f"Job {job['id']} waits for {name}: {printer['sentence']}", err=True)


@click.group()
def doubtful() -> None:
    """Labels that may exist or not: look, then say what you found."""


@doubtful.command("list")
@output.json_option
@click.pass_obj
def list_doubtful(config_file: Path, as_json: bool) -> None:
    """List the labels that wait for a decision."""
    with client.connect(config_file) as api:
        found = list(api.pages("/doubtful", cursor="after"))
    if as_json:
        output.show_json(found)
    elif found:
        output.show_table(found, ("id", "serial", "printer", "job", "run", "sent_at"))
        for one in found:
            click.echo(f"{one['id']}: {one['advice']}")
    else:
        click.echo("No doubtful labels.")


@doubtful.command("resolve")
@click.argument("label_id", type=int)
@click.argument("decision", type=click.Choice(["printed", "print_again", "scrap"]))
@click.option("--reason", required=True, help="What you found.")
@click.option("--operator", required=True, help="Who found it.")
@output.json_option
@click.pass_obj
def resolve(
    config_file: Path, label_id: int, decision: str, reason: str, operator: str, as_json: bool
) -> None:
    """Say what became of doubtful label LABEL_ID."""
    body = {"decision": decision, "reason": reason, "operator": operator}
    with client.connect(config_file) as api:
        found = api.post(f"/doubtful/{label_id}", body)
    if as_json:
        output.show_json(found)
    else:
        again = f" Printed again as job {found['job']}." if found["job"] else ""
        click.echo(f"Label {found['label']} is now {found['state']}.{again}")


doubtful.add_command(scanning.scan)

"""labeler run edit | pause | resume | withdraw | overrun | close | changeover."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from labeler.commands import client, output, run_output


def _said(*, required: bool) -> Callable[[output.Command], output.Command]:
    """Add who wants it and why, as options."""

    def add(command: output.Command) -> output.Command:
        why = click.option("--reason", required=required, help="Why.")
        who = click.option("--operator", required=required, help="Who wants it.")
        return why(who(command))

    return add


@click.command("pause")
@click.argument("run_id", type=int)
@_said(required=True)
@output.json_option
@click.pass_obj
def pause_run(config_file: Path, /, run_id: int, as_json: bool, **said: Any) -> None:
    """Issue nothing of run RUN_ID until it is resumed; its line is free meanwhile."""
    _step(config_file, f"{run_id}/pause", said, as_json)


@click.command("resume")
@click.argument("run_id", type=int)
@_said(required=False)
@output.json_option
@click.pass_obj
def resume_run(config_file: Path, /, run_id: int, as_json: bool, **said: Any) -> None:
    """Go on with run RUN_ID, which is paused."""
    _step(config_file, f"{run_id}/resume", said, as_json)


@click.command("withdraw")
@click.argument("run_id", type=int)
@_said(required=True)
@output.json_option
@click.pass_obj
def withdraw_run(config_file: Path, /, run_id: int, as_json: bool, **said: Any) -> None:
    """Cancel run RUN_ID, which is planned."""
    _step(config_file, f"{run_id}/withdraw", said, as_json)


@click.command("edit")
@click.argument("run_id", type=int)
@click.option("--quantity", type=click.IntRange(min=1), help="Units.")
@click.option("--lot", help="GS1 AI (10), up to 20 characters.")
@click.option("--work-order", help="The order's number elsewhere.")
@click.option("--purchase-order", help="The customer's order.")
@click.option("--sales-order", help="Our order of the customer.")
@click.option("--shift", help="The shift it is planned for.")
@click.option("--expires-on", metavar="YYYY-MM-DD", help="GS1 AI (17).")
@click.option("--best-before", metavar="YYYY-MM-DD", help="GS1 AI (15).")
@click.option(
    "--attribute",
    "attributes",
    multiple=True,
    metavar="NAME=VALUE",
    help="Repeatable; all of them.",
)
@_said(required=True)
@output.json_option
@click.pass_obj
def edit_run(
    config_file: Path, /, run_id: int, as_json: bool, attributes: tuple[str, ...], **said: Any
) -> None:
    """Change the order of run RUN_ID, which is planned. An empty text takes a value away."""
    body = {
        name: value if value != "" else None for name, value in said.items() if value is not None
    }
    if attributes:
        body["attributes"] = output.pairs(attributes, option="--attribute")
    with client.connect(config_file) as api:
        run_output.show(api.patch(f"/runs/{run_id}", body), as_json)


@click.command("overrun")
@click.argument("run_id", type=int)
@click.option("--units", type=click.IntRange(min=1), required=True, help="How many more.")
@_said(required=True)
@output.json_option
@click.pass_obj
def overrun_run(config_file: Path, /, run_id: int, as_json: bool, **said: Any) -> None:
    """Let run RUN_ID issue so many units more than planned."""
    _step(config_file, f"{run_id}/overrun", said, as_json)


@click.command("close")
@click.argument("run_id", type=int)
@_said(required=False)
@output.json_option
@click.pass_obj
def close_run(config_file: Path, /, run_id: int, as_json: bool, **said: Any) -> None:
    """Close run RUN_ID; labels in the spool are still printed."""
    _step(config_file, f"{run_id}/close", said, as_json)


@click.command("changeover")
@click.argument("line")
@click.argument("run_id", type=int)
@click.option(
    "--leave",
    type=click.Choice(["close", "pause"]),
    default="close",
    show_default=True,
    help="What becomes of the run that is open now.",
)
@_said(required=True)
@output.json_option
@click.pass_obj
def change_over(config_file: Path, /, line: str, run_id: int, as_json: bool, **said: Any) -> None:
    """Let LINE leave its run and go on with run RUN_ID, planned or paused; both, or neither."""
    with client.connect(config_file) as api:
        found = api.post(f"/lines/{quote(line, safe='')}/changeover", {**said, "run": run_id})
    if as_json:
        output.show_json(found)
        return
    if found["left"] is not None:
        click.echo(f"Run {found['left']['id']} is {found['left']['state']}.")
    run_output.show(found["run"], as_json)


def _step(config_file: Path, address: str, said: dict[str, Any], as_json: bool) -> None:
    with client.connect(config_file) as api:
        run_output.show(api.post(f"/runs/{address}", said), as_json)

"""labeler run plan | open | list | show; the other commands of a run are joined to them."""

import itertools
from pathlib import Path
from typing import Any

import click

from labeler.commands import (
    balances,
    certificates,
    client,
    output,
    run_output,
    run_steps,
    supplying,
)

STATES = ("planned", "open", "paused", "closed", "reconciled", "released", "canceled")


@click.group()
def run() -> None:
    """Plan, open, pause, close and look at production runs."""


def _ordered(command: output.Command) -> output.Command:
    """Add what an order may say."""
    options = (
        click.option("--lot", help="GS1 AI (10), up to 20 characters."),
        click.option("--work-order", help="The order's number elsewhere."),
        click.option("--purchase-order", help="The customer's order."),
        click.option("--sales-order", help="Our order of the customer."),
        click.option("--shift", help="The shift it is planned for."),
        click.option("--expires-on", metavar="YYYY-MM-DD", help="GS1 AI (17)."),
        click.option("--best-before", metavar="YYYY-MM-DD", help="GS1 AI (15)."),
        click.option("--rework-of", type=int, metavar="RUN", help="The run it makes good again."),
        click.option("--operator", help="Who orders or opens it."),
        click.option(
            "--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="Repeatable."
        ),
        click.option(
            "--test", "is_test", is_flag=True, help="Try the line: serials of no product."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _body(*, attributes: tuple[str, ...], is_test: bool, **said: Any) -> dict[str, Any]:
    """Return an order as the API takes it."""
    own = output.pairs(attributes, option="--attribute")
    return {**said, "attributes": own, "mode": "test" if is_test else "production"}


@run.command("plan")
@click.argument("product")
@click.argument("line")
@click.argument("quantity", type=click.IntRange(min=1))
@_ordered
@output.json_option
@click.pass_obj
def plan_run(config_file: Path, /, as_json: bool, **said: Any) -> None:
    """Record an order of QUANTITY units of PRODUCT on LINE, to be opened later."""
    with client.connect(config_file) as api:
        run_output.show(api.post("/runs", {**_body(**said), "state": "planned"}), as_json)


@run.command("open")
@click.argument("what", nargs=-1, metavar="RUN | PRODUCT LINE QUANTITY")
@click.option("--line", help="With --work-order alone: the line, where several have runs of it.")
@_ordered
@output.json_option
@click.pass_obj
def open_run(
    config_file: Path, /, what: tuple[str, ...], line: str | None, as_json: bool, **said: Any
) -> None:
    """Open the planned run RUN, or a new run of QUANTITY units of PRODUCT on LINE.

    With --work-order and no argument: the run that was planned first for that work order.
    """
    with client.connect(config_file) as api:
        if len(what) == 3 and line is None:
            product, place, quantity = what
            count = _number(quantity)
            order = {"product": product, "line": place, "quantity": count, **_body(**said)}
            found = api.post("/runs", order)
        else:
            found = api.post(*_start(what, line, said))
    run_output.show(found, as_json)


def _start(
    what: tuple[str, ...], line: str | None, said: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Return where and how the API is asked to open a planned run."""
    work_order, operator = said["work_order"], said["operator"]
    rest = [name for name, value in said.items() if value and name != "operator"]
    if len(what) == 1 and not rest and line is None:
        run_id = _number(what[0])
        return f"/runs/{run_id}/open", {"operator": operator}
    if not what and rest == ["work_order"]:
        return "/runs/open", {"work_order": work_order, "line": line, "operator": operator}
    raise click.UsageError(
        "Expected RUN, with --operator at most; or --work-order, with --line and --operator at "
        "most; or PRODUCT LINE QUANTITY."
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise click.UsageError(f"'{text}': expected a whole number from 1.")
    return int(text)


@run.command("list")
@click.option("--line")
@click.option("--state", type=click.Choice(STATES))
@click.option("--mode", type=click.Choice(["production", "test"]))
@click.option("--work-order")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@output.json_option
@click.pass_obj
def list_runs(config_file: Path, /, limit: int, as_json: bool, **asked: str | None) -> None:
    """List runs, the newest first."""
    with client.connect(config_file) as api:
        wanted = {**asked, "limit": min(limit + 1, api.PAGE)}
        pages = api.pages("/runs", wanted, cursor="before")
        found = list(itertools.islice(pages, limit + 1))  # one more says whether there is more
    is_all = len(found) <= limit
    del found[limit:]
    if as_json:
        output.show_json(found)
    elif found:
        output.show_table(
            found,
            ("id", "state", "mode", "product", "line", "issued", "quantity", "lot", "opened_at"),
        )
    else:
        click.echo("No runs.")
    if not is_all:
        click.echo(f"These are the newest {limit}; --limit shows more.", err=True)


@run.command("show")
@click.argument("run_id", type=int)
@output.json_option
@click.pass_obj
def show_run(config_file: Path, run_id: int, as_json: bool) -> None:
    """Show run RUN_ID."""
    with client.connect(config_file) as api:
        run_output.show(api.get(f"/runs/{run_id}"), as_json)


for command in (
    run_steps.edit_run,
    run_steps.pause_run,
    run_steps.resume_run,
    run_steps.withdraw_run,
    run_steps.overrun_run,
    run_steps.close_run,
    run_steps.change_over,
    supplying.forecast,
    balances.balance,
    balances.reconcile,
    balances.release,
    certificates.make,
):
    run.add_command(command)

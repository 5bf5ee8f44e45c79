"""labeler run plan | edit | open | pause | resume | changeover | withdraw | overrun | …."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from labeler.commands import balances, certificates, client, output, supplying

FIELDS = (
    "id", "state", "mode", "product", "line", "quantity", "overrun", "issued", "remaining",
    "on_lease", "lot", "work_order", "purchase_order", "sales_order", "shift", "expires_on",
    "best_before", "rework_of", "reworked_by", "operator", "attributes", "series",
    "series_version", "template", "template_version", "template_digest", "template_state",
    "opened_at", "closed_at",
)  # fmt: skip
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
        _show(api.post("/runs", {**_body(**said), "state": "planned"}), as_json)


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
    _show(found, as_json)


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


def _said(*, required: bool) -> Callable[[output.Command], output.Command]:
    """Add who wants it and why, as options."""

    def add(command: output.Command) -> output.Command:
        why = click.option("--reason", required=required, help="Why.")
        who = click.option("--operator", required=required, help="Who wants it.")
        return why(who(command))

    return add


@run.command("pause")
@click.argument("run_id", type=int)
@_said(required=True)
@output.json_option
@click.pass_obj
def pause_run(config_file: Path, /, run_id: int, as_json: bool, **said: Any) -> None:
    """Issue nothing of run RUN_ID until it is resumed; its line is free meanwhile."""
    _step(config_file, f"{run_id}/pause", said, as_json)


@run.command("resume")
@click.argument("run_id", type=int)
@_said(required=False)
@output.json_option
@click.pass_obj
def resume_run(config_file: Path, /, run_id: int, as_json: bool, **said: Any) -> None:
    """Go on with run RUN_ID, which is paused."""
    _step(config_file, f"{run_id}/resume", said, as_json)


@run.command("withdraw")
@click.argument("run_id", type=int)
@_said(required=True)
@output.json_option
@click.pass_obj
def withdraw_run(config_file: Path, /, run_id: int, as_json: bool, **said: Any) -> None:
    """Cancel run RUN_ID, which is planned."""
    _step(config_file, f"{run_id}/withdraw", said, as_json)


@run.command("edit")
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
        _show(api.patch(f"/runs/{run_id}", body), as_json)


@run.command("overrun")
@click.argument("run_id", type=int)
@click.option("--units", type=click.IntRange(min=1), required=True, help="How many more.")
@_said(required=True)
@output.json_option
@click.pass_obj
def overrun_run(config_file: Path, /, run_id: int, as_json: bool, **said: Any) -> None:
    """Let run RUN_ID issue so many units more than planned."""
    _step(config_file, f"{run_id}/overrun", said, as_json)


@run.command("close")
@click.argument("run_id", type=int)
@_said(required=False)
@output.json_option
@click.pass_obj
def close_run(config_file: Path, /, run_id: int, as_json: bool, **said: Any) -> None:
    """Close run RUN_ID; labels in the spool are still printed."""
    _step(config_file, f"{run_id}/close", said, as_json)


@run.command("changeover")
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
    _show(found["run"], as_json)


def _step(config_file: Path, address: str, said: dict[str, Any], as_json: bool) -> None:
    with client.connect(config_file) as api:
        _show(api.post(f"/runs/{address}", said), as_json)


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
        _show(api.get(f"/runs/{run_id}"), as_json)


def _show(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        output.show_json(found)
        return
    output.show_fields({**found, "overrun": found["overrun"] or None}, FIELDS)
    if found.get("steps"):
        columns = ("at", "from", "to", "units", "operator", "reason", "channel")
        output.show_table(found["steps"], columns)
    for edit in found.get("edits", ()):
        told = ", ".join(
            f"{name} {_value(one['old'])} -> {_value(one['new'])}"
            for name, one in edit["changes"].items()
        )
        click.echo(f"Edited at {edit['at']} by {edit['operator']}, {edit['reason']}: {told}")
    for remark in found.get("remarks", ()):
        click.echo(f"Mind: {remark}", err=True)


def _value(value: Any) -> str:
    """Return what an order said; - where it said nothing."""
    if isinstance(value, dict):
        return " ".join(f"{name}={text}" for name, text in value.items()) or "-"
    return "-" if value is None else str(value)


for command in (
    supplying.forecast,
    balances.balance,
    balances.reconcile,
    balances.release,
    certificates.make,
):
    run.add_command(command)

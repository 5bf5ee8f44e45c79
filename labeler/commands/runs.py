"""labeler run open | close | list | show | forecast."""

import itertools
from pathlib import Path
from typing import Any

import click

from labeler.commands import client, output, supplying

FIELDS = (
    "id", "state", "mode", "product", "line", "quantity", "issued", "remaining", "on_lease", "lot",
    "work_order", "operator", "attributes", "series", "series_version", "template",
    "template_version", "template_digest", "template_state", "opened_at", "closed_at",
)  # fmt: skip


@click.group()
def run() -> None:
    """Open, close and look at production runs."""


@run.command("open")
@click.argument("product")
@click.argument("line")
@click.argument("quantity", type=click.IntRange(min=1))
@click.option("--lot", help="GS1 AI (10), up to 20 characters.")
@click.option("--work-order", help="The order's number elsewhere.")
@click.option("--operator", help="Who opens it.")
@click.option("--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="Repeatable.")
@click.option("--test", "is_test", is_flag=True, help="Try the line: serials of no product.")
@output.json_option
@click.pass_obj
def open_run(
    config_file: Path,
    product: str,
    line: str,
    quantity: int,
    lot: str | None,
    work_order: str | None,
    operator: str | None,
    attributes: tuple[str, ...],
    is_test: bool,
    as_json: bool,
) -> None:
    """Open a run of QUANTITY units of PRODUCT on LINE."""
    body = {
        "product": product,
        "line": line,
        "quantity": quantity,
        "lot": lot,
        "work_order": work_order,
        "operator": operator,
        "attributes": output.pairs(attributes, option="--attribute"),
        "mode": "test" if is_test else "production",
    }
    with client.connect(config_file) as api:
        _show(api.post("/runs", body), as_json)


@run.command("close")
@click.argument("run_id", type=int)
@output.json_option
@click.pass_obj
def close_run(config_file: Path, run_id: int, as_json: bool) -> None:
    """Close run RUN_ID; labels in the spool are still printed."""
    with client.connect(config_file) as api:
        _show(api.post(f"/runs/{run_id}/close"), as_json)


@run.command("list")
@click.option("--line")
@click.option("--state", type=click.Choice(["open", "closed"]))
@click.option("--mode", type=click.Choice(["production", "test"]))
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@output.json_option
@click.pass_obj
def list_runs(
    config_file: Path,
    line: str | None,
    state: str | None,
    mode: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List runs, the newest first."""
    with client.connect(config_file) as api:
        asked = {"line": line, "state": state, "mode": mode}
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
    output.show_fields(found, FIELDS)
    for remark in found.get("remarks", ()):
        click.echo(f"Mind: {remark}", err=True)


run.add_command(supplying.forecast)

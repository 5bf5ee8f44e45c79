"""labeler run balance | reconcile | release | certificate."""

import itertools
from pathlib import Path
from typing import Any, get_args

import click

from labeler.commands import client, output
from labeler.production.reconciling.terms import TERMS, Kind

_COLUMNS = ("place", "serial", "state")


@click.command("balance")
@click.argument("run_id", type=int)
@click.option(
    "--list", "kind", type=click.Choice(get_args(Kind)), help="List the serials behind a number."
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@output.json_option
@click.pass_obj
def balance(config_file: Path, run_id: int, kind: str | None, limit: int, as_json: bool) -> None:
    """Say whether run RUN_ID adds up, and why not."""
    address = f"/runs/{run_id}/reconciliation"
    with client.connect(config_file) as api:
        if kind is not None:
            wanted = {"limit": min(limit, api.PAGE)}
            pages = api.listed(f"{address}/{kind}", wanted, name="serials", cursor="after")
            _show_serials(list(itertools.islice(pages, limit)), kind, as_json)
            return
        found = api.get(address)
    if as_json:
        output.show_json(found)
        return
    _show_figures(found)
    if found["reconciled"]:
        click.echo("As it was signed:")
        _show_signed(found["reconciled"])


def _show_serials(found: list[dict[str, Any]], kind: str, as_json: bool) -> None:
    if as_json:
        output.show_json(found)
    elif found:
        output.show_table(found, ("first", "last") if kind == "missing" else _COLUMNS)
    else:
        click.echo("None.")


@click.command("reconcile")
@click.argument("run_id", type=int)
@click.option("--operator", required=True, help="Who reconciles it.")
@click.option("--deviation", metavar="REASON", help="Why it is right although it does not add up.")
@click.option("--approved-by", help="Another person who is for the deviation.")
@click.option("--difference", type=int, help="The difference that both of them know of.")
@output.json_option
@click.pass_obj
def reconcile(
    config_file: Path, /, run_id: int, operator: str, as_json: bool, **given: Any
) -> None:
    """Void what was never used of the closed run RUN_ID, and sign its balance for ever.

    A run that does not add up needs --deviation, --approved-by and --difference.
    """
    deviation = None
    if any(value is not None for value in given.values()):
        if None in given.values():
            raise click.UsageError(
                "Expected --deviation, --approved-by and --difference together, or none of them."
            )
        deviation = {
            "reason": given["deviation"],
            "approved_by": given["approved_by"],
            "difference": given["difference"],
        }
    body = {"operator": operator, "deviation": deviation}
    with client.connect(config_file) as api:
        found = api.patient_post(f"/runs/{run_id}/reconcile", body)
    if as_json:
        output.show_json(found)
        return
    click.echo(f"Run {run_id} is reconciled.")
    _show_signed(found)


@click.command("release")
@click.argument("run_id", type=int)
@click.option("--operator", required=True, help="Who releases it.")
@click.option("--reason", help="Why.")
@output.json_option
@click.pass_obj
def release(config_file: Path, /, run_id: int, as_json: bool, **said: str | None) -> None:
    """Release the reconciled run RUN_ID: somebody answers for it. Its units stay as they are."""
    with client.connect(config_file) as api:
        found = api.post(f"/runs/{run_id}/release", said)
    if as_json:
        output.show_json(found)
    else:
        click.echo(f"Run {run_id} is released by {said['operator']}.")


def _show_figures(found: dict[str, Any]) -> None:
    rows = [{"what": name, "count": found[name]} for name in ("issued", *TERMS, "difference")]
    output.show_table(rows, ("what", "count"))
    if found["causes"]:
        output.show_table(found["causes"], ("cause", "count", "sentence"))


def _show_signed(found: dict[str, Any]) -> None:
    _show_figures(found)
    output.show_fields(found, ("at", "operator", "approved_by", "reason", "digest"))

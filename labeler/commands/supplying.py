"""labeler printer roll, labeler run forecast: labels that are left, and those that are needed."""

from pathlib import Path
from typing import Any

import click

from labeler.commands import client, output


def left(printer: dict[str, Any]) -> str | None:
    """Return how many labels a printer has left, in words; None if nobody knows."""
    roll = printer["roll"]
    if roll is None:
        return None
    return f"about {roll['left']}" if roll["estimated"] else str(roll["left"])


@click.command("roll")
@click.argument("name", metavar="PRINTER")
@click.option(
    "--labels",
    type=click.IntRange(min=0),
    help="How many labels are on it.  [default: media.roll_labels of the printer]",
)
@click.option("--operator", help="Who puts it in. Without it, the roll that is in is shown.")
@output.json_option
@click.pass_obj
def roll(
    config_file: Path, name: str, labels: int | None, operator: str | None, as_json: bool
) -> None:
    """Say that a new roll is in PRINTER, or show the one that is in it."""
    if labels is not None and operator is None:
        raise click.UsageError("--labels needs --operator.")
    address = f"/printers/{client.quote(name)}/roll"
    with client.connect(config_file) as api:
        if operator is None:
            found = api.get(address)
        else:
            found = api.post(address, {"labels": labels, "operator": operator})
    if as_json:
        output.show_json(found)
    else:
        output.show_fields(
            found, ("printer", "left", "used", "labels", "estimated", "at", "operator")
        )


@click.command("forecast")
@click.argument("line")
@click.argument("quantity", type=click.IntRange(min=1))
@click.option("--product", help="Its template says how many copies each label has.")
@output.json_option
@click.pass_obj
def forecast(
    config_file: Path, line: str, quantity: int, product: str | None, as_json: bool
) -> None:
    """Say whether LINE has labels enough for QUANTITY units."""
    with client.connect(config_file) as api:
        found = api.get(
            f"/lines/{client.quote(line)}/forecast", {"quantity": quantity, "product": product}
        )
    if as_json:
        output.show_json(found)
        return
    output.show_fields(found, ("needed", "waiting", "left"))
    for remark in found["remarks"]:
        click.echo(f"Mind: {remark}")
    if not found["printers"]:
        click.echo(f"Line {line} has no printer: its units get no labels here.")
    elif found["enough"] is None:
        click.echo("Nobody has said of each printer how many labels it has: labeler printer roll.")

"""labeler reprint."""

import uuid
from pathlib import Path
from typing import Any

import click

from labeler.commands import client, keys, output


@click.command()
@click.argument("serial")
@click.option("--reason", required=True, help="One of reprints.reasons in config.yaml.")
@click.option("--operator", required=True, help="Who orders it.")
@click.option("--approved-by", help="Who else is for it, where two persons are needed.")
@click.option("--copies", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--printer", help="Default: the one of the last label, or the line's.")
@click.option("--note", help="Whatever else is to be known.")
@click.option("--product", help="Whose serial, where several products have it.")
@keys.option
@output.json_option
@click.pass_obj
def reprint(
    config_file: Path,
    /,
    serial: str,
    product: str | None,
    key: str | None,
    as_json: bool,
    **wanted: Any,
) -> None:
    """Print the label of SERIAL again; it is a copy, and the record says why and who."""
    address = f"/serials/{client.quote(serial)}/reprint"
    if product is not None:
        address += f"?product={client.quote(product)}"
    headers = {"Idempotency-Key": key or f"cli-{uuid.uuid4()}"}
    with client.connect(config_file) as api:
        found = api.post(address, wanted, headers=headers)
        is_running = api.running
    if as_json:
        output.show_json(found)
    else:
        click.echo(_sentence(found))
    if not is_running:
        click.echo("No service runs: it is printed when one starts.", err=True)


def _sentence(found: dict[str, Any]) -> str:
    names = [f"copy {one['copy']}" if one["copy"] else "the label" for one in found["labels"]]
    again = " Replayed: this key was served before." if found["replayed"] else ""
    return (
        f"Job {found['job']} prints serial {found['serial']} on {found['printer']}: "
        f"{', '.join(names)}.{again}"
    )

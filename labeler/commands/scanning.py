"""labeler doubtful scan."""

from pathlib import Path

import click

from labeler.commands import client, output


@click.command("scan")
@click.argument("text")
@click.option("--operator", required=True, help="Who scanned it.")
@click.option("--label", type=int, help="Which label it is, where the unit has several.")
@output.json_option
@click.pass_obj
def scan(config_file: Path, text: str, operator: str, label: int | None, as_json: bool) -> None:
    """Say that a label exists: TEXT is what a scanner read from it."""
    body = {"scan": text, "operator": operator, "label": label}
    with client.connect(config_file) as api:
        found = api.post("/doubtful/scan", body)
    if as_json:
        output.show_json(found)
    else:
        click.echo(found["sentence"])

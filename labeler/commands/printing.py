"""labeler printer status | move | emulate."""

from pathlib import Path

import click

from labeler.commands import client, emulating, output


@click.group()
def printer() -> None:
    """Look at printers, or be one."""


@printer.command("status")
@output.json_option
@click.pass_obj
def status(config_file: Path, as_json: bool) -> None:
    """Show every printer: its state, why it is stopped, and how many labels wait."""
    with client.connect(config_file) as api:
        found = api.get("/printers")["printers"]
        running = api.running
    if as_json:
        output.show_json(found)
        return
    output.show_table(
        found, ("name", "state", "reasons", "labels_waiting", "language", "uri", "proof")
    )
    for row in found:
        if row["sentence"]:
            click.echo(f"{row['name']}: {row['sentence']}")
    if not running:
        click.echo("No service runs, so nobody asks the printers.", err=True)
    elif any(row["state"] == "unknown" for row in found):  # on PostgreSQL we asked the record only
        click.echo(
            "The service that runs knows their states: GET /api/v1/printers there.", err=True
        )


@printer.command("move")
@click.argument("name", metavar="PRINTER")
@click.argument("to")
@click.option("--reason", required=True, help="Why they are printed elsewhere.")
@click.option("--operator", required=True, help="Who wants it.")
@output.json_option
@click.pass_obj
def move(config_file: Path, name: str, to: str, reason: str, operator: str, as_json: bool) -> None:
    """Let printer TO print the labels that wait for PRINTER, which may be gone."""
    body = {"to": to, "reason": reason, "operator": operator}
    with client.connect(config_file) as api:
        found = api.post(f"/printers/{client.quote(name)}/move", body)
    if as_json:
        output.show_json(found)
        return
    click.echo(f"Labels moved from {found['printer']} to {found['to']}: {found['moved']}")
    output.show_doubtful(found)


printer.add_command(emulating.emulate)

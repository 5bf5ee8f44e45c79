"""labeler printer status | move | emulate."""

import time
from pathlib import Path

import click

from labeler.commands import client, output


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


@printer.command("emulate")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=9100, show_default=True)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep every printed label there as a file.",
)
@click.option("--label-time", type=float, default=0.1, show_default=True, help="Seconds a label.")
def emulate(host: str, port: int, folder: Path | None, label_time: float) -> None:
    """Be a virtual ZPL printer until Ctrl-C."""
    from printers.emulator import VirtualPrinter

    try:
        with VirtualPrinter(host, port, folder=folder, label_time_s=label_time) as virtual:
            kept = f", keeping labels in {folder}" if folder else ""
            click.echo(f"Virtual printer at tcp://{host}:{virtual.port}{kept}. Ctrl-C ends it.")
            shown = virtual.label_count
            while True:
                time.sleep(0.2)
                if virtual.label_count != shown:
                    shown = virtual.label_count
                    click.echo(f"{shown} labels printed")
    except OSError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("Ended.")

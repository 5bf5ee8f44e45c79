"""labeler printer test | calibrate | console | check."""

import sys
from pathlib import Path
from typing import Any

import click

from labeler.commands import client, drawings, output

_operator = click.option("--operator", required=True, help="Who asks for it.")


@click.command()
@click.argument("name", metavar="PRINTER")
@click.option("--operator", help="Who asks for it.")
@click.option(
    "--preview",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Print nothing, draw it: a png, pdf, svg, tspl or zpl, as FILE ends; - for zpl.",
)
@output.json_option
@click.pass_obj
def test(
    config_file: Path, name: str, operator: str | None, preview: Path | None, as_json: bool
) -> None:
    """Print a test label: its settings, rulers, a frame, bars and two symbols; never a serial."""
    if preview is not None:
        form, out = drawings.chosen(None, preview)
        with client.connect(config_file) as api:
            drawing = api.document(f"/printers/{client.quote(name)}/test.{form}")
        drawings.write(drawing, out)
        return
    if operator is None:
        raise click.UsageError("Missing option '--operator': the printer's history names it.")
    _ask(config_file, name, "test", operator=operator, as_json=as_json)


@click.command()
@click.argument("name", metavar="PRINTER")
@_operator
@click.option("--yes", is_flag=True, help="Do not ask first.")
@output.json_option
@click.pass_obj
def calibrate(config_file: Path, name: str, operator: str, yes: bool, as_json: bool) -> None:
    """Let a printer measure its stock. It feeds labels, which are lost."""
    if not yes:
        click.confirm(f"Printer '{name}' will feed some labels. Calibrate it?", abort=True)
    _ask(config_file, name, "calibrate", operator=operator, as_json=as_json)


@click.command()
@click.argument("name", metavar="PRINTER")
@click.argument("text", required=False)
@_operator
@click.option("--print", "prints", is_flag=True, help="It may print labels no record has.")
@click.option("--sure", is_flag=True, help="It may erase, reset or cancel.")
@output.json_option
@click.pass_obj
def console(config_file: Path, /, name: str, text: str | None, **said: Any) -> None:
    """Send TEXT, or what stands on standard input, to a printer, and show what it says.

    The audit trail keeps it. Labels of units are not printed like this: they need a record.
    """
    text = sys.stdin.read() if text is None else text
    body = {"operator": said["operator"], "text": text}
    body |= {"print": said["prints"], "sure": said["sure"]}
    with client.connect(config_file) as api:
        found: dict[str, Any] = api.patient_post(f"/printers/{client.quote(name)}/console", body)
    if said["as_json"]:
        output.show_json(found)
        return
    click.echo(found["answer"].rstrip("\n") or "It said nothing.")
    cut = " It said more than is shown." if found["is_cut"] else ""
    click.echo(f"{found['state']}: {found['sentence']}{cut}", err=True)


@click.command()
@click.argument("name", metavar="PRINTER")
@output.json_option
@click.pass_obj
def check(config_file: Path, name: str, as_json: bool) -> None:
    """Compare a folder of labels with its index.csv, or ask a printer how it is, now.

    Ends with 1 if something is not as it should be.
    """
    with client.connect(config_file) as api:
        found = api.patient_post(f"/printers/{client.quote(name)}/check")
    if as_json:
        output.show_json(found)
    else:
        click.echo("\n".join(found["findings"]) or "All is as it should be.")
    if found["findings"]:
        sys.exit(1)


def _ask(config_file: Path, name: str, what: str, *, operator: str, as_json: bool) -> None:
    """Ask it of the service that runs, and show what became of it."""
    with client.connect(config_file) as api:
        body = {"operator": operator}
        found: dict[str, Any] = api.patient_post(f"/printers/{client.quote(name)}/{what}", body)
    if as_json:
        output.show_json(found)
        return
    click.echo(f"{found['state']}: {found['sentence']}")

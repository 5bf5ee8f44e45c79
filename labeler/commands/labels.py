"""labeler label render | show | sheet."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labeler.commands import client, drawings, output
from labeler.errors import NO_SUCH_SERIAL, Refusal

if TYPE_CHECKING:
    from labeler.commands.api import Api

FIELDS = (
    "id", "serial", "purpose", "reason", "copy", "state", "printer", "run", "job", "position",
    "sent_at", "language", "dpi", "program_version", "template", "template_version",
    "template_state", "digest",
)  # fmt: skip


@click.group()
def label() -> None:
    """Draw labels from values, or again as they were sent, or on sheets for an office printer."""


@label.command("render")
@click.option("--template", "name", required=True, help="Which template.")
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="Repeatable.")
@click.option("--version", type=click.IntRange(min=1), help="Of this version; default: the draft.")
@click.option("--product", help="Take the product's values of config.yaml.")
@click.option("--line", help="Which line it shows.")
@click.option("--dpi", type=click.IntRange(100, 1200), help="Default: the printer's.")
@click.option("--printer", help="As for this printer; default: the first line's.")
@drawings.compare_option
@drawings.options
@click.pass_obj
def render(
    config_file: Path,
    /,
    name: str,
    given: tuple[str, ...],
    form: str | None,
    out: Path | None,
    **body: Any,
) -> None:
    """Draw a label of a template from the values given; nothing is made up, nothing is issued."""
    form, target = drawings.chosen(form, out, only="png" if body["compare"] else None)
    body |= {"values": output.pairs(given, option="--set"), "format": form, "samples": False}
    with client.connect(config_file) as api:
        drawing = api.document(f"/templates/{client.quote(name)}/preview", body)
    drawings.write(drawing, target)


@label.command("show")
@click.argument("which", metavar="SERIAL|LABEL-ID")
@click.option("--product", help="Whose serial, where several products have it.")
@drawings.options
@output.json_option
@click.pass_obj
def show(
    config_file: Path,
    which: str,
    product: str | None,
    form: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Show the labels of a serial, or one by its id, as they were sent; with -o write the newest.

    Each is drawn again and compared with the bytes that were sent; exit code 1 if one differs. A
    number that is a serial, too, is taken for the serial.
    """
    with client.connect(config_file) as api:
        found = [api.get(f"/labels/{one}") for one in _ids(api, which, product)]
        if found and (form or out):
            form, target = drawings.chosen(form, out)
            printed = [one for one in found if one["purpose"] != "archive"] or found
            drawings.write(api.document(f"/labels/{printed[-1]['id']}.{form}"), target)
    with output.aside(out or (output.STDOUT if form else None)):
        _show(found, which, as_json)
    if any(one["same_as_sent"] == "no" for one in found):
        sys.exit(1)


@label.command("sheet")
@click.argument("job_id", metavar="[JOB]", type=int, required=False)
@click.option("--run", "run_id", type=int, help="Of all units of this run instead.")
@drawings.sheet_options(required=True)
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The pdf to write; - is standard output.",
)
@click.pass_obj
def sheet(
    config_file: Path, /, job_id: int | None, run_id: int | None, out: Path, **wanted: Any
) -> None:
    """Draw the labels of JOB on sheets of office stock, a label a cell.

    It is a document: the record hears nothing of it, and no label counts as printed by it.
    """
    if (job_id is None) == (run_id is None):
        raise click.UsageError("Name one of them: a JOB, or a run with --run.")
    address = f"/runs/{run_id}" if job_id is None else f"/jobs/{job_id}"
    with client.connect(config_file) as api:
        drawing = api.document(f"{address}/sheet.pdf", parameters=drawings.sheet_of(wanted))
    drawings.write(drawing, out)


def _ids(api: "Api", which: str, product: str | None) -> list[int]:
    try:
        found = api.get(f"/serials/{client.quote(which)}/labels", {"product": product})["labels"]
        return [one["id"] for one in found]
    except Refusal as refusal:
        is_id = refusal.kind.number == NO_SUCH_SERIAL.number and which.isdecimal()
        if not is_id:
            raise
        return [int(which)]


def _show(found: list[dict[str, Any]], which: str, as_json: bool) -> None:
    if as_json:
        output.show_json(found)
        return
    if not found:
        click.echo(f"Serial {which} has no label.")
    for number, one in enumerate(found):
        if number:
            click.echo()
        output.show_fields(one, FIELDS)
        click.echo(f"same bytes as sent: {one['same_as_sent']}. {one['sentence']}")

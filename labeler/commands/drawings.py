"""What commands share that draw labels: their format, their file, the sheets they lie on."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from labeler.commands import output
from printers import folder

if TYPE_CHECKING:
    import httpx

FORMATS = folder.listed("printers.languages")
"""Every language that labels are drawn in."""
TEXT = "zpl"
"""The format that a terminal is shown without being asked."""

Command = TypeVar("Command", bound=Callable[..., Any])


def options(command: Command) -> Command:
    """Give a command --format and -o."""
    form = click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        help=f"Default: what FILE ends with, or {TEXT}.",
    )
    out = click.option(
        "-o",
        "--out",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help=f"The file to write; - is standard output, where {TEXT} goes without it.",
    )
    return form(out(command))


def compare_option(command: Command) -> Command:
    """Give a command --compare."""
    return click.option(
        "--compare",
        is_flag=True,
        help="Draw a png of our label beside an independent drawing of its ZPL, by zplkit.",
    )(command)


def sheet_options(*, required: bool) -> Callable[[Command], Command]:
    """Give a command --stock, --start and --outlines; ``sheet_of`` reads them."""

    def give(command: Command) -> Command:
        stock = click.option(
            "--stock", required=required, help="A pdf on sheets of it; `labeler stock list`."
        )
        start = click.option(
            "--start", type=click.IntRange(min=1), help="The first free cell, row by row from 1."
        )
        outlines = click.option(
            "--outlines", is_flag=True, help="Draw the cells, too: for a trial on plain paper."
        )
        return stock(start(outlines(command)))

    return give


def sheet_of(wanted: dict[str, Any]) -> dict[str, Any] | None:
    """Take what the options of sheets said out of ``wanted``; None without --stock."""
    names = ("stock", "start", "outlines", "count")
    said = {name: given for name in names if (given := wanted.pop(name, None))}
    if said and "stock" not in said:
        raise click.UsageError(f"--{next(iter(said))} is about sheets: name theirs with --stock.")
    return said or None


def chosen(form: str | None, out: Path | None, *, only: str | None = None) -> tuple[str, Path]:
    """Return the format and where it goes; ``only`` is the one there is, whatever FILE ends with.

    Another one that was asked for is left to the service to refuse.
    """
    suffix = out.suffix.removeprefix(".").lower() if out else ""
    form = form or only or (suffix if suffix in FORMATS else TEXT)
    if out is None and form != TEXT:
        raise click.UsageError(
            f"Only {TEXT} is shown without -o: name the file of the {form} with it, or - for "
            "standard output."
        )
    return form, out or output.STDOUT


def write(drawing: "httpx.Response", out: Path) -> None:
    """Write a drawing, and say where it is."""
    try:
        with output.listing(out) as file:
            file.write(drawing.content)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error
    if out != output.STDOUT:
        click.echo(f"Wrote {out}, {len(drawing.content)} bytes.")
    comparison = drawing.headers.get("Comparison")
    if comparison:
        click.echo(comparison, err=out == output.STDOUT)

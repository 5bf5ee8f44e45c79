"""What commands share that draw a label: its format, its file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from labeler.commands import output

FORMATS = ("png", "pdf", "zpl")

Command = TypeVar("Command", bound=Callable[..., Any])


def options(command: Command) -> Command:
    """Give a command --format and -o."""
    form = click.option(
        "--format", "form", type=click.Choice(FORMATS), help="Default: what FILE ends with, or zpl."
    )
    out = click.option(
        "-o",
        "--out",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="The file to write; - is standard output, where zpl goes without it.",
    )
    return form(out(command))


def chosen(form: str | None, out: Path | None) -> tuple[str, Path]:
    """Return the format and where it goes."""
    suffix = out.suffix.removeprefix(".").lower() if out else ""
    form = form or (suffix if suffix in FORMATS else "zpl")
    if out is None and form != "zpl":
        raise click.UsageError(f"A {form} is no text for a terminal: name its file with -o.")
    return form, out or output.STDOUT


def write(content: bytes, out: Path) -> None:
    """Write a drawing, and say where it is."""
    try:
        with output.listing(out) as file:
            file.write(content)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error
    if out != output.STDOUT:
        click.echo(f"Wrote {out}, {len(content)} bytes.")

"""labeler serial check | generate."""

import csv
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from labeler.commands import client, output, times
from labeler.errors import BAD_CONFIG, Refusal
from labeler.units import counted

if TYPE_CHECKING:
    from labeler.production.numbering import PlantSeries


@click.group()
def serial() -> None:
    """Look at any serial and its history, or generate serials that are not issued."""


@serial.command()
@click.argument("series")
@click.option("-n", "--quantity", type=click.IntRange(min=1), required=True)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file to write; - is standard output.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["txt", "csv"]),
    default="txt",
    show_default=True,
    help="txt: a serial a line; csv: its number, too.",
)
@click.option("--at", help="As of this time, 2026-11-23T06:00; default: now.")
@click.option(
    "--start",
    type=click.IntRange(min=0),
    help="The first number; default: where the counter stands.",
)
@click.pass_obj
def generate(config_file: Path, /, series: str, quantity: int, out: Path, **given: Any) -> None:
    """Write serials of SERIES into a file, for tests and quotations.

    They are NOT ISSUED and NOT RESERVED: the record does not know them, no number is taken, and a
    line will issue the same ones. Never put them on a product.
    """
    if out != output.STDOUT and out.exists() and not given["force"]:
        raise click.ClickException(f"{out} is there already; --force replaces it.")
    from labeler import app
    from labeler.production import generating

    _, _, plant = app.load(config_file)
    plant_series = plant.number_series(series)
    generating.refuse_chance(plant_series)
    as_of = times.moment(given["at"], plant.calendar.zone)
    shown = _preview(config_file, plant_series, as_of)
    moment = as_of or datetime.fromisoformat(shown["now"]["at"])
    occasion = plant.calendar.occasion(moment, run=shown["values"])
    first = shown["now"]["next"] if given["start"] is None else given["start"]
    blocks = generating.blocks(plant_series, occasion, start=first, count=quantity)
    with output.progress() as progress, _replacing(out) as file:
        task = progress.add_task("generated", total=quantity)
        _write(
            blocks, file, form=given["form"], advance=lambda count: progress.advance(task, count)
        )
    are = "It is" if quantity == 1 else "They are"
    where = "" if out == output.STDOUT else f" to {out}"
    said = f"Wrote {counted(quantity, 'serial')}{where}. {are} not issued and not reserved."
    click.echo(said, err=out == output.STDOUT)
    if shown["samples"]:
        said = ", ".join(f"{name} {value}" for name, value in shown["samples"].items())
        click.echo(f"No open run says its values: {said} only stand for them.", err=True)


def _preview(config_file: Path, plant_series: "PlantSeries", at: datetime | None) -> Any:
    """Return where the series stands; refuse (9004) a service that has another pattern."""
    path = f"/series/{client.quote(plant_series.name)}/preview"
    with client.connect(config_file) as api:
        shown = api.get(path, {"count": 1, "at": at.isoformat() if at else None})
    if shown["pattern"] != plant_series.definition.pattern:
        raise Refusal(
            BAD_CONFIG,
            f"The running service has pattern '{shown['pattern']}' for series "
            f"'{plant_series.name}', {config_file} has '{plant_series.definition.pattern}'.",
            hint="Restart the service, or stop it.",
        )
    return shown


@contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    """Give a new file that becomes ``path`` once it is whole; else nothing is left of it."""
    if path == output.STDOUT:
        yield sys.stdout
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("x", encoding="ascii", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _write(
    blocks: Iterable[list[tuple[int, str]]],
    file: IO[str],
    *,
    form: str,
    advance: Callable[[int], object],
) -> None:
    table = csv.writer(file, lineterminator="\n")
    if form == "csv":
        table.writerow(("number", "serial"))
    for rows in blocks:
        if form == "csv":
            table.writerows(rows)
        else:
            file.writelines(f"{text}\n" for _, text in rows)
        advance(len(rows))

"""labeler export."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labeler.commands import client, output
from labeler.errors import STORE_UNAVAILABLE, Refusal
from labeler.units import counted

if TYPE_CHECKING:
    from labeler.commands.api import Api

FORMATS = ("csv", "xlsx", "ndjson")
FILTERS = {
    "run": "Only rows of this run.",
    "lot": "Only rows of this lot.",
    "line": "Only rows of this line.",
    "product": "Only rows of this product.",
    "recall": "Only units of this recall.",
    "since": "From this moment on, such as 2026-11-26T08:00:00Z.",
    "before": "Before this moment.",
}

Command = Callable[..., None]


def _filters(command: Command) -> Command:
    for name, words in reversed(FILTERS.items()):
        kind = click.IntRange(min=0) if name == "run" else str
        command = click.option(f"--{name}", type=kind, help=words)(command)
    return command


@click.command()
@click.argument("source", required=False)
@_filters
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: as --out ends.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The file; - for standard output. Default: SOURCE.csv, in this folder.",
)
@click.option("--delimiter", type=click.Choice(["comma", "semicolon", "tab"]), help="CSV.")
@click.option("--bom", is_flag=True, help="CSV: let Excel see that it is UTF-8.")
@output.json_option
@click.pass_obj
def export(
    config_file: Path, /, source: str | None, form: str | None, out: Path | None, **given: Any
) -> None:
    """Export SOURCE, such as units, audit or balances, as a file; without it, list them.

    The file gets its name when all of it is there; until then, and if it breaks off, there is none.
    """
    as_json = given.pop("as_json")
    with client.connect(config_file) as api:
        if source is None:
            _show_offered(api.get("/exports"), as_json=as_json)
            return
        form = form or _form_of(out)
        out = out or Path(f"{source}.{form}")
        asked = {**given, "bom": "true" if given["bom"] else None, "end": "line"}
        asked["id"] = str(uuid.uuid4())
        address = f"/exports/{client.quote(source)}.{form}"
        count = _watched(api, asked["id"], lambda: _write(api.download(address, asked), out))
    with output.aside(out):
        if as_json:
            output.show_json({"source": source, "format": form, "rows": count, "file": str(out)})
        elif out != output.STDOUT:
            click.echo(f"Exported {counted(count, 'row')} of {source} to {out}.")


def _form_of(out: Path | None) -> str:
    ending = "" if out is None else out.suffix.lower().removeprefix(".")
    if not ending:
        return "csv"
    if ending not in FORMATS:
        raise click.UsageError(
            f"'{out}' ends with none of {', '.join(FORMATS)}: give it another name, or --format."
        )
    return ending


def _write(pieces: Iterator[bytes], out: Path) -> int:
    """Write an export into its file, which is there when all of it is; return its rows."""
    from labeler.production.exports.sealing import Opening

    opening = Opening()
    part = out if out == output.STDOUT else out.with_name(f"{out.name}.part")
    try:
        with output.listing(part) as file:
            for piece in opening.pass_on(pieces):
                file.write(piece)
        count = opening.rows()
        if count is None:
            raise Refusal(
                STORE_UNAVAILABLE,
                "The export did not arrive whole: its last line is not there, or says otherwise.",
                hint="Export it again; see the service's log.",
            )
        if part != out:
            part.replace(out)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error}.") from error
    finally:
        if part != out:
            part.unlink(missing_ok=True)
    return count


def _watched(api: "Api", export_id: str, work: Callable[[], int]) -> int:
    """Do the work, and show meanwhile how far the service is, where a terminal shows it."""
    from concurrent.futures import ThreadPoolExecutor, wait

    with output.progress() as progress, ThreadPoolExecutor(1) as executor:
        if progress.disable:
            return work()
        done, task = executor.submit(work), progress.add_task("rows", total=None)
        while not wait([done], timeout=output.POLL_S).done:
            for one in api.get("/exports")["under_way"]:
                if one["id"] == export_id:
                    progress.update(task, completed=one["rows"], total=one["total"])
        count = done.result()
        progress.update(task, completed=count, total=count)
        return count


def _show_offered(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        output.show_json(found)
        return
    output.show_table(found["sources"], ("name", "about", "filters"))
    click.echo(f"As {', '.join(found['formats'])}: labeler export NAME --out FILE.")

"""labeler pool import | status | return."""

import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labeler.commands import client, output
from labeler.errors import Refusal
from labeler.units import counted

if TYPE_CHECKING:
    from labeler.commands.api import Api

MEDIA_TYPES = {"txt": "text/plain", "csv": "text/csv"}
COUNTS = ("series", "waiting", "allocated", "returned", "low_water")


@click.group()
def pool() -> None:
    """Import numbers from outside, see how many wait, give unused ones back."""


@pool.command("import")
@click.argument("series")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
@click.option("--format", "form", type=click.Choice(["txt", "csv"]), help="Default: by its ending.")
@click.option("--column", help="CSV: the column's name, or its number from 1 (the default).")
@click.option("--header", is_flag=True, help="CSV: the first line names the columns.")
@click.option(
    "--delimiter", type=click.Choice(["comma", "semicolon", "tab"]), help="CSV: default comma."
)
@click.option("--mac-block", help="Addresses FIRST..LAST or PREFIX/BITS, instead of a file.")
@click.option("--step", type=click.IntRange(min=1), help="MAC block: addresses of a device.")
@click.option("--tac", help="IMEIs of this TAC, instead of a file.")
@click.option("--numbers", help="TAC: FIRST..LAST of 0..999999.")
@click.option("--again", is_flag=True, help="Take numbers that were returned, too.")
@click.option("--dry-run", is_flag=True, help="Only say what would be refused.")
@click.option("--operator", help="Who imports.")
@click.option("--key", help="Idempotency-Key; give the same one to repeat a command safely.")
@output.json_option
@click.pass_obj
def import_numbers(config_file: Path, /, series: str, file: Path | None, **given: Any) -> None:
    """Import numbers into SERIES' pool: all of FILE, or nothing."""
    _require_one_source(file, given)
    headers = {"Idempotency-Key": given["key"] or f"cli-{uuid.uuid4()}"}
    said = {
        "operator": given["operator"],
        "again": "true" if given["again"] else None,
        "dry_run": "true" if given["dry_run"] else None,
    }
    address = f"/pools/{client.quote(series)}"
    with client.connect(config_file) as api:
        if file is None:
            send = _sending_range(api, address, headers, {**given, **said})
        else:
            send = _sending_file(api, address, headers, {**given, **said, "file": file})
        try:
            found = _watched(api, address, send)
        except Refusal as refusal:
            _show_findings(refusal, given["as_json"])
            raise
    if given["as_json"]:
        output.show_json(found)
        return
    done = "Would import" if given["dry_run"] else "Imported"
    click.echo(f"{done} {counted(found['count'], 'number')} into {series} from {found['source']}.")
    if found["replayed"]:
        click.echo("Replayed: this key was served before; nothing was imported again.", err=True)


def _require_one_source(file: Path | None, given: dict[str, Any]) -> None:
    sources = [file is not None, given["mac_block"] is not None, given["tac"] is not None]
    if sum(sources) != 1:
        raise click.UsageError("Name one source: FILE, --mac-block or --tac.")
    numbers = given["numbers"]
    if numbers is not None and not re.fullmatch(r"\d{1,6}\.\.\d{1,6}", numbers):
        raise click.BadParameter("expected for example 0..499999.", param_hint="--numbers")


def _sending_range(
    api: "Api", address: str, headers: dict[str, str], given: dict[str, Any]
) -> Callable[[], Any]:
    body: dict[str, Any] = {}
    if given["tac"] is not None:
        first, _, last = (given["numbers"] or "0..999999").partition("..")
        body = {"tac": given["tac"], "first": int(first), "last": int(last)}
    else:
        body = {"mac_block": given["mac_block"], "step": given["step"] or 1}
    names = ("operator", "again", "dry_run")
    query = "&".join(f"{name}={client.quote(given[name])}" for name in names if given[name])
    return lambda: api.post(f"{address}/imports?{query}", body, headers=headers)


def _sending_file(
    api: "Api", address: str, headers: dict[str, str], given: dict[str, Any]
) -> Callable[[], Any]:
    file: Path = given["file"]
    is_csv = given["form"] == "csv" or (
        given["form"] is None and (given["column"] or file.suffix.lower() == ".csv")
    )
    parameters = {
        "file": file.name,
        "operator": given["operator"],
        "column": given["column"],
        "delimiter": given["delimiter"],
        "header": "true" if given["header"] else None,
        "again": given["again"],
        "dry_run": given["dry_run"],
    }
    media_type = MEDIA_TYPES["csv" if is_csv else "txt"]
    return lambda: api.upload(
        f"{address}/imports",
        file,
        parameters=parameters,
        headers={**headers, "Content-Type": media_type},
    )


def _watched(api: "Api", address: str, send: Callable[[], Any]) -> Any:
    """Do ``send`` and show meanwhile how far the service is, where a terminal shows it."""
    from concurrent.futures import ThreadPoolExecutor, wait

    with output.progress() as progress, ThreadPoolExecutor(1) as executor:
        work = executor.submit(send)
        if not progress.disable:
            read = progress.add_task("lines read", total=None)
            staged = progress.add_task("imported", total=None)
            while not wait([work], timeout=output.POLL_S).done:
                now = api.get(address)["importing"]
                if now:
                    progress.update(read, completed=now["lines_read"], total=now["total"])
                    progress.update(staged, completed=now["staged"], total=now["total"])
        return work.result()


def _show_findings(refusal: Refusal, as_json: bool) -> None:
    """List the lines that were refused."""
    if not refusal.extra:
        return
    if as_json:
        output.show_json(refusal.extra)
        return
    for name in ("bad_lines", "doubles"):
        findings = refusal.extra[name]
        for one in findings["first"]:
            click.echo(f"line {one['line']}: {one['sentence']}", err=True)
        more = findings["count"] - len(findings["first"])
        if more:
            click.echo(f"... and {more} more.", err=True)


@pool.command("status")
@click.argument("series", required=False)
@output.json_option
@click.pass_obj
def status(config_file: Path, series: str | None, as_json: bool) -> None:
    """Show how many numbers wait in each pool, or all that is known of SERIES' pool."""
    with client.connect(config_file) as api:
        if series is None:
            found = api.get("/pools")["pools"]
        else:
            found = api.get(f"/pools/{client.quote(series)}")
    if as_json:
        output.show_json(found)
        return
    pools = found if series is None else [found]
    output.show_table(pools, COUNTS)
    for one in pools:
        if one["low"]:
            click.echo(f"{one['series']} runs low: import more.")
    if series is not None:
        if found["imports"]:
            output.show_table(
                found["imports"], ("id", "state", "count", "source", "operator", "finished_at")
            )
        if found["returns"]:
            output.show_table(
                found["returns"], ("id", "state", "count", "reason", "operator", "finished_at")
            )


@pool.command("return")
@click.argument("series")
@click.option("--count", type=click.IntRange(min=1), help="So many, the last ones of the pool.")
@click.option("--range", "ends", nargs=2, metavar="FIRST LAST", help="From one to the other.")
@click.option("--all", "everything", is_flag=True, help="All that wait.")
@click.option("--reason", required=True, help="Why they go back.")
@click.option("--operator", required=True, help="Who wants it.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where to list them: a file, CSV if it ends so, or - for standard output.",
)
@click.option("--key", help="Idempotency-Key; the same one again lists the same numbers.")
@output.json_option
@click.pass_obj
def return_numbers(config_file: Path, /, series: str, out: Path, **given: Any) -> None:
    """Return unused numbers of SERIES' pool: they are never issued, and listed in a file."""
    ways = [given["count"] is not None, given["ends"] is not None, given["everything"]]
    if sum(ways) != 1:
        raise click.UsageError("Say which: --count, --range or --all.")
    body: dict[str, Any] = {"reason": given["reason"], "operator": given["operator"]}
    if given["count"] is not None:
        body["count"] = given["count"]
    elif given["ends"] is not None:
        body["first"], body["last"] = given["ends"]
    else:
        body["all"] = True
    headers = {"Idempotency-Key": given["key"] or f"cli-{uuid.uuid4()}"}
    address = f"/pools/{client.quote(series)}/returns"
    with client.connect(config_file) as api:
        found = api.post(address, body, headers=headers)
        ending = "csv" if out.suffix.lower() == ".csv" else "txt"
        try:
            with output.listing(out) as file:
                for piece in api.download(f"{address}/{found['id']}/numbers.{ending}"):
                    file.write(piece)
        except OSError as error:
            raise click.ClickException(
                f"{found['count']} numbers were returned, but {out} cannot be written: {error}. "
                f"Repeat the command with --key {headers['Idempotency-Key']}."
            ) from error
    with output.aside(out):
        if given["as_json"]:
            output.show_json(found)
        else:
            click.echo(_returned(found, out))


def _returned(found: dict[str, Any], out: Path) -> str:
    one = found["count"] == 1
    sentence = f"Returned {counted(found['count'], 'number')} of {found['series']}"
    if out == output.STDOUT:
        return f"{sentence}."
    return f"{sentence}; {'it is' if one else 'they are'} listed in {out}."

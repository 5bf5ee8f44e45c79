"""labeler unit list | show, and what is done with units: commission, move, ship and others."""

import itertools
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labeler.commands import client, keys, output
from labeler.errors import Refusal
from labeler.units import counted

if TYPE_CHECKING:
    from labeler.commands.api import Api

COLUMNS = (
    "serial", "state", "product", "lot", "location", "owner", "sales_order", "run", "line",
    "allocated_at",
)  # fmt: skip
FIELDS = (
    "serial", "state", "product", "run", "number", "allocated_at", "location", "owner",
    "purchase_order", "sales_order", "invoice", "invoice_link", "recalls",
)  # fmt: skip
HISTORY = ("at", "kind", "who", "where", "new", "why", "channel", "label", "copy")
FILTERS = (
    "serial", "search", "state", "product", "item-name", "lot", "location", "owner",
    "purchase-order", "sales-order", "invoice", "run", "line", "recall", "since", "before",
)  # fmt: skip
VERBS = {
    "commission": ("on the unit, and verified", ("line", "location")),
    "sample": ("taken as a sample", ("location",)),
    "scrap": ("given up with its label", ()),
    "void": ("serials that were never used", ()),
    "destroy": ("destroyed", ("location",)),
    "deactivate": ("set aside", ("location",)),
    "release": ("released", ("location",)),
    "move": ("somewhere else", ("location",)),
    "ship": ("shipped", ("owner", "sales-order", "invoice", "invoice-link", "location")),
    "return": ("taken back", ("location", "owner")),
    "change-owner": ("somebody else's", ("owner",)),
    "receive": ("received", ("purchase-order", "location", "owner")),
}
"""Verb -> what units are then, and what may be said besides who and why."""


@click.group()
def unit() -> None:
    """Units: where they are and whose, what became of each, and what is done with them."""


@unit.command("list")
@click.option("--sort", default="allocated_at", show_default=True, help="By which column.")
@click.option("--desc", is_flag=True, help="The other way round.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@output.json_option
@click.pass_obj
def list_units(config_file: Path, /, limit: int, **given: Any) -> None:
    """List units by what is known of them."""
    as_json, order = given.pop("as_json"), "desc" if given.pop("desc") else "asc"
    with client.connect(config_file) as api:
        asked = {**given, "order": order, "limit": min(limit + 1, api.PAGE)}
        asked = {name: value for name, value in asked.items() if value is not None}
        found = list(itertools.islice(api.pages("/units", asked, cursor="after"), limit + 1))
    if as_json:
        output.show_json(found[:limit])
    elif found:
        output.show_table(found[:limit], COLUMNS)
    else:
        click.echo("No units.")
    if len(found) > limit:
        click.echo(f"These are the first {limit}; --limit shows more.", err=True)


for _name in reversed(FILTERS):
    list_units = click.option(f"--{_name}", help=f"Only those with this {_name}.")(list_units)


@unit.command("show")
@click.argument("serial")
@click.option("--product", help="Whose serial, where several products have it.")
@output.json_option
@click.pass_obj
def show(config_file: Path, serial: str, product: str | None, as_json: bool) -> None:
    """Show the whole life of SERIAL, the oldest first."""
    with client.connect(config_file) as api:
        found = api.get(f"/units/{client.quote(serial)}/history", {"product": product})
    if as_json:
        output.show_json(found)
        return
    output.show_fields({**found, "recalls": ", ".join(found["recalls"])}, FIELDS)
    click.echo()
    output.show_table(found["history"], HISTORY)


def _add(verb: str) -> None:
    done, words = VERBS[verb]

    def run(config_file: Path, /, **given: Any) -> None:
        _change(config_file, verb, given)

    run.__doc__ = f"Record that units are {done}: SERIALS, those of --file, or of --range."
    command = click.pass_obj(run)
    for option in reversed(words):
        command = click.option(f"--{option}", help="What the record says of them then.")(command)
    for decorate in (
        output.json_option,
        keys.option,
        click.option("--reason", help="Why."),
        click.option("--operator", help="Who says so."),
        click.option("--product", help="Whose serials, where several products have them."),
        click.option("--column", help="CSV: the column's name, or its number from 1."),
        click.option("--range", "ranges", nargs=2, multiple=True, metavar="FIRST LAST",
                     help="From one serial of a run to the other."),
        click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                     help="A list: a serial a line, or CSV."),
        click.argument("serials", nargs=-1),
    ):  # fmt: skip
        command = decorate(command)
    unit.command(verb)(command)


for _verb in VERBS:
    _add(_verb)


def _change(config_file: Path, verb: str, given: dict[str, Any]) -> None:
    serials, ranges, file = (given.pop(name) for name in ("serials", "ranges", "file"))
    as_json, column, key = (given.pop(name) for name in ("as_json", "column", "key"))
    if bool(serials or ranges) == (file is not None):
        raise click.UsageError("Name serials in one way: SERIALS and --range, or --file.")
    said = {name: value for name, value in given.items() if value is not None}
    key = key or f"cli-{uuid.uuid4()}"
    try:
        with client.connect(config_file) as api:
            if file is not None:
                found = _upload(api, f"/units/{verb}", listed=(file, column), said=said, key=key)
            else:
                pairs = [{"first": first, "last": last} for first, last in ranges]
                body = {"serials": list(serials), "ranges": pairs, **said}
                found = api.post(f"/units/{verb}", body, headers={"Idempotency-Key": key})
    except Refusal as refusal:
        for one in refusal.extra.get("wrong", {}).get("first", []):
            click.echo(f"line {one['line']}: {one['sentence']}", err=True)
        raise
    _tell(found, as_json)


def _upload(
    api: "Api", address: str, *, listed: tuple[Path, str | None], said: dict[str, str], key: str
) -> Any:
    file, column = listed
    is_csv = column is not None or file.suffix.lower() == ".csv"
    headers = {"Idempotency-Key": key, "Content-Type": "text/csv" if is_csv else "text/plain"}
    parameters = {**said, "column": column}
    return api.upload(address, file, parameters=parameters, headers=headers)


def _tell(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        output.show_json(found)
        return
    click.echo(f"{found['verb']}: {found['changed']} of {counted(found['count'], 'unit')}.")
    for one in found["left"]:
        click.echo(f"left alone: {one['sentence']}", err=True)
    if found["replayed"]:
        click.echo("Replayed: this key was served before; nothing was changed again.", err=True)

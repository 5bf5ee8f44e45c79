"""labeler lease open | list | show | used | void | close | extend."""

import itertools
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

FIELDS = (
    "id", "state", "holder", "run", "quantity", "open", "used", "voided", "overdue", "first",
    "last", "opened_at", "expires_at", "closed_at",
)  # fmt: skip
COLUMNS = (
    "id", "state", "holder", "run", "quantity", "open", "used", "voided", "expires_at", "overdue",
)  # fmt: skip
REPORT_COLUMNS = ("id", "kind", "count", "late", "operator", "reason", "received_at")
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


def _until(_context: click.Context, _parameter: click.Parameter, value: str) -> dict[str, Any]:
    """Return what the API is told of a moment, or of how long from now."""
    found = re.fullmatch(r"([1-9][0-9]{0,8})(s|min|h|d)", value)
    if found:
        return {"expires_in_s": int(found[1]) * _UNITS[found[2]]}
    if re.match(r"[0-9]{4}-", value):
        return {"expires_at": value}
    raise click.BadParameter(f"'{value}': expected 2026-12-01T06:00:00Z, 90min, 24h or 7d.")


_expires = click.option(
    "--expires",
    required=True,
    callback=_until,
    metavar="WHEN",
    help="2026-12-01T06:00:00Z, or how long from now: 90min, 24h, 7d.",
)
_key = click.option("--key", help="Idempotency-Key; give the same one to repeat it safely.")
_list = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
_serial = click.option("--serial", "serials", multiple=True, help="Instead of a file; repeatable.")
_range = click.option(
    "--range", "ranges", nargs=2, multiple=True, metavar="FIRST LAST", help="From one to the other."
)
_column = click.option("--column", help="CSV: the column's name, or its number from 1.")


@click.group()
def lease() -> None:
    """Give serials to others until a moment, and record what became of each."""


@lease.command("open")
@click.argument("run_id", type=int)
@click.argument("quantity", type=click.IntRange(min=1))
@click.option("--holder", required=True, help="Who gets them.")
@_expires
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where to list the serials: a file, CSV if it ends so, or - for standard output.",
)
@_key
@output.json_option
@click.pass_obj
def open_lease(config_file: Path, /, run_id: int, quantity: int, **given: Any) -> None:
    """Give the next QUANTITY serials of run RUN_ID to a holder."""
    body = {"quantity": quantity, "holder": given["holder"], **given["expires"]}
    headers = _headers(given["key"])
    with client.connect(config_file) as api:
        found = api.post(f"/runs/{run_id}/leases", body, headers=headers)
        if given["out"] is not None:
            _write(api, found["id"], given["out"], state=None)
    with output.aside(given["out"]):
        _show(found, given["as_json"])


@lease.command("list")
@click.option("--holder")
@click.option("--state", type=click.Choice(["open", "closed"]))
@click.option("--run", "run_id", type=int)
@click.option("--overdue", is_flag=True, help="Only those whose holder should have told by now.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@output.json_option
@click.pass_obj
def list_leases(config_file: Path, /, run_id: int | None, limit: int, **given: Any) -> None:
    """List leases, the newest first."""
    wanted = {"holder": given["holder"], "state": given["state"], "run": run_id}
    wanted |= {"overdue": "true" if given["overdue"] else None}
    with client.connect(config_file) as api:
        asked = {**wanted, "limit": min(limit + 1, api.PAGE)}
        pages = api.pages("/leases", asked, cursor="before")
        found = list(itertools.islice(pages, limit + 1))  # one more says whether there is more
    if given["as_json"]:
        output.show_json(found[:limit])
    elif found:
        output.show_table(found[:limit], COLUMNS)
    else:
        click.echo("No leases.")
    if len(found) > limit:
        click.echo(f"These are the newest {limit}; --limit shows more.", err=True)


@lease.command("show")
@click.argument("lease_id", type=int)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where to list the serials: a file, CSV if it ends so, or - for standard output.",
)
@click.option("--state", help="Of --out: leased (nobody has told of them), encoded or voided.")
@output.json_option
@click.pass_obj
def show_lease(
    config_file: Path, lease_id: int, out: Path | None, state: str | None, as_json: bool
) -> None:
    """Show lease LEASE_ID and what was said about it."""
    with client.connect(config_file) as api:
        found = api.get(f"/leases/{lease_id}")
        if out is not None:
            _write(api, lease_id, out, state=state)
    with output.aside(out):
        _show(found, as_json)
        if found["reports"] and not as_json:
            output.show_table(found["reports"], REPORT_COLUMNS)


@lease.command("used")
@click.argument("lease_id", type=int)
@_list
@_serial
@_range
@_column
@click.option("--operator", help="Who says so.")
@_key
@output.json_option
@click.pass_obj
def report_used(config_file: Path, /, lease_id: int, **given: Any) -> None:
    """Record that serials of lease LEASE_ID are on labels: those of FILE, or --serial, --range."""
    _report(config_file, lease_id, "used", {**given, "reason": None})


@lease.command("void")
@click.argument("lease_id", type=int)
@_list
@_serial
@_range
@_column
@click.option("--reason", required=True, help="Why they will never be used.")
@click.option("--operator", required=True, help="Who says so.")
@_key
@output.json_option
@click.pass_obj
def report_void(config_file: Path, /, lease_id: int, **given: Any) -> None:
    """Void serials of lease LEASE_ID, for ever: those of FILE, or --serial, --range."""
    _report(config_file, lease_id, "void", given)


@lease.command("close")
@click.argument("lease_id", type=int)
@click.option("--void-rest", is_flag=True, help="Void each serial that is unaccounted for.")
@click.option("--reason", help="With --void-rest: why.")
@click.option("--operator", help="With --void-rest: who says so.")
@_key
@output.json_option
@click.pass_obj
def close_lease(config_file: Path, /, lease_id: int, key: str | None, **given: Any) -> None:
    """Close lease LEASE_ID, once every serial is accounted for."""
    body = {"void_rest": given["void_rest"], **_said(given)}
    with client.connect(config_file) as api:
        found = api.post(f"/leases/{lease_id}/close", body, headers=_headers(key))
    voided = (
        f"; {counted(found['count'], 'serial')} {'was' if found['count'] == 1 else 'were'} voided"
        if found["count"]
        else ""
    )
    _tell(found, given["as_json"], f"Lease {lease_id} is closed{voided}.")


@lease.command("extend")
@click.argument("lease_id", type=int)
@_expires
@click.option("--reason", required=True, help="Why.")
@click.option("--operator", required=True, help="Who says so.")
@_key
@output.json_option
@click.pass_obj
def extend_lease(config_file: Path, /, lease_id: int, key: str | None, **given: Any) -> None:
    """Let lease LEASE_ID expire later."""
    body = {**given["expires"], **_said(given)}
    with client.connect(config_file) as api:
        found = api.post(f"/leases/{lease_id}/extend", body, headers=_headers(key))
    _tell(found, given["as_json"], f"Lease {lease_id} expires at {found['expires_at']}.")


def _report(config_file: Path, lease_id: int, kind: str, given: dict[str, Any]) -> None:
    named = bool(given["serials"] or given["ranges"])
    if named == (given["file"] is not None):
        raise click.UsageError("Name serials in one way: FILE, or --serial and --range.")
    address, headers = f"/leases/{lease_id}/{kind}", _headers(given["key"])
    with client.connect(config_file) as api:
        send = _sending_names if named else _sending_file
        try:
            found = send(api, address, headers, given)()
        except Refusal as refusal:
            _show_wrong(refusal, given["as_json"])
            raise
    verb = {"used": "used", "void": "voided"}[kind]
    late = " The lease had expired." if found["late"] else ""
    told = f"{counted(found['count'], 'serial')} of lease {lease_id} {_are(found['count'])} {verb}"
    sentence = f"{told}; {found['open']} {_are(found['open'])} open."
    _tell(found, given["as_json"], sentence + late)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _sending_names(
    api: "Api", address: str, headers: dict[str, str], given: dict[str, Any]
) -> Callable[[], Any]:
    ranges = [{"first": first, "last": last} for first, last in given["ranges"]]
    body = {"serials": list(given["serials"]), "ranges": ranges, **_said(given)}
    return lambda: api.post(address, body, headers=headers)


def _sending_file(
    api: "Api", address: str, headers: dict[str, str], given: dict[str, Any]
) -> Callable[[], Any]:
    file: Path = given["file"]
    is_csv = given["column"] is not None or file.suffix.lower() == ".csv"
    parameters = {**_said(given), "column": given["column"]}
    headers = {**headers, "Content-Type": "text/csv" if is_csv else "text/plain"}
    return lambda: api.upload(address, file, parameters=parameters, headers=headers)


def _said(given: dict[str, Any]) -> dict[str, str]:
    return {name: given[name] for name in ("reason", "operator") if given[name] is not None}


def _show_wrong(refusal: Refusal, as_json: bool) -> None:
    """List the lines that were refused."""
    wrong = refusal.extra.get("wrong")
    if wrong is None:
        return
    if as_json:
        output.show_json(refusal.extra)
        return
    for one in wrong["first"]:
        click.echo(f"line {one['line']}: {one['sentence']}", err=True)
    if wrong["count"] > len(wrong["first"]):
        click.echo(f"... and {wrong['count'] - len(wrong['first'])} more.", err=True)


def _write(api: "Api", lease_id: int, out: Path, *, state: str | None) -> None:
    media_type = "text/csv" if out.suffix.lower() == ".csv" else "text/plain"
    address, wanted = f"/leases/{lease_id}/serials", {"state": state}
    try:
        with output.listing(out) as file:
            for piece in api.download(address, wanted, media_type=media_type):
                file.write(piece)
    except OSError as error:
        raise click.ClickException(
            f"{out} cannot be written: {error}. The lease is there: labeler lease show {lease_id} "
            f"--out FILE lists its serials."
        ) from error


def _headers(key: str | None) -> dict[str, str]:
    return {"Idempotency-Key": key or f"cli-{uuid.uuid4()}"}


def _show(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        output.show_json(found)
    else:
        output.show_fields(found, FIELDS)


def _tell(found: dict[str, Any], as_json: bool, sentence: str) -> None:
    if as_json:
        output.show_json(found)
        return
    click.echo(sentence)
    if found["replayed"]:
        click.echo("Replayed: this key was served before; nothing was changed again.", err=True)

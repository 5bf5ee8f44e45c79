"""labeler verify, labeler verifications list | failures, labeler range."""

import itertools
import sys
import uuid
from pathlib import Path
from typing import Any

import click

from labeler.commands import client, keys, output

_COLUMNS = ("id", "at", "verdict", "serial", "run", "line", "station", "operator", "label")


@click.command()
@click.argument("scan")
@click.option("--operator", required=True, help="Who scanned it.")
@click.option("--station", required=True, help="Where it was scanned.")
@click.option("--line", help="The line it was met on.")
@click.option("--run", type=click.IntRange(min=0), help="The run it should be of.")
@click.option("--product", help="The product it should be.")
@click.option("--lot", help="The lot it should be of.")
@click.option("--label", type=int, help="Which label it is, where the unit has several.")
@keys.option
@output.json_option
@click.pass_obj
def verify(config_file: Path, /, scan: str, key: str | None, as_json: bool, **given: Any) -> None:
    """Say whether the scanned label is right, and keep that on the record.

    SCAN is what a scanner read: a serial, GS1 element string or Digital Link. Exit code 0: ok; 1:
    anything else, and the sentence says what.
    """
    body = {"scan": scan, **{name: value for name, value in given.items() if value is not None}}
    headers = {"Idempotency-Key": key or f"cli-{uuid.uuid4()}"}
    with client.connect(config_file) as api:
        found = api.post("/verifications", body, headers=headers)
    if as_json:
        output.show_json(found)
    else:
        again = " Replayed: this key was served before." if found["replayed"] else ""
        click.echo(f"{found['verdict']}: {found['sentence']}{again}")
    if found["verdict"] != "ok":
        sys.exit(1)


@click.group()
def verifications() -> None:
    """What was scanned, and what was said about it."""


@verifications.command("list")
@click.option("--verdict", help="Only these, such as misread.")
@click.option("--line", help="Only scans met on it.")
@click.option("--station", help="Only scans made there.")
@click.option("--operator", help="Only scans by this person.")
@click.option("--run", type=click.IntRange(min=0), help="Only scans of its units.")
@click.option("--serial", help="Only scans of it.")
@click.option("--since", help="From this moment on, such as 2026-11-26T08:00:00Z.")
@click.option("--until", help="Before this moment.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@output.json_option
@click.pass_obj
def list_verifications(config_file: Path, /, limit: int, as_json: bool, **given: Any) -> None:
    """List verifications, the newest first."""
    wanted = {name: value for name, value in given.items() if value is not None}
    with client.connect(config_file) as api:
        asked = {**wanted, "limit": min(limit + 1, api.PAGE)}
        pages = api.pages("/verifications", asked, cursor="before")
        found = list(itertools.islice(pages, limit + 1))  # one more says whether there is more
    if as_json:
        output.show_json(found[:limit])
    elif found:
        output.show_table(found[:limit], _COLUMNS)
    else:
        click.echo("No verifications.")
    if len(found) > limit:
        click.echo(f"These are the newest {limit}; --limit shows more.", err=True)


@verifications.command("failures")
@click.option("--line", help="Only scans met on it.")
@click.option("--since", help="From this moment on; default: a day before --until.")
@click.option("--until", help="Before this moment; default: now. 31 days at most.")
@output.json_option
@click.pass_obj
def list_failures(config_file: Path, /, as_json: bool, **given: Any) -> None:
    """Count scans, and those not ok, by line and hour of the site's clock."""
    wanted = {name: value for name, value in given.items() if value is not None}
    with client.connect(config_file) as api:
        found = list(api.listed("/verifications/failures", wanted, name="hours", cursor="after"))
    if as_json:
        output.show_json(found)
    elif found:
        told = [{**one, "rate": f"{one['rate']:.2%}", "why": _why(one)} for one in found]
        output.show_table(told, ("hour", "line", "verified", "failed", "rate", "why"))
    else:
        click.echo("Nothing was scanned.")


def _why(hour: dict[str, Any]) -> str:
    """Return of an hour how many scans had which verdict, without those that were ok."""
    return ", ".join(f"{count} {name}" for name, count in hour["verdicts"].items() if name != "ok")


@click.command("range")
@click.argument("first", required=False)
@click.argument("last", required=False)
@click.option("--series", help="The series of FIRST and LAST; default: the one they fit.")
@click.option("--run", type=click.IntRange(min=0), help="All serials of this run instead.")
@click.option("--list", "kind", help="List the serials behind a number, such as doubles.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@output.json_option
@click.pass_obj
def range_(config_file: Path, /, limit: int, kind: str | None, as_json: bool, **given: Any) -> None:
    """Count what became of the serials from FIRST to LAST, or of those of a run."""
    by_run = given["run"] is not None
    if by_run == (given["first"] is not None) or (given["last"] is None) != by_run:
        raise click.UsageError("Expected FIRST and LAST, or --run N.")
    with client.connect(config_file) as api:
        if by_run:
            address, asked = f"/runs/{given['run']}/range", {}
        else:
            series = given["series"] or _series_of(api, given["first"])
            address = f"/series/{client.quote(series)}/range"
            asked = {"first": given["first"], "last": given["last"]}
        if kind is None:
            found: Any = api.get(address, asked)
        else:
            wanted = {**asked, "limit": min(limit, api.PAGE)}
            behind = f"{address}/{client.quote(kind)}"
            pages = api.listed(behind, wanted, name="serials", cursor="after")
            found = list(itertools.islice(pages, limit))
    _show_range(found, as_json=as_json)


def _series_of(api: Any, serial: str) -> str:
    """Return the first series whose serial a text is, or could be."""
    fits = api.post("/serials/check", {"text": serial})["series"]
    if not fits:
        raise click.UsageError("Say which --series is meant.")
    return str(fits[0]["series"])


def _show_range(found: Any, *, as_json: bool) -> None:
    if as_json:
        output.show_json(found)
    elif isinstance(found, list):
        names = [name for name in (found[0] if found else ()) if name != "cursor"]
        output.show_table(found, names)
    else:
        numbers = [name for name in found if name not in ("states", "serials")]
        rows = [{"what": name, "count": found[name]} for name in numbers]
        output.show_table(rows, ("what", "count"))

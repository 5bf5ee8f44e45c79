"""labeler audit show | verify | anchor."""

import itertools
from pathlib import Path
from typing import Any

import click

from labeler.commands import client, output

_COLUMNS = ("seq", "at_site", "who", "what", "of", "old", "new", "reason", "channel")
_ANCHORS_MAX = 1000
"""Lines of a log, of some 220 bytes each, that are sent: less than http.body_max_kib of 256."""


@click.group()
def audit() -> None:
    """The audit trail: every change of the record, sealed row by row."""


@audit.command("show")
@click.option("--kind", help="Only these, such as run_opened.")
@click.option("--who", help="Only what this person did.")
@click.option("--channel", help="Only what came through it.")
@click.option("--run", type=click.IntRange(min=0), help="Only this run and its units.")
@click.option("--serial", help="Only this serial.")
@click.option("--since", help="From this moment on, such as 2026-11-26T08:00:00Z.")
@click.option("--before", help="Before this moment.")
@click.option("--oldest-first", is_flag=True, help="From the first row on.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@output.json_option
@click.pass_obj
def show(config_file: Path, /, oldest_first: bool, limit: int, as_json: bool, **given: Any) -> None:
    """Show who did what, when, to what, from what to what, and why; the newest first."""
    wanted = {name: value for name, value in given.items() if value is not None}
    with client.connect(config_file) as api:
        asked = {**wanted, "order": "asc" if oldest_first else "desc"}
        pages = api.pages("/audit", {**asked, "limit": min(limit + 1, api.PAGE)}, cursor="after")
        found = list(itertools.islice(pages, limit + 1))  # one more says whether there is more
    if as_json:
        output.show_json(found[:limit])
    elif found:
        output.show_table(found[:limit], _COLUMNS)
    else:
        click.echo("No such rows.")
    if len(found) > limit:
        click.echo(f"These are {limit}; --limit shows more.", err=True)


@audit.command("anchor")
@output.json_option
@click.pass_obj
def anchor(config_file: Path, as_json: bool) -> None:
    """Write the end of the trail down outside the database, and show it to be kept elsewhere."""
    with client.connect(config_file) as api:
        found = api.post("/audit/anchor")
    if as_json:
        output.show_json(found)
        return
    click.echo(f"{found['seq']}:{found['hash']}")
    click.echo(f"It is in {found['file']}, too; keep a copy elsewhere.", err=True)


@audit.command("verify")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="FILE|SEQ:HASH",
    help="A copy of the anchors kept elsewhere, or one as it is printed; repeatable.",
)
@output.json_option
@click.pass_obj
def verify(config_file: Path, anchors: tuple[str, ...], as_json: bool) -> None:
    """Check every row, and all anchors; name the first row that is wrong, with exit code 1."""
    share = _ANCHORS_MAX // max(1, len(anchors))
    body = {"anchors": [line for given in anchors for line in _lines(given, most=share)]}
    found: dict[str, Any] = {}
    with client.connect(config_file) as api, output.progress() as bar:
        task = bar.add_task("Rows checked", total=None)
        for found in api.post_lines("/audit/verify", body):
            bar.update(task, completed=found["rows"], total=found["of"])
    if as_json:
        output.show_json(found)
    else:
        _tell(found)
    if not found["ok"]:
        raise SystemExit(1)


def _lines(given: str, *, most: int) -> list[str]:
    """Return what ``--anchor`` names: an anchor itself, or lines of a file, and say which.

    A log grows for years, and a body is only so long: of a long one half of ``most`` are the
    newest, which matter most, and the rest stands evenly among those before.
    """
    path = Path(given)
    if not path.is_file():
        return [given]
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if len(lines) <= most:
        return lines
    newest = max(1, most // 2)
    older = lines[:-newest]
    step = -(-len(older) // max(1, most - newest))
    sent = [*older[::step], *lines[-newest:]]
    click.echo(
        f"Of the {len(lines)} anchors in {given} {len(sent)} are compared: the newest {newest}, "
        f"and one in {step} of those before.",
        err=True,
    )
    return sent


def _tell(found: dict[str, Any]) -> None:
    for one in found["skipped"]:
        click.echo(
            f"Anchor {one['seq']}:{one['hash']} is not compared: such rows were lost, and this "
            "site's anchors do not know it. It is of a lost row, or wrong."
        )
    for loss in found["losses"]:
        click.echo(
            f"Rows above {loss['after']}, {loss['until']} among them, were lost in a restore; "
            f"two people went on: row {loss['unlocked']}."
        )
    if found["bad"] is not None:
        click.echo(f"{found['bad']['what']}: {found['bad']['sentence']}")
        click.echo(f"{found['rows']} of {found['of']} rows before it are right.")
        return
    head = found["head"]
    click.echo(
        f"ok: {found['rows']} rows are as they were sealed, {found['anchors']} anchors agree."
    )
    click.echo(f"Its end is {head['seq']}:{head['hash']}")

"""labeler site status | unlock, labeler backup, labeler restore."""

from pathlib import Path
from typing import Any

import click

from labeler.commands import certificates, client, output
from labeler.errors import Refusal


@click.group()
def site() -> None:
    """See whether the site issues, and go on after a restore."""


@site.command("status")
@output.json_option
@click.pass_obj
def status(config_file: Path, as_json: bool) -> None:
    """Say whether the site is locked; exit code 1 if it is."""
    with client.connect(config_file) as api:
        found = api.get("/site")
    if as_json:
        output.show_json(found)
    elif found["locked"]:
        click.echo(f"Locked: {found['why']}")
        click.echo(found["hint"])
    else:
        click.echo("Open: the database is the one that issued last.")
    if found["locked"]:
        raise SystemExit(1)


@site.command("unlock")
@click.option("--operator", required=True, help="Who unlocks it: the engineer.")
@click.option("--approved-by", required=True, help="Another person, of QA, who is for it.")
@click.option("--reason", required=True, help="What happened.")
@click.option(
    "--steps",
    type=click.IntRange(min=0),
    help="Leave out at least so many numbers of each counter.",
)
@output.json_option
@click.pass_obj
def unlock(config_file: Path, /, as_json: bool, **wanted: Any) -> None:
    """Go on above everything that may have been issued and is lost; two people decide it."""
    with client.connect(config_file) as api:
        found = api.post("/site/unlock", wanted)
    if as_json:
        output.show_json(found)
        return
    click.echo(
        f"Unlocked by {found['operator']} and {found['approved_by']}: {found['steps']} numbers are "
        f"left out of each counter ({found['counters']} known), {found['set_aside']} of pools."
    )
    if found["held"]:
        click.echo(
            f"{found['held']} labels that waited are held: they may have been printed. See "
            "labeler job list --state held."
        )


site.add_command(certificates.key)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(config_file: Path, file: Path) -> None:
    """Write a backup of the SQLite database to FILE, and its digest beside it, while it is used."""
    from labeler import app, store

    settings, _, _ = app.load(config_file)
    try:
        with client.connect(config_file) as api:
            api.post("/site/backups", {"file": str(file)})
    except Refusal as refusal:  # a record that cannot be written is worth a backup, too
        click.echo(f"The record does not know of this backup: {refusal.sentence}", err=True)
    rows = store.backing.back_up(settings.database.url, file)
    click.echo(f"Backed up {rows['unit']} units to {file}, and checked it.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Though the database has issued more since.")
@click.pass_obj
def restore(config_file: Path, file: Path, overwrite: bool) -> None:
    """Put the backup FILE in the place of the SQLite database, which is kept beside it."""
    from labeler import app, store

    settings, _, _ = app.load(config_file)
    engine = store.make_engine(settings.database.url)
    try:
        with store.hold(engine, who="labeler restore", address=""):
            done = store.backing.restore(settings.database.url, file, overwrite=overwrite)
    finally:
        engine.dispose()
    click.echo(f"Restored {file}, which knows {done['issued']} issued serials.")
    if done["kept"]:
        click.echo(f"What was there is {done['kept']} now.")
    click.echo("Next: labeler site status says whether serials were lost.")

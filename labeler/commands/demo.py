"""labeler demo: fill an empty site with a month of production, to look around in."""

import sys
from pathlib import Path
from typing import Any

import click

from labeler import logs
from labeler.commands import output


@click.command()
@output.json_option
@click.pass_obj
def demo(config_file: Path, as_json: bool) -> None:
    """Fill an EMPTY site with a month of production, and print the accounts it made.

    Refused where there is any record, and while a service runs.
    """
    from labeler.demo import fill

    logs.only_errors()  # its printers fail on purpose, and its services are not served
    with click.progressbar(length=1, label="A month of production", file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(1)

        found = fill(config_file, progress=progress)
    rows: list[dict[str, Any]] = [
        {"name": name, "role": role, "password": password}
        for name, (role, password) in found.accounts.items()
    ]
    if as_json:
        output.show_json({"accounts": rows, "runs": found.runs, "serials": found.serials})
        return
    output.show_table(rows, ("name", "role", "password"))
    click.echo(
        f"Made {found.runs} runs and {found.serials} serials. The passwords are not shown again."
    )
    click.echo(f"Next: labeler --config {config_file} serve")

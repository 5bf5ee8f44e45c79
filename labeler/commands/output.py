"""What commands print: tables and sentences for people, JSON for scripts."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.progress import Progress

Command = Callable[..., None]

POLL_S = 0.3
"""How often a command asks how far the service is."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")


def show_json(content: Any) -> None:
    """Print ``content`` as JSON."""
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))


def show_fields(content: dict[str, Any], names: Sequence[str]) -> None:
    """Print the named fields of ``content``, one a line."""
    width = max(len(name) for name in names)
    for name in names:
        value = content.get(name)
        if value not in (None, "", {}, []):
            click.echo(f"{name.replace('_', ' '):<{width}}  {_field(value)}")


def _field(value: Any) -> str:
    """Return a value for people; of names with values: revision B, colour red."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_field(one)}" for name, one in value.items())
    return str(value)


def show_table(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    """Print ``rows`` as a table of the named columns."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*(name.replace("_", " ") for name in names), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_cell(row.get(name)) for name in names))
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def show_doubtful(found: dict[str, Any]) -> None:
    """Say how many labels became doubtful, if any did."""
    if found["doubtful"]:
        click.echo(
            f"Were on their way and are doubtful: {found['doubtful']}; labeler doubtful list"
        )


def pairs(texts: Sequence[str], *, option: str) -> dict[str, str]:
    """Return what a repeatable option NAME=VALUE says."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise click.BadParameter(f"'{text}': expected NAME=VALUE.", param_hint=option)
        found[name] = value
    return found


STDOUT = Path("-")
"""How a command line names standard output."""


@contextlib.contextmanager
def listing(out: Path) -> Iterator[IO[bytes]]:
    """Give what a list is written into: the file ``out``, or standard output for `-`."""
    if out != STDOUT:
        with out.open("wb") as file:
            yield file
        return
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


def aside(out: Path | None) -> contextlib.AbstractContextManager[object]:
    """Let what is said go to standard error while a list has standard output."""
    return contextlib.redirect_stdout(sys.stderr) if out == STDOUT else contextlib.nullcontext()


def progress() -> "Progress":
    """Return a progress bar on standard error; nothing is drawn where that is no terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )


def said(done: str) -> Callable[[Command], Command]:
    """Add who wants it and why; ``done`` says what is done."""

    def add(command: Command) -> Command:
        why = click.option("--reason", required=True, help=f"Why {done}.")
        who = click.option("--operator", required=True, help="Who wants it.")
        return why(who(command))

    return add

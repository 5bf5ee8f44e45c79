"""labeler check."""

import sys
from pathlib import Path
from typing import Any

import click

from labeler.commands import client, output

_COLUMNS = ("serial", "state", "run", "product", "line", "kind", "position")
_LIKELIEST = 5
"""Series of which is said what is wrong with a text."""
_OF_IDENTIFIERS = ("text", "identifier", *_COLUMNS)


@click.command()
@click.argument("text")
@click.option("--product", help="The product it was met as.")
@click.option("--run", type=click.IntRange(min=0), help="The run it was met in.")
@click.option("--line", help="The line it was met on.")
@output.json_option
@click.pass_obj
def check(
    config_file: Path,
    text: str,
    product: str | None,
    run: int | None,
    line: str | None,
    as_json: bool,
) -> None:
    """Say whether TEXT is a right serial here, and if not, what it is.

    TEXT is as it was read, typed or scanned; a GS1 element string or Digital Link is understood.
    Exit code 0: it was issued, and is where it was met; 1: anything else.
    """
    where = {"product": product, "run": run, "line": line}
    body = {"text": text, **{name: value for name, value in where.items() if value is not None}}
    with client.connect(config_file) as api:
        found = api.post("/serials/check", body)
    if as_json:
        output.show_json(found)
    else:
        _show(found)
    if found["verdict"] != "issued":
        sys.exit(1)


def _show(found: dict[str, Any]) -> None:
    click.echo(found["sentence"])
    for note in found["notes"]:
        click.echo(note)
    if len(found["series"]) > 1 and found["verdict"] == "invalid":
        for item in found["series"][:_LIKELIEST]:
            click.echo(f"  {item['series']}: {item['fault']}")
        more = len(found["series"]) - _LIKELIEST
        if more > 0:
            click.echo(f"  and {more} more series, which it fits less; --json shows them all.")
    if len(found["units"]) > 1:
        output.show_table(found["units"], _COLUMNS[:5])
    if found["near"]:
        rows = [row for near in found["near"] for row in _marked(found["text"], near)]
        carried = any(near["identifier"] for near in found["near"])
        output.show_table(rows, _OF_IDENTIFIERS if carried else _COLUMNS)


def _marked(text: str, near: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a near unit's row, and on a terminal one with a caret under what differs."""
    marks = "text" if near["identifier"] else "serial"
    return [near, {marks: carets(text, near)}] if sys.stdout.isatty() else [near]


def carets(text: str, near: dict[str, Any]) -> str:
    """Return a line with a caret under every character of a near text that the text has not.

    >>> carets("AC1O", {"text": "AC10", "kind": "confusable", "position": 4})
    '   ^'
    >>> carets("AC1", {"text": "A1", "kind": "extra character", "position": 2})
    ' ^'
    """
    meant: str = near["text"]
    if len(meant) != len(text):
        return "^".rjust(near["position"])
    marks = ["^" if own != other else " " for own, other in zip(meant, text, strict=True)]
    return "".join(marks).rstrip()

"""labeler stock list | show."""

from pathlib import Path
from typing import Any

import click

from labeler.commands import client, output

FIELDS = (
    "name", "width_mm", "height_mm", "columns", "rows", "count", "page_width_mm", "page_height_mm",
    "left_mm", "top_mm", "column_gap_mm", "row_gap_mm",
)  # fmt: skip
LIST = ("name", "cell", "cells", "page")


@click.group()
def stock() -> None:
    """Look at the sheets of labels for office printers."""


@stock.command("list")
@output.json_option
@click.pass_obj
def list_stocks(config_file: Path, as_json: bool) -> None:
    """List the kinds of sheets: how large a cell is, how many there are, on which page."""
    with client.connect(config_file) as api:
        found = api.get("/stocks")["stocks"]
    if as_json:
        output.show_json(found)
    else:
        output.show_table([_row(one) for one in found], LIST)


def _row(found: dict[str, Any]) -> dict[str, Any]:
    """Return what a person is shown of a stock in a line."""
    return {
        "name": found["name"],
        "cell": f"{found['width_mm']:.1f} x {found['height_mm']:.1f} mm",
        "cells": f"{found['count']} ({found['columns']} x {found['rows']})",
        "page": f"{found['page_width_mm']:.1f} x {found['page_height_mm']:.1f} mm",
    }


@stock.command("show")
@click.argument("name", metavar="STOCK")
@output.json_option
@click.pass_obj
def show_stock(config_file: Path, name: str, as_json: bool) -> None:
    """Show STOCK: its cells, and where they lie on its page."""
    with client.connect(config_file) as api:
        found = api.get(f"/stocks/{client.quote(name)}")
    if as_json:
        output.show_json(found)
    else:
        output.show_fields(found, FIELDS)

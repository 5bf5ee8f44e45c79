"""How commands show a run."""

from typing import Any

import click

from labeler.commands import output

FIELDS = (
    "id", "state", "mode", "product", "line", "quantity", "overrun", "issued", "remaining",
    "on_lease", "lot", "work_order", "purchase_order", "sales_order", "shift", "expires_on",
    "best_before", "rework_of", "reworked_by", "operator", "attributes", "series",
    "series_version", "template", "template_version", "template_digest", "template_state",
    "opened_at", "closed_at",
)  # fmt: skip


def show(found: dict[str, Any], as_json: bool) -> None:
    """Show a run, its steps and edits, and what to mind."""
    if as_json:
        output.show_json(found)
        return
    output.show_fields({**found, "overrun": found["overrun"] or None}, FIELDS)
    if found.get("steps"):
        columns = ("at", "from", "to", "units", "operator", "reason", "channel")
        output.show_table(found["steps"], columns)
    for edit in found.get("edits", ()):
        told = ", ".join(
            f"{name} {_value(one['old'])} -> {_value(one['new'])}"
            for name, one in edit["changes"].items()
        )
        click.echo(f"Edited at {edit['at']} by {edit['operator']}, {edit['reason']}: {told}")
    for remark in found.get("remarks", ()):
        click.echo(f"Mind: {remark}", err=True)


def _value(value: Any) -> str:
    """Return what an order said; - where it said nothing."""
    if isinstance(value, dict):
        return " ".join(f"{name}={text}" for name, text in value.items()) or "-"
    return "-" if value is None else str(value)

"""labeler serial show."""

from pathlib import Path
from typing import Any

import click

from labeler.commands import client, output

FIELDS = (
    "serial", "state", "product", "line", "run", "number", "lot", "allocated_at", "identifiers",
    "secrets",
)  # fmt: skip
LABELS = ("id", "job", "purpose", "reason", "copy", "printer", "state", "sent_at", "settled_at")
EVENTS = ("at", "kind", "channel", "label", "detail")


@click.command("show")
@click.argument("serial")
@click.option("--product", help="Whose serial, where several products have it.")
@output.json_option
@click.pass_obj
def show(config_file: Path, serial: str, product: str | None, as_json: bool) -> None:
    """Show all that is known of SERIAL: its unit, its labels, and what happened, the oldest first.

    --json shows, too, how its identifiers and GS1 keys are written in other forms.
    """
    with client.connect(config_file) as api:
        found = api.get(f"/serials/{client.quote(serial)}", {"product": product})
    if as_json:
        output.show_json(found)
        return
    output.show_fields({**found, **_flat(found)}, FIELDS)
    if found["labels"]:
        click.echo()
        output.show_table(found["labels"], LABELS)
    click.echo()
    output.show_table([_told(event) for event in found["events"]], EVENTS)


def _flat(found: dict[str, Any]) -> dict[str, Any]:
    """Return what stands in one line each: the run, what else the unit carries, its secrets."""
    run, carried = found["run"], found["identifiers"].items()
    return {
        **{name: run[name] for name in ("product", "line", "lot")},
        "run": run["id"],
        "identifiers": ", ".join(f"{name}={text}" for name, text in carried if text is not None),
        "secrets": ", ".join(f"{name} is {state}" for name, state in found["secrets"].items()),
    }


def _told(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event with its details in one cell.

    >>> _told({"kind": "label_scrapped", "detail": {"reason": "torn", "parcel": [4, 5]}})
    {'kind': 'label_scrapped', 'detail': 'reason: torn; parcel: 4, 5'}
    """
    parts = [f"{name}: {_text(value)}" for name, value in event["detail"].items()]
    return {**event, "detail": "; ".join(parts)}


def _text(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)

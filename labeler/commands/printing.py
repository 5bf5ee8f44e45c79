"""labeler printer list | status | watch | pause | resume | move; errands, roll and emulate."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labeler.commands import client, emulating, errands, output, supplying
from labeler.errors import STORE_UNAVAILABLE, Refusal

if TYPE_CHECKING:
    from labeler.commands.api import Api

LOOK_S = 1.0
"""How often a watch looks: a stream would hold a thread of the service for hours."""


@click.group()
def printer() -> None:
    """Look at printers, pause, test or supply them, or be a virtual one."""


@printer.command("list")
@output.json_option
@click.pass_obj
def list_printers(config_file: Path, as_json: bool) -> None:
    """Show every printer: its state, why it is stopped, and how many labels wait."""
    _show_all(config_file, as_json)


@printer.command("status")
@click.argument("name", metavar="[PRINTER]", required=False)
@output.json_option
@click.pass_obj
def status(config_file: Path, name: str | None, as_json: bool) -> None:
    """Show one printer: what it says of itself, and what waits for it. Without PRINTER, all."""
    if name is None:
        _show_all(config_file, as_json)
        return
    with client.connect(config_file) as api:
        found = api.get(f"/printers/{client.quote(name)}")
        running, asked = api.running, api.asked
    if as_json:
        output.show_json(found)
        return
    output.show_fields({**found, **_flat(found)}, FIELDS)
    where = f"GET /api/v1/printers/{client.quote(name)}"
    _say_who_knows(running=running, asked=asked, where=where)


FIELDS = (
    "name", "state", "since", "reasons", "sentence", "labels_waiting", "labels_held",
    "labels_doubtful", "labels_left", "groups", "uri",
    "language", "dpi", "proof", "model", "firmware", "its_dpi", "profile", "label_count",
    "label_length_dots", "print_mode", "heard_at",
)  # fmt: skip


def _flat(found: dict[str, Any]) -> dict[str, Any]:
    """Return what stands in one line each: a printer's identity, its profile, its reasons."""
    identity, profile = found["identity"] or {}, found["profile"] or {}
    return {
        "reasons": ", ".join(found["reasons"]),
        "model": identity.get("model"),
        "firmware": identity.get("firmware"),
        "its_dpi": identity.get("dpi"),
        "profile": profile.get("name"),
        "labels_left": supplying.left(found),
        "groups": ", ".join(found["groups"] or ()),
    }


@printer.command("watch")
@click.argument("name", metavar="PRINTER")
@click.option(
    "--changes", type=click.IntRange(min=1), help="End after so many changes.  [default: never]"
)
@click.pass_obj
def watch(config_file: Path, name: str, changes: int | None) -> None:
    """Print how a printer is, then each change of it as a line, until Ctrl-C."""
    address = f"/printers/{client.quote(name)}"
    with client.connect(config_file) as api:
        if not api.running:
            sentence = "No service runs, so nobody asks the printers."
            raise Refusal(STORE_UNAVAILABLE, sentence, hint="Start it: labeler serve.")
        newest = api.get(f"{address}/history", {"limit": 1})["changes"]
        found = api.get(address)
        _show_change({**found, "at": found["since"]})
        last, left = newest[0]["id"] if newest else 0, changes
        try:
            while left is None or left > 0:
                time.sleep(LOOK_S)
                news = _news(api, address, after=last)[:left]
                for change in news:
                    _show_change(change)
                last = news[-1]["id"] if news else last
                left = left - len(news) if left is not None else None
        except KeyboardInterrupt:
            click.echo("Ended.", err=True)


def _news(api: "Api", address: str, *, after: int) -> list[dict[str, Any]]:
    """Return the changes since the one with the id ``after``, the oldest first."""
    found: list[dict[str, Any]] = []
    before: int | None = None
    while True:
        page = api.get(f"{address}/history", {"limit": 100, "before": before})
        new = [one for one in page["changes"] if one["id"] > after]
        found += new
        before = page["next"]
        if before is None or len(new) < len(page["changes"]):
            return found[::-1]


def _show_change(change: dict[str, Any]) -> None:
    reasons = f" ({', '.join(change['reasons'])})" if change["reasons"] else ""
    click.echo(f"{change['at']} {change['state']}{reasons} {change['sentence']}".rstrip())


def _show_all(config_file: Path, as_json: bool) -> None:
    with client.connect(config_file) as api:
        found = api.get("/printers")["printers"]
        running, asked = api.running, api.asked
    if as_json:
        output.show_json(found)
        return
    output.show_table(
        [{**row, "labels_left": supplying.left(row)} for row in found],
        (
            "name",
            "state",
            "reasons",
            "labels_waiting",
            "labels_held",
            "labels_left",
            "language",
            "uri",
            "proof",
        ),
    )
    for row in found:
        if row["sentence"]:
            click.echo(f"{row['name']}: {row['sentence']}")
    _say_who_knows(running=running, asked=asked, where="GET /api/v1/printers")


def _say_who_knows(*, running: bool, asked: bool, where: str) -> None:
    """Say why states are unknown, unless the service that asks the printers told them."""
    if not running:
        click.echo("No service runs, so nobody asks the printers.", err=True)
    elif not asked:  # on PostgreSQL the record is read beside the service
        click.echo(f"The service that runs knows their states: {where} there.", err=True)


@printer.command("pause")
@click.argument("name", metavar="PRINTER")
@output.said("it prints nothing for now")
@output.json_option
@click.pass_obj
def pause(config_file: Path, name: str, reason: str, operator: str, as_json: bool) -> None:
    """Send PRINTER nothing more until it is resumed; what is on its way is printed."""
    body = {"reason": reason, "operator": operator}
    with client.connect(config_file) as api:
        found = api.post(f"/printers/{client.quote(name)}/pause", body)
    if as_json:
        output.show_json(found)
        return
    click.echo(f"Printer {name} is paused. Go on: labeler printer resume {name}")


@printer.command("resume")
@click.argument("name", metavar="PRINTER")
@output.said("it prints again")
@output.json_option
@click.pass_obj
def resume(config_file: Path, name: str, reason: str, operator: str, as_json: bool) -> None:
    """Let PRINTER, which somebody paused, print again."""
    body = {"reason": reason, "operator": operator}
    with client.connect(config_file) as api:
        found = api.post(f"/printers/{client.quote(name)}/resume", body)
    if as_json:
        output.show_json(found)
        return
    click.echo(f"Printer {name} goes on; it was paused since {found['paused_at']}.")


@printer.command("move")
@click.argument("name", metavar="PRINTER")
@click.argument("to")
@output.said("they are printed elsewhere")
@output.json_option
@click.pass_obj
def move(config_file: Path, name: str, to: str, reason: str, operator: str, as_json: bool) -> None:
    """Let printer TO print the labels that wait for PRINTER, which may be gone."""
    body = {"to": to, "reason": reason, "operator": operator}
    with client.connect(config_file) as api:
        found = api.post(f"/printers/{client.quote(name)}/move", body)
    if as_json:
        output.show_json(found)
        return
    click.echo(f"Labels moved from {found['printer']} to {found['to']}: {found['moved']}")
    output.show_doubtful(found)


for command in (
    errands.test,
    errands.calibrate,
    errands.console,
    errands.check,
    supplying.roll,
    emulating.emulate,
):
    printer.add_command(command)

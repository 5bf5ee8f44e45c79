"""labeler recall preview | create | show | list | units | close."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labeler.commands import client, output
from labeler.units import counted

if TYPE_CHECKING:
    from labeler.commands.api import Api

UNITS = ("serial", "state", "product", "lot", "run", "line", "location", "owner", "sales_order")
LISTED = ("name", "state", "count", "reason", "operator", "created_at", "closed_at")
FIELDS = ("name", "state", "reason", "operator", "criteria", "created_at", "count", "closed_at",
          "closed_by", "close_reason")  # fmt: skip
CRITERIA = {
    "run": "Units of this run",
    "lot": "of this lot",
    "line": "made on this line",
    "product": "of this product",
    "template": "with this label template, NAME or NAME@VERSION",
    "series": "with a number of this series, NAME or NAME@VERSION",
    "printer": "whose label was sent to this printer",
    "operator-of": "of this person: who ran the line, or verified the unit",
}
"""Option -> what it says; each may stand several times."""

Command = Callable[..., None]


def criteria(command: Command) -> Command:
    """Add the options that say which units are meant."""
    command = click.option("--before", help="whose serial was issued before it.")(command)
    command = click.option("--since", help="whose serial was issued at this time or later.")(
        command
    )
    for name, words in reversed(CRITERIA.items()):
        kind = click.IntRange(min=0) if name == "run" else str
        option = click.option(f"--{name}", multiple=True, type=kind, help=f"{words}; repeatable.")
        command = option(command)
    return command


def _said(given: dict[str, Any]) -> dict[str, Any]:
    """Return the criteria of a body, and take them out of what was given."""
    found: dict[str, Any] = {}
    for name in CRITERIA:
        values = given.pop(name.replace("-", "_"))
        plural = {"operator-of": "operators", "series": "series"}.get(name, f"{name}s")
        if values:
            found[plural] = list(values)
    for name in ("since", "before"):
        value = given.pop(name)
        if value is not None:
            found[name] = value
    return found


@click.group()
def recall() -> None:
    """Recalls: call units back by what they have in common, and see where they are."""


@recall.command("preview")
@criteria
@click.option("--list", "listed", is_flag=True, help="List the units, too.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@output.json_option
@click.pass_obj
def preview(config_file: Path, /, listed: bool, limit: int, as_json: bool, **given: Any) -> None:
    """Say which units a recall would call back, and where they are now; keep nothing."""
    body = {"criteria": _said(given)}
    with client.connect(config_file) as api:
        found = api.post("/recalls/preview", body)
        units = list(itertools.islice(_previewed(api, body), limit)) if listed else []
    if as_json:
        output.show_json({**found, "units": units} if listed else found)
        return
    _show_places(found)
    if found["going_on"]:
        runs = ", ".join(str(one) for one in found["going_on"])
        click.echo(f"May issue more, which would not be recalled: run {runs}.", err=True)
    if listed:
        click.echo()
        _show_units(units, more=found["count"] > len(units), limit=limit)


def _previewed(api: "Api", body: dict[str, Any]) -> Any:
    after = None
    while True:
        page = api.post("/recalls/preview/units", {**body, "after": after, "limit": api.PAGE})
        yield from page["units"]
        after = page["next"]
        if after is None:
            return


@recall.command("create")
@click.argument("name")
@criteria
@output.said("they are recalled")
@output.json_option
@click.pass_obj
def create(config_file: Path, /, name: str, as_json: bool, **given: Any) -> None:
    """Call back every unit that is all that is said: NAME is how people call the recall.

    The very same command again finds the recall that it made.
    """
    body = {"name": name, "reason": given.pop("reason"), "operator": given.pop("operator")}
    body["criteria"] = _said(given)
    with client.connect(config_file) as api:
        found = _watched(api, name, body)
    if as_json:
        output.show_json(found)
        return
    click.echo(f"Recalled {counted(found['count'], 'unit')}: {name}.")
    _show_places(found)
    if found["replayed"]:
        click.echo("Replayed: this recall was made before; nothing was added to it.", err=True)


def _watched(api: "Api", name: str, body: dict[str, Any]) -> Any:
    """Make the recall, and show meanwhile how far it is, where a terminal shows it."""
    from concurrent.futures import ThreadPoolExecutor, wait

    address = "/recalls"
    with output.progress() as progress, ThreadPoolExecutor(1) as executor:
        work = executor.submit(api.patient_post, address, body)
        if not progress.disable:
            task = progress.add_task("units recalled", total=None)
            while not wait([work], timeout=output.POLL_S).done:
                for one in api.get(address, {"state": "gathering"})["recalls"]:
                    if one["name"] == name:
                        progress.update(task, completed=one["count"], total=one["expected"])
        return work.result()


@recall.command("list")
@click.option("--state", type=click.Choice(["gathering", "open", "closed"]))
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@output.json_option
@click.pass_obj
def list_recalls(config_file: Path, state: str | None, limit: int, as_json: bool) -> None:
    """List recalls, the newest first."""
    with client.connect(config_file) as api:
        pages = api.pages("/recalls", {"state": state} if state else {}, cursor="before")
        found = list(itertools.islice(pages, limit))
    if as_json:
        output.show_json(found)
    elif found:
        output.show_table(found, LISTED)
    else:
        click.echo("No recalls.")


@recall.command("show")
@click.argument("name")
@output.json_option
@click.pass_obj
def show(config_file: Path, name: str, as_json: bool) -> None:
    """Show a recall: why, by whom, and how many of its units are where now."""
    with client.connect(config_file) as api:
        found = api.get(f"/recalls/{client.quote(name)}")
    _tell(found, as_json)


@recall.command("units")
@click.argument("name")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@output.json_option
@click.pass_obj
def units(config_file: Path, name: str, limit: int, as_json: bool) -> None:
    """List the units of a recall as they are now; `labeler export units --recall` has them all."""
    with client.connect(config_file) as api:
        pages = api.pages(f"/recalls/{client.quote(name)}/units", cursor="after")
        found = list(itertools.islice(pages, limit + 1))
    if as_json:
        output.show_json(found[:limit])
    else:
        _show_units(found[:limit], more=len(found) > limit, limit=limit)


@recall.command("close")
@click.argument("name")
@output.said("it ends")
@output.json_option
@click.pass_obj
def close(config_file: Path, name: str, reason: str, operator: str, as_json: bool) -> None:
    """End a recall: its units may go on, unless another one has them, too."""
    body = {"reason": reason, "operator": operator}
    with client.connect(config_file) as api:
        found = api.patient_post(f"/recalls/{client.quote(name)}/close", body)
    _tell(found, as_json)


def _tell(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        output.show_json(found)
        return
    words = (f"{name} {_told(value)}" for name, value in found["criteria"].items())
    output.show_fields({**found, "criteria": "; ".join(words)}, FIELDS)
    click.echo()
    _show_places(found)


def _told(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _show_places(found: dict[str, Any]) -> None:
    """Say how many units there are, and where."""
    rows = [{"what": "units", "count": found["count"]}]
    rows += [{"what": f"state {name}", "count": count} for name, count in found["states"].items()]
    for kind in ("location", "owner"):
        for one in found[f"{kind}s"]:
            rows.append({"what": f"{kind} {one[kind] or 'unknown'}", "count": one["count"]})
    output.show_table(rows, ("what", "count"))
    for one in found["unwritten"]:
        units = counted(one["count"], "unit")
        click.echo(
            f"Still being written, and recalled, too: {units} of run {one['run']}.", err=True
        )


def _show_units(found: list[dict[str, Any]], *, more: bool, limit: int) -> None:
    if found:
        output.show_table(found, UNITS)
    else:
        click.echo("No units.")
    if more:
        click.echo(f"These are the first {limit}; --limit shows more.", err=True)

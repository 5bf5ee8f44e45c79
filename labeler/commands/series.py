"""labeler series list | show | lint | preview | release."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labeler.commands import client, output, times

if TYPE_CHECKING:
    from labeler.commands.api import Api
    from labeler.settings import SeriesSettings

COLUMNS = (
    "name", "kind", "version", "issued", "left", "fill_percent", "exhausted_at", "next_serial",
)  # fmt: skip
FIELDS = (
    "name", "kind", "pattern", "version", "epoch", "products", "issued", "period", "next_serial",
    "used", "limit", "left", "fill_percent", "per_day", "exhausted_at", "options",
)  # fmt: skip
PATTERN_KEYS = ("pattern", "unguessable", "word_filter", "change")


@click.group()
def series() -> None:
    """Look at number series, and what is wrong with them. Nothing here takes a number."""


@series.command("list")
@output.json_option
@click.pass_obj
def list_series(config_file: Path, as_json: bool) -> None:
    """List the series: how much of each is used, and when it runs out."""
    with client.connect(config_file) as api:
        found = api.get("/series")["series"]
    if as_json:
        output.show_json(found)
        return
    output.show_table(found, COLUMNS)
    for row in found:
        _show_trouble(row)


@series.command("release")
@click.argument("name", metavar="SERIES")
@click.option("--by", required=True, help="Who releases it.")
@click.option("--comment", help="Why, or what is new.")
@output.json_option
@click.pass_obj
def release(config_file: Path, name: str, by: str, comment: str | None, as_json: bool) -> None:
    """Make the version of SERIES that config.yaml describes, before a run needs it."""
    with client.connect(config_file) as api:
        found = api.post(f"/series/{client.quote(name)}/release", {"by": by, "comment": comment})
    if as_json:
        output.show_json(found)
    else:
        click.echo(f"Released {name} as version {found['version']}: {found['pattern']}")


@series.command("show")
@click.argument("name", metavar="SERIES")
@output.json_option
@click.pass_obj
def show_series(config_file: Path, name: str, as_json: bool) -> None:
    """Show SERIES: what it is made of, where it stands, and its versions."""
    with client.connect(config_file) as api:
        found = api.get(f"/series/{client.quote(name)}")
    if as_json:
        output.show_json(found)
        return
    said = {key: value for key, value in found["options"].items() if value not in (None, False)}
    options = ", ".join(f"{key} {value}" for key, value in said.items())
    output.show_fields(
        {**found, "products": ", ".join(found["products"]), "options": options}, FIELDS
    )
    if found["versions"]:
        output.show_table(
            found["versions"], ("version", "epoch", "issued", "created_at", "pattern")
        )
    _show_trouble(found)


def _show_trouble(row: dict[str, Any]) -> None:
    for sentence in filter(None, (row["sentence"], row["refusal"])):
        click.echo(sentence, err=True)


@series.command("preview")
@click.argument("name", metavar="SERIES")
@click.option("-n", "--count", type=click.IntRange(1, 100), default=5, show_default=True)
@click.option("--at", help="As of this time, 2026-11-23T06:00; default: now.")
@output.json_option
@click.pass_obj
def preview(config_file: Path, name: str, count: int, at: str | None, as_json: bool) -> None:
    """Show the next serials of SERIES, and those after its next reset, without taking any."""
    asked: dict[str, Any] = {"count": count}
    if at is not None:
        from labeler import app

        _, _, plant = app.load(config_file)
        moment = times.moment(at, plant.calendar.zone)
        asked["at"] = moment and moment.isoformat()
    with client.connect(config_file) as api:
        found = api.get(f"/series/{client.quote(name)}/preview", asked)
    if as_json:
        output.show_json(found)
        return
    _show_moment(found["now"], "Now")
    if found["after_reset"]:
        _show_moment(found["after_reset"], f"After the next reset ({found['reset']})")
    click.echo(found["sentence"])


def _show_moment(moment: dict[str, Any], when: str) -> None:
    shift = f", shift {moment['shift']}" if moment["shift"] else ""
    click.echo(f"{when}, {moment['at']}, production day {moment['day']}{shift}:")
    for text in moment["serials"]:
        click.echo(f"  {text}")
    if moment["why_fewer"]:
        click.echo(f"  {moment['why_fewer']}")


@series.command("lint")
@click.argument("name", metavar="[SERIES]", required=False)
@click.option("--pattern", help="Look at this pattern, as a new one or as that of SERIES.")
@click.option("--unguessable", is_flag=True, help="The pattern shall be unguessable.")
@click.option("--word-filter", is_flag=True, help="The pattern shall have a word filter.")
@click.option("--change", type=click.Choice(["continue", "restart"]), help="What it would say.")
@output.json_option
@click.pass_obj
def lint(
    config_file: Path,
    name: str | None,
    pattern: str | None,
    unguessable: bool,
    word_filter: bool,
    change: str | None,
    as_json: bool,
) -> None:
    """Say what is wrong with the series of config.yaml; exit code 1 if something is an error.

    Beside a running service the file is looked at as it is now, not as the service read it.
    """
    if pattern is None and (unguessable or word_filter or change):
        raise click.UsageError("--unguessable, --word-filter and --change belong to --pattern.")
    from labeler import app

    said, findings = app.said_series(config_file)
    if not findings:
        with client.connect(config_file) as api:
            if pattern is not None:
                body = {
                    "pattern": pattern,
                    "series": name,
                    "unguessable": unguessable,
                    "word_filter": word_filter,
                    "change": change,
                }
                findings = api.post("/series/lint", body)["findings"]
            else:
                findings = _lint_all(api, said, name)
    _show_findings(findings, as_json)


def _lint_all(
    api: "Api", said: dict[str, "SeriesSettings"], name: str | None
) -> list[dict[str, Any]]:
    """Return the findings about the file's series; the service may have read an earlier file."""
    served = {row["name"]: row["pattern"] for row in api.get("/series")["series"]}
    changed = {key for key, one in said.items() if served.get(key) != one.pattern}
    asked = None if name in changed else name
    findings = [
        one
        for one in api.post("/series/lint", {"series": asked})["findings"]
        if one["series"] not in changed
    ]
    for key in sorted(changed):
        if name in (None, key):
            body = {part: getattr(said[key], part) for part in PATTERN_KEYS}
            body["series"] = key if key in served else None
            tried = api.post("/series/lint", body)["findings"]
            findings += [{**one, "series": key} for one in tried]
    return findings if name is None else [one for one in findings if one["series"] == name]


def _show_findings(findings: list[dict[str, Any]], as_json: bool) -> None:
    errors = sum(one["severity"] == "error" for one in findings)
    warnings = len(findings) - errors
    if as_json:
        output.show_json({"errors": errors, "warnings": warnings, "findings": findings})
    else:
        for one in findings:
            who = f"{one['series']}: " if one["series"] else ""
            click.echo(f"{who}{one['severity']}: {one['sentence']}")
            if one["caret"]:
                for line in one["caret"].splitlines():
                    click.echo(f"  {line}")
        click.echo(f"Errors: {errors}, warnings: {warnings}")
    if errors:
        sys.exit(1)

"""labeler template list | show | new | lint | preview | release | diff."""

import sys
from pathlib import Path
from typing import Any

import click

from labeler.commands import client, drawings, output

FIELDS = (
    "name", "draft_digest", "is_changed", "width_mm", "height_mm", "fields", "products",
    "released_version", "released_at", "released_by", "comment", "last_run",
)  # fmt: skip
LIST = ("name", "draft", "released_version", "released_at", "released_by", "products", "last_run")
_MARKS = {"same": " ", "added": "+", "removed": "-"}


@click.group()
def template() -> None:
    """Look at label templates, compare them, and release them."""


@template.command("list")
@output.json_option
@click.pass_obj
def list_templates(config_file: Path, as_json: bool) -> None:
    """List the templates: whether each was changed since its newest release, and who uses it."""
    with client.connect(config_file) as api:
        found = api.get("/templates")["templates"]
    if as_json:
        output.show_json(found)
        return
    output.show_table([_row(one) for one in found], LIST)
    for one in found:
        if one["draft_fault"]:
            click.echo(one["draft_fault"], err=True)


def _row(found: dict[str, Any]) -> dict[str, Any]:
    """Return what a person is shown of a template, on one level."""
    release, run = found["newest_release"] or {}, found["last_run"]
    return {
        **found,
        "draft": _draft(found),
        "released_version": release.get("version"),
        "released_at": release.get("released_at"),
        "released_by": release.get("released_by"),
        "comment": release.get("comment"),
        "last_run": f"{run['id']} on {run['line']}" if run else None,
    }


def _draft(found: dict[str, Any]) -> str:
    if found["draft_fault"]:
        return "faulty"
    if found["draft_digest"] is None:
        return "no file"
    if found["newest_release"] is None:
        return "never released"
    return "changed" if found["is_changed"] else "as released"


@template.command("show")
@click.argument("name", metavar="TEMPLATE")
@click.option("--version", type=click.IntRange(min=1), help="Print the content of this version.")
@output.json_option
@click.pass_obj
def show_template(config_file: Path, name: str, version: int | None, as_json: bool) -> None:
    """Show TEMPLATE: its draft, its releases, its versions."""
    address = f"/templates/{client.quote(name)}"
    with client.connect(config_file) as api:
        found = api.get(address if version is None else f"{address}/versions/{version}")
    if as_json:
        output.show_json(found)
        return
    if version is not None:
        click.echo(found["content"], nl=False)
        return
    shown = _row(found)
    output.show_fields(
        {**shown, "fields": ", ".join(found["fields"]), "products": ", ".join(found["products"])},
        FIELDS,
    )
    rows = [
        {**one, "digest": one["digest"][:12], **(one["releases"][-1] if one["releases"] else {})}
        for one in found["versions"]
    ]
    if rows:
        names = ("version", "state", "digest", "released_at", "released_by", "comment")
        output.show_table(rows, names)
    if found["draft_fault"]:
        click.echo(found["draft_fault"], err=True)


@template.command("new")
@click.argument("name", metavar="TEMPLATE")
@click.option("--from", "source", required=True, metavar="NAME", help="Which template it copies.")
@click.pass_obj
def new(config_file: Path, name: str, source: str) -> None:
    """Make the draft TEMPLATE, a copy of another one, in the templates folder."""
    from labeler import config
    from labeler.production import template_copying

    folder = Path(config.read(config_file).settings.templates)
    target = template_copying.copy(folder, source, to=name)
    click.echo(f"Made {target}. Name it under products in config.yaml to use it.")


@template.command("lint")
@click.argument("name", metavar="[TEMPLATE]", required=False)
@output.json_option
@click.pass_obj
def lint(config_file: Path, name: str | None, as_json: bool) -> None:
    """Say what is wrong with the templates' files; exit code 1 if something is an error."""
    from labeler import app

    faulty = app.faulty_templates(config_file)
    wrong = [faulty[one] for one in faulty if name in (None, one)]
    findings = [one for found in wrong for one in found]
    if not findings:
        with client.connect(config_file) as api:
            asked = [one for one in api.get("/templates")["templates"] if one["draft_digest"]]
            names = [one["name"] for one in asked] if name is None else [name]
            for one in names:
                findings += api.post(f"/templates/{client.quote(one)}/lint")["findings"]
    _show_findings(findings, as_json)


def _show_findings(findings: list[dict[str, Any]], as_json: bool) -> None:
    errors = sum(one["severity"] == "error" for one in findings)
    warnings = len(findings) - errors
    if as_json:
        output.show_json({"errors": errors, "warnings": warnings, "findings": findings})
    else:
        for one in findings:
            click.echo(f"{one['template']}: {one['severity']}: {one['sentence']} {one['advice']}")
        click.echo(f"Errors: {errors}, warnings: {warnings}")
    if errors:
        sys.exit(1)


@template.command("preview")
@click.argument("name", metavar="TEMPLATE")
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="Repeatable.")
@click.option("--version", type=click.IntRange(min=1), help="Of this version; default: the draft.")
@click.option("--product", help="Of this product; default: the first that has the template.")
@click.option("--line", help="As this line makes it.")
@click.option("--dpi", type=click.IntRange(100, 1200), help="Default: the printer's.")
@click.option("--printer", help="As for this printer; default: the first line's.")
@drawings.options
@click.pass_obj
def preview(
    config_file: Path,
    /,
    name: str,
    given: tuple[str, ...],
    form: str | None,
    out: Path | None,
    **body: Any,
) -> None:
    """Draw a label of TEMPLATE, with samples for what --set does not say. Nothing is issued."""
    form, target = drawings.chosen(form, out)
    body |= {"values": output.pairs(given, option="--set"), "format": form}
    with client.connect(config_file) as api:
        content = api.document(f"/templates/{client.quote(name)}/preview", body)
    drawings.write(content, target)


@template.command("release")
@click.argument("name", metavar="TEMPLATE")
@click.option("--by", required=True, help="Who releases it.")
@click.option("--comment", help="Why, or what is new.")
@output.json_option
@click.pass_obj
def release(config_file: Path, name: str, by: str, comment: str | None, as_json: bool) -> None:
    """Release TEMPLATE as its file is now: later runs print it."""
    body = {"by": by, "comment": comment}
    with client.connect(config_file) as api:
        found = api.post(f"/templates/{client.quote(name)}/release", body)
    if as_json:
        output.show_json(found)
    else:
        click.echo(f"Released {name} as version {found['version']}, {found['digest'][:12]}.")


@template.command("diff")
@click.argument("name", metavar="TEMPLATE")
@click.argument("old", metavar="[V1", type=click.IntRange(min=1), required=False)
@click.argument("new", metavar="V2]", type=click.IntRange(min=1), required=False)
@output.json_option
@click.pass_obj
def diff(config_file: Path, name: str, old: int | None, new: int | None, as_json: bool) -> None:
    """Show what differs between the newest release and the draft, or between two versions.

    With V1 alone it is that version and the draft.
    """
    with client.connect(config_file) as api:
        found = api.get(f"/templates/{client.quote(name)}/diff", {"old": old, "new": new})
    if as_json:
        output.show_json(found)
        return
    click.echo(found["sentence"])
    for change in found["changes"]:
        click.echo(f"  {change}")
    for line in found["lines"]:
        numbers = f"{line['old_line'] or '':>4} {line['new_line'] or '':>4}"
        click.echo(f"{numbers} {_MARKS[line['kind']]} {line['text']}".rstrip())

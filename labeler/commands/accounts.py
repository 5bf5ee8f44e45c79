"""labeler account list | add | roles | reset | disable | enable | badge | sign-out; labeler key."""

from pathlib import Path
from typing import Any

import click

from labeler.commands import client, output
from labeler.roles import Permission, Role

_who = click.option("--operator", help="Who does it, for the audit trail.")
_role = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="What the account is; may be repeated.",
)


@click.group()
def account() -> None:
    """Say who may do what: accounts of people."""


@account.command("list")
@output.json_option
@click.pass_obj
def list_accounts(config_file: Path, as_json: bool) -> None:
    """List all accounts."""
    with client.connect(config_file) as api:
        found = api.get("/accounts")["accounts"]
    if as_json:
        output.show_json(found)
        return
    rows = [{**row, "state": _state(row)} for row in found]
    output.show_table(rows, ("name", "display_name", "roles", "state"))


def _state(row: dict[str, Any]) -> str:
    if row["disabled_at"] is not None:
        return "disabled"
    return "one-time password" if row["must_change"] else "in use"


@account.command("add")
@click.argument("name")
@_role
@click.option("--display-name", help="How pages call the person.  [default: NAME]")
@click.option("--language", help="In which language, such as de.")
@_who
@output.json_option
@click.pass_obj
def add(
    config_file: Path, /, name: str, display_name: str | None, as_json: bool, **wanted: Any
) -> None:
    """Make the account NAME and print its one-time password."""
    body = {"name": name, "display_name": display_name or name, **wanted}
    with client.connect(config_file) as api:
        found = api.post("/accounts", {**body, "roles": list(wanted["roles"])})
    _show_password(found, as_json=as_json)


@account.command("reset")
@click.argument("name")
@_who
@output.json_option
@click.pass_obj
def reset(config_file: Path, name: str, operator: str | None, as_json: bool) -> None:
    """Give the account NAME another one-time password, print it, and end its sessions."""
    with client.connect(config_file) as api:
        found = api.post(f"/accounts/{client.quote(name)}/reset", {"operator": operator})
    _show_password(found, as_json=as_json)


def _show_password(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        output.show_json(found)
        return
    click.echo(f"One-time password of '{found['name']}': {found['one_time_password']}")
    click.echo("It is not shown again, and has to be changed at the first sign-in.")


@account.command("roles")
@click.argument("name")
@_role
@_who
@click.pass_obj
def roles(config_file: Path, name: str, roles: tuple[str, ...], operator: str | None) -> None:
    """Give the account NAME these roles and no other; whoever it is has to sign in again."""
    body = {"roles": list(roles), "operator": operator}
    with client.connect(config_file) as api:
        found = api.patch(f"/accounts/{client.quote(name)}", body)
    click.echo(f"'{name}' is {', '.join(found['roles'])} now.")


@account.command("disable")
@click.argument("name")
@_who
@click.pass_obj
def disable(config_file: Path, name: str, operator: str | None) -> None:
    """Let nobody sign in as NAME any more, and end its sessions."""
    with client.connect(config_file) as api:
        api.post(f"/accounts/{client.quote(name)}/disable", {"operator": operator})
    click.echo(f"'{name}' is disabled.")


@account.command("enable")
@click.argument("name")
@_who
@click.pass_obj
def enable(config_file: Path, name: str, operator: str | None) -> None:
    """Let NAME sign in again."""
    with client.connect(config_file) as api:
        api.post(f"/accounts/{client.quote(name)}/enable", {"operator": operator})
    click.echo(f"'{name}' is enabled.")


@account.command("sign-out")
@click.argument("name")
@_who
@click.pass_obj
def sign_out(config_file: Path, name: str, operator: str | None) -> None:
    """End all sessions of the account NAME."""
    with client.connect(config_file) as api:
        found = api.post(f"/accounts/{client.quote(name)}/sign-out", {"operator": operator})
    click.echo(f"Sessions of '{name}' that ended: {found['sessions']}.")


@account.command("badge")
@click.argument("name")
@click.option("--badge", help="What a scanner reads from it.  [default: asked for]")
@click.option("--remove", is_flag=True, help="Take badge and PIN away.")
@_who
@click.pass_obj
def badge(
    config_file: Path, name: str, badge: str | None, remove: bool, operator: str | None
) -> None:
    """Give the account NAME a badge, and the PIN that is asked for, for touch screens."""
    body: dict[str, Any] = {"badge": None, "pin": None, "operator": operator}
    if not remove:
        body["badge"] = badge or click.prompt("Badge")
        # Never as an option: the command line can be read by others, and is remembered.
        body["pin"] = click.prompt("PIN", hide_input=True)
    with client.connect(config_file) as api:
        api.post(f"/accounts/{client.quote(name)}/badge", body)
    click.echo(f"'{name}' has {'no badge any more' if remove else 'a badge and a PIN'}.")


@click.group()
def key() -> None:
    """Say what programs may do: API keys."""


@key.command("make")
@click.argument("name")
@click.option(
    "--permission",
    "permissions",
    multiple=True,
    required=True,
    type=click.Choice([one.value for one in Permission]),
    help="What it may do; may be repeated.",
)
@click.option(
    "--line", "lines", multiple=True, help="A line it is for; may be repeated.  [default: all]"
)
@_who
@output.json_option
@click.pass_obj
def make(config_file: Path, /, name: str, as_json: bool, **wanted: Any) -> None:
    """Make an API key for the program NAME, and print it."""
    lines = list(wanted.pop("lines")) or None
    body = {"name": name, **wanted, "permissions": list(wanted["permissions"]), "lines": lines}
    with client.connect(config_file) as api:
        found = api.post("/keys", body)
    if as_json:
        output.show_json(found)
        return
    click.echo(found["key"])
    click.echo("It is not shown again. Send it as Authorization: Bearer KEY.", err=True)


@key.command("list")
@output.json_option
@click.pass_obj
def list_keys(config_file: Path, as_json: bool) -> None:
    """List all API keys, the newest first."""
    with client.connect(config_file) as api:
        found = api.get("/keys")["keys"]
    if as_json:
        output.show_json(found)
        return
    names = ("id", "name", "permissions", "lines", "last_used_at", "revoked_at")
    output.show_table([{**row, "lines": row["lines"] or "all"} for row in found], names)


@key.command("revoke")
@click.argument("key_id", metavar="ID")
@_who
@click.pass_obj
def revoke(config_file: Path, key_id: str, operator: str | None) -> None:
    """End the API key ID for ever."""
    with client.connect(config_file) as api:
        found = api.post(f"/keys/{client.quote(key_id)}/revoke", {"operator": operator})
    click.echo(f"The key '{found['name']}' ({found['id']}) is revoked.")

"""labeler account and labeler key, without a service beside them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from labeler import cli
from tests import plants
from tests.commands.answers import Run, refusal, said


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return the config.yaml of a plant on whose computer nobody may do anything over HTTP."""
    return plants.write_site(tmp_path / "site", access={"this_machine": "none"})


def test_an_account_is_made_listed_changed_and_disabled(run: Run) -> None:
    code, answer = said(run("account", "add", "mk", "--role", "qa", "--role", "operator"))
    first, second = answer.splitlines()
    assert (code, first[:27]) == (0, "One-time password of 'mk': ")
    assert second == "It is not shown again, and has to be changed at the first sign-in."
    roles = ("account", "roles", "mk", "--role", "auditor", "--operator", "boss")
    assert said(run(*roles))[1] == "'mk' is auditor now.\n"
    assert said(run("account", "reset", "mk"))[1].partition(":")[0] == "One-time password of 'mk'"
    assert said(run("account", "sign-out", "mk"))[1] == "Sessions of 'mk' that ended: 0.\n"
    assert said(run("account", "disable", "mk"))[1] == "'mk' is disabled.\n"
    assert said(run("account", "list"))[1].split() == [
        *("name", "display", "name", "roles", "state"),
        *("mk", "mk", "auditor", "disabled"),
    ]
    assert said(run("account", "enable", "mk"))[1] == "'mk' is enabled.\n"
    [row] = json.loads(said(run("account", "list", "--json"))[1])
    assert (row["roles"], row["disabled_at"]) == (["auditor"], None)
    rows = json.loads(said(run("audit", "show", "--oldest-first", "--json"))[1])
    assert [(row["who"], row["what"], row["of"]) for row in rows] == [
        ("command", "account_created", "account mk"),
        ("boss", "account_changed", "account mk"),
        ("command", "password_reset", "account mk"),
        ("command", "signed_out", "account mk"),
        ("command", "account_disabled", "account mk"),
        ("command", "account_enabled", "account mk"),
    ]
    assert refusal(run("account", "reset", "xy")) == (7010, "There is no account 'xy'.")


def test_a_pin_is_asked_for_and_never_shown(site: Path, run: Run) -> None:
    said(run("account", "add", "mk", "--role", "operator", "--json"))
    words = ["--config", str(site), "account", "badge", "mk", "--badge", "0049"]
    asked = CliRunner().invoke(cli.cli, words, input="4711\n")
    assert asked.stdout == "PIN: \n'mk' has a badge and a PIN.\n"
    [row] = json.loads(said(run("account", "list", "--json"))[1])
    assert row["badge"] is True
    assert said(run("account", "badge", "mk", "--remove"))[1] == "'mk' has no badge any more.\n"


def test_a_key_is_made_listed_and_revoked(run: Run) -> None:
    made = ("key", "make", "PLC", "--permission", "print", "--line", "line-1")
    code, answer = said(run(*made))
    assert (code, answer[:4], len(answer)) == (0, "lab_", 4 + 12 + 1 + 64 + 1)
    public_id = answer.split("_")[1]
    assert said(run("key", "list"))[1].splitlines()[1].split()[:4] == [
        *(public_id, "PLC", "print", "line-1"),
    ]
    done = f"The key 'PLC' ({public_id}) is revoked.\n"
    assert said(run("key", "revoke", public_id, "--operator", "boss"))[1] == done
    [row] = json.loads(said(run("key", "list", "--json"))[1])
    assert row["revoked_by"] == "boss"
    whole = json.loads(said(run("key", "make", "MES", "--permission", "read", "--json"))[1])
    assert (whole["name"], whole["lines"], whole["key"][:4]) == ("MES", None, "lab_")
    assert refusal(run("key", "revoke", "x")) == (7013, "There is no API key 'x'.")

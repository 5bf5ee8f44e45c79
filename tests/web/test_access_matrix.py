"""Every door x everybody: who gets in, and who is refused before a door looks at anything."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Map

from labeler.app import Service
from labeler.roles import GRANTS, Permission, Role
from labeler.web import doors
from tests import plants
from tests.web import accessing

WHO = ["nobody", *(role.value for role in Role), *(f"key {one.value}" for one in Permission)]
OWN = {
    **{f"key {one.value}": frozenset({one}) for one in Permission},
    **{role.value: GRANTS[role] for role in Role},
}
ARGUMENTS = {"format": "svg", "form": "csv", "source": "units", "kind": "issued", "verb": "move"}
NOT_ASKED = {
    *("events.stream_events", "session.sign_out", "pages.signing.sign_out"),
    *("pages.signing.sign_in", "pages.switches.choose_theme", "pages.switches.choose_language"),
}
"""Doors that whoever may is not sent through: an answer without an end, the ways out, and forms
that ask for the token of a page whoever sends them."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return a plant on whose computer nobody may do anything by being there."""
    folder = tmp_path_factory.mktemp("matrix")
    path = plants.write_site(folder, access={"this_machine": "none"})
    with plants.opened(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def everybody(service: Service) -> dict[str, accessing.Visitor]:
    """Return a browser or program of each kind."""
    found = {
        role.value: accessing.visitor(service, f"one-{role.value}", role.value) for role in Role
    }
    for one in Permission:
        client = service.web.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = accessing.key(service, one)["Authorization"]
        found[f"key {one.value}"] = accessing.Visitor(client=client, csrf="")
    found["nobody"] = accessing.Visitor(client=service.web.test_client(), csrf="")
    return found


def routes(service: Service) -> list[tuple[str, str, str]]:
    """Return each door: its endpoint, a method, an address that leads to it."""
    found = []
    for rule in service.web.url_map.iter_rules():
        fill = lambda part: "1" if part[1] == "int:" else ARGUMENTS.get(part[2], "x")  # noqa: E731
        address = re.sub(r"<([a-z]+:)?([a-z_]+)>", fill, rule.rule)
        methods = sorted((rule.methods or set()) - {"OPTIONS"})
        found += [(rule.endpoint, method, address) for method in methods]
    return found


def test_every_door_says_for_whom_it_is_and_no_other_is_named(service: Service) -> None:
    there = {rule.endpoint for rule in service.web.url_map.iter_rules()}
    assert sorted(there - set(doors.DOORS)) == [], "give it a permission in labeler/web/doors.py"
    assert sorted(set(doors.DOORS) - there) == [], "no longer there"
    assert set(doors.SECOND) | doors.ANY_LINE <= there


def test_only_a_few_doors_are_public(service: Service) -> None:
    public = {name for name, asked in doors.DOORS.items() if asked == doors.PUBLIC}
    assert public == {
        *("service.healthz", "service.readyz", "session.sign_in"),
        *("openapi.static", "swagger.static"),
        *("start", "static_file", "pages.signing.show_sign_in", "pages.signing.sign_in"),
        *("pages.switches.choose_theme", "pages.switches.choose_language"),
    }


@pytest.mark.parametrize("who", WHO)
def test_a_door_lets_in_whom_it_says_and_nobody_else(
    service: Service, everybody: dict[str, accessing.Visitor], who: str
) -> None:
    wrong = []
    for endpoint, method, address in routes(service):
        asked = doors.DOORS[endpoint]
        is_known = who in GRANTS if endpoint.startswith("pages.") else who != "nobody"
        may = asked == doors.PUBLIC or (
            is_known and (asked == doors.SIGNED_IN or asked in OWN[who])
        )
        if may and (endpoint in NOT_ASKED or method == "HEAD"):
            continue
        body: dict[str, Any] = {"json": {}} if method in ("POST", "PATCH") else {}
        with everybody[who].ask(method, address, **body) as response:
            got_in = response.status_code not in (401, 403)
        if got_in != may:
            wrong.append((method, address, response.status_code))
    assert wrong == []


def test_not_even_which_methods_a_door_has_is_told_to_nobody(
    service: Service, everybody: dict[str, accessing.Visitor]
) -> None:
    for endpoint, _, address in routes(service):
        if doors.DOORS[endpoint] != doors.PUBLIC and address != "/api/v1/session":
            assert everybody["nobody"].ask("OPTIONS", address).status_code == 401, address


def test_a_door_that_nobody_named_is_shut(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path)) as service:
        known = [rule.empty() for rule in service.web.url_map.iter_rules()]
        service.web.url_map = Map(known)  # its own: other sites' applications share the other one
        service.web.add_url_rule("/new", "new", view_func=lambda: "in")
        answer = service.web.test_client().get("/new")
        assert (answer.status_code, answer.get_json()["detail"]) == (
            403,
            "GET /new is for nobody: no permission was given to it.",
        )


def test_what_is_nowhere_is_not_found_whoever_asks(service: Service) -> None:
    client: FlaskClient = service.web.test_client()
    assert client.get("/nowhere").get_json()["number"] == 1005
    assert client.delete("/healthz").get_json()["number"] == 1006

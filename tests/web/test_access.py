"""Who asks: sessions and their cookie, forged requests, keys of lines, this computer, commands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from labeler.app import Service
from labeler.production.access import command_proof
from labeler.production.certifying import site_key
from tests import plants
from tests.web import accessing
from tests.web.asking import LABELS, ORDER, issue, open_run, refusal

BY_MK = {"operator": "mk", "reason": "lunch"}


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Service]:
    """Return a plant on whose computer nobody may do anything by being there."""
    path = plants.write_site(tmp_path / "site", access={"this_machine": "none"})
    with plants.opened(path) as opened:
        yield opened


def test_a_session_lives_in_a_cookie_that_no_script_and_no_other_site_gets(
    closed: Service,
) -> None:
    accessing.add(closed, "mk", "operator")
    client = closed.web.test_client()
    body = {"name": "mk", "password": accessing.PASSWORD}
    found = client.post("/api/v1/session", json=body)
    cookie = found.headers["Set-Cookie"]
    assert cookie.startswith("labeler_session=")
    assert cookie.partition("; ")[2] == "HttpOnly; Path=/; SameSite=Lax"
    assert found.headers["Cache-Control"] == "no-store"
    behind_tls = client.post("/api/v1/session", json=body, base_url="https://localhost")
    assert "; Secure; HttpOnly; " in behind_tls.headers["Set-Cookie"]


def test_who_am_i_says_what_a_page_needs(closed: Service) -> None:
    visitor = accessing.visitor(closed, "mk", "operator", "qa")
    assert visitor.ask("GET", "/api/v1/session").get_json() == {
        "name": "mk",
        "display_name": "Mk",
        "kind": "account",
        "roles": ["operator", "qa"],
        "permissions": ["print", "quality", "read", "verify"],
        "lines": None,
        "language": None,
        "must_change": False,
        "csrf_token": visitor.csrf,
    }


def test_nobody_is_told_so_and_how_to_come_in(closed: Service) -> None:
    answer = closed.web.test_client().get("/api/v1/runs")
    assert refusal(answer) == (7001, "Nobody is signed in, and no key was sent.")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_sign_out_ends_the_session_and_not_only_the_cookie(closed: Service) -> None:
    visitor = accessing.visitor(closed, "mk", "operator")
    cookie = visitor.client.get_cookie("labeler_session")
    assert cookie is not None
    assert visitor.ask("DELETE", "/api/v1/session").get_json() == {"sessions": 1}
    assert visitor.client.get_cookie("labeler_session") is None
    visitor.client.set_cookie("labeler_session", cookie.value)
    assert visitor.ask("GET", "/api/v1/session").status_code == 401


def test_a_one_time_password_opens_nothing_else(closed: Service) -> None:
    accessing.add(closed, "boss", "admin")
    boss = accessing.signed_in(closed.web.test_client(), "boss")
    made = boss.ask(
        "POST", "/api/v1/accounts", json={"name": "ab", "display_name": "A", "roles": ["qa"]}
    ).get_json()
    fresh = accessing.signed_in(closed.web.test_client(), "ab", made["one_time_password"])
    assert refusal(fresh.ask("GET", "/api/v1/runs")) == (
        7007,
        "'ab' has a one-time password, which has to be changed first.",
    )
    assert fresh.ask("GET", "/api/v1/session").get_json()["must_change"] is True


@pytest.mark.parametrize("token", [None, "", "0" * 64, "\u00e4"])
def test_a_change_without_the_token_of_the_session_is_refused(
    closed: Service, token: str | None
) -> None:
    visitor = accessing.visitor(closed, "mk", "operator")
    headers = {} if token is None else {"X-CSRF-Token": token}
    answer = visitor.client.post("/api/v1/runs", json=ORDER, headers=headers)
    what = "There is none" if token is None else "It is another one"
    where = "the session in X-CSRF-Token, or in the form's field csrf_token"
    assert refusal(answer) == (7005, f"{what}: expected the token of {where}.")
    assert visitor.ask("POST", "/api/v1/runs", json=ORDER).status_code == 201


def test_another_site_cannot_sign_somebody_in(closed: Service) -> None:
    body = {"name": "mk", "password": "x"}
    answer = closed.web.test_client().post(
        "/api/v1/session", json=body, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert refusal(answer) == (7005, "A page of another site wants to sign somebody in.")


def test_too_many_sign_ins_say_when_the_next_may_come(closed: Service) -> None:
    client = closed.web.test_client()
    body = {"name": "mk", "password": "x"}
    answers = [client.post("/api/v1/session", json=body) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[5].headers["Retry-After"] == "1"
    assert answers[5].get_json()["number"] == 7006


def test_who_lacks_a_permission_hears_which_and_who_has_it(closed: Service) -> None:
    visitor = accessing.visitor(closed, "mk", "operator")
    answer = visitor.ask("POST", "/api/v1/site/unlock", json={})
    assert refusal(answer) == (7003, "'mk' lacks the permission admin.")
    assert answer.get_json()["hint"] == "It belongs to admin; a key can be made with it."


def test_a_wrong_key_is_nobody_even_on_this_machine(service: Service) -> None:
    client = service.web.test_client()
    for headers in (
        {"Authorization": "Bearer lab_x_y"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic eDp5"},
        {"X-Api-Key": "x"},
        {"Authorization": "Labeler-Command 1.x"},
    ):
        answer = client.get("/api/v1/runs", headers=headers)
        assert refusal(answer)[0] == 7001, headers


def test_a_key_triggers_where_it_may(closed: Service) -> None:
    client = closed.web.test_client()
    printing = accessing.key(closed, "print", lines=["line-1"])
    client.environ_base["HTTP_AUTHORIZATION"] = printing["Authorization"]
    assert open_run(client).status_code == 201
    assert issue(client).status_code == 201
    assert refusal(issue(client, line="line-2")) == (
        7004,
        "The key 'PLC' is for line-1; this is for line 'line-2'.",
    )
    for path, body in [
        ("/api/v1/runs", {**ORDER, "line": "line-2"}),
        ("/api/v1/printers/zebra-1/pause", BY_MK),
        ("/api/v1/jobs/77/cancel", BY_MK),
    ]:
        assert refusal(client.post(path, json=body))[0] == 7004
    assert client.post("/api/v1/jobs/1/hold", json=BY_MK).status_code == 200
    assert client.post("/api/v1/runs/1/close", json={}).status_code == 200
    assert issue(client).get_json()["replayed"] is True


def test_a_key_of_a_line_reads_what_was_made_there_only(closed: Service) -> None:
    maker, reader = closed.web.test_client(), closed.web.test_client()
    maker.environ_base["HTTP_AUTHORIZATION"] = accessing.key(closed, "print")["Authorization"]
    own = accessing.key(closed, "read", lines=["line-2"])["Authorization"]
    reader.environ_base["HTTP_AUTHORIZATION"] = own
    open_run(maker)
    issue(maker)
    for path in ("runs/1", "jobs/1", "labels/1", "lines/line-1/forecast", "runs?line=line-1"):
        assert refusal(reader.get(f"/api/v1/{path}"))[0] == 7004, path
    assert reader.get("/api/v1/runs?line=line-2").status_code == 200


def test_a_key_may_come_in_a_header_of_its_own(closed: Service) -> None:
    key = accessing.key(closed, "read")["Authorization"].removeprefix("Bearer ")
    found = closed.web.test_client().get("/api/v1/session", headers={"X-Api-Key": key})
    assert (found.get_json()["kind"], found.get_json()["permissions"]) == ("api_key", ["read"])


@pytest.mark.parametrize(
    "environ",
    [
        {"REMOTE_ADDR": "10.0.0.5"},
        {"HTTP_X_FORWARDED_FOR": "10.0.0.5"},
        {"HTTP_FORWARDED": "for=10.0.0.5"},
        {"labeler.forwarded": True},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "localhost.evil.example:8080"},
        {"HTTP_HOST": "127.0.0.1.evil.example"},
        {"HTTP_HOST": "[::1"},
        {"HTTP_ORIGIN": "http://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "http://localhost:9999"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
    ],
)
def test_what_comes_through_somebody_else_is_not_this_machine(
    client: FlaskClient, environ: dict[str, Any]
) -> None:
    answer = client.get("/api/v1/runs", environ_overrides=environ)
    assert refusal(answer)[0] == 7001


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"HTTP_HOST": "127.0.0.1:8080", "HTTP_ORIGIN": "http://127.0.0.1:8080"},
        {"HTTP_HOST": "[::1]:8080", "REMOTE_ADDR": "::1"},
        {"REMOTE_ADDR": "::ffff:127.0.0.1"},
        {"HTTP_SEC_FETCH_SITE": "same-origin"},
        {"HTTP_SEC_FETCH_SITE": "none"},
    ],
)
def test_this_machine_is_who_comes_from_it(client: FlaskClient, environ: dict[str, Any]) -> None:
    found = client.get("/api/v1/session", environ_overrides=environ).get_json()
    assert (found["kind"], found["name"]) == ("this_machine", "this machine")


def test_this_machine_may_what_config_yaml_says(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path, access={"this_machine": "auditor"})
    with plants.opened(path) as service:
        client = service.web.test_client()
        assert client.get("/api/v1/runs").status_code == 200
        assert refusal(open_run(client)) == (7003, "'this machine' lacks the permission print.")


def test_a_command_that_reads_the_sites_key_may_everything(closed: Service) -> None:
    client, site = closed.web.test_client(), closed.site
    proof = {"Authorization": "Labeler-Command 1700000000." + "0" * 64}
    assert client.get("/api/v1/runs", headers=proof).status_code == 401
    site_key.secret(site)
    pem = site.key_file.read()
    assert pem is not None
    now = site.clock()

    def ask(method: str = "GET", path: str = "/api/v1/runs", *, at: Any = now) -> int:
        said = command_proof.make(pem, method=method, path=path, now=at)
        headers = {"Authorization": f"Labeler-Command {said}"}
        return client.get("/api/v1/runs", headers=headers).status_code

    assert ask() == 200
    assert [ask("POST"), ask(path="/api/v1/jobs")] == [401, 401]
    clock = plants.Clock()
    clock.go_on(seconds=60)
    assert ask(at=clock.now) == 200
    clock.go_on(seconds=1)
    assert ask(at=clock.now) == 401


def test_the_record_says_who_is_signed_in_whether_the_body_does_or_not(closed: Service) -> None:
    visitor = accessing.visitor(closed, "ab", "operator", "engineer")
    assert visitor.ask("POST", "/api/v1/runs", json=ORDER).status_code == 201
    headers = {"Idempotency-Key": "k"}
    assert visitor.ask("POST", LABELS, json={}, headers=headers).status_code == 201
    assert visitor.ask("POST", "/api/v1/runs/1/pause", json={"reason": "lunch"}).status_code == 200
    assert visitor.ask("POST", "/api/v1/runs/1/resume").status_code == 200
    answer = visitor.ask("POST", "/api/v1/runs/1/pause", json=BY_MK)
    assert refusal(answer) == (7009, "The request says 'mk', but 'ab' is signed in.")
    released = visitor.ask("POST", "/api/v1/templates/unit-label/release", json={})
    assert (released.status_code, released.get_json().get("number")) in ((409, 4004), (201, None))
    with closed.site.store.read() as transaction:
        rows = transaction.run_sql("SELECT to_state, operator FROM run_step ORDER BY id")
    assert rows[-2:] == [("paused", "ab"), ("open", "ab")]


def test_a_second_person_has_to_prove_it(closed: Service) -> None:
    accessing.add(closed, "qb", "qa")
    accessing.add(closed, "op", "operator")
    visitor = accessing.visitor(closed, "qa", "qa", "operator")
    visitor.ask("POST", "/api/v1/runs", json=ORDER)
    visitor.ask("POST", LABELS, json={}, headers={"Idempotency-Key": "k"})
    visitor.ask("POST", "/api/v1/runs/1/close", json={})
    found = visitor.ask("GET", "/api/v1/runs/1/reconciliation").get_json()
    deviation = {"approved_by": "qb", "reason": "lost", "difference": found["difference"]}
    body = {"deviation": deviation}
    path = "/api/v1/runs/1/reconcile"
    assert refusal(visitor.ask("POST", path, json=body))[0] == 5026
    wrong = {"X-Second-Person": _basic("qb", "guess")}
    assert refusal(visitor.ask("POST", path, json=body, headers=wrong))[0] == 7002
    other = {"X-Second-Person": _basic("op", accessing.PASSWORD)}
    assert refusal(visitor.ask("POST", path, json=body, headers=other))[0] == 7003
    odd = {"X-Second-Person": "Basic ?"}
    assert refusal(visitor.ask("POST", path, json=body, headers=odd))[0] == 1002
    right = {"X-Second-Person": _basic("qb", accessing.PASSWORD)}
    answer = visitor.ask("POST", path, json=body, headers=right)
    assert answer.status_code == 200, answer.get_json()


def _basic(name: str, password: str) -> str:
    from base64 import b64encode

    return f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"

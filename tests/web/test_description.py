"""/openapi.json describes every operation, and the API page needs nobody else's server."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from flask.testing import FlaskClient
from pydantic import BaseModel
from werkzeug.test import TestResponse

from labeler.app import Service
from labeler.web import access, doors, shapes, shapes_jobs, shapes_runs, who
from labeler.web.api import securing
from tests import plants
from tests.web import accessing

PAGE = "/api/docs/swagger"


def description(client: FlaskClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/openapi.json").get_json()
    return document


def operations(client: FlaskClient) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description(client)["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def with_braces(rule: str) -> str:
    return re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule)


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_description_is_openapi(client: FlaskClient) -> None:
    document = description(client)
    assert re.fullmatch(r"3\.[012]\.\d", document["openapi"])
    assert (document["info"]["title"], document["info"]["version"]) == ("labeler", "0.1.0")
    for reference in references(document):
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_description_has_every_route(service: Service, client: FlaskClient) -> None:
    described = {name for name, _ in operations(client)}
    routes = {
        f"{method} {with_braces(rule.rule)}"
        for rule in service.web.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if "." in rule.endpoint and not rule.rule.startswith("/api/docs")
        if not rule.endpoint.startswith("pages.")  # for people, who need no description
    }
    assert described == routes
    assert {"GET /healthz", "GET /readyz", "GET /metrics"} < routes


def test_description_says_what_each_operation_does_and_answers(client: FlaskClient) -> None:
    seen = set()
    for name, operation in operations(client):
        assert operation["summary"], name
        assert operation["tags"], name
        seen.add(operation["operationId"])
        answers = operation["responses"]
        good = [status for status in answers if status.startswith("2")]
        assert good, name
        for status in (*good, "4XX", "422", "5XX"):
            assert answers[status]["description"], f"{name} {status}"
            assert answers[status]["content"], f"{name} {status}"
        for status in ("4XX", "422", "5XX"):
            assert list(answers[status]["content"]) == ["application/problem+json"], name
    assert len(seen) == len(list(operations(client)))


def test_description_says_which_parameters_are_needed(client: FlaskClient) -> None:
    found = dict(operations(client))
    issue = found["POST /api/v1/lines/{line}/labels"]
    headers = [one for one in issue["parameters"] if one["in"] == "header"]
    assert [(one["name"], one["required"]) for one in headers] == [("Idempotency-Key", True)]
    for name, operation in found.items():
        wanted = re.findall(r"{([a-z_]+)}", name)
        given = [
            one["name"]
            for one in operation.get("parameters", [])
            if one["in"] == "path" and one["required"]
        ]
        assert given == wanted, name


def test_description_says_how_each_operation_is_told_who_asks(service: Service) -> None:
    client = service.web.test_client()
    schemes = description(client)["components"]["securitySchemes"]
    told = {name: (one["type"], one.get("scheme") or one["name"]) for name, one in schemes.items()}
    assert told == {
        "bearer_key": ("http", "bearer"),
        "api_key": ("apiKey", "X-Api-Key"),
        "session": ("apiKey", access.COOKIE),
        "form_token": ("apiKey", access.CSRF_HEADER),
    }
    reads: securing.Security = [{"bearer_key": []}, {"api_key": []}, {"session": []}]
    changes: securing.Security = [
        {"bearer_key": []},
        {"api_key": []},
        {"session": [], "form_token": []},
    ]
    endpoints = {
        f"{method} {with_braces(rule.rule)}": rule.endpoint
        for rule in service.web.url_map.iter_rules()
        for method in rule.methods or ()
    }
    public = set()
    for name, operation in operations(client):
        if doors.DOORS[endpoints[name]] == doors.PUBLIC:
            assert operation["security"] == [], name
            public.add(name)
        elif name == "POST /api/v1/session/password":
            assert operation["security"] == changes[-1:]
        else:
            assert operation["security"] == (reads if name.startswith("GET ") else changes), name
    assert public == {"GET /healthz", "GET /readyz", "POST /api/v1/session"}


def test_each_way_that_the_description_names_opens_the_door(tmp_path: Path) -> None:
    closed = plants.write_site(tmp_path / "closed", access={"this_machine": "none"})
    with plants.opened(closed) as service:
        client = service.web.test_client()
        assert client.get("/api/v1/runs").status_code == 401
        bearer = accessing.key(service, "read")
        assert client.get("/api/v1/runs", headers=bearer).status_code == 200
        key = {"X-Api-Key": bearer["Authorization"].removeprefix("Bearer ")}
        assert client.get("/api/v1/runs", headers=key).status_code == 200
        person = accessing.visitor(service, "mk", "operator")
        assert person.client.get("/api/v1/runs").status_code == 200
        assert person.client.delete("/api/v1/session").status_code == 403
        assert person.ask("DELETE", "/api/v1/session").status_code == 200


BODIES = {
    "POST /api/v1/lines/{line}/changeover": True,
    "PATCH /api/v1/runs/{run_id}": True,
    "POST /api/v1/runs": True,
    "POST /api/v1/runs/open": True,
    "POST /api/v1/runs/{run_id}/open": False,
    "POST /api/v1/runs/{run_id}/pause": True,
    "POST /api/v1/runs/{run_id}/resume": False,
    "POST /api/v1/runs/{run_id}/withdraw": True,
    "POST /api/v1/runs/{run_id}/overrun": True,
    "POST /api/v1/runs/{run_id}/close": False,
    "POST /api/v1/runs/{run_id}/reconcile": True,
    "POST /api/v1/runs/{run_id}/release": True,
    "POST /api/v1/runs/{run_id}/serials": True,
    "POST /api/v1/lines/{line}/labels": False,
    "POST /api/v1/serials/check": True,
    "POST /api/v1/audit/verify": True,
    "POST /api/v1/site/backups": True,
    "POST /api/v1/serials/{serial}/reprint": True,
    "POST /api/v1/labels/{label_id}/reprint": True,
    "POST /api/v1/series/lint": True,
    "POST /api/v1/doubtful/{label_id}": True,
    "POST /api/v1/doubtful/scan": True,
    "POST /api/v1/jobs/{job_id}/cancel": True,
    "POST /api/v1/jobs/{job_id}/hold": True,
    "POST /api/v1/jobs/{job_id}/move": True,
    "POST /api/v1/jobs/{job_id}/priority": True,
    "POST /api/v1/jobs/{job_id}/release": True,
    "POST /api/v1/printers/{printer}/move": True,
    "POST /api/v1/printers/{printer}/roll": True,
    "POST /api/v1/printers/{printer}/pause": True,
    "POST /api/v1/printers/{printer}/resume": True,
    "POST /api/v1/printers/{printer}/test": True,
    "POST /api/v1/printers/{printer}/calibrate": True,
    "POST /api/v1/printers/{printer}/console": True,
    "POST /api/v1/pools/{series}/imports": True,
    "POST /api/v1/pools/{series}/returns": True,
    "POST /api/v1/runs/{run_id}/leases": True,
    "POST /api/v1/leases/{lease_id}/used": True,
    "POST /api/v1/leases/{lease_id}/void": True,
    "POST /api/v1/leases/{lease_id}/close": True,
    "POST /api/v1/leases/{lease_id}/extend": True,
    "POST /api/v1/site/unlock": True,
    "POST /api/v1/units/{verb}": True,
    "POST /api/v1/recalls": True,
    "POST /api/v1/recalls/preview": True,
    "POST /api/v1/recalls/preview/units": True,
    "POST /api/v1/recalls/{name}/close": True,
    "POST /api/v1/accounts": True,
    "PATCH /api/v1/accounts/{name}": True,
    "POST /api/v1/accounts/{name}/badge": True,
    "POST /api/v1/accounts/{name}/disable": True,
    "POST /api/v1/accounts/{name}/enable": True,
    "POST /api/v1/accounts/{name}/reset": True,
    "POST /api/v1/accounts/{name}/sign-out": True,
    "POST /api/v1/keys": True,
    "POST /api/v1/keys/{key_id}/revoke": True,
    "POST /api/v1/session": True,
    "POST /api/v1/session/password": True,
    "POST /api/v1/series/{series}/release": True,
    "POST /api/v1/templates/preview": True,
    "POST /api/v1/verifications": True,
    "POST /api/v1/templates/{template}/preview": True,
    "POST /api/v1/templates/{template}/release": True,
}
"""Door -> whether its body has to be sent."""


def test_description_says_which_bodies_may_be_left_out(client: FlaskClient) -> None:
    bodies = {
        name: operation["requestBody"]["required"]
        for name, operation in operations(client)
        if "requestBody" in operation
    }
    assert bodies == BODIES


def test_description_says_that_a_pool_takes_lists_and_ranges(client: FlaskClient) -> None:
    body = dict(operations(client))["POST /api/v1/pools/{series}/imports"]["requestBody"]
    assert sorted(body["content"]) == ["application/json", "text/csv", "text/plain"]
    returns = dict(operations(client))["POST /api/v1/pools/{series}/returns"]["requestBody"]
    assert sorted(returns["content"]) == ["application/json"]


def test_description_says_that_reports_of_a_lease_may_be_lists(client: FlaskClient) -> None:
    found = dict(operations(client))
    for verb in ("used", "void"):
        body = found[f"POST /api/v1/leases/{{lease_id}}/{verb}"]["requestBody"]
        assert sorted(body["content"]) == ["application/json", "text/csv", "text/plain"]
    body = found["POST /api/v1/leases/{lease_id}/close"]["requestBody"]
    assert sorted(body["content"]) == ["application/json"]


def test_description_says_what_attributes_may_be(client: FlaskClient) -> None:
    attributes = description(client)["components"]["schemas"]["RunOrder"]["properties"]
    assert attributes["attributes"]["additionalProperties"] == {
        "type": "string",
        "minLength": 1,
        "maxLength": 64,
    }


def test_description_shows_the_shapes_that_are_checked(client: FlaskClient) -> None:
    schemas = description(client)["components"]["schemas"]
    order = schemas["RunOrder"]
    assert order["required"] == ["product", "line", "quantity"]
    assert set(order["properties"]) == set(shapes_runs.RunOrder.model_fields)
    assert order["properties"]["quantity"]["maximum"] == 10_000_000
    assert schemas["LabelsOrder"]["properties"]["quantity"]["maximum"] == 1000


def test_answers_fit_the_shapes_that_are_described(client: FlaskClient) -> None:
    order = {"product": "AC-100", "line": "line-1", "quantity": 5}
    shapes_runs.OpenedRun.model_validate(client.post("/api/v1/runs", json=order).get_json())
    headers = {"Idempotency-Key": "k"}
    issued = client.post("/api/v1/lines/line-1/labels", json={}, headers=headers).get_json()
    shapes.Issued.model_validate(issued)
    [serial] = issued["serials"]
    answers: dict[type[BaseModel], TestResponse] = {
        shapes_runs.Runs: client.get("/api/v1/runs"),
        shapes_jobs.Job: client.get("/api/v1/jobs/1"),
        shapes.Serial: client.get(f"/api/v1/serials/{serial}"),
        shapes.Checked: client.post("/api/v1/serials/check", json={"text": serial}),
        shapes_jobs.Jobs: client.get("/api/v1/jobs"),
        shapes.Printers: client.get("/api/v1/printers"),
        shapes.Doubtful: client.get("/api/v1/doubtful"),
        shapes.Kinds: client.get("/api/v1/errors"),
        shapes.Kind: client.get("/api/v1/errors/1001"),
        shapes.Alive: client.get("/healthz"),
        shapes.Ready: client.get("/readyz"),
        shapes.Problem: client.get("/nothing"),
    }
    for shape, response in answers.items():
        document = response.get_json()
        assert set(document) == set(shape.model_fields), shape
        shape.model_validate(document)


def test_bare_addresses_lead_to_the_api_page(client: FlaskClient) -> None:
    for address in ("/api", "/api/"):
        assert client.get(address).headers["Location"] == PAGE


def test_api_page_brings_all_it_needs_and_names_no_other_host(client: FlaskClient) -> None:
    page = client.get(PAGE)
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    wanted = re.findall(r'(?:src|href)\s*=\s*"([^"]+)"', text)
    assets = [one for one in wanted if not one.startswith("data:")]
    assert len(assets) >= 3
    for address in assets:
        with client.get(urljoin(PAGE, address)) as asset:
            assert (address, asset.status_code) == (address, 200)
            assert len(asset.data) > 100
    assert re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", text) == []
    assert '"validatorUrl":null' in text.replace(" ", "")
    for address in re.findall(r'new URL\("([^"]+)"', text):
        assert client.get(urljoin(PAGE, address)).get_json()["info"]["title"] == "labeler"


def test_api_page_styles_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    text = client.get(PAGE).get_data(as_text=True)
    for address in re.findall(r'href="([^"]+\.css)"', text):
        with client.get(urljoin(PAGE, address)) as style:
            text = style.get_data(as_text=True)
        assert re.findall(r"@import|url\(['\"]?(?:https?:)?//", text) == []


def test_description_names_each_format_of_a_label(client: FlaskClient) -> None:
    found = dict(operations(client))
    media_types = ["application/pdf", "image/png", "image/svg+xml", "application/vnd.tsc-tspl",
                   "application/vnd.zebra.zpl"]  # fmt: skip
    for name in (
        "GET /api/v1/labels/{label_id}.{format}",
        "GET /api/v1/jobs/{job_id}/labels.{format}",
        "POST /api/v1/templates/preview",
        "POST /api/v1/templates/{template}/preview",
    ):
        assert list(found[name]["responses"]["200"]["content"]) == media_types, name
    [form] = [one for one in found["GET /api/v1/labels/{label_id}.{format}"]["parameters"]
              if one["name"] == "format"]  # fmt: skip
    assert form["schema"]["enum"] == ["pdf", "png", "svg", "tspl", "zpl"]


def test_doors_that_are_told_who_it_is_are_those_described_to_ask(
    client: FlaskClient, service: Service
) -> None:
    document = description(client)
    described = {}
    changing = set()
    for rule in service.web.url_map.iter_rules():
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}:
            operation = document["paths"].get(with_braces(rule.rule), {}).get(method.lower(), {})
            changing.add(rule.endpoint)
            query = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
            content = operation.get("requestBody", {}).get("content", {})
            reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
            schemas = document["components"]["schemas"]
            body = schemas.get(reference.rpartition("/")[2], {}).get("properties", {})
            words = tuple(
                next((w for w in who.WORDS if w in asked), None) for asked in (body, query)
            )
            if words != (None, None):
                described[rule.endpoint] = words
    with service.web.app_context():
        told = {endpoint: (said.body, said.query) for endpoint, said in who._fields().items()}
    assert {name: told[name] for name in told.keys() & changing} == described
    assert len(told) > 40

"""How tests make accounts and keys, sign in, and ask as somebody."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labeler.app import Service
from labeler.production.access import accounts, api_keys
from labeler.production.access.account_rows import By
from labeler.production.access.accounts import NewAccount
from labeler.production.access.api_keys import NewKey

ADMIN = By(name="admin")
PASSWORD = "correct horse battery"


@dataclass(kw_only=True)
class Visitor:
    """Somebody who is signed in, with his browser."""

    client: FlaskClient
    csrf: str

    def ask(self, method: str, path: str, **given: Any) -> TestResponse:
        """Ask as the service's own page would."""
        headers = {"X-CSRF-Token": self.csrf, **given.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **given)


def add(service: Service, name: str, *roles: str) -> None:
    """Make an account with the password of these tests."""
    wish = NewAccount(name=name, display_name=name.title(), roles=roles)
    made = accounts.create(service.site, wish, ADMIN)
    client = service.web.test_client()
    found = signed_in(client, name, made["one_time_password"])
    body = {"old": made["one_time_password"], "new": PASSWORD}
    changed = found.ask("POST", "/api/v1/session/password", json=body)
    assert changed.status_code == 200, changed.get_json()


def signed_in(client: FlaskClient, name: str, password: str = PASSWORD) -> Visitor:
    """Sign somebody in."""
    found = client.post("/api/v1/session", json={"name": name, "password": password})
    assert found.status_code == 201, found.get_json()
    return Visitor(client=client, csrf=found.get_json()["csrf_token"])


def visitor(service: Service, name: str, *roles: str) -> Visitor:
    """Make an account and sign it in."""
    add(service, name, *roles)
    return signed_in(service.web.test_client(), name)


def key(service: Service, *permissions: str, lines: list[str] | None = None) -> dict[str, str]:
    """Make an API key; return the header that says it."""
    wish = NewKey(name="PLC", permissions=permissions, lines=lines)
    return {"Authorization": f"Bearer {api_keys.make(service.site, wish, by=ADMIN)['key']}"}

"""The first paint of every page is light, on a site that `labeler demo` has filled.

What is measured: the page's HTML, and each picture or other file that it loads itself which no
browser keeps for ever, such as the picture of a label. The service sends pages as they are, since a
session's token stands in them and a compressed answer would let its length tell of it over TLS;
so HTML counts as a proxy before it would send it, by gzip of level 6. Pictures are packed already
and count as they are. Files at /static/ are kept for ever, and count here only in that there is a
limit for all of them together, as the service sends them.
"""

import gzip
import re
from collections.abc import Iterator
from html import unescape
from types import SimpleNamespace
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from labeler import app
from labeler.app import Service
from labeler.production import run_records
from tests.browser.screens import SCREENS, Screen
from tests.demo_site import DemoSite

pytestmark = pytest.mark.timeout(300)  # it may be who fills the demo

FIRST_PAINT_MAX = 100_000
"""Bytes of a page and what it loads that is not kept, at most."""
ALL_FILES_MAX = 150_000
"""Bytes of the files that a page loads and a browser keeps for ever, at most."""
GZIP_LEVEL = 6
"""What nginx, Caddy and others do unless they are told otherwise, or more than that."""
NAMES = {"engineer": "engineer-1", "operator": "operator-1", "qa": "qa-1", "admin": "admin-1"}
MORE = (
    Screen(
        name="ranges-of-series",
        path="/ranges?series=controller-sn&first={first}&last={last}",
        role="qa",
    ),
    Screen(name="units-500", path="/units?limit=500", role="qa"),
    Screen(name="runs-500", path="/runs?limit=500", role="qa"),
    Screen(name="audit-500", path="/audit?limit=500", role="qa"),
    Screen(name="run-reconciled", path="/runs/{reconciled_run}", role="qa"),
    Screen(name="unit-recalled", path="/units/{recalled}", role="qa"),
    Screen(name="line-packing", path="/lines/packing", role="operator"),
    Screen(name="carton", path="/templates/carton-label"),
)
"""Pages that only a month has, and the longest ones that can be asked for."""


@pytest.fixture(scope="module")
def service(filled_demo: DemoSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return the service of a copy of the demo: who signs in changes it."""
    config = filled_demo.copied(tmp_path_factory.mktemp("first-paint") / "site")
    with app.opened(config, who="a test") as opened:
        yield opened


@pytest.fixture(scope="module")
def shown(service: Service) -> SimpleNamespace:
    """Return what the paths of pages name."""
    with service.site.store.read() as transaction:
        runs = {
            state: run_records.list_runs(transaction, line="line-1", state=state, limit=1)[0]
            for state in ("planned", "open", "closed", "reconciled")
        }
        of_open = "SELECT serial FROM unit WHERE run_id = ? ORDER BY id DESC LIMIT 3"
        serials = transaction.run_sql(of_open, (runs["open"]["id"],))
        recalled = "SELECT serial FROM unit JOIN recall_unit ON unit_id = unit.id LIMIT 1"
        signed = "SELECT run_id FROM reconciliation WHERE approved_by IS NOT NULL"
        scan = "SELECT id FROM verification WHERE verdict = ? ORDER BY id DESC LIMIT 1"
        return SimpleNamespace(
            open_run=runs["open"]["id"],
            closed_run=runs["closed"]["id"],
            planned_run=runs["planned"]["id"],
            reconciled_run=runs["reconciled"]["id"],
            signed_run=transaction.run_sql(signed)[0][0],
            right_scan=transaction.run_sql(scan, ("ok",))[0][0],
            wrong_scan=transaction.run_sql(scan, ("already_verified",))[0][0],
            recall="R-02",
            lot=runs["closed"]["lot"],
            first=serials[-1][0],
            last=serials[0][0],
            serials=[row[0] for row in serials],
            recalled=transaction.run_sql(recalled)[0][0],
        )


@pytest.fixture(scope="module")
def browsers(service: Service, filled_demo: DemoSite) -> dict[str, FlaskClient]:
    """Return a browser of each role; of a stranger for none."""
    found = {"": service.web.test_client()}
    for role, name in NAMES.items():
        found[role] = service.web.test_client()
        body = {"name": name, "password": filled_demo.filled.accounts[name][1]}
        assert found[role].post("/api/v1/session", json=body).status_code == 201
    return found


def loaded(html: str, path: str) -> list[str]:
    """Return the addresses of what a page loads by itself, each once."""
    sources = re.findall(r"<(?:img|script|source|iframe|embed)\b[^>]*?\bsrc=\"([^\"]*)\"", html)
    sources += re.findall(r"<link\b[^>]*?\bhref=\"([^\"]*)\"", html)
    sources += re.findall(r"<use\b[^>]*?\bhref=\"([^\"#]*)", html)
    at_once = re.findall(r"<[^>]*hx-trigger=\"[^\"]*\b(?:load|revealed)\b[^>]*>", html)
    for one in at_once:
        sources += re.findall(r"hx-get=\"([^\"]*)\"", one)
    return sorted({urljoin(path, unescape(one)) for one in sources if not one.startswith("data:")})


@pytest.mark.parametrize("screen", [*SCREENS, *MORE], ids=lambda one: one.name)
def test_first_paint_of_a_page_is_light(
    browsers: dict[str, FlaskClient], shown: SimpleNamespace, screen: Screen
) -> None:
    client, path = browsers[screen.role], screen.at(shown)  # type: ignore[arg-type]
    page = client.get(path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    assert (page.status_code == 200) is not screen.is_refused, page.text
    parts = {path: len(gzip.compress(page.data, GZIP_LEVEL))}
    kept = 0
    for one in loaded(page.text, path):
        assert one.startswith("/"), f"{path} asks another host: {one}"
        found = client.get(one, headers={"Accept-Encoding": "gzip"})
        assert found.status_code == 200, one
        if "immutable" in found.headers.get("Cache-Control", ""):
            kept += len(found.data)
        else:
            parts[one] = len(found.data)
    assert sum(parts.values()) <= FIRST_PAINT_MAX, parts
    assert kept <= ALL_FILES_MAX


def test_pages_say_themselves_that_they_are_not_compressed(
    browsers: dict[str, FlaskClient],
) -> None:
    page = browsers["qa"].get("/dashboard", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in page.headers
    assert 'name="csrf_token"' in page.text

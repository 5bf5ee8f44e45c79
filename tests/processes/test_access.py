"""The first start of a service, and what it asks of whoever comes: on a real server."""

import json
from pathlib import Path

import httpx

from tests.e2e.harness import SiteFolder, labeler, make_site, serving

FIRST = "There was no account yet. Sign in at "


def closed(folder: Path) -> SiteFolder:
    """Make a site on whose computer nobody may do anything by being there."""
    site = make_site(folder)
    site.change("access", this_machine="none")
    return site


def test_the_first_start_makes_an_admin_and_says_so_once_and_in_no_log(tmp_path: Path) -> None:
    site = closed(tmp_path / "site")
    with serving(site) as (service, _):
        service.stop()
        said = service.err.read_text()
        assert said.count(FIRST) == 1
        [line] = [one for one in said.splitlines() if one.startswith(FIRST)]
        password = line.partition("one-time password ")[2][:19]
        assert [one for one in service.log if password in json.dumps(one)] == [{"event": line}]
        service.start().wait_until_ready()
        body = {"name": "admin", "password": password}
        found = httpx.post(f"{site.url}/api/v1/session", json=body, trust_env=False)
        assert (found.status_code, found.json()["must_change"]) == (201, True)
        assert service.err.read_text().count(FIRST) == 1


def test_commands_reach_a_service_that_lets_nobody_in(tmp_path: Path) -> None:
    site = closed(tmp_path / "site")
    with serving(site):
        runs = f"{site.url}/api/v1/runs"
        assert httpx.get(runs, trust_env=False).status_code == 401
        assert httpx.get(f"{site.url}/readyz", trust_env=False).status_code == 200
        opened = labeler(site, "run", "open", "AC-100", "line-1", "5")
        assert (opened.code, opened.err) == (0, "")
        made = labeler(site, "key", "make", "PLC", "--permission", "read")
        headers = {"Authorization": f"Bearer {made.out.strip()}"}
        assert httpx.get(runs, headers=headers, trust_env=False).status_code == 200
        # Who may not read the site's key proves nothing.
        (site.folder / "data" / "site-key.pem").rename(site.folder / "elsewhere.pem")
        refused = labeler(site, "run", "list")
        assert (refused.code, refused.err.splitlines()[0]) == (
            1,
            "labeler: Nobody is signed in, and no key was sent.",
        )


def test_a_proxy_on_this_machine_is_not_this_machine(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    with serving(site):
        runs = f"{site.url}/api/v1/runs"
        assert httpx.get(runs, trust_env=False).status_code == 200
        for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP"):
            answer = httpx.get(runs, headers={name: "10.0.0.5"}, trust_env=False)
            assert answer.status_code == 401, name


FORWARDED = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "labels.plant.example",
    "Accept": "text/html",
}


def test_what_a_trusted_proxy_says_is_believed_and_others_are_not(tmp_path: Path) -> None:
    believed = make_site(tmp_path / "believed")
    believed.change("http", trusted_proxy="127.0.0.1")
    with serving(believed) as (_, api):
        page = httpx.get(f"{believed.url}/sign-in", headers=FORWARDED, trust_env=False)
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "; Secure" in page.headers["Set-Cookie"]
        body = {"name": "mk", "password": "wrong"}
        address = f"{believed.url}/api/v1/session"
        httpx.post(address, json=body, headers=FORWARDED, trust_env=False)
        refused = api.get("/audit", kind="sign_in_refused")["audit"]
        assert [one["detail"]["address"] for one in refused] == ["203.0.113.7"]
        assert httpx.get(f"{believed.url}/api/v1/runs", headers=FORWARDED, trust_env=False).is_error
    other = make_site(tmp_path / "not")
    with serving(other):
        page = httpx.get(f"{other.url}/sign-in", headers=FORWARDED, trust_env=False)
        assert "Strict-Transport-Security" not in page.headers
        assert "; Secure" not in page.headers["Set-Cookie"]

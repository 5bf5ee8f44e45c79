"""A lease, and reports about it, while the service is killed: none forgotten, none half told."""

import threading
from contextlib import suppress

import httpx
import pytest

from tests.e2e.harness import Api, Service, make_site, wait_until

COUNT = 30_000
LEASE = {"quantity": COUNT, "holder": "Miller Ltd", "expires_in_s": 1}


def lease_site(folder, request, database):
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else None
    return make_site(folder, database_url=url)


def open_lease(site):
    headers = {"Idempotency-Key": "l1"}
    address = f"{site.url}/api/v1/runs/1/leases"
    return httpx.post(address, json=LEASE, headers=headers, timeout=100, trust_env=False)


def report(site, verb, lines, key):
    headers = {"Idempotency-Key": key, "Content-Type": "text/plain"}
    address = f"{site.url}/api/v1/leases/1/{verb}?operator=mk&reason=returned"
    content = "".join(f"{line}\n" for line in lines)
    return httpx.post(address, content=content, headers=headers, timeout=100, trust_env=False)


def listed(site, state):
    address = f"{site.url}/api/v1/leases/1/serials?state={state}"
    headers = {"Accept": "text/plain"}
    return httpx.get(address, headers=headers, timeout=100, trust_env=False).text.split()


def in_background(work, *given):
    """Do work whose service will be killed."""

    def lost():
        with suppress(httpx.HTTPError):
            work(*given)

    thread = threading.Thread(target=lost)
    thread.start()
    return thread


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_lease_and_its_reports_survive_kills(tmp_path, request, database):
    site = lease_site(tmp_path / "site", request, database)
    with Service(site), Api(site) as api:
        api.open_run(COUNT + 10)
        thread = in_background(open_lease, site)
        wait_until(lambda: api.get("/runs/1/serials", limit=1)["serials"])
    thread.join()
    with Service(site), Api(site) as api:
        answer = open_lease(site)
        assert (answer.status_code, answer.json()["open"]) == (200, COUNT)
        serials = listed(site, "leased")
        assert len(set(serials)) == COUNT
        used, rest = serials[::2], serials[1::2]
        thread = in_background(report, site, "used", used, "u1")
        wait_until(lambda: api.get("/leases/1")["used"] > 0)
        halfway = api.get("/leases/1")
    thread.join()
    assert halfway["used"] < len(used)
    with Service(site) as service, Api(site) as api:
        now = api.get("/leases/1")
        assert (now["open"], now["used"], now["voided"]) == (len(rest), len(used), 0)
        assert {"lease.overdue", "lease_reports.resumed"} <= {one["event"] for one in service.log}
        answer = report(site, "used", used, "u1")
        assert (answer.status_code, answer.json()["late"]) == (200, True)
        thread = in_background(close, site)
        wait_until(lambda: api.get("/leases/1")["voided"] > 0)
    thread.join()
    with Service(site) as service, Api(site) as api:
        now = api.get("/leases/1")
        assert (now["state"], now["open"]) == ("closed", 0)
        assert (now["used"], now["voided"]) == (len(used), len(rest))
        assert close(site).status_code == 200
        assert (listed(site, "encoded"), listed(site, "voided")) == (used, rest)
        for serial, kind in ((used[-1], "lease_used"), (rest[-1], "lease_voided")):
            events = [one["kind"] for one in api.get(f"/serials/{serial}")["events"]]
            assert events == ["leased", kind]
        assert set(api.issue("t", 3)["serials"]).isdisjoint(serials)
        service.stop()


def close(site):
    headers = {"Idempotency-Key": "c1"}
    body = {"void_rest": True, "operator": "mk", "reason": "returned"}
    address = f"{site.url}/api/v1/leases/1/close"
    return httpx.post(address, json=body, headers=headers, timeout=100, trust_env=False)

"""An import whose process is killed leaves nothing half-imported, and may be done again."""

import signal
import threading
from contextlib import contextmanager, suppress
from functools import partial

import httpx
import pytest
import yaml
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from labeler import store
from tests.e2e.harness import Api, Service, born, labeler, make_site, wait_until

COUNT = 80_000
LIST = b"".join(b"AC%08d\n" % (number * 7919 % 100_000_000) for number in range(COUNT))
POOL = "/pools/controller-sn"


def pool_site(folder, request, database):
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else None
    site = make_site(folder, database_url=url)
    settings = yaml.safe_load(site.config.read_text())
    settings["series"]["controller-sn"] = {"pattern": "AC{imported:8}"}
    site.config.write_text(yaml.safe_dump(settings))
    return site


def send(site):
    headers = {"Idempotency-Key": "k", "Content-Type": "text/plain"}
    address = f"{site.url}/api/v1{POOL}/imports?file=list.txt"
    return httpx.post(address, content=LIST, headers=headers, timeout=100, trust_env=False)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_service_killed_in_mid_import_has_imported_nothing(tmp_path, request, database):
    site = pool_site(tmp_path / "site", request, database)

    def lost():
        with suppress(httpx.HTTPError):
            send(site)

    with Service(site), Api(site) as api:
        thread = threading.Thread(target=lost)
        thread.start()
        wait_until(lambda: (api.get(POOL)["importing"] or {"staged": 0})["staged"] > 2000)
        assert api.get(POOL)["waiting"] == 0
        api.close()
    thread.join()
    with Service(site) as service, Api(site) as api:
        found = api.get(POOL)
        assert (found["waiting"], found["importing"]) == (0, None)
        assert [one["state"] for one in found["imports"]] == ["abandoned"]
        assert [one["event"] for one in service.log if "abandoned" in one["event"]] == [
            "pool.import_abandoned"
        ]
        answer = send(site)
        assert (answer.status_code, answer.json()["count"]) == (201, COUNT)
        assert (send(site).status_code, api.get(POOL)["waiting"]) == (200, COUNT)
        api.open_run(5)
        first = api.issue("t", 3)["serials"]
        assert first == LIST.decode().split()[:3]
        service.stop()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_command_killed_in_mid_import_has_imported_nothing(tmp_path, request, database):
    site = pool_site(tmp_path / "site", request, database)
    (site.folder / "list.txt").write_bytes(LIST)
    words = ("pool", "import", "controller-sn", str(site.folder / "list.txt"))
    for attempt in (1, 2):
        out = site.folder / "import.out"
        command = born(site, *words, out=out, err=out.with_suffix(".err"))
        try:
            with watched(site) as engine:
                wait_until(partial(staged, engine, attempt))
        finally:
            command.kill()
        assert command.returncode == -signal.SIGKILL
        assert out.read_text() == ""
    status = labeler(site, "pool", "status", "--json")
    assert yaml.safe_load(status.out)[0]["waiting"] == 0
    ran = labeler(site, *words)
    assert (ran.code, ran.out) == (
        0,
        f"Imported {COUNT} numbers into controller-sn from list.txt.\n",
    )


@contextmanager
def watched(site):
    url = yaml.safe_load(site.config.read_text())["database"]["url"]
    engine = store.make_engine(
        url if url.startswith("postgresql") else f"sqlite:///{site.folder / url[10:]}"
    )
    try:
        yield engine
    finally:
        engine.dispose()


def staged(engine, import_id):
    """Return whether an import has brought numbers, whoever may see them."""
    query = text("SELECT 1 FROM pool_number WHERE import_id = :id LIMIT 1")
    with suppress(DBAPIError), engine.connect() as connection:
        return connection.execute(query, {"id": import_id}).scalar_one_or_none()
    return None

"""The service killed at any moment: a unit has all its identifiers, and nobody else has them."""

import random
import time
from typing import Any

import pytest
import yaml

from labeler.serials import parse_pattern
from printers.emulator import VirtualPrinter
from tests.e2e.harness import QUICK, Api, Service, make_site, serving
from tests.e2e.test_kills import Clients
from tests.e2e.test_triggers import orders

KILLS = 5
SERIES: dict[str, dict[str, Any]] = {
    "mac-block": {"pattern": "02AB{counter:8:hex}"},
    "imei-tac": {"pattern": "35209900{counter:6}{check:imei}"},
    "unlock-code": {"pattern": "U-{random:9:crockford32}", "secret": True},
}
IDENTIFIERS = {"mac_1": "mac-block", "mac_2": "mac-block", "imei": "imei-tac"}
ELEMENTS = """
  - text: {x_mm: 4, y_mm: 36, size_mm: 3, text: "unlock {identifiers.unlock}"}
"""


def site_of(folder, printer, url):
    site = make_site(
        folder,
        printer_port=printer.port,
        database_url=url,
        spooler=QUICK | {"proof_timeout_s": 0.6},
    )
    settings = yaml.safe_load(site.config.read_text())
    settings["series"] |= SERIES
    settings["products"]["AC-100"]["identifiers"] = IDENTIFIERS | {"unlock": "unlock-code"}
    site.config.write_text(yaml.safe_dump(settings, sort_keys=False))
    template = folder / "templates" / "unit-label.yaml"
    template.write_text(template.read_text().rstrip() + ELEMENTS)
    return site


def live_and_die(service: Service, clients: Clients, *, share: int, dice: random.Random) -> None:
    """Start the service, let the clients work, kill it."""
    service.start()
    try:
        service.wait_until_ready()
        clients.let(share)
        time.sleep(dice.uniform(0.0, 0.4))
    finally:
        service.kill()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_service_killed_again_and_again_gives_no_identifier_twice(
    tmp_path, dice, request, database
):
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else None
    wanted = orders(dice, 15 * KILLS)
    with VirtualPrinter(port=0, label_time_s=0.005) as printer:
        site = site_of(tmp_path / "site", printer, url)
        with serving(site) as (_, api):
            run = api.open_run(1000)
        clients = Clients(site, wanted)
        service = Service(site)
        for _ in range(KILLS):
            live_and_die(service, clients, share=len(wanted) // KILLS, dice=dice)
        with serving(site) as (_, api):
            clients.finish()
            assert clients.faults == []
            api.wait_until_settled()
            told = check_replies(clients, run)
            check_record(api, run, told)
            check_labels(api, printer, told)


def check_replies(clients, run):
    """Every key has one answer, whoever gave it; return serial -> identifiers."""
    found: dict[str, dict[str, str]] = {}
    for answer in clients.book.answers:
        assert answer.reply["run"] == run
        assert [unit["serial"] for unit in answer.reply["units"]] == answer.reply["serials"]
        for unit in answer.reply["units"]:
            assert found.setdefault(unit["serial"], unit["identifiers"]) == unit["identifiers"]
    return found


def check_record(api: Api, run: int, told):
    """What was told is all there is, numbered without a gap: what failed has taken nothing."""
    units: dict[str, Any] = {}
    after: Any = 0
    while after is not None:
        page = api.get(f"/runs/{run}/serials", limit=500, after=after)
        units |= {row["serial"]: row["identifiers"] for row in page["serials"]}
        after = page["next"]
    assert units == {serial: {**own, "unlock": None} for serial, own in told.items()}
    macs = sorted(text for own in told.values() for text in (own["mac_1"], own["mac_2"]))
    assert macs == [f"02AB{number:08X}" for number in range(1, 2 * len(told) + 1)]
    imei = parse_pattern(SERIES["imei-tac"]["pattern"])
    numbers = sorted(imei.parse(own["imei"]).counter for own in told.values())
    assert numbers == list(range(1, len(told) + 1))
    issued = {row["name"]: row["issued"] for row in api.get("/series")["series"]}
    assert issued["mac-block"] == 2 * len(told)


def check_labels(api: Api, printer: VirtualPrinter, told):
    """Each label that came out has a secret of its own; known to be printed, it is forgotten."""
    came_out = [label.decode().partition("unlock ")[2][:11] for label in printer.labels]
    assert all(text.startswith("U-") for text in came_out)
    assert len(set(came_out)) == len(came_out)
    states = {serial: api.get(f"/serials/{serial}") for serial in told}
    for found in states.values():
        printed = found["state"] == "encoded"
        assert found["secrets"] == {"unlock": "printed" if printed else "waiting"}

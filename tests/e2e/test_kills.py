"""The service killed at any moment: nothing acknowledged is lost, nothing is printed twice.

Three books are compared: what the clients were told, what the record says, what the printer did.
"""

import random
import threading
import time
from collections import Counter
from typing import Any

import httpx
import pytest

from printers.emulator import VirtualPrinter
from tests.e2e import books
from tests.e2e.books import Answer, ClientsBook
from tests.e2e.harness import QUICK, Api, Service, SiteFolder, make_site, serving
from tests.e2e.test_triggers import CLIENTS, Order, orders

KILLS, LONG_KILLS = 5, 20
ORDERS_A_LIFE = 15
ANSWERED_WITHIN_S = 120.0
PAUSE_S = 0.1


class Clients:
    """Clients that send an order, when they are let, until it is answered."""

    def __init__(self, site: SiteFolder, wanted: list[Order]) -> None:
        """Start them; they wait for ``let``."""
        self.book = ClientsBook()
        self.faults: list[str] = []
        """What should not have happened."""
        self._site = site
        self._waiting = iter(wanted)
        self._lock = threading.Lock()
        self._let = threading.Semaphore(0)
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def let(self, count: int) -> None:
        """Let them send so many orders more."""
        self._let.release(count)

    def finish(self) -> None:
        """Let them send all that is left; return when everything is answered."""
        self.let(1_000_000)
        for thread in self._threads:
            thread.join(ANSWERED_WITHIN_S)
            assert not thread.is_alive(), "a client was not answered"

    def _work(self) -> None:
        with Api(self._site) as api:
            while True:
                self._let.acquire()
                with self._lock:
                    order = next(self._waiting, None)
                if order is None:
                    return
                self._send(api, order)

    def _send(self, api: Api, order: Order) -> None:
        """Send until answered."""
        deadline = time.monotonic() + ANSWERED_WITHIN_S
        tries = 0
        while time.monotonic() < deadline:
            tries += 1
            try:
                answer = api.trigger(*order)
            except httpx.ConnectError:
                tries -= 1  # nobody was there to lose it
            except httpx.HTTPError:
                pass
            else:
                if answer.status_code in (200, 201):
                    self.book.answers.append(
                        Answer(
                            key=order[0],
                            status=answer.status_code,
                            reply=answer.json(),
                            tries=tries,
                        )
                    )
                    return
                if answer.status_code != 503:
                    self.faults.append(answer.text)
            time.sleep(PAUSE_S)
        self.faults.append(f"{order[0]} was never answered")


def kill_again_and_again(
    site: SiteFolder, clients: Clients, printer: VirtualPrinter, *, kills: int, dice: random.Random
) -> None:
    """Let the clients work while the service is started and killed ``kills`` times."""
    service = Service(site)
    for life in range(kills):
        service.start()
        try:
            if life % 5 == 4:
                clients.let(ORDERS_A_LIFE)
                time.sleep(dice.uniform(0.0, 0.5))  # perhaps not even up
                continue
            service.wait_until_ready()
            clients.let(ORDERS_A_LIFE)
            if life % 4 == 1:
                printer.drop_connection(after_bytes=dice.randrange(6000))
            time.sleep(dice.uniform(0.0, 0.15) if life % 2 else dice.uniform(0.1, 1.2))
        finally:
            service.kill()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("kills", [KILLS, pytest.param(LONG_KILLS, marks=pytest.mark.long)])
def test_a_service_killed_again_and_again_loses_nothing_and_prints_nothing_twice(
    tmp_path, dice, request, database, kills
):
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else None
    wanted = orders(dice, kills * ORDERS_A_LIFE)
    with VirtualPrinter(port=0, label_time_s=0.01) as printer:
        spooler = QUICK | {"proof_timeout_s": 0.6}
        site = make_site(
            tmp_path / "site", printer_port=printer.port, database_url=url, spooler=spooler
        )
        with serving(site) as (_, api):
            run = api.open_run(1000)
        clients = Clients(site, wanted)
        kill_again_and_again(site, clients, printer, kills=kills, dice=dice)
        with serving(site) as (service, api):
            clients.finish()
            assert clients.faults == []
            api.wait_until_settled()
            replies = clients.book.replies(run)
            check_three_books(api, run, wanted, replies, printer)
            assert Counter(books.archived(site)) == Counter(serials_of(replies))
            check_that_kills_hit(clients, service)


def serials_of(replies: dict[str, dict[str, Any]]) -> list[str]:
    """Return all serials the clients were told."""
    return [serial for reply in replies.values() for serial in reply["serials"]]


def check_three_books(
    api: Api,
    run: int,
    wanted: list[Order],
    replies: dict[str, dict[str, Any]],
    printer: VirtualPrinter,
) -> None:
    """Clients, record and printer agree; what cannot be known is called doubtful."""
    acknowledged = serials_of(replies)
    assert {key: len(reply["serials"]) for key, reply in replies.items()} == dict(wanted)
    assert len(set(acknowledged)) == len(acknowledged)
    # Every key was answered in the end, so nothing else may have been issued.
    assert api.get(f"/runs/{run}")["issued"] == len(acknowledged)

    came_out = books.printed(printer)
    assert len(set(came_out)) == len(came_out)
    assert set(came_out) <= set(acknowledged)

    known = {serial: api.get(f"/serials/{serial}") for serial in acknowledged}
    states = {serial: print_state(found) for serial, found in known.items()}
    assert set(states.values()) <= {"printed", "doubtful"}
    called_printed = {serial for serial, state in states.items() if state == "printed"}
    assert called_printed <= set(came_out)
    doubtful = {serial for serial, state in states.items() if state == "doubtful"}
    assert set(acknowledged) - set(came_out) <= doubtful
    listed = [label["serial"] for label in api.doubtful()]
    assert sorted(listed) == sorted(doubtful)
    units = {serial: found["state"] for serial, found in known.items()}
    assert units == {s: "encoded" if s in called_printed else "allocated" for s in acknowledged}

    counters = [known[serial]["counter"] for serial in came_out]
    assert counters == sorted(counters)
    for reply in replies.values():
        job = api.job(reply["job"])
        assert [label["serial"] for label in job["labels"]] == reply["serials"]
        is_held = any(serial in doubtful for serial in reply["serials"])
        assert job["state"] == ("stopped" if is_held else "completed")


def print_state(known: dict[str, Any]) -> str:
    """Return what is known of a serial's one label; its page is in the archive."""
    (label,) = [label for label in known["labels"] if label["purpose"] == "print"]
    (page,) = [label for label in known["labels"] if label["purpose"] == "archive"]
    assert page["state"] == "printed"
    return str(label["state"])


def check_that_kills_hit(clients: Clients, service: Service) -> None:
    """The kills were worth it: they cut answers, and they left labels on their way."""
    assert sum(answer.tries > 1 for answer in clients.book.answers) > 0
    assert sum(line["event"] == "spooler.recovering" for line in service.log) > 0

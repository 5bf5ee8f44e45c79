"""The whole way: triggers over HTTP, serials, labels on a wire, and what scans on them."""

import hashlib
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from printers.emulator import VirtualPrinter
from tests.e2e import books
from tests.e2e.books import Answer, ClientsBook
from tests.e2e.harness import PATIENT, Api, SiteFolder, make_site, serving

CLIENTS = 8
Order = tuple[str, int]
"""A key and a quantity."""


def orders(dice: random.Random, count: int) -> list[Order]:
    """Return ``count`` orders; three of ten are sent two or three times, close to each other."""
    found: list[tuple[float, Order]] = []
    for number in range(count):
        order = (f"key-{number}", dice.choice([1] * 8 + [2, 3]))
        repeats = dice.choice([1, 2]) if dice.random() < 0.3 else 0
        found.append((number, order))
        found += [(number + dice.random() * CLIENTS, order) for _ in range(repeats)]
    return [order for _, order in sorted(found)]


def send_all(site: SiteFolder, wanted: list[Order]) -> ClientsBook:
    """Send every order, from as many clients at once."""
    lock = threading.Lock()
    waiting = iter(wanted)
    book = ClientsBook()

    def work(_: int) -> None:
        with Api(site) as api:
            while True:
                with lock:
                    order = next(waiting, None)
                if order is None:
                    return
                answer = api.trigger(*order)
                found = Answer(key=order[0], status=answer.status_code, reply=answer.json())
                book.answers.append(found)

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(work, range(CLIENTS)))
    return book


@pytest.mark.parametrize("count", [100, pytest.param(300, marks=pytest.mark.long)])
def test_triggers_from_eight_clients_print_each_serial_once(tmp_path, dice, count):
    wanted = orders(dice, count)
    with VirtualPrinter(port=0) as printer:
        site = make_site(tmp_path / "site", printer_port=printer.port, spooler=PATIENT)
        with serving(site) as (_, api):
            run = api.open_run(1000)
            book = send_all(site, wanted)
            api.wait_until_settled()

            replies = book.replies(run)
            statuses = Counter((answer.key, answer.status) for answer in book.answers)
            times = Counter(key for key, _ in wanted)
            assert {key: statuses[key, 201] for key in times} == dict.fromkeys(times, 1)
            assert {key: statuses[key, 200] + 1 for key in times} == times

            acknowledged = {reply["job"]: reply["serials"] for reply in replies.values()}
            serials = Counter(serial for found in acknowledged.values() for serial in found)
            assert set(serials.values()) == {1}
            assert api.get(f"/runs/{run}")["issued"] == len(serials) == sum(dict(wanted).values())

            assert Counter(books.printed(printer)) == serials
            assert Counter(books.archived(site)) == serials
            assert {job: books.shown(api, job) for job in acknowledged} == acknowledged
            check_jobs(api, acknowledged, printer)
            check_units(api, serials)
            assert api.get("/doubtful") == {"doubtful": [], "next": None}


def check_jobs(api: Api, acknowledged: dict[int, list[str]], printer: VirtualPrinter) -> None:
    """Every job is completed, every label printed with the very bytes the printer got."""
    digests = []
    for job_id, serials in sorted(acknowledged.items()):
        job = api.job(job_id)
        assert [job[name] for name in ("state", "purpose", "printer", "label_count")] == [
            "completed", "print", "zebra-1", len(serials),
        ]  # fmt: skip
        found = [(label["serial"], label["state"]) for label in job["labels"]]
        assert found == [(serial, "printed") for serial in serials]
        digests += [label["digest"] for label in job["labels"]]
    # The virtual printer keeps ^XA to ^XZ; the line end behind it travelled, too.
    assert digests == [hashlib.sha256(label + b"\n").hexdigest() for label in printer.labels]


def check_units(api: Api, serials: Counter[str]) -> None:
    """Every unit is encoded by its one label, and has its page in the archive."""
    for serial in serials:
        known = api.get(f"/serials/{serial}")
        assert known["state"] == "encoded"
        assert [
            (label["purpose"], label["printer"], label["state"]) for label in known["labels"]
        ] == [
            ("print", "zebra-1", "printed"),
            ("archive", "archive", "printed"),
        ]

"""Labels that may exist or not, decided by a person; and printers that come and go."""

from typing import Any

import pytest

from printers.emulator import VirtualPrinter
from tests.e2e import books
from tests.e2e.harness import Api, make_site, serving, wait_until

Known = dict[str, Any]


@pytest.fixture
def plant(tmp_path):
    """Return a printer, a service that prints to it, and a client of the service."""
    with VirtualPrinter(port=0, label_time_s=0.005) as printer:
        site = make_site(tmp_path / "site", printer_port=printer.port)
        with serving(site) as (_, api):
            api.open_run(100)
            yield printer, api


def doubtful_labels(api: Api, count: int) -> list[Known]:
    """Return the doubtful labels once there are as many."""
    wait_until(lambda: len(api.get("/doubtful")["doubtful"]) == count)
    return list(api.get("/doubtful")["doubtful"])


def lose(printer: VirtualPrinter, api: Api, quantity: int) -> tuple[Known, list[Known]]:
    """Issue labels that the printer takes and never prints; return the reply and the labels."""
    printer.accept_and_never_print(True)
    reply = api.issue("lost", quantity)
    labels = doubtful_labels(api, quantity)
    printer.accept_and_never_print(False)
    return reply, labels


def decide(api: Api, label: Known, decision: str) -> Known:
    """Say what became of a doubtful label."""
    body = {"decision": decision, "reason": "looked at the tray", "operator": "mk"}
    answer = api.post(f"/doubtful/{label['id']}", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def label_states(api: Api, serial: str) -> list[tuple[str, str]]:
    """Return purpose and state of each label of a serial but its archive page."""
    labels = api.get(f"/serials/{serial}")["labels"]
    return [(x["purpose"], x["state"]) for x in labels if x["purpose"] != "archive"]


def test_labels_the_printer_swallowed_are_doubtful_and_their_job_is_held(plant):
    printer, api = plant
    reply, labels = lose(printer, api, 3)
    job = api.job(reply["job"])
    assert (job["state"], [x["state"] for x in job["labels"]]) == ("stopped", ["doubtful"] * 3)
    assert [(x["serial"], x["job"], x["printer"], x["run"], x["odometer"]) for x in labels] == [
        (serial, reply["job"], "zebra-1", reply["run"], 0) for serial in reply["serials"]
    ]
    assert [x["id"] for x in labels] == [x["id"] for x in job["labels"]]
    after = api.issue("next")
    api.wait_for_job(after["job"], "completed")
    assert books.printed(printer) == after["serials"]
    assert doubtful_labels(api, 3) == labels


def test_decided_printed_the_label_counts_and_nothing_is_sent(plant):
    printer, api = plant
    reply, (label,) = lose(printer, api, 1)
    assert decide(api, label, "printed") == {"label": label["id"], "state": "printed", "job": None}
    assert api.get("/doubtful") == {"doubtful": [], "next": None}
    assert api.job(reply["job"])["state"] == "completed"
    known = api.get(f"/serials/{reply['serials'][0]}")
    assert known["state"] == "encoded"
    assert [(x["kind"], x["channel"], x["detail"]) for x in known["events"] if x["label"]][-1] == (
        "label_printed",
        "http",
        {"decision": "printed", "reason": "looked at the tray", "operator": "mk"},
    )
    assert printer.label_count == 0


def test_decided_print_again_the_same_serial_is_printed_once_more(plant):
    printer, api = plant
    reply, (label,) = lose(printer, api, 1)
    outcome = decide(api, label, "print_again")
    assert outcome == {"label": label["id"], "state": "not_printed", "job": outcome["job"]}
    job = api.wait_for_job(outcome["job"], "completed")
    assert (job["purpose"], job["printer"], job["label_count"]) == ("reprint", "zebra-1", 1)
    assert books.printed(printer) == reply["serials"]
    assert api.job(reply["job"])["state"] == "canceled"
    assert label_states(api, reply["serials"][0]) == [
        ("print", "not_printed"), ("reprint", "printed"),
    ]  # fmt: skip
    assert api.get(f"/serials/{reply['serials'][0]}")["state"] == "encoded"
    assert api.get(f"/runs/{reply['run']}")["issued"] == 1


def test_decided_scrap_the_label_and_its_serial_are_given_up(plant):
    printer, api = plant
    reply, (label,) = lose(printer, api, 1)
    assert decide(api, label, "scrap") == {"label": label["id"], "state": "scrapped", "job": None}
    assert label_states(api, reply["serials"][0]) == [("print", "scrapped")]
    assert api.get(f"/serials/{reply['serials'][0]}")["state"] == "label_scrapped"
    assert api.job(reply["job"])["state"] == "canceled"
    after = api.issue("next")
    assert after["serials"] != reply["serials"]
    api.wait_for_job(after["job"], "completed")
    assert books.printed(printer) == after["serials"]


def test_a_label_is_decided_once(plant):
    printer, api = plant
    reply, (label,) = lose(printer, api, 1)
    decide(api, label, "printed")
    body = {"decision": "scrap", "reason": "changed my mind", "operator": "mk"}
    answer = api.post(f"/doubtful/{label['id']}", body)
    assert (answer.status_code, answer.json()["number"]) == (409, 5003)
    assert answer.json()["detail"] == (
        f"Label {label['id']} of serial '{reply['serials'][0]}' is 'printed', not doubtful."
    )


def test_a_connection_lost_in_mid_label_makes_labels_doubtful_and_doubles_none(plant):
    printer, api = plant
    printer.drop_connection(after_bytes=1000)
    reply = api.issue("cut", 12)
    wait_until(lambda: api.printer()["labels_waiting"] == 0)
    came_out = books.printed(printer)
    states = {x["serial"]: x["state"] for x in api.job(reply["job"])["labels"]}
    doubtful = [x["serial"] for x in api.get("/doubtful")["doubtful"]]
    assert doubtful
    assert len(set(came_out)) == len(came_out)
    assert states == {s: "doubtful" if s in doubtful else "printed" for s in reply["serials"]}
    assert [s for s in reply["serials"] if s not in came_out] == [
        s for s in doubtful if s not in came_out
    ]
    assert came_out == [s for s in reply["serials"] if s in came_out]


def test_out_of_media_the_printer_is_stopped_and_goes_on_with_a_new_roll(plant):
    printer, api = plant
    printer.media_out(after=4)
    reply = api.issue("k", 12)
    wait_until(lambda: api.printer()["reasons"] == ["media-empty"])
    assert api.printer()["state"] == "stopped"
    assert "media-empty" in api.printer()["sentence"]
    more = api.issue("while-it-is-stopped", 3)
    assert printer.label_count == 4
    printer.load_media()
    api.wait_for_job(reply["job"], "completed")
    api.wait_for_job(more["job"], "completed")
    wait_until(lambda: api.printer()["state"] == "idle")
    assert books.printed(printer) == reply["serials"] + more["serials"]
    assert api.get("/doubtful") == {"doubtful": [], "next": None}


def test_out_of_media_before_the_first_label_nothing_is_sent(plant):
    printer, api = plant
    printer.media_out()
    reply = api.issue("k", 3)
    wait_until(lambda: api.printer()["reasons"] == ["media-empty"])
    assert [x["state"] for x in api.job(reply["job"])["labels"]] == ["queued"] * 3
    printer.load_media()
    api.wait_for_job(reply["job"], "completed")
    assert books.printed(printer) == reply["serials"]


def test_a_silent_printer_is_never_taken_for_a_ready_one(plant):
    printer, api = plant
    printer.silent(True)
    reply = api.issue("k", 2)
    wait_until(lambda: api.printer()["state"] == "stopped")
    assert api.printer()["sentence"].startswith("Printer 'zebra-1' gives no status within 0.5 s")
    assert [x["state"] for x in api.job(reply["job"])["labels"]] == ["queued"] * 2
    assert printer.label_count == 0
    printer.silent(False)
    api.wait_for_job(reply["job"], "completed")
    assert books.printed(printer) == reply["serials"]


def test_the_queue_waits_for_a_printer_that_is_off_and_keeps_its_order(tmp_path):
    site = make_site(tmp_path / "site")
    with serving(site) as (_, api):
        api.open_run(100)
        replies = [api.issue(f"k{number}", 2) for number in range(6)]
        wait_until(lambda: api.printer()["state"] == "stopped")
        assert api.printer()["reasons"] == ["connecting-to-device"]
        assert api.printer()["labels_waiting"] == 12
        with VirtualPrinter(port=site.printer_port) as printer:
            api.wait_until_settled()
            serials = [serial for reply in replies for serial in reply["serials"]]
            assert books.printed(printer) == serials
            assert api.get("/doubtful") == {"doubtful": [], "next": None}

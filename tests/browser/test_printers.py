"""The engineer's pages of printers and lines: what waits, what people do with it, connecting."""

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.demo import Demo
from tests.browser.looking import PageAs
from tests.e2e import harness

KEY = "plc1-000017"


def test_printer_paused_its_job_held_and_released_is_printed_at_last(
    fresh_site: Demo, page_as: PageAs, tmp_path: Path
) -> None:
    page = page_as().go("/printers/zebra-1")
    page.get_by_role("button", name="Pause").click()
    page.locator("#pause").get_by_label("Reason").fill("another roll")
    page.locator("#pause").get_by_role("button", name="Pause").click()
    expect(page.locator("#notices")).to_contain_text("gets nothing more until it is resumed")
    expect(page.locator("#live")).to_contain_text("another roll")
    found = fresh_site.api.issue(KEY, 2)
    page.reload()
    job = page.locator("#act").locator("xpath=ancestor::section").locator("tbody tr")
    expect(job).to_have_count(1)
    for verb, state in (("hold", "Held"), ("release", "Waiting")):
        page.get_by_label("With the chosen job").select_option(verb)
        page.locator("#act").get_by_label("Reason").fill("looked at first")
        page.get_by_role("button", name="Do it").click()
        expect(page.locator("#notices")).to_contain_text(f"Done: job {found['job']}.")
        expect(job.locator(".state")).to_have_text(state)
    page.get_by_label("Labels on a new roll").fill("1000")
    page.get_by_role("button", name="A roll was put in").click()
    expect(page.locator("#live")).to_contain_text("1,000")
    page.get_by_role("button", name="Resume").click()
    page.locator("#pause").get_by_label("Reason").fill("roll is in")
    page.locator("#pause").get_by_role("button", name="Resume").click()
    fresh_site.api.wait_until_settled()
    labels = sorted((tmp_path / "site/data/virtual/zebra-1").glob("label-*.zpl"))
    assert harness.scan_zpl(labels[-1].read_bytes()) == harness.symbols(found["serials"][-1])

    page.get_by_role("button", name="Print it").click()
    page.locator("#test").get_by_role("button", name="Print it").click()
    expect(page.locator("#notices")).to_contain_text("Printed: the printer's counter says so.")
    expect(page.locator(".trail").first).to_contain_text("Test label, asked for by")

    page.goto(f"{fresh_site.url}/lines/line-1/setup")
    row = page.locator("tbody tr").first
    expect(row).to_contain_text(KEY)
    expect(row).to_contain_text('{"quantity":2}')
    expect(row).to_contain_text(found["serials"][0])
    flow = json.loads(page.locator("#node-red").inner_text())
    assert flow[2]["url"] == f"{fresh_site.url}/api/v1/lines/line-1/labels"


def test_console_shows_what_the_printer_says_and_keeps_what_was_refused(
    fresh_site: Demo, page_as: PageAs
) -> None:
    watched = page_as()
    watched.refusals_expected = True
    page = watched.go("/printers/zebra-1")
    console = page.locator("#console")
    console.get_by_label("Commands in the language ZPL").fill("~HI")
    console.get_by_role("button", name="Send").click()
    expect(page.locator("#answer")).to_contain_text("<STX>labeler virtual printer")
    assert watched.axe() == []
    text = "^XA^FO20,20^A0N,30,30^FDAC1^FS^XZ"
    console.get_by_label("Commands in the language ZPL").fill(text)
    console.get_by_role("button", name="Send").click()
    expect(console.get_by_role("alert")).to_contain_text("'^FO' may print a label")
    expect(console.get_by_label("Commands in the language ZPL")).to_have_value(text)
    assert watched.axe() == []
    page.get_by_role("button", name="Deutsch").click()
    expect(page).to_have_url(f"{fresh_site.url}/printers/zebra-1")
    rows = fresh_site.api.get("/audit", kind="console_sent")["audit"]
    assert [(one["detail"]["text"], one["detail"]["operator"]) for one in rows] == [
        ("~HI", "engineer-1")
    ]


def test_console_is_for_engineers(site: Demo, page_as: PageAs) -> None:
    page = page_as("operator").go("/printers/zebra-1")
    expect(page.locator("#console")).to_have_count(0)


def test_whole_queue_goes_to_another_printer(fresh_site: Demo, page_as: PageAs) -> None:
    said = {"operator": "mk", "reason": "broken"}
    assert fresh_site.api.post("/printers/zebra-1/pause", said).status_code == 200
    others = [one["name"] for one in fresh_site.api.get("/printers")["printers"]]
    other = next(one for one in others if one != "zebra-1")
    serials = [*fresh_site.api.issue(KEY, 2)["serials"], *fresh_site.api.issue("k", 1)["serials"]]
    page = page_as("operator").go("/printers/zebra-1")
    page.get_by_role("button", name="Move all").click()
    dialog = page.locator("#move-all")
    dialog.get_by_label("Where to").select_option(other)
    dialog.get_by_label("Reason").fill("head is worn out")
    dialog.get_by_role("button", name="Move all").click()
    expect(page.locator("#notices")).to_contain_text(f"3 labels go to {other}.")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    for serial in serials:
        labels = fresh_site.api.get(f"/serials/{serial}")["labels"]
        assert other in [one["printer"] for one in labels]

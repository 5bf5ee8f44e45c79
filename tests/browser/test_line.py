"""The page of a line: one press prints once, scans do what they mean, faults and losses show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from printers.emulator import VirtualPrinter
from tests.browser.demo import Demo
from tests.browser.looking import DESK, PHONE, PageAs
from tests.e2e.harness import QUICK, Api, Service, make_site, serving, wait_until


@dataclass(frozen=True, kw_only=True)
class Line:
    """A served line, its printer, and whoever triggers it from elsewhere."""

    demo: Demo
    api: Api
    printer: VirtualPrinter
    service: Service

    def open(self, **order: object) -> int:
        """Let a new run of twenty units be open, whatever was open before."""
        for run in self.api.get("/runs", state="open")["runs"]:
            self.api.post(f"/runs/{run['id']}/close", {"operator": "mk"})
        return self.api.open_run(20, **order)

    def issued(self) -> int:
        """Return how many units the open run has."""
        return int(self.api.get("/runs", state="open")["runs"][0]["issued"])

    def plan(self, work_order: str) -> int:
        """Plan a run for a work order."""
        order = {"product": "AC-100", "line": "line-1", "quantity": 5, "state": "planned"}
        answer = self.api.post("/runs", {**order, "work_order": work_order})
        return int(answer.json()["id"])


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with VirtualPrinter(port=0, label_time_s=0.005) as printer:
        folder = tmp_path_factory.mktemp("line")
        site = make_site(folder / "site", printer_port=printer.port, spooler=QUICK)
        with serving(site) as (service, api):
            demo = Demo(url=site.url, api=api, open_run=0, closed_run=0, planned_run=0, serials=())
            yield Line(demo=demo, api=api, printer=printer, service=service)


@pytest.fixture(scope="module")
def site(line: Line) -> Demo:
    return line.demo


def show(page_as: PageAs, **wishes: object) -> Page:
    """Return the operator's page, live."""
    page: Page = page_as("operator", **wishes).go("/lines/line-1")
    live(page)
    return page


def live(page: Page) -> None:
    expect(page.locator("#pulse")).to_have_class(re.compile("tone-ok"), timeout=20_000)


def type_scan(page: Page, text: str) -> None:
    """Type as a scanner does, wherever the focus is."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_print_by_the_button_shows_the_serial_and_its_label(line: Line, page_as: PageAs) -> None:
    line.open()
    page = show(page_as)
    page.get_by_role("button", name="Print", exact=False).first.click()
    expect(page.locator("#notices")).to_contain_text("is on its way to the printer")
    expect(page.locator("#count-printed")).to_have_text("1")
    expect(page.locator("#count-left")).to_have_text("19")
    serial = page.locator("#last-serial").inner_text()
    assert line.api.get(f"/serials/{serial}")["state"] == "encoded"
    picture = page.get_by_alt_text(f"The label of {serial}")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")


def test_print_by_a_key_prints_once_a_press(line: Line, page_as: PageAs) -> None:
    line.open()
    page = show(page_as)
    page.keyboard.press("F2")
    expect(page.locator("#count-left")).to_have_text("19")
    page.wait_for_timeout(1000)
    page.keyboard.press("F2")
    expect(page.locator("#count-left")).to_have_text("18")


def test_print_double_tap_prints_once(line: Line, page_as: PageAs) -> None:
    line.open()
    page = show(page_as)
    page.locator("#print-button").dblclick()
    expect(page.locator("#count-left")).to_have_text("19")
    page.wait_for_timeout(700)
    assert line.issued() == 1


def test_print_form_that_is_sent_again_prints_once(line: Line, page_as: PageAs) -> None:
    line.open()
    page = page_as("operator", script=False).go("/lines/line-1")
    form = {
        name: page.locator(f"#print [name={name}]").get_attribute("value")
        for name in ("csrf_token", "key")
    }
    page.locator("#print-button").click()
    expect(page.locator("#notices")).to_contain_text("is on its way to the printer")
    again = page.request.post(
        f"{line.demo.url}/lines/line-1/print", form={k: v or "" for k, v in form.items()}
    )
    assert "was printed by this press already" in again.text()
    assert line.issued() == 1


def test_trigger_from_outside_is_shown_at_once(line: Line, page_as: PageAs) -> None:
    line.open()
    page = show(page_as)
    serials = line.api.issue("outside", 3)["serials"]
    expect(page.locator("#last-serial")).to_have_text(serials[-1], timeout=4000)
    expect(page.locator("#count-printed")).to_have_text("3")


def test_page_asks_by_itself_and_ends_with_its_session(line: Line, page_as: PageAs) -> None:
    line.open()
    watched = page_as("qa")
    watched.refusals_expected = True  # that the session is over
    page = watched.go("/lines/line-1")
    live(page)
    with page.expect_response("**/lines/line-1") as caught:
        line.api.issue("by-itself")
    asked, answer = caught.value.request, caught.value
    assert asked.all_headers()["x-by-itself"] == "yes"
    assert answer.all_headers()["x-pace"] == "500"
    line.api.post(f"/accounts/{line.demo.account_of('qa')}/sign-out", {})
    page.wait_for_url("**/sign-in**", timeout=15_000)


def test_fault_of_the_printer_says_what_to_do_and_goes_when_it_is_mended(
    line: Line, page_as: PageAs
) -> None:
    line.open()
    watched = page_as("operator")
    page = watched.go("/lines/line-1")
    line.printer.ribbon_out()
    line.api.issue("no-ribbon", 3)
    trouble = page.locator(".trouble")
    expect(trouble).to_contain_text("Ribbon out on zebra-1.")
    expect(trouble).to_contain_text("Load ribbon, close the head, press Resume on the printer.")
    expect(trouble).to_contain_text("3 labels are waiting.")
    assert watched.axe() == []
    german = page_as("operator", language="de", theme="dark", size=PHONE, touch=True)
    told = german.go("/lines/line-1").locator(".trouble")
    expect(told).to_contain_text("Farbband leer an zebra-1.")
    expect(told).to_contain_text("3 Etiketten warten.")
    line.printer.load_ribbon()
    line.printer.resume()
    expect(trouble).to_have_count(0)
    expect(page.locator("#count-printed")).to_have_text("3")


def test_lost_connection_is_said_and_comes_back_by_itself(line: Line, page_as: PageAs) -> None:
    line.open()
    watched = page_as("operator")
    watched.refusals_expected = True
    page = watched.go("/lines/line-1")
    live(page)
    assert line.service.stop() == 0
    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("#pulse")).to_have_text("Not live")
    page.keyboard.press("F2")
    expect(page.locator("#notices")).to_contain_text("There was no answer.")
    line.service.start().wait_until_ready()
    live(page)
    expect(page.locator("#lost")).to_be_hidden()
    line.api.issue("after-restart")
    expect(page.locator("#count-printed")).to_have_text("1")


def test_doubtful_label_is_resolved_by_one_scan(line: Line, page_as: PageAs) -> None:
    line.open()
    page = show(page_as)
    line.printer.accept_and_never_print(True)
    serial = line.api.issue("swallowed")["serials"][0]
    expect(page.locator(".trouble")).to_contain_text("1 label is doubtful.", timeout=20_000)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(DESK)
    line.printer.accept_and_never_print(False)
    page.locator("#print-button").focus()
    type_scan(page, serial)
    expect(page.locator("#notices")).to_contain_text(
        f"{serial} is there: it is doubtful no more.", timeout=20_000
    )
    expect(page.locator(".trouble")).to_have_count(0)
    assert line.api.doubtful() == []


def test_run_is_paused_with_a_reason_resumed_and_closed(line: Line, page_as: PageAs) -> None:
    run = line.open()
    page = show(page_as)
    page.keyboard.press("F4")
    page.get_by_role("button", name="Material missing").click()
    expect(page.get_by_role("button", name=f"Resume run {run}")).to_be_visible()
    step = line.api.get(f"/runs/{run}")["steps"][-1]
    assert (step["to"], step["reason"], step["operator"], step["channel"]) == (
        *("paused", "material missing"),
        *("operator-1", "page"),
    )
    page.get_by_role("button", name=f"Resume run {run}").click()
    page.get_by_text("Close the run").click()
    page.get_by_role("button", name=f"Close run {run}").click()
    expect(page.locator("#notices")).to_contain_text(f"Run {run} is closed.")
    wait_until(lambda: line.api.get(f"/runs/{run}")["state"] == "closed")
    expect(page.locator("#print-button")).to_have_count(0)


def test_run_is_opened_by_a_scan_of_its_order(line: Line, page_as: PageAs) -> None:
    first = line.open()
    second = line.plan("WO-8001")
    line.api.post(f"/runs/{first}/close", {"operator": "mk"})
    page = show(page_as, language="de")
    expect(page.get_by_text("Kein Auftrag ist offen")).to_be_visible()
    type_scan(page, "WO-8001")
    expect(page.locator("#notices")).to_contain_text(f"Auftrag {second} ist offen.")
    expect(page.locator("#print-button")).to_contain_text("Drucken")
    assert line.api.get(f"/runs/{second}")["state"] == "open"


def test_scan_that_means_nothing_is_refused_in_a_sentence(line: Line, page_as: PageAs) -> None:
    line.open()
    watched = page_as("operator")
    watched.refusals_expected = True
    page = watched.go("/lines/line-1")
    live(page)
    type_scan(page, "WO-NONE")
    expect(page.get_by_role("alert").filter(has_text="WO-NONE")).to_contain_text(
        "'WO-NONE' is neither a planned order or paused run of line 'line-1'"
    )


def test_label_is_printed_again_with_a_reason(line: Line, page_as: PageAs) -> None:
    line.open()
    serial = line.api.issue("to-be-torn")["serials"][0]
    line.api.wait_until_settled()
    page = show(page_as)
    expect(page.locator("#last-serial")).to_have_text(serial)
    page.keyboard.press("F9")
    page.get_by_role("button", name="Damaged").click()
    expect(page.locator("#notices")).to_contain_text(f"{serial} is printed again on zebra-1.")
    labels = line.api.get(f"/serials/{serial}")["labels"]
    assert [one["purpose"] for one in labels if one["purpose"] != "archive"] == [
        *("print", "reprint")
    ]


def test_roll_that_is_put_in_is_counted(line: Line, page_as: PageAs) -> None:
    line.open()
    page = show(page_as)
    page.get_by_text("New roll in zebra-1").click()
    page.get_by_label("Labels on it").fill("500")
    page.get_by_role("button", name="It is in").click()
    expect(page.locator(".now .printer")).to_contain_text("500 labels left on the roll")


def test_auditor_sees_the_line_and_can_press_nothing(line: Line, page_as: PageAs) -> None:
    line.open()
    page = page_as("auditor").go("/lines/line-1")
    expect(page.locator("#count-planned")).to_have_text("20")
    expect(page.locator(".station button")).to_have_count(0)


def test_everything_to_press_is_large_enough_for_gloves(line: Line, page_as: PageAs) -> None:
    line.open()
    page = show(page_as)
    heights = page.eval_on_selector_all(
        ".station .btn, .station input:not([type=hidden])",
        "all => all.filter(one => one.offsetParent).map(one => one.offsetHeight)",
    )
    assert len(heights) >= 6
    assert min(heights) >= 64

"""The page of a line by a keyboard and a scanner alone: changeover, rolls, labels again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo import Demo
from tests.browser.looking import PageAs
from tests.browser.test_line import Line, line, live, show, type_scan

__all__ = ["line"]


@pytest.fixture(scope="module")
def site(line: Line) -> Demo:
    return line.demo


def states(line: Line, *runs: int) -> list[str]:
    return [str(line.api.get(f"/runs/{run}")["state"]) for run in runs]


def told(page: Page, sentence: str) -> None:
    expect(page.locator("#notices")).to_contain_text(sentence, timeout=20_000)


def asked(page: Page) -> None:
    """Wait until the question takes an Enter."""
    expect(page.locator(".question[data-ready]")).to_have_count(1)


def scan_next(line: Line, page_as: PageAs, order: str) -> tuple[Page, int, int]:
    """Scan an order while a run is open, until the page asks; return both runs, too."""
    first = line.open()
    second = line.plan(order)
    page = show(page_as)
    type_scan(page, order)
    expect(page.get_by_role("button", name=f"Close run {first} and")).to_be_focused()
    return page, first, second


def test_changeover_by_scanning_the_order_twice_closes_the_run_with_labels_left(
    line: Line, page_as: PageAs
) -> None:
    first = line.open()
    second = line.plan("WO-9001")
    watched = page_as("operator")
    page = watched.go("/lines/line-1")
    live(page)
    type_scan(page, "WO-9001")
    told(page, f"Run {first} is open, and 20 labels of it are left.")
    assert watched.axe() == []
    assert states(line, first, second) == ["open", "planned"]
    type_scan(page, "WO-9001")
    told(page, f"Run {first} is closed, run {second} is open.")
    expect(page.locator("#to-run")).to_have_text(f"Run {second}")
    assert states(line, first, second) == ["closed", "open"]


def test_changeover_question_is_answered_by_enter_or_left_by_escape(
    line: Line, page_as: PageAs
) -> None:
    page, first, second = scan_next(line, page_as, "WO-9002")
    page.keyboard.press("Escape")
    expect(page.locator(".question")).to_have_count(0)
    type_scan(page, "WO-9002")
    expect(page.get_by_role("button", name=f"Close run {first} and")).to_be_focused()
    asked(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    told(page, f"Run {first} is paused, run {second} is open.")
    assert states(line, first, second) == ["paused", "open"]
    line.api.post(f"/runs/{first}/close", {"operator": "mk"})


def test_changeover_question_is_not_answered_by_the_second_enter_of_a_scanner(
    line: Line, page_as: PageAs
) -> None:
    page, first, second = scan_next(line, page_as, "WO-9010")
    page.keyboard.press("Enter")
    asked(page)
    assert states(line, first, second) == ["open", "planned"]
    page.keyboard.press("Enter")
    told(page, f"Run {first} is closed, run {second} is open.")
    assert states(line, first, second) == ["closed", "open"]


def test_changeover_from_a_run_that_is_all_issued_takes_one_scan(
    line: Line, page_as: PageAs
) -> None:
    first = line.open()
    line.api.issue("all-of-it", 20)
    second = line.plan("WO-9003")
    page = show(page_as)
    expect(page.locator("#next-step")).to_contain_text("All is issued. Scan the order")
    type_scan(page, "WO-9003")
    told(page, f"Run {first} is closed, run {second} is open.")


def test_changeover_by_f6_and_enter_goes_on_with_the_order_that_is_chosen(
    line: Line, page_as: PageAs
) -> None:
    first = line.open()
    second = line.plan("WO-9004")
    page = show(page_as)
    page.keyboard.press("F6")
    expect(page.locator("#change button").first).to_be_focused()
    page.locator(f"#change button[value='{second}']").press("Enter")
    told(page, f"Run {first} is closed, run {second} is open.")
    assert states(line, first, second) == ["closed", "open"]


def test_changeover_without_a_script_asks_on_the_page(line: Line, page_as: PageAs) -> None:
    first = line.open()
    second = line.plan("WO-9005")
    page = page_as("operator", script=False).go("/lines/line-1")
    page.get_by_label("Scan a label or an order").fill("WO-9005")
    page.get_by_label("Scan a label or an order").press("Enter")
    page.get_by_role("button", name="Pause it and change over").click()
    told(page, f"Run {first} is paused, run {second} is open.")
    line.api.post(f"/runs/{first}/close", {"operator": "mk"})


def test_changeover_from_a_run_that_is_not_open_any_more_is_refused(
    line: Line, page_as: PageAs
) -> None:
    first = line.open()
    second = line.plan("WO-9006")
    watched = page_as("operator", script=False)
    watched.refusals_expected = True
    page = watched.go(f"/lines/line-1?next={second}")
    line.open()
    page.get_by_role("button", name=f"Close run {first} and").click()
    expect(page.get_by_text(f"Run {first} is not open on line 'line-1' any more")).to_be_visible()


def test_whole_shift_needs_no_mouse(line: Line, page_as: PageAs) -> None:
    run = line.open()
    page = show(page_as)
    expect(page.locator("#next-step")).to_have_text(
        "Press F2 to print, put the label on, and scan it."
    )
    page.keyboard.press("F7")
    page.keyboard.type("750")
    page.keyboard.press("Enter")
    told(page, "A roll of 750 labels is in zebra-1.")
    page.keyboard.press("F2")
    told(page, "is on its way to the printer")
    expect(page.locator("#count-printed")).to_have_text("1")
    serial = page.locator("#last-serial").inner_text()
    type_scan(page, serial)
    told(page, f"{serial} is verified.")
    page.keyboard.press("F9")
    type_scan(page, serial)
    expect(page.locator("#reprint button").first).to_be_focused()
    page.keyboard.press("Enter")
    told(page, f"{serial} is printed again on zebra-1.")
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    told(page, f"Run {run} is paused.")
    expect(page.locator("#orders")).to_be_visible()
    type_scan(page, str(run))
    told(page, f"Run {run} goes on.")
    expect(page.locator("#close")).to_be_visible()
    page.keyboard.press("F8")
    page.keyboard.press("Enter")
    told(page, f"Run {run} is closed.")
    assert states(line, run) == ["closed"]

"""What is around every page: the menu, light and dark, languages, filters, refusals."""

import re

from playwright.sync_api import expect

from tests.browser.demo import Demo
from tests.browser.looking import PHONE, PageAs


def test_shell_follows_the_system_until_somebody_chooses(site: Demo, page_as: PageAs) -> None:
    watched = page_as(theme="dark")
    page = watched.go("/lines")
    html = page.locator("html")
    expect(html).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Light").click()
    expect(html).to_have_attribute("data-theme", "light")
    expect(html).to_have_attribute("data-bs-theme", "light")
    expect(page).to_have_url(f"{site.url}/lines")
    page.get_by_role("button", name="System").click()
    expect(html).to_have_attribute("data-bs-theme", "dark")


def test_shell_chosen_dark_is_drawn_dark_by_the_server(site: Demo, page_as: PageAs) -> None:
    page = page_as(script=False).go("/runs")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_shell_language_chosen_by_a_button_stays(site: Demo, page_as: PageAs) -> None:
    page = page_as().go("/units?lot=L42")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Seriennummern")
    expect(page).to_have_url(f"{site.url}/units?lot=L42")
    page.goto(f"{site.url}/audit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Änderungsprotokoll")


def test_shell_menu_of_a_phone_opens_and_closes(site: Demo, page_as: PageAs) -> None:
    page = page_as(size=PHONE, touch=True).go("/lines")
    menu = page.get_by_role("navigation", name="Main menu")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").tap()
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_units_filter_changes_the_list_and_the_address_alone(site: Demo, page_as: PageAs) -> None:
    page = page_as().go("/units")
    page.evaluate("window.isSamePage = true")
    page.get_by_label("Lot").fill("L42")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("lot=L42"))
    expect(page.locator("tbody tr")).to_have_count(8)
    assert page.evaluate("window.isSamePage")
    assert sorted(page.locator("td.serial").all_inner_texts()) == sorted(site.serials)


def test_units_next_page_goes_on_where_the_first_ended(site: Demo, page_as: PageAs) -> None:
    page = page_as().go("/units?limit=15")
    first = page.locator("td.serial").all_inner_texts()
    page.get_by_role("link", name="Next page").click()
    expect(page.locator("tbody tr")).to_have_count(7)
    second = page.locator("td.serial").all_inner_texts()
    assert len({*first, *second}) == 22
    expect(page.get_by_role("link", name="Next page")).to_have_count(0)
    page.get_by_role("link", name="First page").click()
    expect(page.locator("tbody tr")).to_have_count(15)


def test_refusal_of_a_filter_is_a_notice_beside_the_list(site: Demo, page_as: PageAs) -> None:
    watched = page_as()
    watched.refusals_expected = True
    page = watched.go("/units")
    page.get_by_label("Recall").evaluate("field => field.value = 'no such'")
    page.get_by_role("button", name="Show").click()
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("There is no recall 'no such'.")
    expect(notice).to_contain_text("6010")
    expect(page.locator("tbody tr")).to_have_count(22)
    notice.get_by_role("button").click()
    expect(notice).to_have_count(0)


def test_refusal_of_an_address_is_a_page(site: Demo, page_as: PageAs) -> None:
    watched = page_as()
    watched.refusals_expected = True
    page = watched.go("/runs/999")
    expect(page.locator(".refusal")).to_contain_text("There is no run 999.")
    expect(page.locator(".refusal")).to_contain_text("2003")
    assert watched.axe() == []


def test_audit_verify_now_shows_the_verdict_in_place(site: Demo, page_as: PageAs) -> None:
    watched = page_as("qa")
    page = watched.go("/audit")
    page.get_by_role("button", name="Verify now").click()
    expect(page.locator("#verdict .notice")).to_contain_text("The trail is whole")
    assert watched.axe() == []


def test_audit_verify_without_a_script_is_a_page(site: Demo, page_as: PageAs) -> None:
    page = page_as("qa", script=False).go("/audit")
    page.get_by_role("button", name="Verify now").click()
    expect(page.locator("main .notice")).to_contain_text("The trail is whole")

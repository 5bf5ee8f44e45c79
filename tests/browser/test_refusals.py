"""Refusals in German are German, with their number; runs draw their progress."""

from playwright.sync_api import expect

from tests.browser.demo import Demo
from tests.browser.looking import PageAs


def test_refusal_in_german_says_why_in_german(site: Demo, page_as: PageAs) -> None:
    watched = page_as(language="de")
    watched.refusals_expected = True
    refusal = watched.go("/runs/999").locator(".refusal")
    expect(refusal.locator("strong")).to_have_text("Den Auftrag 999 gibt es nicht.")
    expect(refusal.locator("[lang=en]")).to_have_count(0)
    expect(refusal).to_contain_text("2003 · Diesen Auftrag gibt es nicht")
    assert watched.axe() == []


def test_refusal_beside_a_form_is_german(site: Demo, page_as: PageAs) -> None:
    watched = page_as("operator", language="de")
    watched.refusals_expected = True
    page = watched.go("/lines/line-1")
    page.keyboard.type("WO-NONE")
    page.keyboard.press("Enter")
    refusal = page.locator("#notices .refusal")
    expect(refusal).to_contain_text("3001 · Diese Seriennummer gibt es nicht")
    expect(refusal.locator("strong")).to_contain_text("'WO-NONE' ist weder")
    expect(refusal.locator("[lang=en]")).to_have_count(0)


def test_progress_of_a_run_is_drawn_on_its_page(site: Demo, page_as: PageAs) -> None:
    watched = page_as("operator")
    page = watched.go(f"/runs/{site.open_run}")
    chart = page.get_by_role("img", name="Serials over time: 8 of 300 are issued")
    expect(chart.locator("canvas")).to_be_visible()
    page.get_by_role("link", name="Labels per hour").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Labels per hour")
    page = page_as("operator").go(f"/runs/{site.planned_run}")
    expect(page.locator(".chart")).to_have_count(0)

"""A visitor changes the language wherever a page came from: also of a page that answered a form."""

from playwright.sync_api import Page, expect

from tests.browser.demo import Demo
from tests.browser.looking import IDS_TWICE, PageAs


def switch_to_german(page: Page) -> Page:
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    return page


def test_language_of_a_draft_that_was_looked_at_leads_back_to_its_template(
    site: Demo, page_as: PageAs
) -> None:
    page = page_as().go("/templates/unit-label")
    page.get_by_role("button", name="Look").click()
    expect(page).to_have_url(f"{site.url}/templates/unit-label/look")
    switch_to_german(page)
    expect(page).to_have_url(f"{site.url}/templates/unit-label")
    page.get_by_role("button", name="Ansehen").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_language_of_a_refused_form_leads_back_to_the_page_with_the_form(
    site: Demo, page_as: PageAs
) -> None:
    watched = page_as("operator", script=False)
    watched.refusals_expected = True
    page = watched.go("/lines/line-1?from=here")
    page.get_by_label("Scan a label or an order").fill("WO-NONE")
    page.get_by_label("Scan a label or an order").press("Enter")
    expect(page).to_have_url(f"{site.url}/lines/line-1/scan")
    switch_to_german(page)
    expect(page).to_have_url(f"{site.url}/lines/line-1?from=here")


def test_address_that_takes_forms_only_leads_to_the_page_above_it(
    site: Demo, page_as: PageAs
) -> None:
    page = page_as().go("/templates/unit-label/look")
    expect(page).to_have_url(f"{site.url}/templates/unit-label")


def test_pages_with_several_forms_give_no_id_twice(site: Demo, page_as: PageAs) -> None:
    for role, path in (("engineer", "/printers/zebra-1"), ("qa", f"/units/{site.serials[0]}")):
        page = page_as(role).go(path)
        assert page.evaluate(IDS_TWICE) == []
        for label in page.locator("label[for]").all():
            named = label.get_attribute("for")
            assert page.locator(f"[id='{named}']").count() == 1

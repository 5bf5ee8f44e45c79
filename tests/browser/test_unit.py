"""The page of one serial: its life, its labels, why they are there, and what QA does with it."""

from playwright.sync_api import expect

from tests.browser.demo import Demo
from tests.browser.looking import PageAs


def test_unit_shows_its_label_and_each_hop_with_what_is_not_known(
    site: Demo, page_as: PageAs
) -> None:
    page = page_as("qa").go(f"/units/{site.serials[0]}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(site.serials[0])
    expect(page.get_by_role("img").first).to_have_js_property("complete", value=True)
    assert page.get_by_role("img").first.evaluate("image => image.naturalWidth") > 100
    expect(page.locator(".label-shown").first).to_contain_text("the same bytes as sent")
    known = page.locator(".hops li.known strong").all_inner_texts()
    assert known == ["Transaction", "Bytes sent", "Proof"]
    unknown = page.locator(".hops li.unknown strong").all_inner_texts()
    assert unknown == ["Trigger", "Printer took them", "Scan"]
    expect(page.locator(".hops")).to_contain_text(" ms")
    expect(page.locator(".trail")).to_contain_text("Serial given")


def test_unit_scrapped_with_a_reason_is_so_at_once_and_in_its_life(
    fresh_site: Demo, page_as: PageAs
) -> None:
    page = page_as("qa").go(f"/units/{fresh_site.serials[0]}")
    page.get_by_text("Scrap with its label").first.click()
    page.locator("#scrap-reason").fill("label torn")
    page.get_by_role("button", name="Scrap with its label").click()
    expect(page.locator("#notices")).to_contain_text("It is on the record: Label scrapped.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Label scrapped")
    expect(page.locator(".trail")).to_contain_text("label torn")
    expect(page.get_by_text("What becomes of it")).to_have_count(0)


def test_unit_never_issued_is_refused_in_a_sentence(site: Demo, page_as: PageAs) -> None:
    watched = page_as("qa")
    watched.refusals_expected = True
    page = watched.go("/units/NOBODY")
    expect(page.locator(".refusal")).to_contain_text("Serial 'NOBODY' was never issued here.")

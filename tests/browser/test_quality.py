"""What QA does with runs, ranges, recalls and exports, in a browser."""

from playwright.sync_api import expect

from tests.browser.demo import PASSWORD, Demo
from tests.browser.looking import PageAs


def test_run_with_a_deviation_is_signed_by_two_and_released_by_who_did_not_sign_it(
    fresh_site: Demo, page_as: PageAs
) -> None:
    page = page_as("qa").go(f"/runs/{fresh_site.closed_run}")
    quality = page.locator("#quality")
    expect(quality).to_contain_text("the difference is 2")
    quality.locator("#sign-reason").fill("2 labels fell into the machine")
    quality.locator("#sign-second").fill(fresh_site.account_of("admin"))
    quality.locator("#sign-password").fill(PASSWORD)
    quality.get_by_role("button", name="Sign the balance").click()
    expect(page.locator("#signed")).to_contain_text("2 labels fell into the machine")
    expect(page.locator("#signed")).to_contain_text("qa-1")
    expect(page.locator("#signed")).to_contain_text("admin-1")
    expect(page.locator("#balance")).to_contain_text("Signed as it is")
    expect(page.locator("#balance")).to_contain_text("nobody has said what became of it")
    page = page_as("admin").go(f"/runs/{fresh_site.closed_run}")
    page.get_by_role("button", name="Release the run").click()
    expect(page.locator("h1")).to_contain_text("Released")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the certificate").click()
    assert download.value.suggested_filename == "run-000001-certificate.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_run_with_a_deviation_of_one_person_is_refused(fresh_site: Demo, page_as: PageAs) -> None:
    watched = page_as("qa")
    watched.refusals_expected = True
    page = watched.go(f"/runs/{fresh_site.closed_run}")
    page.locator("#sign-reason").fill("2 labels fell into the machine")
    page.locator("#sign-second").fill("QA-1")
    page.locator("#sign-password").fill(PASSWORD)
    page.get_by_role("button", name="Sign the balance").click()
    expect(page.locator(".refusal")).to_contain_text("5026")
    assert fresh_site.api.get(f"/runs/{fresh_site.closed_run}")["state"] == "closed"


def test_run_balance_and_hours_lead_to_its_serials(site: Demo, page_as: PageAs) -> None:
    page = page_as("qa").go(f"/runs/{site.closed_run}")
    page.locator("#balance").get_by_role("link", name="Commissioned").click()
    expect(page.locator("tbody tr")).to_have_count(9)
    page.go_back()
    page.get_by_role("link", name="Labels per hour").click()
    expect(page.locator(".chart canvas")).to_have_count(1)
    counts = page.locator("tbody td.number").all_inner_texts()
    assert sum(int(one) for one in counts) == 12


def test_range_of_a_run_leads_to_the_serials_behind_a_number(site: Demo, page_as: PageAs) -> None:
    page = page_as("qa").go("/ranges")
    page.get_by_label("Run").fill(str(site.open_run))
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Not verified").click()
    expect(page.locator("tbody tr")).to_have_count(8)
    page.get_by_role("link", name=site.serials[0]).click()
    expect(page.locator("h1")).to_contain_text(site.serials[0])


def test_range_of_a_series_counts_from_one_serial_to_another(site: Demo, page_as: PageAs) -> None:
    page = page_as("qa").go("/ranges")
    page.get_by_label("or a series").select_option("controller-sn")
    page.get_by_label("First serial").fill(site.serials[0])
    page.get_by_label("Last serial").fill(site.serials[3])
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Issued").click()
    expect(page.locator("tbody td.serial")).to_have_text(list(site.serials[:4]))


def test_recall_is_looked_at_made_and_closed(fresh_site: Demo, page_as: PageAs) -> None:
    page = page_as("qa").go("/recalls")
    page.get_by_role("link", name="New recall").click()
    page.get_by_label("Lots").fill("L42")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".figures")).to_contain_text("8")
    assert fresh_site.api.get("/recalls")["recalls"] == []
    page.get_by_label("Name of the recall").fill("R-2026-07")
    page.get_by_label("Reason").fill("housing may crack")
    page.get_by_role("button", name="Call these units back").click()
    expect(page.locator("h1")).to_contain_text("R-2026-07")
    expect(page.locator("#list tbody tr")).to_have_count(8)
    page.get_by_text("Close the recall").first.click()
    page.get_by_label("Reason").fill("all housings replaced")
    page.get_by_role("button", name="Close the recall").click()
    expect(page.locator("h1")).to_contain_text("Closed")
    expect(page.locator(".facts")).to_contain_text("all housings replaced")


def test_export_of_a_run_is_a_file(site: Demo, page_as: PageAs) -> None:
    page = page_as("qa").go("/exports")
    page.locator("#units-run").fill(str(site.open_run))
    page.locator("#units-form").select_option("csv")
    card = page.locator("section[aria-labelledby=x-units]")
    with page.expect_download() as download:
        card.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "units.csv"
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + len(site.serials)

"""People come in by password and by badge, and admins look after accounts and keys."""

import re

from playwright.sync_api import Page, expect

from tests.browser.demo import PASSWORD, Demo
from tests.browser.looking import PageAs

MINE = "seven slow copper rollers"


def come_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_somebody_new_is_made_signs_in_once_and_chooses_a_password(
    fresh_site: Demo, page_as: PageAs
) -> None:
    admin = page_as("admin").go("/accounts")
    admin.get_by_label("Name", exact=True).fill("mk")
    admin.get_by_label("Name for people").fill("M. Kern")
    admin.locator("#new-operator").check()
    admin.get_by_role("button", name="Make the account").click()
    once = admin.locator("code.secret").inner_text()

    page = page_as("").go("/units?state=sampled")
    come_in(page, "mk", once)
    expect(page).to_have_url(re.compile("/password$"))
    page.get_by_label("Password until now").fill(once)
    page.get_by_label("New password", exact=True).fill(MINE)
    page.get_by_label("New password once more").fill(MINE)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    expect(page.locator(".me")).to_contain_text("M. Kern")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in$"))


def test_a_badge_scanned_and_a_pin_let_an_operator_in(fresh_site: Demo, page_as: PageAs) -> None:
    fresh_site.session_of("operator")
    admin = page_as("admin").go("/accounts")
    row = admin.get_by_role("row").filter(has_text="operator-1")
    row.get_by_role("button", name="Badge").click()
    dialog = admin.locator("dialog[open]")
    dialog.get_by_label("Badge").fill("0049213377")
    dialog.get_by_label("PIN").fill("471133")
    dialog.get_by_role("button", name="Badge").click()
    expect(admin.get_by_text("The badge of operator-1 is changed.")).to_be_visible()

    page = page_as("", touch=True).go("/sign-in?how=badge")
    page.keyboard.type("0049213377")  # as a scanner does: the field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type("471133")
    page.keyboard.press("Enter")
    expect(page.locator(".me")).to_contain_text("Operator")


def test_a_key_is_shown_once_and_refused_once_it_is_revoked(
    fresh_site: Demo, page_as: PageAs
) -> None:
    page = page_as("admin").go("/keys")
    page.get_by_label("Name").fill("PLC of line 1")
    page.get_by_label("issue and print").check()
    page.get_by_label("line-1").check()
    page.get_by_role("button", name="Make the key").click()
    key = page.locator("code.secret").inner_text()
    assert key.startswith("lab_")
    page.goto(fresh_site.url + "/keys")
    assert key not in page.content()
    page.get_by_role("button", name="Revoke").first.click()
    page.locator("dialog[open]").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("The key of PLC of line 1 is revoked.")).to_be_visible()
    answer = fresh_site.api.post("/lines/line-1/labels", {}, **{"X-Api-Key": key})
    assert answer.status_code == 401


def test_a_wrong_password_says_so_in_german(fresh_site: Demo, page_as: PageAs) -> None:
    watched = page_as("", language="de")
    watched.refusals_expected = True
    page = watched.go("/sign-in")
    page.get_by_label("Name").fill("operator-1")
    page.get_by_label("Passwort").fill(PASSWORD + "!")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Name und Passwort passen nicht zusammen.")).to_be_visible()

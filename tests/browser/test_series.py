"""The engineer's pages of number series: a pattern is tried while it is written."""

from playwright.sync_api import expect

from tests.browser.demo import Demo
from tests.browser.looking import PageAs

WEEKS = "AC{date:%g%V}{counter:4,reset=week}"


def test_series_tries_a_pattern_while_it_is_written_and_takes_no_number(
    site: Demo, page_as: PageAs
) -> None:
    watched = page_as()
    page = watched.go("/series")
    page.get_by_role("link", name="controller-sn").click()
    page.get_by_role("textbox", name="Pattern").fill("AC{coun:5}")
    expect(page.locator("#tried .caret")).to_have_text("AC{coun:5}\n  ^")
    expect(page.locator("#yaml")).to_have_count(0)
    page.get_by_role("textbox", name="Pattern").fill(WEEKS)
    expect(page.locator("#tried .moments h3")).to_have_count(4)
    expect(page.locator("#yaml")).to_have_text(
        f'series:\n  controller-sn:\n    pattern: "{WEEKS}"\n'
    )
    assert watched.axe() == []
    known = site.api.get("/series/controller-sn")
    assert (known["pattern"], known["used"]) == (
        "AC{date:%y%j}{counter:5}{check:iso7064_mod_37_36}",
        22,
    )


def test_series_without_a_script_tries_a_pattern_by_a_button(site: Demo, page_as: PageAs) -> None:
    page = page_as(script=False).go("/patterns")
    page.get_by_role("textbox", name="Pattern").fill("X{counter:3}")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#tried .serial")).to_have_text(["X001", "X002", "X003", "X004", "X005"])

"""Every page: nothing that axe-core finds, no other host, no broken policy, and light to load."""

import gzip
import re
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from labeler.web.access import COOKIE
from tests.browser import looking
from tests.browser.demo import Demo
from tests.browser.looking import DESK, IDS_TWICE, PHONE, WALL, PageAs, Watched
from tests.browser.screens import SCREENS, Screen

EACH = pytest.mark.parametrize("screen", SCREENS, ids=lambda one: one.name)
COLOURS = ("color-contrast", "link-in-text-block")
"""Rules of axe-core that depend on light or dark; all others are asked in one of them."""
KINDS = ("dashboard", "line", "run", "units", "verify-wrong", "sign-in", "refusal")
"""Pages that differ in kind: axe-core looks at these in German, too; at all in `make test-long`."""
FIRST_PAINT_MAX = 100_000
"""Bytes of compressed HTML, at most."""


@pytest.fixture(scope="module")
def kept(browser: Browser, site: Demo) -> Iterator[PageAs]:
    """Return ``kept(role, ...)``: as `page_as`, but one page serves all tests that wish the same.

    Its browser has the files of the pages by then, as that of a visitor who goes on has them.
    """
    pages: dict[str, Watched] = {}

    def find(role: str, **wishes: object) -> Watched:
        key = f"{role} {wishes}"
        if key not in pages:
            pages[key] = looking.open_page(browser, site, role, looking.Wish(**wishes))  # type: ignore[arg-type]
        pages[key].forget()
        return pages[key]

    yield find
    for one in pages.values():
        one.close()


def opened(find: PageAs, screen: Screen, site: Demo, *, language: str, theme: str) -> Watched:
    """Return the page at a desk, in that language and those colours; no id stands on it twice."""
    watched = find(screen.role, language=language)
    watched.show(theme, DESK)
    watched.refusals_expected = screen.is_refused
    page = watched.go(screen.at(site))
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("data-bs-theme") == theme
    assert page.evaluate(IDS_TWICE) == []
    return watched


def hold_a_phone(watched: Watched, theme: str = "dark") -> None:
    """Show the page as a phone does; it must not be wider."""
    watched.show(theme, PHONE, touch=True)
    assert watched.page.evaluate("matchMedia('(pointer: coarse)').matches")
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@EACH
def test_page_has_nothing_that_axe_finds_light_at_a_desk_and_dark_on_a_phone(
    site: Demo, kept: PageAs, screen: Screen
) -> None:
    watched = opened(kept, screen, site, language="en", theme="light")
    assert watched.axe() == []
    hold_a_phone(watched)
    assert watched.axe() == []
    assert watched.complaints() == []


@EACH
def test_page_in_german_has_contrast_dark_at_a_desk_and_fits_a_phone(
    site: Demo, kept: PageAs, screen: Screen
) -> None:
    watched = opened(kept, screen, site, language="de", theme="dark")
    assert watched.axe(only=COLOURS) == []
    hold_a_phone(watched)
    assert watched.complaints() == []


@pytest.mark.parametrize(
    "screen", [one for one in SCREENS if one.name in KINDS], ids=lambda one: one.name
)
def test_kinds_of_pages_in_german_have_nothing_that_axe_finds(
    site: Demo, kept: PageAs, screen: Screen
) -> None:
    watched = opened(kept, screen, site, language="de", theme="dark")
    assert watched.axe() == []
    assert watched.complaints() == []


@pytest.mark.long
@EACH
@pytest.mark.parametrize(
    ("language", "theme", "other"), [("en", "light", "dark"), ("de", "dark", "light")]
)
def test_page_has_nothing_that_axe_finds_in_any_language_colours_and_size(
    site: Demo, kept: PageAs, screen: Screen, language: str, theme: str, other: str
) -> None:
    watched = opened(kept, screen, site, language=language, theme=theme)
    assert watched.axe() == []
    watched.show(other, DESK)
    assert watched.axe(only=COLOURS) == []
    for theme_of_phone in ("light", "dark"):
        hold_a_phone(watched, theme_of_phone)
        assert watched.axe() == []
    assert watched.complaints() == []


@EACH
def test_page_on_a_wide_screen_without_a_script_can_be_read(
    site: Demo, kept: PageAs, screen: Screen
) -> None:
    watched = kept(screen.role, size=WALL, script=False)
    watched.refusals_expected = screen.is_refused
    page = watched.go(screen.at(site))
    assert page.locator("h1").is_visible()
    assert page.get_by_role("navigation", name="Main menu").is_visible()
    assert watched.complaints() == []


@EACH
def test_page_is_light_to_load(site: Demo, screen: Screen) -> None:
    cookie = {"Cookie": f"{COOKIE}={site.session_of(screen.role)}"} if screen.role else {}
    asked = urllib.request.Request(site.url + screen.at(site), headers=cookie)  # noqa: S310 our own
    asked.add_header("Accept", "text/html")
    try:
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 our own
            html = answer.read()
    except urllib.error.HTTPError as refused:
        assert screen.is_refused
        html = refused.read()
    assert len(gzip.compress(html)) <= FIRST_PAINT_MAX
    assert re.findall(rb"<style|\sstyle=|\son\w+=|<script(?! src=)", html) == []

"""Every page: nothing that axe-core finds, no other host, no broken policy, and light to load."""

import gzip
import re
import urllib.request

import pytest

from labeler.web.access import COOKIE
from tests.browser.demo import Demo
from tests.browser.looking import PHONE, WALL, PageAs
from tests.browser.screens import SCREENS, Screen

EACH = pytest.mark.parametrize("screen", SCREENS, ids=lambda one: one.name)
FIRST_PAINT_MAX = 100_000
"""Bytes of compressed HTML, at most."""


@EACH
@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "de")])
def test_page_has_nothing_that_axe_finds(
    site: Demo, page_as: PageAs, screen: Screen, theme: str, language: str
) -> None:
    watched = page_as(screen.role, theme=theme, language=language)
    page = watched.go(screen.at(site))
    assert page.locator("html").get_attribute("data-bs-theme") == theme
    assert page.locator("html").get_attribute("lang") == language
    assert watched.axe() == []


@EACH
def test_page_on_a_phone_fits_and_can_be_used(site: Demo, page_as: PageAs, screen: Screen) -> None:
    watched = page_as(screen.role, theme="dark", size=PHONE, touch=True)
    page = watched.go(screen.at(site))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert watched.axe() == []


@EACH
def test_page_on_a_wide_screen_without_a_script_can_be_read(
    site: Demo, page_as: PageAs, screen: Screen
) -> None:
    page = page_as(screen.role, size=WALL, script=False).go(screen.at(site))
    assert page.locator("h1").is_visible()
    assert page.get_by_role("navigation", name="Main menu").is_visible()


@EACH
def test_page_is_light_to_load(site: Demo, screen: Screen) -> None:
    cookie = {"Cookie": f"{COOKIE}={site.session_of(screen.role)}"} if screen.role else {}
    asked = urllib.request.Request(site.url + screen.at(site), headers=cookie)  # noqa: S310 our own
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 our own
        html = answer.read()
    assert len(gzip.compress(html)) <= FIRST_PAINT_MAX
    assert re.findall(rb"<style|\sstyle=|\son\w+=|<script(?! src=)", html) == []

"""Fixtures of the browser's tests: a real server with demo data, a real browser, pages of both.

`site` is served once for all tests that only read; `page_as` gives a page in a context of its
own, which must ask no other host, break no policy and log no error.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import debian, once
from tests.browser import demo, looking
from tests.browser.demo import Demo, serving_demo
from tests.browser.looking import PageAs, Watched
from tests.lacking import lacks


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the browser of this process of tests."""
    assert "chromium" in debian.listed()
    if not looking.CHROMIUM.exists():
        lacks("Debian package chromium is not installed")
    with sync_playwright() as playwright:
        started = looking.start(playwright)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Return a served site on which runs have issued, and one is planned; do not change it."""
    kept = once.made(tmp_path_factory, "past", partial(demo.make_and_keep, has_past=True))
    with serving_demo(kept, tmp_path_factory.mktemp("demo") / "site") as served:
        yield served


@pytest.fixture
def fresh_site(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Demo]:
    """Return such a site for one test alone, which may change it."""
    kept = once.made(tmp_path_factory, "fresh", demo.make_and_keep)
    with serving_demo(kept, tmp_path / "site") as served:
        yield served


@pytest.fixture
def page_as(browser: Browser, request: pytest.FixtureRequest) -> Iterator[PageAs]:
    """Return ``page_as(role, ...)``: a page of somebody with that role on the test's site."""
    name = "fresh_site" if "fresh_site" in request.fixturenames else "site"
    served: Demo = request.getfixturevalue(name)
    with ExitStack() as stack:
        opened: list[Watched] = []

        def make(role: str = "engineer", **wishes: object) -> Watched:
            watched = looking.open_page(browser, served, role, looking.Wish(**wishes))  # type: ignore[arg-type]
            stack.callback(watched.close)
            opened.append(watched)
            return watched

        yield make
        for one in opened:
            assert one.complaints() == []

"""A browser that looks at pages, and complains of what a page must not do."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Playwright, ViewportSize

from labeler.web.access import COOKIE
from tests import npm
from tests.browser.demo import Demo
from tests.lacking import lacks

CHROMIUM = Path("/usr/bin/chromium")
WITNESS = Path(__file__).with_name("witness")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=en-GB",
]

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
WALL: ViewportSize = {"width": 1920, "height": 1080}

IDS_TWICE = """() => {
  const seen = new Set();
  return [...document.querySelectorAll("[id]")]
    .map((one) => one.id)
    .filter((id) => seen.has(id) || !seen.add(id));
}"""
"""Ids that stand on a page more than once."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How somebody looks at pages."""

    language: str = "en"
    theme: Literal["light", "dark"] = "light"
    """What their system has."""
    size: ViewportSize = field(default_factory=lambda: DESK)
    script: bool = True
    """False: their browser runs none."""
    touch: bool = False


class Watched:
    """A page, and what it did that it must not."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        """Watch a new page of ``context``; only ``base`` may be asked for anything."""
        self.base = base
        self.page: Page = context.new_page()
        self.refusals_expected = False
        self._context = context
        self._found: list[str] = []
        host = urlsplit(base).netloc

        def asked(url: str) -> None:
            if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != host:
                self._found.append(f"asked another host: {url}")

        self.page.on("request", lambda request: asked(request.url))
        self.page.on("pageerror", lambda error: self._found.append(f"error: {error}"))
        self.page.on("console", lambda message: self._heard(message.type, message.text))

    def _heard(self, kind: str, text: str) -> None:
        is_refusal = self.refusals_expected and text.startswith(
            ("Failed to load resource", "htmx:")
        )
        if kind in ("error", "warning") and not is_refusal:
            self._found.append(f"console {kind}: {text}")

    def go(self, path: str) -> Page:
        """Load ``path`` of the site, and return the page when all of it is there."""
        self.page.goto(self.base + path, wait_until="load")
        return self.page

    def complaints(self) -> list[str]:
        """Return what the page did that it must not: policy violations come by the console."""
        return list(self._found)

    @cached_property
    def _debugger(self) -> CDPSession:
        return self._context.new_cdp_session(self.page)

    def forget(self) -> None:
        """Complain of nothing that was before, where a page is used for several tests."""
        self._found.clear()

    def show(self, theme: str, size: ViewportSize, *, touch: bool = False) -> None:
        """Let the system be light or dark, and its screen as large, without loading again."""
        self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        self.page.set_viewport_size(size)
        self._debugger.send("Emulation.setTouchEmulationEnabled", {"enabled": touch})
        if self.page.url.startswith(self.base):
            self.page.locator(f"html[data-bs-theme={theme}]").wait_for(state="attached")

    def axe(self, *, only: tuple[str, ...] = ()) -> list[str]:
        """Return what axe-core finds wrong with the page as it is shown now; by all its rules."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(_axe())  # through the debugger, where no policy applies
        wanted = {"resultTypes": ["violations"]}
        if only:
            wanted["runOnly"] = list(only)
        found: dict[str, Any] = self.page.evaluate("(wanted) => axe.run(wanted)", wanted)
        return [
            f"{one['id']}: {one['help']}: "
            f"{json.dumps([node['html'][:160] for node in one['nodes'][:3]])} "
            f"{one['nodes'][0]['failureSummary'][:300]}"
            for one in found["violations"]
        ]

    def close(self) -> None:
        """Forget the page with all it has kept."""
        self._context.close()


PageAs = Callable[..., Watched]


def start(playwright: Playwright) -> Browser:
    """Return a browser."""
    return playwright.chromium.launch(executable_path=str(CHROMIUM), headless=True, args=OPTIONS)


def open_page(browser: Browser, demo: Demo, role: str, wish: Wish) -> Watched:
    """Return a page of somebody signed in with ``role``; of a stranger where it is empty."""
    context = browser.new_context(
        viewport=wish.size,
        locale={"en": "en-GB", "de": "de-DE"}[wish.language],
        color_scheme=wish.theme,
        java_script_enabled=wish.script,
        has_touch=wish.touch,
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    if role:
        context.add_cookies([{"name": COOKIE, "value": demo.session_of(role), "url": demo.url}])
    return Watched(context, demo.url)


def _axe() -> str:
    path = npm.place(WITNESS) / "node_modules/axe-core/axe.min.js"
    if not npm.is_installed(WITNESS):
        lacks("npm package axe-core is not installed: make test installs it")
    return path.read_text(encoding="utf-8")

"""Every page, by the name of its picture; tests look at each of them, and `make screenshots` draws.

A new page is one line here. Its path may name what `demo.Demo` has: /runs/{open_run}.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.browser import looking
from tests.browser.demo import Demo, serving_demo
from tests.browser.looking import DESK, PHONE, Wish

FOLDER = Path(__file__).parents[2] / "docs" / "pages"


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A page."""

    name: str
    path: str
    role: str = "engineer"
    more: tuple[str, ...] = ()
    """Further pictures of it: dark, phone."""

    def at(self, demo: Demo) -> str:
        """Return its path on a site."""
        return self.path.format(**vars(demo))


SCREENS = (
    Screen(name="dashboard", path="/dashboard", role="qa", more=("dark", "phone")),
    Screen(name="lines", path="/lines", more=("dark", "phone")),
    Screen(name="runs", path="/runs"),
    Screen(name="run", path="/runs/{closed_run}", more=("phone",)),
    Screen(name="run-open", path="/runs/{open_run}"),
    Screen(name="units", path="/units", more=("dark", "phone")),
    Screen(name="verify", path="/verify", role="qa", more=("dark", "phone")),
    Screen(name="unit", path="/units/{serials[0]}", role="qa", more=("dark", "phone")),
    Screen(name="run-hours", path="/runs/{open_run}/hours", role="qa"),
    Screen(name="balance-serials", path="/runs/{closed_run}/balance/commissioned", role="qa"),
    Screen(name="recalls", path="/recalls", role="qa"),
    Screen(name="recall-new", path="/recalls/new?lots=L42", role="qa"),
    Screen(name="ranges", path="/ranges?run={closed_run}", role="qa"),
    Screen(name="range-serials", path="/ranges/issued?run={closed_run}", role="qa"),
    Screen(name="exports", path="/exports", role="qa"),
    Screen(name="audit", path="/audit", role="qa"),
    Screen(name="sign-in", path="/sign-in", role="", more=("dark", "phone")),
    Screen(name="sign-in-badge", path="/sign-in?how=badge", role=""),
    Screen(name="password", path="/password"),
    Screen(name="accounts", path="/accounts", role="admin", more=("phone",)),
    Screen(name="keys", path="/keys", role="admin"),
    Screen(name="site", path="/site", role="admin"),
    Screen(name="templates", path="/templates"),
    Screen(name="template", path="/templates/unit-label", more=("dark", "phone")),
    Screen(name="printers", path="/printers"),
    Screen(name="printer", path="/printers/zebra-1", more=("phone",)),
    Screen(name="doubtful", path="/doubtful", role="operator", more=("phone",)),
    Screen(name="line-setup", path="/lines/line-1/setup"),
    Screen(name="series-list", path="/series"),
    Screen(name="series", path="/series/controller-sn", more=("phone",)),
    Screen(name="pattern", path="/patterns?pattern=AC%7Bdate:%25y%7D%7Bcounter:4,reset=year%7D"),
    Screen(name="template-difference", path="/templates/unit-label/difference?old=1"),
    Screen(name="line", path="/lines/line-1", role="operator", more=("dark", "phone", "german")),
)
_WISHES = {
    "": Wish(),
    "dark": Wish(theme="dark"),
    "phone": Wish(size=PHONE, touch=True),
    "german": Wish(language="de"),
}


def draw(folder: Path = FOLDER) -> None:
    """Take a picture of every page, 1280 x 800 in English and light, and those of `more`."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = looking.start(playwright)
        with serving_demo(Path(place) / "site") as demo:
            for screen in SCREENS:
                for kind in ("", *screen.more):
                    watched = looking.open_page(browser, demo, screen.role, _WISHES[kind])
                    page = watched.go(screen.at(demo))
                    name = f"{screen.name}-{kind}" if kind else screen.name
                    page.screenshot(path=folder / f"{name}.png")
                    watched.close()
        browser.close()


__all__ = ["DESK", "SCREENS", "Screen", "draw"]

if __name__ == "__main__":
    draw()
